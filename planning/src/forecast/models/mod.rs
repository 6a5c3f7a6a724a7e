//! The point-forecast methods, one file each, every formula with its source.
//!
//! None of them knows about quantiles, backtests or other series. To add one: its file here, its name in
//! [`ModelName`](super::ModelName), a fixture test against a reference implementation.

mod adida;
mod combination;
mod croston;
mod ets;
mod flat;
mod historic_mean;
mod imapa;
mod seasonal_naive;
mod seasonal_ses;
mod ses;
mod theta;
mod tsb;

pub use self::adida::Adida;
pub use self::combination::{Combination, FittedCombination};
pub use self::croston::CrostonSba;
pub use self::ets::{Ets, FittedEts, States, Weights};
pub use self::flat::Flat;
pub use self::historic_mean::HistoricMean;
pub use self::imapa::Imapa;
pub use self::seasonal_naive::{FittedSeasonalNaive, SeasonalNaive, seasonal_quantiles};
pub(crate) use self::seasonal_ses::indices as season_indices;
pub use self::seasonal_ses::{FittedSeasonalSes, SeasonalSes};
pub use self::ses::Ses;
pub use self::theta::{FittedTheta, Theta};
pub use self::tsb::Tsb;
pub use super::smoothing::Start;
