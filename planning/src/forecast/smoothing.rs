//! Simple exponential smoothing, the part that most models share.

/// Where smoothing starts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Start {
    /// At the first value, as textbooks and the reference implementation do.
    First,
    /// At the mean of all values. A demand series starts on a day with demand by definition, so the first value is biased,
    /// and a slow smoother would carry that bias for years.
    #[default]
    Mean,
}

impl Start {
    pub(crate) fn level(self, values: &[f64]) -> f64 {
        match self {
            Self::First => values[0],
            Self::Mean => values.iter().sum::<f64>() / values.len() as f64,
        }
    }
}

/// The one-step forecast after all `values`: `l = a*y + (1-a)*l`. Zero for no values.
pub(crate) fn level(values: &[f64], alpha: f64, start: Start) -> f64 {
    let Some((first, rest)) = values.split_first() else {
        return 0.0;
    };
    let begin = start.level(values);
    let seeded = if start == Start::First { *first } else { begin + alpha * (first - begin) };
    rest.iter().fold(seeded, |level, value| level + alpha * (value - level))
}

/// Weights tried at once: one pass over the values costs about the same for eight as for one, because each step has to wait
/// for the one before.
const LANES: usize = 8;

/// Sums of squared one-step errors of several weights.
fn squared_errors(values: &[f64], alphas: [f64; LANES], begin: f64) -> [f64; LANES] {
    let mut levels = [begin; LANES];
    let mut sums = [0.0; LANES];
    for value in values {
        for lane in 0..LANES {
            let error = value - levels[lane];
            sums[lane] += error * error;
            levels[lane] += alphas[lane] * error;
        }
    }
    sums
}

/// The smoothing weight in `[low, high]` with the least squared one-step error, to 1/10,000 of the bracket.
///
/// A grid is narrowed to the neighbours of its best point until it is that fine.
pub(crate) fn best_alpha(values: &[f64], low: f64, high: f64, start: Start) -> f64 {
    if values.len() < 2 || high <= low {
        return f64::midpoint(low, high);
    }
    let begin = start.level(values);
    let enough = (high - low) * 1e-4;
    let (mut low, mut high) = (low, high);
    while high - low > enough {
        let step = (high - low) / (LANES + 1) as f64;
        let alphas = std::array::from_fn(|lane| low + step * (lane + 1) as f64);
        let sums = squared_errors(values, alphas, begin);
        let best = (1..LANES).fold(0, |best, lane| if sums[lane] < sums[best] { lane } else { best });
        (low, high) = (alphas[best] - step, alphas[best] + step);
    }
    f64::midpoint(low, high)
}
