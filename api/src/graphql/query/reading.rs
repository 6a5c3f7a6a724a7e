//! Things, lists of things and series: what pages are made of.

use std::sync::Arc;

use async_graphql::{Context, ID, Object, Result};

use crate::cache::KpiQuery;
use crate::error::user;
use crate::graphql::context::ContextExt;
use crate::graphql::ids::{self, Kind};
use crate::graphql::page;
use crate::graphql::scalars::Date;
use crate::graphql::types::alert::{AlertConnection, AlertFilter, AlertsOf};
use crate::graphql::types::demand::{DemandFilter, DemandGroupSeries};
use crate::graphql::types::demo::DemoLogin;
use crate::graphql::types::forecast::{Forecast, horizon_days};
use crate::graphql::types::forecast_run::{ForecastRunConnection, ForecastRunFilter, ForecastRunsOf};
use crate::graphql::types::freshness::{self, Freshness};
use crate::graphql::types::import_run::{ImportRun, ImportRunConnection, ImportRunFilter, RunsOf};
use crate::graphql::types::item::{Item, ItemConnection, ItemFilter, ItemOrder, ItemsOf, without_nul};
use crate::graphql::types::kpi::Kpi;
use crate::graphql::types::measure::{DemandHaving, DemandMeasure, DemandOrder};
use crate::graphql::types::node::{self, Node};
use crate::graphql::types::recommendation::{
    RecommendationConnection, RecommendationFilter, RecommendationOrder, RecommendationsOf,
};
use crate::graphql::types::region::{RegionConnection, RegionsOf};
use crate::graphql::types::site::Site;
use crate::graphql::types::supplier::{SupplierConnection, SupplierFilter, SuppliersOf};
use crate::graphql::types::viewer::Viewer;
use crate::graphql::types::words::{DemandGroup, ForecastLevel, Granularity, KpiDimension};
use crate::loaders::ItemById;

/// Groups of `demand` where nobody asks for a number.
const DEFAULT_GROUPS: i32 = 50;
/// Groups of `demand` at most.
const MAX_GROUPS: i32 = 1_000;
/// Ids of `nodes` at most.
const MAX_NODES: usize = 1_000;

/// The things of the company, one by one and as lists.
#[derive(Default)]
pub struct Reading;

#[Object]
/// The things of the company, one by one and as lists.
impl Reading {
    /// Who is signed in.
    async fn viewer(&self, ctx: &Context<'_>) -> Result<Viewer> {
        Ok(Viewer(crate::auth::Viewer::clone(ctx.viewer()?)))
    }

    /// Anything by its id; null when it is gone or never was.
    async fn node(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "An id that this graph gave.")] id: ID,
    ) -> Result<Option<Node>> {
        Ok(node::find(ctx, &[id]).await?.pop().flatten())
    }

    /// Many things by their ids, in the order of the ids; null where one is gone or never was.
    async fn nodes(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Ids that this graph gave, 1,000 at most.")] ids: Vec<ID>,
    ) -> Result<Vec<Option<Node>>> {
        if ids.len() > MAX_NODES {
            return Err(user(format!("ids may be at most {MAX_NODES}, not {}.", ids.len())));
        }
        node::find(ctx, &ids).await
    }

    /// Items, a page at a time.
    async fn items(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which items.")] filter: Option<ItemFilter>,
        #[graphql(desc = "How they are sorted; by sku without it.")] order_by: Option<ItemOrder>,
        #[graphql(desc = "How many from the start, 1 to 1,000; 50 without it.")] first: Option<i32>,
        #[graphql(desc = "Only those behind this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end, 1 to 1,000.")] last: Option<i32>,
        #[graphql(desc = "Only those before this cursor.")] before: Option<String>,
    ) -> Result<ItemConnection> {
        let filter = filter.unwrap_or_default().into_store()?;
        let order = order_by.unwrap_or_default();
        let order = store::items::ItemOrder { by: order.field.into(), direction: order.direction.into() };
        let window = page::window(order, first, after, last, before)?;
        let page = store::items::page(ctx.db(), &filter, &window).await.map_err(|failure| ctx.failed(&failure))?;
        Ok(ItemConnection::new(page, ItemsOf(filter)))
    }

    /// One item, by id or by sku; null when there is none.
    async fn item(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Its id; or")] id: Option<ID>,
        #[graphql(desc = "its sku, with leading zeros.")] sku: Option<String>,
    ) -> Result<Option<Item>> {
        match (id, sku) {
            (Some(id), None) => {
                let number = ids::expect(Kind::Item, &id)?;
                let loaded =
                    ctx.loaders().items.load(ItemById(number)).await.map_err(|failure| ctx.failed(&failure))?;
                Ok(loaded.map(Item))
            }
            (None, Some(sku)) => {
                let skus = without_nul(vec![sku]);
                let rows = store::items::by_skus(ctx.db(), &skus).await.map_err(|failure| ctx.failed(&failure))?;
                Ok(rows.into_values().next().map(Item::from))
            }
            _ => Err(user("Give id or sku, one of them.")),
        }
    }

    /// Every site, by name.
    async fn sites(&self, ctx: &Context<'_>) -> Result<Vec<Site>> {
        let sites = store::sites::all(ctx.db()).await.map_err(|failure| ctx.failed(&failure))?;
        Ok(sites.into_iter().map(Site::from).collect())
    }

    /// Regions by name, a page at a time.
    async fn regions(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many from the start, 1 to 1,000; 50 without it.")] first: Option<i32>,
        #[graphql(desc = "Only those behind this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end, 1 to 1,000.")] last: Option<i32>,
        #[graphql(desc = "Only those before this cursor.")] before: Option<String>,
    ) -> Result<RegionConnection> {
        let window = page::window(store::regions::RegionOrder::default(), first, after, last, before)?;
        let page = store::regions::page(ctx.db(), &window).await.map_err(|failure| ctx.failed(&failure))?;
        Ok(RegionConnection::new(page, RegionsOf))
    }

    /// Suppliers by name, a page at a time.
    async fn suppliers(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which suppliers.")] filter: Option<SupplierFilter>,
        #[graphql(desc = "How many from the start, 1 to 1,000; 50 without it.")] first: Option<i32>,
        #[graphql(desc = "Only those behind this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end, 1 to 1,000.")] last: Option<i32>,
        #[graphql(desc = "Only those before this cursor.")] before: Option<String>,
    ) -> Result<SupplierConnection> {
        let filter = filter.unwrap_or_default().into_store()?;
        let window = page::window(store::suppliers::SupplierOrder::default(), first, after, last, before)?;
        let page = store::suppliers::page(ctx.db(), &filter, &window).await.map_err(|failure| ctx.failed(&failure))?;
        Ok(SupplierConnection::new(page, SuppliersOf(filter)))
    }

    /// Every family, by name.
    async fn families(&self, ctx: &Context<'_>) -> Result<Vec<String>> {
        store::items::families(ctx.db()).await.map_err(|failure| ctx.failed(&failure))
    }

    /// Demand of the filtered items and sites in buckets, grouped. One group without keys when groupBy is empty.
    async fn demand(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which demand.")] filter: Option<DemandFilter>,
        #[graphql(default_with = "Granularity::Day", desc = "The size of a bucket.")] granularity: Granularity,
        #[graphql(desc = "What it is grouped by, outermost first.")] group_by: Option<Vec<DemandGroup>>,
        #[graphql(desc = "What is told of each group in `measures`, besides quantities and cost.")] measures: Option<
            Vec<DemandMeasure>,
        >,
        #[graphql(desc = "Only groups whose totals fulfil all of these.")] having: Option<Vec<DemandHaving>>,
        #[graphql(desc = "How groups are sorted; without it the greatest quantities first.")] order_by: Option<
            DemandOrder,
        >,
        #[graphql(desc = "How many groups, 1 to 1,000; 50 without it.")] first: Option<i32>,
    ) -> Result<Vec<DemandGroupSeries>> {
        let first = first.unwrap_or(DEFAULT_GROUPS);
        if !(1..=MAX_GROUPS).contains(&first) {
            return Err(user(format!("first must be from 1 to {MAX_GROUPS}, not {first}.")));
        }
        let mut groups: Vec<store::demand::DemandGroup> = Vec::new();
        for group in group_by.unwrap_or_default() {
            // Grouping twice by the same is grouping once.
            if !groups.contains(&group.into()) {
                groups.push(group.into());
            }
        }
        let mut told: Vec<store::demand::Measure> = Vec::new();
        for measure in measures.unwrap_or_default() {
            if !told.contains(&measure.into()) {
                told.push(measure.into());
            }
        }
        let having = having.unwrap_or_default().into_iter().map(DemandHaving::into_store);
        let query = store::demand::DemandQuery {
            filter: filter.unwrap_or_default().into_store()?,
            granularity: granularity.into(),
            group_by: groups,
            measures: told,
            having: having.collect::<Result<_>>()?,
            order_by: order_by.unwrap_or_default().into_store(),
            limit: u64::try_from(first).unwrap_or_default(),
        };
        let shared = &ctx.request().shared;
        let grouped = async |query: &_| store::demand::grouped(&shared.db, query).await;
        let answer = shared.caches.demand.get(ctx.viewer()?.role, query, grouped).await;
        Ok(DemandGroupSeries::all(&answer.map_err(|failure| ctx.failed(&failure))?))
    }

    /// Forecast of a family, a region or the whole, on its own series; null where there is none.
    async fn forecast(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "FAMILY, REGION or ALL; items answer their own through Item.forecast.")] level: ForecastLevel,
        #[graphql(desc = "The family's name, or the region's code; nothing for ALL.")] member: Option<String>,
        #[graphql(default = 90, desc = "Days ahead, 1 to 366.")] horizon: i32,
    ) -> Result<Option<Forecast>> {
        use store::forecasts::{ForecastKey, SeriesId};
        let member = member.filter(|member| !member.is_empty() && !member.contains('\0'));
        let series = match (level, member) {
            (ForecastLevel::Family, Some(member)) => SeriesId::family(member),
            (ForecastLevel::Region, Some(member)) => SeriesId::region(member),
            (ForecastLevel::All, None) => SeriesId::all(),
            (ForecastLevel::Family | ForecastLevel::Region, None) => {
                return Err(user("member must name the family or region."));
            }
            (ForecastLevel::All, Some(_)) => return Err(user("ALL has no members.")),
            (ForecastLevel::Item | ForecastLevel::ItemSite, _) => {
                return Err(user("Ask item(...) { forecast(siteId) } for items."));
            }
        };
        let key = ForecastKey { series, horizon: horizon_days(horizon)?, run_id: None };
        let shared = &ctx.request().shared;
        let newest = async |key: &ForecastKey| {
            Ok(store::forecasts::by_keys(&shared.db, std::slice::from_ref(key)).await?.remove(key).map(Arc::new))
        };
        let found = shared.caches.forecasts.get(ctx.viewer()?.role, key, newest).await;
        let found = found.map_err(|failure| ctx.failed(&failure))?;
        Ok(found.as_ref().clone().map(|forecast| Forecast { forecast, level }))
    }

    /// The runs that forecasts come from, the newest first; how good each was is for analysts.
    async fn forecast_runs(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which runs.")] filter: Option<ForecastRunFilter>,
        #[graphql(desc = "How many, 1 to 1,000; 50 without it.")] first: Option<i32>,
        #[graphql(desc = "Only those behind this cursor.")] after: Option<String>,
    ) -> Result<ForecastRunConnection> {
        let filter = filter.unwrap_or_default().into();
        let window = page::window(store::forecasts::ForecastRunOrder, first, after, None, None)?;
        let page = store::forecasts::page(ctx.db(), &filter, &window).await.map_err(|failure| ctx.failed(&failure))?;
        Ok(ForecastRunConnection::new(page, ForecastRunsOf(filter)))
    }

    /// KPIs by day and member, oldest first; the newest day only when neither from nor to is given.
    async fn kpis(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The first day.")] from: Option<Date>,
        #[graphql(desc = "The last day, included.")] to: Option<Date>,
        #[graphql(default_with = "KpiDimension::All", desc = "What they are broken down by.")] dimension: KpiDimension,
        #[graphql(desc = "Only these families, regions or classes.")] members: Option<Vec<String>>,
    ) -> Result<Vec<Kpi>> {
        let (from, to) = (from.map(|day| day.0), to.map(|day| day.0));
        let asked = KpiQuery { from, to, dimension: dimension.into(), members: members.map(without_nul) };
        let shared = &ctx.request().shared;
        let days = async |asked: &KpiQuery| {
            let (mut from, mut to) = (asked.from, asked.to);
            if from.is_none() && to.is_none() {
                let Some(last) = store::kpis::last_day(&shared.db).await? else { return Ok(Vec::new()) };
                (from, to) = (Some(last), Some(last));
            }
            store::kpis::range(&shared.db, asked.dimension, asked.members.as_deref(), from, to).await
        };
        let days = shared.caches.kpis.get(ctx.viewer()?.role, asked, days).await;
        Ok(Kpi::all(&days.map_err(|failure| ctx.failed(&failure))?))
    }

    /// What to do now.
    async fn recommendations(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which recommendations.")] filter: Option<RecommendationFilter>,
        #[graphql(desc = "How they are sorted; by priority, then by the day to act by, without it.")] order_by: Option<
            RecommendationOrder,
        >,
        #[graphql(desc = "How many, 1 to 1,000; 50 without it.")] first: Option<i32>,
        #[graphql(desc = "Only those behind this cursor.")] after: Option<String>,
    ) -> Result<RecommendationConnection> {
        let filter = filter.unwrap_or_default().into_store()?;
        let order = order_by.unwrap_or_default();
        let order = store::recommendations::QueueOrder { by: order.field.into(), direction: order.direction.into() };
        let window = page::window(order, first, after, None, None)?;
        let page =
            store::recommendations::page(ctx.db(), &filter, &window).await.map_err(|failure| ctx.failed(&failure))?;
        Ok(RecommendationConnection::new(page, RecommendationsOf(filter)))
    }

    /// What happened, the newest first.
    async fn alerts(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which alerts.")] filter: Option<AlertFilter>,
        #[graphql(desc = "How many, 1 to 1,000; 50 without it.")] first: Option<i32>,
        #[graphql(desc = "Only those behind this cursor.")] after: Option<String>,
    ) -> Result<AlertConnection> {
        let filter: store::alerts::AlertFilter = filter.unwrap_or_default().into();
        let window = page::window(store::alerts::InboxOrder, first, after, None, None)?;
        let page = store::alerts::page(ctx.db(), ctx.viewer()?.id, &filter, &window)
            .await
            .map_err(|failure| ctx.failed(&failure))?;
        Ok(AlertConnection::new(page, AlertsOf(filter)))
    }

    /// How fresh each kind of data is.
    async fn freshness(&self, ctx: &Context<'_>) -> Result<Vec<Freshness>> {
        freshness::all(ctx).await
    }

    /// The files that were read, the newest first.
    async fn import_runs(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which runs.")] filter: Option<ImportRunFilter>,
        #[graphql(desc = "How many, 1 to 1,000; 50 without it.")] first: Option<i32>,
        #[graphql(desc = "Only those behind this cursor.")] after: Option<String>,
    ) -> Result<Option<ImportRunConnection>> {
        let Some(admin) = ctx.admin() else {
            return Ok(None);
        };
        let window = page::window(store::import_runs::RunOrder, first, after, None, None)?;
        RunsOf::new(&admin, filter.unwrap_or_default()).page(ctx, &window).await.map(Some)
    }

    /// One file that was read; null when there is none.
    async fn import_run(&self, ctx: &Context<'_>, #[graphql(desc = "Its id.")] id: ID) -> Result<Option<ImportRun>> {
        let Some(admin) = ctx.admin() else {
            return Ok(None);
        };
        ImportRun::find(ctx, &admin, ids::expect(Kind::ImportRun, &id)?).await
    }

    /// Whom everybody may sign in as, where this is the demo company; nobody anywhere else.
    async fn demo_logins(&self, ctx: &Context<'_>) -> Result<Vec<DemoLogin>> {
        let people = store::users::of_demo(ctx.db()).await.map_err(|failure| ctx.failed(&failure))?;
        Ok(people.into_iter().map(DemoLogin::from).collect())
    }
}
