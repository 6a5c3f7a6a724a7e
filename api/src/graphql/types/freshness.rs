//! How fresh each kind of data is.

use async_graphql::{Context, Result, SimpleObject};
use chrono::NaiveDate;
use entity::support::freshness;

use super::words::DataKind;
use crate::graphql::context::ContextExt;
use crate::graphql::scalars::{Date, DateTime};

/// How fresh one kind of data is. Kinds that were never loaded or computed are absent.
#[derive(Debug, Clone, SimpleObject)]
pub struct Freshness {
    /// Which kind.
    pub kind: DataKind,
    /// Its last day.
    pub data_through: Option<Date>,
    /// When it was loaded or computed.
    pub refreshed_at: Option<DateTime>,
    /// Is it older than the facts it rests on?
    pub stale: bool,
    /// How many days ago its last day was, by the clock in the company's time zone.
    pub age_days: Option<i32>,
}

/// How fresh each kind of data is.
pub async fn all(ctx: &Context<'_>) -> Result<Vec<Freshness>> {
    let rows = store::freshness::all(ctx.db()).await.map_err(|failure| ctx.failed(&failure))?;
    let request = ctx.request();
    let today = request.now.with_timezone(&request.shared.config.timezone).date_naive();
    Ok(rows.iter().map(|row| Freshness::on(today, row)).collect())
}

impl Freshness {
    /// The row as it stands on `today`, which is the clock's and not the company's.
    pub fn on(today: NaiveDate, row: &freshness::Model) -> Self {
        let age = row.data_through.map(|through| (today - through).num_days().max(0));
        Self {
            kind: row.kind.into(),
            data_through: row.data_through.map(Date),
            refreshed_at: Some(DateTime(row.refreshed_at)),
            stale: row.stale,
            age_days: age.map(|days| i32::try_from(days).unwrap_or(i32::MAX)),
        }
    }
}
