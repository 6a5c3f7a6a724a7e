//! Regions: states and economic zones that sites lie in.

use std::sync::Arc;

use async_graphql::{Context, ID, Object, Result};
use entity::core::region;

use crate::graphql::context::ContextExt;
use crate::graphql::ids::{self, Kind};
use crate::graphql::page::connection;

/// A region that sites lie in.
#[derive(Clone)]
pub struct Region(pub Arc<region::Model>);

impl From<region::Model> for Region {
    fn from(row: region::Model) -> Self {
        Self(Arc::new(row))
    }
}

#[Object]
/// A region that sites lie in.
impl Region {
    /// An opaque name, stable for ever.
    pub async fn id(&self) -> ID {
        ids::encode(Kind::Region, self.0.id)
    }

    /// The company's own code, by which forecasts and KPIs name it.
    async fn code(&self) -> &str {
        &self.0.code
    }

    /// As it is shown.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// The state it lies in.
    async fn state(&self) -> Option<&str> {
        self.0.state.as_deref()
    }

    /// Its economic zone.
    async fn economic_zone(&self) -> Option<&str> {
        self.0.economic_zone.as_deref()
    }
}

connection! {
    /// A page of regions.
    RegionConnection, RegionEdge, Region, region::Model, RegionsOf
}

/// The list that a connection is a page of: all regions.
pub struct RegionsOf;

impl RegionsOf {
    async fn count(&self, ctx: &Context<'_>) -> Result<u64> {
        store::regions::count(ctx.db()).await.map_err(|failure| ctx.failed(&failure))
    }
}
