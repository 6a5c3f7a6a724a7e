//! Where classes cut and alerts begin; `docs/MEASURES.md` has the formulas.

use super::value::{ConfigError, Lookup};

/// The thresholds and rates that measures are computed with.
#[derive(Debug, Clone)]
pub struct Measures {
    /// `CORRENTE_CARRYING_RATE`: cost of holding stock, a fraction of its value a year.
    pub carrying_rate: f64,
    /// `CORRENTE_ABC_CUTS`: shares of the value up to which items are A, and B.
    pub abc_cuts: [f64; 2],
    /// `CORRENTE_XYZ_CUTS`: coefficients of variation of weekly demand up to which items are X, and Y.
    pub xyz_cuts: [f64; 2],
    /// `CORRENTE_RELIABILITY_TOLERANCE`: a delivery within this many medians of its supplier is a reliable one.
    pub reliability_tolerance: f64,
    /// `CORRENTE_REVIEW_DAYS`: days between two mornings on which a buyer acts on recommendations.
    pub review_days: u16,
    /// `CORRENTE_STALE_DAYS`: demand that ended more days ago makes an alert.
    pub stale_days: u16,
    /// `CORRENTE_MAX_REJECT_SHARE`: an import that rejects more than this share of its lines makes an alert.
    pub max_reject_share: f64,
}

impl Measures {
    pub(super) fn read(env: &Lookup<'_>) -> Result<Self, ConfigError> {
        Ok(Self {
            carrying_rate: env.number("CORRENTE_CARRYING_RATE", 0.20, 0.0, 10.0)?,
            abc_cuts: env.cuts("CORRENTE_ABC_CUTS", [0.80, 0.95], 1.0, "shares of the whole")?,
            xyz_cuts: env.cuts("CORRENTE_XYZ_CUTS", [0.5, 1.0], 100.0, "coefficients of variation")?,
            reliability_tolerance: env.number("CORRENTE_RELIABILITY_TOLERANCE", 1.5, 1.0, 100.0)?,
            review_days: env.number("CORRENTE_REVIEW_DAYS", 1, 1, 90)?,
            stale_days: env.number("CORRENTE_STALE_DAYS", 7, 1, 3_650)?,
            max_reject_share: env.number("CORRENTE_MAX_REJECT_SHARE", 0.05, 0.0, 1.0)?,
        })
    }
}
