//! How fresh each kind of data is.

use async_graphql::SimpleObject;
use entity::support::freshness;

use super::words::DataKind;
use crate::graphql::scalars::{Date, DateTime};

/// How fresh one kind of data is.
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
}

impl From<freshness::Model> for Freshness {
    fn from(row: freshness::Model) -> Self {
        Self {
            kind: row.kind.into(),
            data_through: row.data_through.map(Date),
            refreshed_at: Some(DateTime(row.refreshed_at)),
            stale: row.stale,
        }
    }
}
