//! Recommendations, and how they are asked for.

use std::sync::Arc;

use async_graphql::{Context, ID, InputObject, Object, Result};
use entity::analytics::recommendation;
use serde_json::Value as Json;

use super::explanation::Explanation;
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
