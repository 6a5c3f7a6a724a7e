//! Between which days there is demand.

use chrono::NaiveDate;

use crate::statement::raw;
use crate::{Database, Result};

/// The company's clock: today is the day after `data_through`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Bounds {
    /// The first day with a row.
    pub first: Option<NaiveDate>,
    /// The last day the loads vouch for; later days are unknown, not zero.
    pub data_through: Option<NaiveDate>,
}

/// SQL of the last day the loads vouch for: what freshness says, else the last row. In parentheses of its own it is
/// asked once a statement, not once a row.
pub(crate) const DATA_THROUGH: &str = "(SELECT core.demand_through())";

/// The bounds of all demand.
pub async fn bounds(db: &Database) -> Result<Bounds> {
    // Functions of the schema, in one round trip: what they ask of all partitions is planned once a session.
    let row = raw(format!("SELECT core.demand_from(), {DATA_THROUGH}"), []).one(db.reader()).await?;
    Ok(match row {
        Some(row) => Bounds { first: row.try_get_by_index(0)?, data_through: row.try_get_by_index(1)? },
        None => Bounds::default(),
    })
}
