//! Whether the engine may be asked: the embedded one cannot be interrupted, so it is not asked what takes too long.

use serde_json::Value as Json;

use crate::statement::Raw;
use crate::{Database, Result, StoreError};

/// Lets `statement` pass where it can be interrupted, or where its estimated cost is within what is allowed.
pub(super) async fn allowed(db: &Database, statement: &Raw) -> Result<()> {
    let Some(allowed) = db.max_cost() else { return Ok(()) };
    let plan = statement.explained().one(db.reader()).await?;
    let plan: Option<Json> = plan.map(|row| row.try_get_by_index(0)).transpose()?;
    let cost = plan.as_ref().and_then(|plan| plan.pointer("/0/Plan/Total Cost")).and_then(Json::as_f64);
    let cost = cost.ok_or_else(|| StoreError::Corrupt("EXPLAIN does not tell a total cost".into()))?;
    if cost > allowed { Err(StoreError::TooExpensive { cost, allowed }) } else { Ok(()) }
}
