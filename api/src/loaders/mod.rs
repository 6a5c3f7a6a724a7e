//! Batching, and only batching: each loader turns the keys of many resolvers into one call of the store.
//!
//! Loaders are built per request, so nothing is shared between viewers. A key is a type that names its question. Start
//! with [`Loaders`]; `batch` is the one file that knows the `dataloader` package.

pub mod batch;
mod questions;

use store::Database;

pub use batch::{Batch, Loaded};
pub use questions::{
    AlertsOfItem, DemandOf, FeaturesOf, FirstCarryingCost, FirstForecast, ForecastOf, InventoryOf, ItemById,
    OrdersOfItem, ReasonsOfRun, RecommendationsOfItem, RejectsOfRun, SiteById, SitesOfItem, StockOf, SupplierById,
    SuppliersOfItem, UserById, WeeksOf,
};

/// Every loader of one request.
#[derive(Clone)]
pub struct Loaders {
    /// An item by id.
    pub items: Batch<ItemById>,
    /// A site by id, with its region.
    pub sites: Batch<SiteById>,
    /// The sites that use an item.
    pub sites_of_item: Batch<SitesOfItem>,
    /// A demand series.
    pub demand: Batch<DemandOf>,
    /// A forecast with its points.
    pub forecasts: Batch<ForecastOf>,
    /// The features of an item-site by day.
    pub features: Batch<FeaturesOf>,
    /// A stock series.
    pub inventory: Batch<InventoryOf>,
    /// The newest stock of an item.
    pub stock: Batch<StockOf>,
    /// The standing recommendations of an item.
    pub recommendations_of_item: Batch<RecommendationsOfItem>,
    /// The live alerts of an item, with the viewer's read marks.
    pub alerts_of_item: Batch<AlertsOfItem>,
    /// The newest order lines of an item.
    pub orders_of_item: Batch<OrdersOfItem>,
    /// The suppliers of an item.
    pub suppliers_of_item: Batch<SuppliersOfItem>,
    /// The weeks of an item that were forecast and are over.
    pub weeks: Batch<WeeksOf>,
    /// A supplier by id.
    pub suppliers: Batch<SupplierById>,
    /// A person's name.
    pub users: Batch<UserById>,
    /// A page of the lines that an import run refused or flagged.
    pub rejects: Batch<RejectsOfRun>,
    /// How many lines of an import run were refused or flagged, by reason.
    pub reject_reasons: Batch<ReasonsOfRun>,
    /// When the company began to forecast.
    pub first_forecast: Batch<FirstForecast>,
    /// Of carrying costs to begin with.
    pub first_carrying_costs: Batch<FirstCarryingCost>,
}

impl Loaders {
    /// Empty loaders over `db`, for one request.
    pub fn new(db: &Database) -> Self {
        Self {
            items: Batch::new(db),
            sites: Batch::new(db),
            sites_of_item: Batch::new(db),
            demand: Batch::new(db),
            forecasts: Batch::new(db),
            features: Batch::new(db),
            inventory: Batch::new(db),
            stock: Batch::new(db),
            recommendations_of_item: Batch::new(db),
            alerts_of_item: Batch::new(db),
            orders_of_item: Batch::new(db),
            suppliers_of_item: Batch::new(db),
            weeks: Batch::new(db),
            suppliers: Batch::new(db),
            users: Batch::new(db),
            rejects: Batch::new(db),
            reject_reasons: Batch::new(db),
            first_forecast: Batch::new(db),
            first_carrying_costs: Batch::new(db),
        }
    }
}
