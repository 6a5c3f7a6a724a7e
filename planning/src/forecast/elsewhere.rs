//! Forecasts that were made elsewhere: what policy needs of them, where they give some quantiles or none.
//!
//! Nothing made here is ever shown as a quantile of the forecast: it only widens the distribution of demand over many days.

use super::cumulative::CumulativeDemand;
use super::normal;
use super::quantiles::LEVELS;

/// Days of one future err together, which a daily forecast does not say: variances of days are added twice.
const DISPERSION: f64 = 2.0;

/// One day as it was given.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct GivenDay {
    /// 1 for the first day ahead.
    pub lead: usize,
    pub mean: f64,
    /// At [`LEVELS`], as far as they were given.
    pub quantiles: [Option<f64>; 7],
}

impl CumulativeDemand {
    /// From days in the order of their leads. A day between two that were given is like the one before it.
    pub fn from_given(days: &[GivenDay]) -> Self {
        let Some(last) = days.last() else { return Self::default() };
        let daily: Vec<(f64, [f64; 7])> = (1..=last.lead)
            .map(|lead| {
                let next = days.partition_point(|day| day.lead <= lead);
                let day = &days[next.saturating_sub(1)];
                (day.mean, spread(day.mean, &day.quantiles))
            })
            .collect();
        Self::from_daily(&daily, DISPERSION)
    }
}

/// All seven quantiles of a day from those that were given: linear in normal scores between the given ones and the mean at
/// the middle, and further out with the slope of the outermost pair. Without any, those of a gamma distribution whose
/// variance is its mean, as single demands that come by chance would have it.
fn spread(mean: f64, given: &[Option<f64>; 7]) -> [f64; 7] {
    let mut known: Vec<(f64, f64)> = LEVELS
        .iter()
        .zip(given)
        .filter_map(|(level, value)| value.map(|value| (normal::quantile(*level), value)))
        .collect();
    if known.is_empty() {
        return LEVELS.map(|level| normal::gamma_quantile(level, mean, mean));
    }
    if given[3].is_none() {
        let at = known.partition_point(|(score, _)| *score < 0.0);
        let least = at.checked_sub(1).map_or(0.0, |before| known[before].1);
        let most = known.get(at).map_or(f64::INFINITY, |after| after.1);
        known.insert(at, (0.0, mean.clamp(least, most)));
    }
    LEVELS.map(|level| read(&known, normal::quantile(level)).max(0.0))
}

/// The line through `known`, ascending by score, at `score`.
fn read(known: &[(f64, f64)], score: f64) -> f64 {
    let [.., _, _] = known else { return known[0].1 };
    let next = known.partition_point(|(at, _)| *at < score).clamp(1, known.len() - 1);
    let ((from, low), (to, high)) = (known[next - 1], known[next]);
    low + (high - low) * (score - from) / (to - from)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test says what it expects by unwrapping it")]
mod tests {
    use super::*;

    const NONE: [Option<f64>; 7] = [None; 7];

    fn day(lead: usize, mean: f64, quantiles: [Option<f64>; 7]) -> GivenDay {
        GivenDay { lead, mean, quantiles }
    }

    #[test]
    fn given_quantiles_stay_and_the_others_lie_between_them() {
        let given = [None, Some(2.0), None, None, None, Some(8.0), None];
        let filled = spread(5.0, &given);
        assert!((filled[1] - 2.0).abs() < 1e-9 && (filled[3] - 5.0).abs() < 1e-9 && (filled[5] - 8.0).abs() < 1e-9);
        assert!(filled.windows(2).all(|pair| pair[0] < pair[1]), "{filled:?}");
        // A mean beyond the band does not make quantiles cross.
        let skewed = spread(20.0, &given);
        assert!(skewed.windows(2).all(|pair| pair[0] <= pair[1]), "{skewed:?}");
        let only_median = spread(5.0, &[None, None, None, Some(4.0), None, None, None]);
        assert!(only_median.iter().all(|value| (value - 4.0).abs() < 1e-12));
    }

    #[test]
    fn a_wider_band_makes_demand_over_a_lead_time_less_certain() {
        let over = |quantiles| {
            let days: Vec<GivenDay> = (1..=30).map(|lead| day(lead, 5.0, quantiles)).collect();
            CumulativeDemand::from_given(&days).over(14)
        };
        let narrow = over([None, Some(4.0), None, None, None, Some(6.0), None]);
        let wide = over([None, Some(1.0), None, None, None, Some(12.0), None]);
        let unknown = over(NONE);
        assert!((narrow.mean - 70.0).abs() < 1e-9 && (unknown.mean - 70.0).abs() < 1e-9);
        assert!(wide.quantile(0.95) > narrow.quantile(0.95));
        assert!(unknown.quantile(0.95) > 70.0);
    }

    #[test]
    fn days_that_were_not_given_are_like_the_one_before() {
        let sparse = CumulativeDemand::from_given(&[day(2, 3.0, NONE), day(4, 5.0, NONE)]);
        // Day 1 has none before it and is like the first: 3 + 3 + 3, then 5 more and 5.
        assert_eq!(sparse.days, [1, 2, 3]);
        assert!((sparse.demand[2].mean - 9.0).abs() < 1e-9);
        assert_eq!(CumulativeDemand::from_given(&[]), CumulativeDemand::default());
    }
}
