//! Anything with an id.

use async_graphql::{ID, Interface};

use super::alert::Alert;
use super::forecast_run::ForecastRun;
use super::item::Item;
use super::recommendation::Recommendation;
use super::region::Region;
use super::site::Site;
use super::supplier::Supplier;

/// Anything with an id, which `node(id)` finds again.
#[derive(Clone, Interface)]
#[graphql(field(name = "id", ty = "ID", desc = "An opaque name, stable for ever."))]
pub enum Node {
    /// An item.
    Item(Item),
    /// A site.
    Site(Site),
    /// A recommendation.
    Recommendation(Recommendation),
    /// An alert.
    Alert(Alert),
    /// A supplier.
    Supplier(Supplier),
    /// A region.
    Region(Region),
    /// A forecast run.
    ForecastRun(ForecastRun),
}
