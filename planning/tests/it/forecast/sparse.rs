//! What the forecast has to be worth on sparse monthly demand. The settings were found on seeds 1 to 3; these are others.

use std::sync::OnceLock;

use planning::forecast::{Frequency, LEVELS, Metrics, ModelName, Options, Run, SeriesInput, SeriesKey};

use super::parts::spare_parts;
use super::{run, series};

const OPTIONS: Options = Options { horizon: 6, folds: 3, seed: 1, frequency: Frequency::Month };

/// So many that two hundredths are more than chance in every class.
const PARTS: usize = 8_000;

fn runs() -> &'static [Run] {
    static RUNS: OnceLock<Vec<Run>> = OnceLock::new();
    RUNS.get_or_init(|| {
        let named = |(at, part)| SeriesInput { key: SeriesKey::Named(format!("{at:04}")), series: series(part) };
        let inputs = |seed| spare_parts(seed, PARTS).into_iter().enumerate().map(named).collect::<Vec<_>>();
        [11, 12].map(|seed| run(&inputs(seed), &OPTIONS)).into()
    })
}

#[test]
fn the_generator_makes_three_empty_months_of_four() {
    let parts = spare_parts(11, PARTS);
    let empty = parts.iter().flatten().filter(|quantity| **quantity <= 0.0).count() as f64;
    assert!((0.72..0.80).contains(&(empty / (PARTS as f64 * 51.0))));
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
    let mut judged = 0;
    for run in runs() {
        for (class, metrics) in run.summary.classes.iter().filter(|(_, metrics)| metrics.observations > 400) {
            for (share, t) in metrics.calibration.unwrap().iter().zip(LEVELS) {
                assert!(share.above <= 1.0 - t + 0.02, "{class} at {t}: {} above", share.above);
                assert!(share.at_or_above >= 1.0 - t - 0.02, "{class} at {t}: {} at or above", share.at_or_above);
                judged += 1;
            }
        }
    }
    assert!(judged >= 2 * 4 * 7, "only {judged} quantiles were judged");
}
