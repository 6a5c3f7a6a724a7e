//! Items: materials that are stocked and services that are not.

use std::sync::Arc;

use async_graphql::{Context, ID, InputObject, Object, Result};
use entity::core::item;
use store::demand::SeriesKey;
use store::features::FeaturesKey;
use store::forecasts::{ForecastKey, SeriesId, WeeksKey};
use store::inventory::InventoryKey;

use super::alert::Alert;
use super::demand::DemandSeries;
use super::features::{self, FeatureSeries};
use super::forecast::{Forecast, horizon_days};
use super::inventory::{InventorySeries, Stock};
use super::item_accuracy::ItemAccuracy;
use super::item_attribute::ItemAttribute;
use super::item_supplier::ItemSupplier;
use super::order::OrderLine;
use super::recommendation::Recommendation;
use super::site::Site;
use super::words::{
    AbcBasis, AbcClass, ForecastLevel, Granularity, ItemKind, ItemOrderField, OrderDirection, XyzClass,
};
use crate::error::user;
use crate::graphql::context::{Analyst, ContextExt};
use crate::graphql::ids::{self, Kind};
use crate::graphql::page::connection;
use crate::graphql::scalars::{Date, amount};
use crate::loaders::{
    AlertsOfItem, DemandOf, FeaturesOf, ForecastOf, InventoryOf, OrdersOfItem, RecommendationsOfItem, SitesOfItem,
    StockOf, SuppliersOfItem, WeeksOf,
};

/// A material or a service.
#[derive(Clone)]
pub struct Item(pub Arc<item::Model>);

impl From<item::Model> for Item {
    fn from(row: item::Model) -> Self {
        Self(Arc::new(row))
    }
}

impl Item {
    fn unit_cost_of(&self, _proof: &Analyst) -> Option<f64> {
        self.0.unit_cost.map(amount)
    }

    async fn features_of(
        &self,
        _proof: &Analyst,
        ctx: &Context<'_>,
        key: FeaturesKey,
    ) -> Result<Option<FeatureSeries>> {
        let loaded = ctx.loaders().features.load(FeaturesOf(key)).await.map_err(|failure| ctx.failed(&failure))?;
        Ok(loaded.and_then(|days| FeatureSeries::of(&days)))
    }
}

#[Object]
/// A material or a service.
impl Item {
    /// An opaque name, stable for ever.
    pub async fn id(&self) -> ID {
        ids::encode(Kind::Item, self.0.id)
    }

    /// The company's own code, with its leading zeros, such as `010825`.
    async fn sku(&self) -> &str {
        &self.0.sku
    }

    /// As it is shown.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// More about it.
    async fn description(&self) -> Option<&str> {
        self.0.description.as_deref()
    }

    /// Material or service.
    async fn kind(&self) -> ItemKind {
        self.0.kind.into()
    }

    /// The family it is planned with.
    async fn family(&self) -> Option<&str> {
        self.0.family.as_deref()
    }

    /// A finer grouping than the family.
    async fn category(&self) -> Option<&str> {
        self.0.category.as_deref()
    }

    /// A finer grouping than the category.
    async fn subcategory(&self) -> Option<&str> {
        self.0.subcategory.as_deref()
    }

    /// The unit of every quantity of this item, such as `UN` or `M`.
    async fn unit(&self) -> &str {
        &self.0.unit
    }

    /// By value of demand; null before it was computed.
    async fn abc_class(&self) -> Option<AbcClass> {
        self.0.abc_class.map(Into::into)
    }

    /// What its ABC class was counted in; null for what has no class.
    async fn abc_basis(&self) -> Option<AbcBasis> {
        self.0.abc_basis.map(Into::into)
    }

    /// By variability of demand; null before it was computed.
    async fn xyz_class(&self) -> Option<XyzClass> {
        self.0.xyz_class.map(Into::into)
    }

    /// From 0 (nobody would notice) to 10 (a site stands still); 5 where nobody said.
    async fn criticality(&self) -> i32 {
        self.0.criticality.into()
    }

    /// An order of it is of at least so much, in its unit; null where nobody said.
    async fn min_order_quantity(&self) -> Option<f64> {
        self.0.min_order_quantity.map(amount)
    }

    /// An order of it is of at most so much, in its unit; null where nobody said.
    async fn max_order_quantity(&self) -> Option<f64> {
        self.0.max_order_quantity.map(amount)
    }

    /// It comes in packs of so much, in its unit, such as 100 of a cable in metres; null where nobody said.
    async fn pack_size(&self) -> Option<f64> {
        self.0.pack_size.map(amount)
    }

    /// What else the company's own files say of it, by name.
    async fn attributes(&self) -> Vec<ItemAttribute> {
        ItemAttribute::all(&self.0.attributes)
    }

    /// Is it still bought?
    async fn active(&self) -> bool {
        self.0.active
    }

    /// What one unit costs, in the company's currency.
    async fn unit_cost(&self, ctx: &Context<'_>) -> Option<f64> {
        ctx.analyst().and_then(|analyst| self.unit_cost_of(&analyst))
    }

    /// The sites that use it.
    async fn sites(&self, ctx: &Context<'_>) -> Result<Vec<Site>> {
        let loaded =
            ctx.loaders().sites_of_item.load(SitesOfItem(self.0.id)).await.map_err(|failure| ctx.failed(&failure))?;
        Ok(loaded.iter().flat_map(|sites| sites.iter().cloned()).map(Site::from).collect())
    }

    /// Demand in buckets; a day without a line is zero between the first day and `dataThrough`.
    async fn demand(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only this site; all sites together without it.")] site_id: Option<ID>,
        #[graphql(desc = "The first day; the series' own first day without it.")] from: Option<Date>,
        #[graphql(desc = "The last day, included; dataThrough without it.")] to: Option<Date>,
        #[graphql(default_with = "Granularity::Day", desc = "The size of a bucket.")] granularity: Granularity,
    ) -> Result<DemandSeries> {
        let key = SeriesKey {
            item_id: self.0.id,
            site_id: site_id.as_ref().map(|id| ids::expect(Kind::Site, id)).transpose()?,
            from: from.map(|day| day.0),
            to: to.map(|day| day.0),
            granularity: granularity.into(),
        };
        let loaded = ctx.loaders().demand.load(DemandOf(key)).await.map_err(|failure| ctx.failed(&failure))?;
        Ok(DemandSeries { series: loaded.unwrap_or_default(), granularity, unit: Some(self.0.unit.clone()) })
    }

    /// The newest forecast, or that of a run; null where there is none, such as for services.
    async fn forecast(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only this site; the item over all sites without it.")] site_id: Option<ID>,
        #[graphql(default = 90, desc = "Days ahead, 1 to 366.")] horizon: i32,
        #[graphql(desc = "Of this run, as forecastRuns lists them; the newest without it.")] run_id: Option<ID>,
    ) -> Result<Option<Forecast>> {
        let run_id = run_id.as_ref().map(|id| ids::expect(Kind::ForecastRun, id)).transpose()?;
        let site = site_id.as_ref().map(|id| ids::expect(Kind::Site, id)).transpose()?;
        let (series, level) = match site {
            Some(site) => (SeriesId::item_site(self.0.id, site), ForecastLevel::ItemSite),
            None => (SeriesId::item(self.0.id), ForecastLevel::Item),
        };
        let key = ForecastKey { series, horizon: horizon_days(horizon)?, run_id };
        let loaded = ctx.loaders().forecasts.load(ForecastOf(key)).await.map_err(|failure| ctx.failed(&failure))?;
        Ok(loaded.map(|forecast| Forecast { forecast, level }))
    }

    /// How good its forecasts turned out to be, by the weeks that are over; null where none was forecast before it began.
    async fn accuracy(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only this site; the item over all sites without it.")] site_id: Option<ID>,
        #[graphql(default = 8, desc = "How many whole weeks back, 1 to 52.")] weeks: i32,
    ) -> Result<Option<ItemAccuracy>> {
        let site_id = site_id.as_ref().map(|id| ids::expect(Kind::Site, id)).transpose()?;
        let asked = i16::try_from(weeks).ok().filter(|weeks| (1..=MAX_WEEKS).contains(weeks));
        let weeks = asked.ok_or_else(|| user(format!("weeks must be from 1 to {MAX_WEEKS}, not {weeks}.")))?;
        let key = WeeksKey { item_id: self.0.id, site_id, weeks };
        let loaded = ctx.loaders().weeks.load(WeeksOf(key)).await.map_err(|failure| ctx.failed(&failure))?;
        Ok(loaded.and_then(|weeks| ItemAccuracy::of(&weeks)))
    }

    /// Stock by day; empty where the company has no stock data.
    async fn inventory(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only this site; all sites together without it.")] site_id: Option<ID>,
        #[graphql(desc = "The first day.")] from: Option<Date>,
        #[graphql(desc = "The last day, included.")] to: Option<Date>,
    ) -> Result<InventorySeries> {
        let site_id = site_id.as_ref().map(|id| ids::expect(Kind::Site, id)).transpose()?;
        let key = InventoryKey { item_id: self.0.id, site_id, from: from.map(|day| day.0), to: to.map(|day| day.0) };
        let loaded = ctx.loaders().inventory.load(InventoryOf(key)).await.map_err(|failure| ctx.failed(&failure))?;
        Ok(InventorySeries(loaded.unwrap_or_default()))
    }

    /// What is known of it at a site at the end of each day, of the last 90 days, for models to learn from; null where there
    /// is nothing, such as for services.
    async fn features(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The site.")] site_id: ID,
        #[graphql(desc = "The first day.")] from: Option<Date>,
        #[graphql(desc = "The last day, included.")] to: Option<Date>,
    ) -> Result<Option<FeatureSeries>> {
        let Some(analyst) = ctx.analyst() else { return Ok(None) };
        let site_id = ids::expect(Kind::Site, &site_id)?;
        let (from, to) = (from.map_or(features::EARLIEST, |day| day.0), to.map_or(features::LATEST, |day| day.0));
        self.features_of(&analyst, ctx, FeaturesKey { item_id: self.0.id, site_id, from, to }).await
    }

    /// Newest stock over all sites; null where the company has no stock data.
    async fn stock(&self, ctx: &Context<'_>) -> Result<Option<Stock>> {
        let loaded = ctx.loaders().stock.load(StockOf(self.0.id)).await.map_err(|failure| ctx.failed(&failure))?;
        Ok(loaded.map(Stock))
    }

    /// Its newest order lines, the newest first; orderRows has all of them.
    async fn orders(
        &self,
        ctx: &Context<'_>,
        #[graphql(default = 20, desc = "How many lines, 1 to 100.")] first: i32,
    ) -> Result<Vec<OrderLine>> {
        let lines = u64::try_from(first).ok().filter(|lines| (1..=MAX_ORDERS).contains(lines));
        let lines = lines.ok_or_else(|| user(format!("first must be from 1 to {MAX_ORDERS}, not {first}.")))?;
        let key = OrdersOfItem { item_id: self.0.id, lines };
        let loaded = ctx.loaders().orders_of_item.load(key).await.map_err(|failure| ctx.failed(&failure))?;
        Ok(loaded.iter().flat_map(|lines| lines.iter().cloned()).map(OrderLine::from).collect())
    }

    /// From whom it was bought, the one ordered from last first.
    async fn suppliers(&self, ctx: &Context<'_>) -> Result<Vec<ItemSupplier>> {
        let loaded = ctx.loaders().suppliers_of_item.load(SuppliersOfItem(self.0.id)).await;
        let loaded = loaded.map_err(|failure| ctx.failed(&failure))?;
        Ok(loaded.iter().flat_map(ItemSupplier::all).collect())
    }

    /// What is recommended for it now, the most urgent first.
    async fn recommendations(&self, ctx: &Context<'_>) -> Result<Vec<Recommendation>> {
        let loaded = ctx.loaders().recommendations_of_item.load(RecommendationsOfItem(self.0.id)).await;
        let loaded = loaded.map_err(|failure| ctx.failed(&failure))?;
        Ok(loaded.iter().flat_map(|rows| rows.iter().cloned()).map(Recommendation::from).collect())
    }

    /// Its live alerts, the newest first.
    async fn alerts(&self, ctx: &Context<'_>) -> Result<Vec<Alert>> {
        let key = AlertsOfItem { user_id: ctx.viewer()?.id, item_id: self.0.id };
        let loaded = ctx.loaders().alerts_of_item.load(key).await.map_err(|failure| ctx.failed(&failure))?;
        Ok(loaded.iter().flat_map(|rows| rows.iter().cloned()).map(Alert::from).collect())
    }
}

connection! {
    /// A page of items.
    ItemConnection, ItemEdge, Item, item::Model, ItemsOf
}

/// The list that a connection is a page of.
pub struct ItemsOf(pub store::items::ItemFilter);

impl ItemsOf {
    async fn count(&self, ctx: &Context<'_>) -> Result<u64> {
        store::items::count(ctx.db(), &self.0).await.map_err(|failure| ctx.failed(&failure))
    }
}

/// Which items; what is left out does not restrict, an empty list matches nothing.
#[derive(Debug, Default, InputObject)]
pub struct ItemFilter {
    /// Words that must all appear in sku or name, whatever their case and accents.
    pub search: Option<String>,
    /// Materials or services only.
    pub kind: Option<ItemKind>,
    /// Items of these families.
    pub families: Option<Vec<String>>,
    /// Items of these ABC classes.
    pub abc_classes: Option<Vec<AbcClass>>,
    /// Items of these XYZ classes.
    pub xyz_classes: Option<Vec<XyzClass>>,
    /// Items with demand or stock at one of these sites.
    pub site_ids: Option<Vec<ID>>,
    /// Items that are still bought, or are not.
    pub active: Option<bool>,
}

/// How items are sorted.
#[derive(Debug, Default, InputObject)]
pub struct ItemOrder {
    /// What by.
    pub field: ItemOrderField,
    /// Which way.
    #[graphql(default)]
    pub direction: OrderDirection,
}

/// Order lines of an item at most.
const MAX_ORDERS: u64 = 100;
/// Weeks of an item's accuracy at most.
const MAX_WEEKS: i16 = 52;
/// How long a search may be; longer ones find nothing anyway.
const MAX_SEARCH: usize = 200;

impl ItemFilter {
    /// The store's filter, or a sentence for the asker.
    pub fn into_store(self) -> Result<store::items::ItemFilter> {
        Ok(store::items::ItemFilter {
            search: searched(self.search)?,
            kind: self.kind.map(Into::into),
            families: self.families.map(without_nul),
            abc_classes: self.abc_classes.map(|classes| classes.into_iter().map(Into::into).collect()),
            xyz_classes: self.xyz_classes.map(|classes| classes.into_iter().map(Into::into).collect()),
            site_ids: ids::expect_all(Kind::Site, self.site_ids)?,
            active: self.active,
        })
    }
}

/// The words of a search, or a sentence for the asker.
pub fn searched(search: Option<String>) -> Result<Option<String>> {
    if search.as_ref().is_some_and(|search| search.chars().count() > MAX_SEARCH) {
        return Err(user(format!("search may have at most {MAX_SEARCH} characters.")));
    }
    // PostgreSQL's text cannot hold it, and no name does.
    let search = search.map(|search| search.replace('\0', ""));
    Ok(search.filter(|search| !search.trim().is_empty()))
}

/// Texts that PostgreSQL can compare with; no stored text holds a NUL.
pub fn without_nul(texts: Vec<String>) -> Vec<String> {
    texts.into_iter().filter(|text| !text.contains('\0')).collect()
}
