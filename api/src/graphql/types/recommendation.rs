//! Recommendations, with the numbers that led to each.

use std::sync::Arc;

use async_graphql::{Context, ID, InputObject, Object, Result, SimpleObject};
use chrono::NaiveDate;
use entity::analytics::recommendation;
use serde_json::Value as Json;

use super::item::Item;
use super::site::Site;
use super::words::{
    Locale, OrderDirection, Priority, RecommendationOrderField, RecommendationStatus, RecommendationType,
};
use crate::error::internal;
use crate::graphql::context::{Analyst, ContextExt};
use crate::graphql::ids::{self, Kind};
use crate::graphql::page::connection;
use crate::graphql::scalars::{Date, DateTime, amount, number};
use crate::loaders::{ItemById, SiteById, UserById};

/// Something to do, by a day, and why.
#[derive(Clone)]
pub struct Recommendation(pub Arc<recommendation::Model>);

impl From<recommendation::Model> for Recommendation {
    fn from(row: recommendation::Model) -> Self {
        Self(Arc::new(row))
    }
}

impl Recommendation {
    fn value_at_risk_of(&self, _proof: &Analyst) -> Option<f64> {
        self.0.value_at_risk.map(number)
    }
}

#[Object]
/// Something to do, by a day, and why.
impl Recommendation {
    /// An opaque name, stable for ever.
    pub async fn id(&self) -> ID {
        ids::encode(Kind::Recommendation, self.0.id)
    }

    /// What to do.
    #[graphql(name = "type")]
    async fn kind(&self) -> RecommendationType {
        self.0.kind.into()
    }

    /// How urgent.
    async fn priority(&self) -> Priority {
        self.0.priority.into()
    }

    /// What people have made of it.
    async fn status(&self) -> RecommendationStatus {
        self.0.status.into()
    }

    /// How much, in the item's unit; null where the type has none.
    async fn quantity(&self) -> Option<f64> {
        self.0.quantity.map(amount)
    }

    /// The last day on which acting still helps.
    async fn act_by(&self) -> Date {
        Date(self.0.act_by)
    }

    /// Of what.
    async fn item(&self, ctx: &Context<'_>) -> Result<Item> {
        let loaded =
            ctx.loaders().items.load(ItemById(self.0.item_id)).await.map_err(|failure| ctx.failed(&failure))?;
        loaded.map(Item).ok_or_else(|| {
            tracing::error!(
                request_id = ctx.request().request_id,
                item_id = self.0.item_id,
                "a recommendation's item is missing"
            );
            internal(&ctx.request().request_id)
        })
    }

    /// Where; null for the item as a whole.
    async fn site(&self, ctx: &Context<'_>) -> Result<Option<Site>> {
        if self.0.site_id == 0 {
            return Ok(None);
        }
        let loaded =
            ctx.loaders().sites.load(SiteById(self.0.site_id)).await.map_err(|failure| ctx.failed(&failure))?;
        Ok(loaded.map(Site))
    }

    /// The recommendation as a sentence.
    async fn message(
        &self,
        #[graphql(default_with = "Locale::PtBr", desc = "The language.")] locale: Locale,
    ) -> String {
        sentence(&self.0.message, locale)
    }

    /// The numbers that led to it, and the way from one to the next.
    async fn explanation(&self) -> Explanation {
        Explanation::read(&self.0.explanation)
    }

    /// What it costs to do nothing, in the company's currency.
    async fn value_at_risk(&self, ctx: &Context<'_>) -> Option<f64> {
        ctx.analyst().and_then(|analyst| self.value_at_risk_of(&analyst))
    }

    /// When it was first found.
    async fn raised_at(&self) -> DateTime {
        DateTime(self.0.raised_at)
    }

    /// When somebody took it up.
    async fn acknowledged_at(&self) -> Option<DateTime> {
        self.0.acknowledged_at.map(DateTime)
    }

    /// The name of who took it up.
    async fn acknowledged_by(&self, ctx: &Context<'_>) -> Result<Option<String>> {
        let Some(user) = self.0.acknowledged_by else {
            return Ok(None);
        };
        let loaded = ctx.loaders().users.load(UserById(user)).await.map_err(|failure| ctx.failed(&failure))?;
        Ok(loaded.map(|name| String::clone(&name)))
    }

    /// When it was done or dismissed.
    async fn closed_at(&self) -> Option<DateTime> {
        self.0.closed_at.map(DateTime)
    }

    /// Why it was dismissed, in the words of who did; null unless it is DISMISSED.
    async fn dismissed_reason(&self) -> Option<&str> {
        self.0.dismissed_reason.as_deref()
    }
}

/// A stored message in a language; empty when it was stored by a version that says it in another way.
pub fn sentence(stored: &Json, locale: Locale) -> String {
    if let Ok(message) = serde_json::from_value::<planning::policy::Message>(stored.clone()) {
        return message.render(locale.into());
    }
    let key = if locale == Locale::PtBr { "pt" } else { "en" };
    stored.get(key).and_then(Json::as_str).unwrap_or_default().to_owned()
}

/// The numbers that led to a recommendation; null where the company has no such data.
#[derive(Debug, Clone, SimpleObject)]
pub struct Explanation {
    /// Stock at the time.
    pub on_hand: Option<f64>,
    /// Ordered and not yet received at the time.
    pub on_order: Option<f64>,
    /// From order to delivery, mean.
    pub lead_time_days: Option<f64>,
    /// Days between two looks at the stock.
    pub review_days: Option<f64>,
    /// Days that one order is meant to last.
    pub cycle_days: Option<f64>,
    /// Demand over lead time and review period.
    pub lead_time_demand: Option<LeadTimeDemand>,
    /// The probability of meeting that demand that the item deserves.
    pub service_level: Option<f64>,
    /// `reorderPoint - leadTimeDemand.mean`.
    pub safety_stock: Option<f64>,
    /// What one use takes: the median quantity of the days with demand, in a year. A shelf in use is never planned to hold less.
    pub usual_use: Option<f64>,
    /// The quantile of that demand at the service level, or the usual use where that is more.
    pub reorder_point: Option<f64>,
    /// Mean demand of the days that one order is meant to last.
    pub cycle_demand: Option<f64>,
    /// What an order fills up to: `reorderPoint + cycleDemand`.
    pub order_up_to: Option<f64>,
    /// An order is of at least this.
    pub min_quantity: Option<f64>,
    /// An order is of at most this, in whole packs.
    pub max_quantity: Option<f64>,
    /// An order is of a multiple of this; without it, of whole units where `wholeUnits`.
    pub pack: Option<f64>,
    /// Is the item counted in whole units?
    pub whole_units: Option<bool>,
    /// What the giving site could spare when this was decided; of REALLOCATE.
    pub spare: Option<f64>,
    /// The quantity of the open order; of EXPEDITE.
    pub order_quantity: Option<f64>,
    /// The safety stock of the textbooks, to compare; of smooth demand, which alone it is meant for.
    pub textbook_safety_stock: Option<TextbookSafetyStock>,
    /// The formulas with these numbers in them; they recompute by hand.
    pub formula: String,
    /// When stock runs out without an order.
    pub if_nothing_is_done: Option<IfNothingIsDone>,
}

/// Demand over lead time and review period.
#[derive(Debug, Clone, SimpleObject)]
pub struct LeadTimeDemand {
    /// Expected.
    pub mean: f64,
    /// The median.
    #[graphql(name = "p50")]
    pub p50: Option<f64>,
    /// At most this with probability 0.9.
    #[graphql(name = "p90")]
    pub p90: Option<f64>,
    /// At most this with probability 0.975.
    #[graphql(name = "p975")]
    pub p975: Option<f64>,
    /// At most this with the probability of `serviceLevel`: the reorder point.
    pub at_service_level: Option<f64>,
}

/// The textbook's `z * sigma * sqrt(days)`: it decides nothing, and lets a reader check the quantile that does.
#[derive(Debug, Clone, SimpleObject)]
pub struct TextbookSafetyStock {
    /// The standard normal quantile at the service level.
    pub z: f64,
    /// Standard deviation of a day's demand, by the band of a week's.
    pub sigma: f64,
    /// Mean lead time and review period.
    pub days: f64,
    /// `z * sigma * sqrt(days)`.
    pub safety_stock: f64,
    /// `leadTimeDemand.mean + safetyStock`.
    pub reorder_point: f64,
    /// The formulas with these numbers in them.
    pub formula: String,
}

/// When stock runs out if no order is placed; null: not within the forecast.
#[derive(Debug, Clone, SimpleObject)]
pub struct IfNothingIsDone {
    /// With high demand.
    pub earliest: Option<Date>,
    /// With median demand.
    pub likely: Option<Date>,
    /// With low demand.
    pub latest: Option<Date>,
}

impl Explanation {
    /// Reads what the refresh stored; a number that it did not have is null.
    fn read(stored: &Json) -> Self {
        let value = |name: &str| stored.get(name).and_then(Json::as_f64).map(number);
        Self {
            on_hand: value("onHand"),
            on_order: value("onOrder"),
            lead_time_days: value("leadTimeDays"),
            review_days: value("reviewDays"),
            cycle_days: value("cycleDays"),
            lead_time_demand: stored.get("leadTimeDemand").and_then(LeadTimeDemand::read),
            service_level: value("serviceLevel"),
            safety_stock: value("safetyStock"),
            usual_use: value("usualUse"),
            reorder_point: value("reorderPoint"),
            cycle_demand: value("cycleDemand"),
            order_up_to: value("orderUpTo"),
            min_quantity: value("minQuantity"),
            max_quantity: value("maxQuantity"),
            pack: value("pack"),
            whole_units: stored.get("wholeUnits").and_then(Json::as_bool),
            spare: value("spare"),
            order_quantity: value("orderQuantity"),
            textbook_safety_stock: stored.get("textbookSafetyStock").and_then(TextbookSafetyStock::read),
            formula: stored.get("formula").and_then(Json::as_str).unwrap_or_default().to_owned(),
            if_nothing_is_done: stored
                .get("ifNothingIsDone")
                .and_then(|stored| stored.get("stockoutDate"))
                .map(IfNothingIsDone::read),
        }
    }
}

impl LeadTimeDemand {
    fn read(stored: &Json) -> Option<Self> {
        // Stored at the seven published levels: 0.025, 0.1, 0.25, 0.5, 0.75, 0.9, 0.975.
        let quantile =
            |at: usize| stored.get("quantiles").and_then(|all| all.get(at)).and_then(Json::as_f64).map(number);
        Some(Self {
            mean: number(stored.get("mean")?.as_f64()?),
            p50: quantile(3),
            p90: quantile(5),
            p975: quantile(6),
            at_service_level: stored.get("atServiceLevel").and_then(Json::as_f64).map(number),
        })
    }
}

impl TextbookSafetyStock {
    fn read(stored: &Json) -> Option<Self> {
        let value = |name: &str| stored.get(name).and_then(Json::as_f64).map(number);
        Some(Self {
            z: value("z")?,
            sigma: value("sigma")?,
            days: value("days")?,
            safety_stock: value("safetyStock")?,
            reorder_point: value("reorderPoint")?,
            formula: stored.get("formula")?.as_str()?.to_owned(),
        })
    }
}

impl IfNothingIsDone {
    fn read(stored: &Json) -> Self {
        let day = |name: &str| {
            stored.get(name).and_then(Json::as_str).and_then(|day| day.parse::<NaiveDate>().ok()).map(Date)
        };
        Self { earliest: day("earliest"), likely: day("likely"), latest: day("latest") }
    }
}

connection! {
    /// A page of recommendations.
    RecommendationConnection, RecommendationEdge, Recommendation, recommendation::Model, RecommendationsOf
}

/// The list that a connection is a page of.
pub struct RecommendationsOf(pub store::recommendations::RecommendationFilter);

impl RecommendationsOf {
    async fn count(&self, ctx: &Context<'_>) -> Result<u64> {
        store::recommendations::count(ctx.db(), &self.0).await.map_err(|failure| ctx.failed(&failure))
    }
}

/// How recommendations are sorted.
#[derive(Debug, Default, InputObject)]
pub struct RecommendationOrder {
    /// What by.
    pub field: RecommendationOrderField,
    /// Which way; turned round, the least urgent or the last comes first.
    #[graphql(default)]
    pub direction: OrderDirection,
}

/// Which recommendations; what is left out does not restrict, an empty list matches nothing.
#[derive(Debug, Default, InputObject)]
pub struct RecommendationFilter {
    /// Of these types.
    pub types: Option<Vec<RecommendationType>>,
    /// Of these priorities.
    pub priorities: Option<Vec<Priority>>,
    /// In these states.
    pub statuses: Option<Vec<RecommendationStatus>>,
    /// Of these items.
    pub item_ids: Option<Vec<ID>>,
    /// At these sites.
    pub site_ids: Option<Vec<ID>>,
}

impl RecommendationFilter {
    /// The store's filter, or a sentence for the asker.
    pub fn into_store(self) -> Result<store::recommendations::RecommendationFilter> {
        Ok(store::recommendations::RecommendationFilter {
            types: self.types.map(|all| all.into_iter().map(Into::into).collect()),
            priorities: self.priorities.map(|all| all.into_iter().map(Into::into).collect()),
            statuses: self.statuses.map(|all| all.into_iter().map(Into::into).collect()),
            item_ids: ids::expect_all(Kind::Item, self.item_ids)?,
            site_ids: ids::expect_all(Kind::Site, self.site_ids)?,
            withdrawn: false,
        })
    }
}
