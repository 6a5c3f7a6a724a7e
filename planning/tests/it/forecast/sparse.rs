//! What the forecast has to be worth on sparse monthly demand. The settings were found on seeds 1 to 3; these are others.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use planning::forecast::{Frequency, LEVELS, Metrics, ModelName, Options, Run, SeriesInput, SeriesKey};

use super::parts::spare_parts;
use super::{run, series};

const OPTIONS: Options = Options { horizon: 6, folds: 3, seed: 1, frequency: Frequency::Month };

fn runs() -> &'static [Run] {
    static RUNS: OnceLock<Vec<Run>> = OnceLock::new();
    RUNS.get_or_init(|| {
        let named = |(at, part)| SeriesInput { key: SeriesKey::Named(format!("{at:04}")), series: series(part) };
        let inputs = |seed| spare_parts(seed, 2000).into_iter().enumerate().map(named).collect::<Vec<_>>();
        [11, 12].map(|seed| run(&inputs(seed), &OPTIONS)).into()
    })
}

#[test]
fn the_generator_makes_three_empty_months_of_four() {
    let parts = spare_parts(11, 2000);
    let empty = parts.iter().flatten().filter(|quantity| **quantity <= 0.0).count() as f64;
    assert!((0.72..0.80).contains(&(empty / (2000.0 * 51.0))));
}

#[test]
fn the_selected_forecast_is_as_good_as_the_best_method_in_hindsight() {
    for run in runs() {
        let rmsse = |metrics: &Metrics| metrics.rmsse.unwrap();
        let (selected, methods) = (rmsse(&run.summary.selected), &run.summary.methods);
        let (best, least) = methods.iter().min_by(|a, b| rmsse(a.1).total_cmp(&rmsse(b.1))).unwrap();
        assert!(selected <= 1.01 * rmsse(least), "{selected} against {best}'s {}", rmsse(least));
        let naive = rmsse(&methods[&ModelName::SeasonalNaive]);
        assert!(selected <= 0.8 * naive, "{selected} against {naive}");
        assert!(methods.values().all(|method| method.observations == run.summary.selected.observations));
    }
}

#[test]
fn the_bands_lose_less_than_the_empirical_quantiles_of_the_season() {
    for run in runs() {
        let (selected, naive) = (run.summary.selected.pinball, run.summary.methods[&ModelName::SeasonalNaive].pinball);
        assert!(selected.unwrap() <= 0.95 * naive.unwrap(), "{selected:?} against {naive:?}");
    }
}

#[test]
fn every_quantile_of_every_class_keeps_both_inequalities_on_sparse_demand() {
    // A class of one run has too few observations to tell two hundredths from chance: both runs' are taken together.
    let mut observed: BTreeMap<_, (f64, [(f64, f64); LEVELS.len()])> = BTreeMap::new();
    for metrics in runs().iter().flat_map(|run| &run.summary.classes) {
        let (all, shares) = observed.entry(metrics.0).or_default();
        let count = metrics.1.observations as f64;
        *all += count;
        for (sum, share) in shares.iter_mut().zip(metrics.1.calibration.unwrap()) {
            *sum = (sum.0 + share.above * count, sum.1 + share.at_or_above * count);
        }
    }
    observed.retain(|_, (all, _)| *all > 800.0);
    assert!(observed.len() >= 4, "only {:?} were judged", observed.keys());
    for (class, (all, shares)) in observed {
        for ((above, at_or_above), t) in shares.map(|sum| (sum.0 / all, sum.1 / all)).into_iter().zip(LEVELS) {
            assert!(above <= 1.0 - t + 0.02, "{class} at {t}: {above} above");
            assert!(at_or_above >= 1.0 - t - 0.02, "{class} at {t}: {at_or_above} at or above");
        }
    }
}
