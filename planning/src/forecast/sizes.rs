//! The sizes of demands, as a distribution that admits it has not seen everything.

/// A weighted empirical distribution with an exponential tail.
///
/// The posterior mean of a Dirichlet process (Ferguson 1973) whose prior is an exponential of the same mean, worth one
/// observation: after `n` demands, one chance in `n + 1` is left to sizes that were never seen. A bootstrap alone would
/// promise that the largest demand so far is the largest ever, which is how safety stock fails.
#[derive(Debug, Clone)]
pub(crate) struct Sizes {
    /// Ascending.
    atoms: Vec<f64>,
    /// Share of weight up to and including each atom.
    cumulative: Vec<f64>,
    pub(crate) mean: f64,
    /// Squared coefficient of variation.
    pub(crate) variation: f64,
    /// Effective number of observations, `(sum w)^2 / sum w^2` (Kish 1965).
    pub(crate) count: f64,
}

impl Sizes {
    /// From positive sizes and their weights; `None` when there are none.
    pub(crate) fn new(mut pairs: Vec<(f64, f64)>) -> Option<Self> {
        pairs.retain(|(size, weight)| *size > 0.0 && *weight > 0.0);
        if pairs.is_empty() {
            return None;
        }
        pairs.sort_unstable_by(|a, b| a.0.total_cmp(&b.0));
        let total: f64 = pairs.iter().map(|p| p.1).sum();
        let squares: f64 = pairs.iter().map(|p| p.1 * p.1).sum();
        let mean = pairs.iter().map(|p| p.0 * p.1).sum::<f64>() / total;
        let variance = pairs.iter().map(|p| p.1 * (p.0 - mean).powi(2)).sum::<f64>() / total;
        let mut sum = 0.0;
        let cumulative = pairs
            .iter()
            .map(|p| {
                sum += p.1;
                sum / total
            })
            .collect();
        Some(Self {
            atoms: pairs.into_iter().map(|p| p.0).collect(),
            cumulative,
            mean,
            variation: variance / (mean * mean),
            count: total * total / squares,
        })
    }

    /// P(size <= x).
    pub(crate) fn cdf(&self, x: f64) -> f64 {
        self.mix(self.atoms.partition_point(|atom| *atom <= x), x)
    }

    /// P(size < x).
    pub(crate) fn cdf_below(&self, x: f64) -> f64 {
        self.mix(self.atoms.partition_point(|atom| *atom < x), x)
    }

    fn mix(&self, reached: usize, x: f64) -> f64 {
        if x <= 0.0 {
            return 0.0;
        }
        (self.count * self.share(reached) - (-x / self.mean).exp_m1()) / (self.count + 1.0)
    }

    /// Whether P(size <= this atom) >= u. The exponential part is between zero and one, which mostly decides already.
    fn reaches(&self, atom: usize, u: f64) -> bool {
        let missing = u * (self.count + 1.0) - self.count * self.cumulative[atom];
        missing <= 0.0 || (missing < 1.0 && -(-self.atoms[atom] / self.mean).exp_m1() >= missing)
    }

    fn share(&self, reached: usize) -> f64 {
        if reached == 0 { 0.0 } else { self.cumulative[reached - 1] }
    }

    /// The smallest x with P(size <= x) >= u, for u in (0, 1).
    pub(crate) fn quantile(&self, u: f64) -> f64 {
        let (mut low, mut high) = (0, self.atoms.len());
        // The first atom whose distribution value reaches u.
        while low < high {
            let middle = usize::midpoint(low, high);
            if self.reaches(middle, u) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        // Before that atom, the exponential part may get there by itself.
        let missing = u * (self.count + 1.0) - self.count * self.share(low);
        let smooth = if missing < 1.0 { -self.mean * (-missing.max(0.0)).ln_1p() } else { f64::INFINITY };
        self.atoms.get(low).map_or(smooth, |atom| smooth.min(*atom))
    }
}
