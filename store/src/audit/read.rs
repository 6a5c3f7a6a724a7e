//! Reading the log.

use chrono::{DateTime, Utc};
use entity::support::audit_log;
use sea_orm::sea_query::Expr;
use sea_orm::{
    ColumnTrait as _, EntityTrait as _, PaginatorTrait as _, QueryFilter as _, QuerySelect, QueryTrait as _, Select,
};
use serde_json::Value as Json;

use crate::page::{Direction, Page, SortColumn, Sorted, Window};
use crate::{Database, Result};

/// Which entries; `None` does not restrict.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct AuditFilter {
    pub actor_id: Option<i64>,
    pub action: Option<String>,
    pub entity: Option<String>,
    pub entity_id: Option<String>,
    /// The first instant, included.
    pub from: Option<DateTime<Utc>>,
    /// The first instant after.
    pub to: Option<DateTime<Utc>>,
}

/// The log's one ordering: newest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct LogOrder;

impl Sorted for LogOrder {
    type Row = audit_log::Model;

    fn tag(&self) -> String {
        "audit.log".into()
    }

    fn columns(&self) -> Vec<SortColumn> {
        Vec::new()
    }

    fn id_column(&self) -> Expr {
        audit_log::Column::Id.into_expr()
    }

    fn id_direction(&self) -> Direction {
        Direction::Descending
    }

    fn values(&self, _: &audit_log::Model) -> Vec<Json> {
        Vec::new()
    }

    fn id(&self, row: &audit_log::Model) -> i64 {
        row.id
    }
}

/// One page of the log, newest first.
pub async fn page(db: &Database, filter: &AuditFilter, window: &Window<LogOrder>) -> Result<Page<audit_log::Model>> {
    let mut select = filtered(filter);
    window.apply(QuerySelect::query(&mut select));
    Ok(window.page(select.all(db.reader()).await?))
}

/// How many entries match.
pub async fn count(db: &Database, filter: &AuditFilter) -> Result<u64> {
    Ok(filtered(filter).count(db.reader()).await?)
}

fn filtered(filter: &AuditFilter) -> Select<audit_log::Entity> {
    audit_log::Entity::find()
        .apply_if(filter.actor_id, |select, actor| select.filter(audit_log::Column::ActorId.eq(actor)))
        .apply_if(filter.action.as_deref(), |select, action| select.filter(audit_log::Column::Action.eq(action)))
        .apply_if(filter.entity.as_deref(), |select, entity| select.filter(audit_log::Column::Entity.eq(entity)))
        .apply_if(filter.entity_id.as_deref(), |select, id| select.filter(audit_log::Column::EntityId.eq(id)))
        .apply_if(filter.from, |select, from| select.filter(audit_log::Column::At.gte(from)))
        .apply_if(filter.to, |select, to| select.filter(audit_log::Column::At.lt(to)))
}
