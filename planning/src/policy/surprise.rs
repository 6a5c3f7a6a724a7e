//! What came, held against what was forecast: demand that leaves its band, and forecasts that no longer keep their promise.
//!
//! Both are judged by the distribution of the *sum* over all days since a run's origin. That run knew none of those days, and
//! the distribution was calibrated as a whole, so a sparse series is judged by what it is: a month of zeros is no surprise
//! where the 2.5 % quantile is zero. Thousands of series are judged every night, hence the tight levels, the factor two, and a
//! threshold that a live alert must fall well below before it is resolved.

use super::alert::{Alert, AlertCategory, AlertLevel};
use super::message::{Message, MessageCode};
use crate::forecast::cumulative::{CumulativeDemand, DemandDistribution};

/// Days since the origin from which demand may be called a spike.
pub const SHORT_DAYS: usize = 7;
/// Days since the origin from which demand may be called collapsed and forecasts may be called adrift: absence needs time.
pub const LONG_DAYS: usize = 28;

/// A spike lies above this quantile, and stays one until it is back under the second.
const SPIKE: [f64; 2] = [0.999, 0.975];
/// It is at least this many times the mean, and stays one until it is less than the second.
const TIMES: [f64; 2] = [2.0, 1.5];
/// Days with demand without which nothing is a spike: one big order is an order.
const SPIKE_DEMAND_DAYS: usize = 2;
/// The lowest quantile that is known.
const LOW: f64 = 0.025;
/// Where it is a smaller share of the mean, demand is so lumpy that a silent month is none.
const EVEN: f64 = 0.2;
/// A collapse is at most this share of that quantile, and stays one until it is more than the second.
const COLLAPSE: [f64; 2] = [0.5, 1.0];
/// It is at most this share of the mean as well.
const SHARE: [f64; 2] = [0.25, 0.5];
/// A total's forecast is adrift beyond this quantile and its mirror image below the median, and until it is back within the second.
const DRIFT: [f64; 2] = [0.995, 0.95];
/// A smaller share of the mean is an error that plans can live with: the goal of the family-week error.
const DRIFT_SHARE: [f64; 2] = [0.15, 0.10];
/// Standard errors by which the days outside the 80 % band may exceed what the backtest measured.
const ERRORS: [f64; 2] = [3.0, 2.0];

/// Demand since the origin of a run.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Observed {
    /// Units.
    pub sum: f64,
    /// Days since the origin, the origin's own included.
    pub days: usize,
    /// Those of them with demand.
    pub demand_days: usize,
    /// Those of them without stock, on which demand is unknown.
    pub stocked_out_days: usize,
}

/// What is judged: natural codes and names. Without a site, an item over all of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Series<'a> {
    pub sku: &'a str,
    pub item: &'a str,
    /// Code and name.
    pub site: Option<(&'a str, &'a str)>,
}

/// Demand far above or below what was forecast for these days; `None` where it is not, or where too little is known.
///
/// `live`: whether this very alert stands already, which then needs less to stay than it needed to be raised.
pub fn demand(
    series: Series<'_>,
    observed: Observed,
    stored: &CumulativeDemand,
    live: impl Fn(&str) -> bool,
) -> Option<Alert> {
    // Beyond the last stored number of days there is a guess and no measure.
    let knot = stored.days.iter().rev().copied().find(|days| *days <= observed.days)?;
    let forecast = stored.over(observed.days);
    if stored.days.last().is_some_and(|last| observed.days > *last) {
        return None;
    }
    let alert = |category, codes: [MessageCode; 2], limit: f64| {
        let code = if series.site.is_some() { codes[0] } else { codes[1] };
        let message = Message::new(code)
            .text("item", series.item)
            .text("site", series.site.map_or("", |(_, name)| name))
            .number("actual", observed.sum)
            .number("days", observed.days as f64)
            .number("limit", limit);
        let about = [series.sku, series.site.map_or("*", |(code, _)| code)];
        Alert::new(AlertLevel::Warning, category, &about, message)
    };
    // A forecast of nothing, such as one that was loaded without its distribution, says nothing.
    if forecast.mean <= 0.0 {
        return None;
    }
    if observed.days >= SHORT_DAYS && observed.demand_days >= SPIKE_DEMAND_DAYS {
        let high = alert(
            AlertCategory::DemandSpike,
            [MessageCode::DemandSpike, MessageCode::ItemDemandSpike],
            forecast.quantile(SPIKE[0]),
        );
        let stands = usize::from(live(&high.key));
        if observed.sum > forecast.quantile(SPIKE[stands]) && observed.sum >= TIMES[stands] * forecast.mean {
            return Some(high);
        }
    }
    // A shelf that was empty hides demand, which is no collapse.
    if observed.days >= LONG_DAYS && observed.stocked_out_days == 0 {
        // A whole quantile between two stored ones would be read as a fraction: that of fewer days is never too high.
        let least = stored.over(knot).quantile(LOW);
        let low =
            alert(AlertCategory::DemandCollapse, [MessageCode::DemandCollapse, MessageCode::ItemDemandCollapse], least);
        let stands = usize::from(live(&low.key));
        let even = least >= EVEN * forecast.mean;
        if even && observed.sum <= COLLAPSE[stands] * least && observed.sum <= SHARE[stands] * forecast.mean {
            return Some(low);
        }
    }
    None
}

/// What a run promised about a total, and how often it kept it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Promise {
    /// The distribution of the sum over the observed days.
    pub sum: DemandDistribution,
    /// Share of days inside the 80 % band in the backtest, where there was one.
    pub coverage80: Option<f64>,
    /// Observed days outside that band.
    pub misses: usize,
}

/// A total (a family, a region, the whole) whose forecast is no longer worth what its backtest promised: the sum of its
/// errors has left the band that was calibrated for it, or single days leave theirs too often.
///
/// `member` is empty for the whole. The lower limit mirrors the upper one about the median, because no lower quantile than
/// 0.025 is kept; demand is skewed to the right, so the mirror is the stricter.
pub fn drift(
    level: &str,
    member: &str,
    observed: Observed,
    promise: &Promise,
    live: impl Fn(&str) -> bool,
) -> Option<Alert> {
    if observed.days < LONG_DAYS || promise.sum.mean <= 0.0 {
        return None;
    }
    let (days, mean) = (observed.days as f64, promise.sum.mean);
    let alert = |code, name: &str, value: f64, limit: f64| {
        let message = Message::new(code)
            // A word of both languages.
            .text("member", if member.is_empty() { "Total" } else { member })
            .number("days", days)
            .number("mean", mean)
            .number(name, value)
            .number("limit", limit);
        Alert::new(AlertLevel::Warning, AlertCategory::ForecastDrift, &[level, member], message)
    };
    let too_low = alert(MessageCode::ForecastTooLow, "actual", observed.sum, promise.sum.quantile(DRIFT[0]));
    let stands = usize::from(live(&too_low.key));
    let high = promise.sum.quantile(DRIFT[stands]);
    let low = promise.sum.quantile(LOW).min(2.0 * promise.sum.quantile(0.5) - high);
    let matters = (observed.sum - mean).abs() >= DRIFT_SHARE[stands] * mean;
    if matters && observed.sum > high {
        return Some(too_low);
    }
    if matters && observed.sum < low {
        return Some(alert(MessageCode::ForecastTooHigh, "actual", observed.sum, low));
    }
    // A promise of hardly any miss is no promise that a single one breaks.
    let expected = (1.0 - promise.coverage80?).clamp(0.05, 0.95);
    let most = days * expected + ERRORS[stands] * (days * expected * (1.0 - expected)).sqrt();
    let misses = promise.misses as f64;
    (misses > most).then(|| alert(MessageCode::ForecastBandMissed, "misses", misses, most.floor()))
}
