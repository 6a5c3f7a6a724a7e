//! How long a delivery takes, as a distribution, and demand over that random time.

use serde::{Deserialize, Serialize};

use crate::forecast::cumulative::{CUMULATIVE_LEVELS, CumulativeDemand, DemandDistribution};
use crate::forecast::normal;

/// Possible lead times in days with their probabilities.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LeadTime {
    /// (days, probability), days ascending, probabilities summing to one.
    days: Vec<(usize, f64)>,
}

impl LeadTime {
    /// More days than anybody plans for.
    const LONGEST: usize = 730;

    /// Always the same.
    pub fn fixed(days: usize) -> Self {
        Self { days: vec![(days.min(Self::LONGEST), 1.0)] }
    }

    /// As past deliveries took, each as likely as the others; `None` without any.
    pub fn observed(days: &[usize]) -> Option<Self> {
        let mut sorted: Vec<usize> = days.iter().map(|d| (*d).min(Self::LONGEST)).collect();
        sorted.sort_unstable();
        let each = 1.0 / sorted.len() as f64;
        let days: Vec<(usize, f64)> =
            sorted.chunk_by(|a, b| a == b).map(|same| (same[0], each * same.len() as f64)).collect();
        (!days.is_empty()).then_some(Self { days })
    }

    /// Lognormal through a supplier's median and 90th percentile, at 20 equally likely points.
    pub fn from_median_and_p90(median: f64, p90: f64) -> Self {
        let median = if median.is_finite() { median.clamp(0.0, Self::LONGEST as f64) } else { 0.0 };
        if median <= 0.0 || !p90.is_finite() || p90 <= median {
            return Self::fixed(median.round() as usize);
        }
        let sigma = (p90 / median).ln() / normal::quantile(0.9);
        let points: Vec<usize> = (0..20)
            .map(|at| (median * (sigma * normal::quantile((f64::from(at) + 0.5) / 20.0)).exp()).round() as usize)
            .collect();
        Self::observed(&points).unwrap_or_else(|| Self::fixed(median.round() as usize))
    }

    /// The same, but so many days later, or earlier where negative.
    #[must_use]
    pub fn later(&self, days: i64) -> Self {
        let mut moved: Vec<(usize, f64)> = Vec::with_capacity(self.days.len());
        for &(before, p) in &self.days {
            let after = usize::try_from(before as i64 + days).unwrap_or(0).min(Self::LONGEST);
            match moved.last_mut() {
                Some((same, sum)) if *same == after => *sum += p,
                _ => moved.push((after, p)),
            }
        }
        Self { days: moved }
    }

    /// Mean in days.
    pub fn mean(&self) -> f64 {
        self.days.iter().map(|(days, p)| *days as f64 * p).sum()
    }

    /// The days that so large a share of deliveries take at most; `share` from 0 to 1.
    pub fn at(&self, share: f64) -> usize {
        let mut reached = 0.0;
        let within = |(_, p): &&(usize, f64)| {
            reached += p;
            reached >= share
        };
        self.days.iter().find(within).or(self.days.last()).map_or(0, |(days, _)| *days)
    }

    /// Demand over this random time plus `review_days`: the mixture over the possible lead times, its quantiles by bisection.
    ///
    /// Whole demand keeps whole quantiles.
    pub fn demand(&self, demand: &CumulativeDemand, review_days: usize, integer: bool) -> DemandDistribution {
        let parts: Vec<(DemandDistribution, f64)> =
            self.days.iter().map(|(days, p)| (demand.over(days + review_days), *p)).collect();
        let mean = parts.iter().map(|(part, p)| part.mean * p).sum();
        let most = parts.iter().map(|(part, _)| part.quantile(0.9999)).fold(0.0, f64::max);
        let probability = |x: f64| parts.iter().map(|(part, p)| part.probability(x) * p).sum::<f64>();
        let mut low = 0.0;
        let quantiles = CUMULATIVE_LEVELS.map(|t| {
            if probability(low) < t {
                let mut high = most;
                for _ in 0..48 {
                    let middle = f64::midpoint(low, high);
                    if probability(middle) >= t {
                        high = middle;
                    } else {
                        low = middle;
                    }
                }
                low = high;
            }
            // Bisection ends a hair beside the value; snap it back before rounding up.
            if integer { (low - 1e-6 * most.max(1.0)).ceil().max(0.0) } else { low }
        });
        DemandDistribution { mean, quantiles }
    }
}
