//! Suppliers, with what their orders tell of them.

use std::sync::Arc;

use async_graphql::{Context, ID, InputObject, Object, Result};
use entity::core::supplier;

use super::item::searched;
use super::words::SupplierType;
use crate::graphql::context::{Analyst, ContextExt};
use crate::graphql::ids::{self, Kind};
use crate::graphql::page::connection;
use crate::graphql::scalars::number;

/// Somebody the company buys from. What there are no order lines for is null.
#[derive(Clone)]
pub struct Supplier(pub Arc<supplier::Model>);

impl From<supplier::Model> for Supplier {
    fn from(row: supplier::Model) -> Self {
        Self(Arc::new(row))
    }
}

impl Supplier {
    fn rates(&self, _proof: &Analyst) -> Rates {
        Rates { on_time: self.0.on_time_rate, reliability: self.0.reliability }
    }
}

/// How a supplier is judged, which only an analyst gets.
struct Rates {
    on_time: Option<f64>,
    reliability: Option<f64>,
}

#[Object]
/// Somebody the company buys from. What there are no order lines for is null.
impl Supplier {
    /// An opaque name, stable for ever.
    pub async fn id(&self) -> ID {
        ids::encode(Kind::Supplier, self.0.id)
    }

    /// The company's own code.
    async fn code(&self) -> &str {
        &self.0.code
    }

    /// As it is shown.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// Where it delivers from.
    #[graphql(name = "type")]
    async fn kind(&self) -> SupplierType {
        self.0.kind.into()
    }

    /// Days from purchase to delivery: half of its deliveries took no longer.
    async fn lead_time_median_days(&self) -> Option<f64> {
        self.0.lead_time_median_days.map(number)
    }

    /// Days from purchase to delivery: nine of ten of its deliveries took no longer.
    async fn lead_time_p90_days(&self) -> Option<f64> {
        self.0.lead_time_p90_days.map(number)
    }

    /// Lines that came by their promised day, of those that came and those whose day has passed; a fraction.
    async fn on_time_rate(&self, ctx: &Context<'_>) -> Option<f64> {
        ctx.analyst().and_then(|analyst| self.rates(&analyst).on_time).map(number)
    }

    /// Deliveries that took no longer than `CORRENTE_RELIABILITY_TOLERANCE` times its own median; a fraction.
    async fn reliability(&self, ctx: &Context<'_>) -> Option<f64> {
        ctx.analyst().and_then(|analyst| self.rates(&analyst).reliability).map(number)
    }

    /// Is it in use?
    async fn active(&self) -> bool {
        self.0.active
    }
}

connection! {
    /// A page of suppliers.
    SupplierConnection, SupplierEdge, Supplier, supplier::Model, SuppliersOf
}

/// The list that a connection is a page of.
pub struct SuppliersOf(pub store::suppliers::SupplierFilter);

impl SuppliersOf {
    async fn count(&self, ctx: &Context<'_>) -> Result<u64> {
        store::suppliers::count(ctx.db(), &self.0).await.map_err(|failure| ctx.failed(&failure))
    }
}

/// Which suppliers; what is left out does not restrict, an empty list matches nothing.
#[derive(Debug, Default, InputObject)]
pub struct SupplierFilter {
    /// Words that must all appear in code or name, whatever their case and accents.
    pub search: Option<String>,
    /// Of these types.
    pub types: Option<Vec<SupplierType>>,
    /// Suppliers that are in use, or are not.
    pub active: Option<bool>,
}

impl SupplierFilter {
    /// The store's filter, or a sentence for the asker.
    pub fn into_store(self) -> Result<store::suppliers::SupplierFilter> {
        Ok(store::suppliers::SupplierFilter {
            search: searched(self.search)?,
            kinds: self.types.map(|types| types.into_iter().map(Into::into).collect()),
            active: self.active,
        })
    }
}
