//! Alerts, as the viewer sees them.

use std::sync::Arc;

use async_graphql::{Context, ID, InputObject, Object, Result};

use super::item::Item;
use super::recommendation::sentence;
use super::site::Site;
use super::words::{AlertCategory, AlertLevel, Locale};
use crate::graphql::context::ContextExt;
use crate::graphql::ids::{self, Kind};
use crate::graphql::page::connection;
use crate::graphql::scalars::DateTime;
use crate::loaders::{ItemById, SiteById, UserById};

/// Something that happened and should be looked at.
#[derive(Clone)]
pub struct Alert(pub Arc<store::alerts::Alert>);

impl From<store::alerts::Alert> for Alert {
    fn from(alert: store::alerts::Alert) -> Self {
        Self(Arc::new(alert))
    }
}

#[Object]
/// Something that happened and should be looked at.
impl Alert {
    /// An opaque name, stable for ever.
    pub async fn id(&self) -> ID {
        ids::encode(Kind::Alert, self.0.row.id)
    }

    /// How grave.
    async fn level(&self) -> AlertLevel {
        self.0.row.level.into()
    }

    /// What about.
    async fn category(&self) -> AlertCategory {
        self.0.row.category.into()
    }

    /// The alert as a sentence.
    async fn message(
        &self,
        #[graphql(default_with = "Locale::PtBr", desc = "The language.")] locale: Locale,
    ) -> String {
        sentence(&self.0.row.message, locale)
    }

    /// Of which item; null where it is about none.
    async fn item(&self, ctx: &Context<'_>) -> Result<Option<Item>> {
        let Some(id) = self.0.row.item_id else {
            return Ok(None);
        };
        let loaded = ctx.loaders().items.load(ItemById(id)).await.map_err(|failure| ctx.failed(&failure))?;
        Ok(loaded.map(Item))
    }

    /// At which site; null where it is about none.
    async fn site(&self, ctx: &Context<'_>) -> Result<Option<Site>> {
        let Some(id) = self.0.row.site_id.filter(|id| *id != 0) else {
            return Ok(None);
        };
        let loaded = ctx.loaders().sites.load(SiteById(id)).await.map_err(|failure| ctx.failed(&failure))?;
        Ok(loaded.map(Site))
    }

    /// When it was raised.
    async fn raised_at(&self) -> DateTime {
        DateTime(self.0.row.raised_at)
    }

    /// When the viewer read it.
    async fn read_at(&self) -> Option<DateTime> {
        self.0.read_at.map(DateTime)
    }

    /// When its cause was gone, or somebody said so.
    async fn resolved_at(&self) -> Option<DateTime> {
        self.0.row.resolved_at.map(DateTime)
    }

    /// The name of who resolved it; null while it is live, and where its cause went by itself.
    async fn resolved_by(&self, ctx: &Context<'_>) -> Result<Option<String>> {
        let Some(user) = self.0.row.resolved_by else {
            return Ok(None);
        };
        let loaded = ctx.loaders().users.load(UserById(user)).await.map_err(|failure| ctx.failed(&failure))?;
        Ok(loaded.map(|name| String::clone(&name)))
    }
}

connection! {
    /// A page of alerts.
    AlertConnection, AlertEdge, Alert, store::alerts::Alert, AlertsOf
}

/// The list that a connection is a page of.
pub struct AlertsOf(pub store::alerts::AlertFilter);

impl AlertsOf {
    async fn count(&self, ctx: &Context<'_>) -> Result<u64> {
        let user_id = ctx.viewer()?.id;
        store::alerts::count(ctx.db(), user_id, &self.0).await.map_err(|failure| ctx.failed(&failure))
    }
}

/// Which alerts; what is left out does not restrict, an empty list matches nothing.
#[derive(Debug, Default, InputObject)]
pub struct AlertFilter {
    /// Of these levels.
    pub levels: Option<Vec<AlertLevel>>,
    /// Of these categories.
    pub categories: Option<Vec<AlertCategory>>,
    /// Only those the viewer has not read, or only those read.
    pub unread: Option<bool>,
    /// Only those whose cause is gone, or only live ones.
    pub resolved: Option<bool>,
}

impl From<AlertFilter> for store::alerts::AlertFilter {
    fn from(filter: AlertFilter) -> Self {
        Self {
            levels: filter.levels.map(|all| all.into_iter().map(Into::into).collect()),
            categories: filter.categories.map(|all| all.into_iter().map(Into::into).collect()),
            unread: filter.unread,
            resolved: filter.resolved,
            item_ids: None,
        }
    }
}
