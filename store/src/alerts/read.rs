//! Alerts as one person sees them.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Utc};
use entity::analytics::alert;
use entity::support::alert_read;
use entity::words::{AlertCategory, AlertLevel};
use sea_orm::sea_query::{Condition, Expr, ExprTrait as _, JoinType, SelectStatement};
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, EntityName as _, EntityTrait as _, FromQueryResult as _, PaginatorTrait as _,
    QueryFilter as _, QueryOrder as _, QuerySelect, QueryTrait as _, Select,
};
use serde_json::{Value as Json, json};

use crate::page::{Direction, KeyKind, Page, SortColumn, Sorted, Window, among, names};
use crate::{Database, Result};

/// An alert, with when the asking person read it.
#[derive(Debug, Clone, PartialEq)]
pub struct Alert {
    pub row: alert::Model,
    pub read_at: Option<DateTime<Utc>>,
}

/// Which alerts; `None` does not restrict, an empty list matches nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct AlertFilter {
    pub levels: Option<Vec<AlertLevel>>,
    pub categories: Option<Vec<AlertCategory>>,
    /// True: only those the asking person has not read.
    pub unread: Option<bool>,
    pub resolved: Option<bool>,
    pub item_ids: Option<Vec<i64>>,
}

/// The inbox's one ordering: newest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct InboxOrder;

impl Sorted for InboxOrder {
    type Row = Alert;

    fn tag(&self) -> String {
        "alerts.inbox".into()
    }

    fn columns(&self) -> Vec<SortColumn> {
        vec![SortColumn {
            expr: alert::Column::RaisedAt.into_expr(),
            kind: KeyKind::Instant,
            direction: Direction::Descending,
            nullable: false,
        }]
    }

    fn id_column(&self) -> Expr {
        alert::Column::Id.into_expr()
    }

    fn id_direction(&self) -> Direction {
        Direction::Descending
    }

    fn values(&self, row: &Alert) -> Vec<Json> {
        vec![json!(row.row.raised_at)]
    }

    fn id(&self, row: &Alert) -> i64 {
        row.row.id
    }
}

/// One page of the alerts that match, as `user_id` sees them.
pub async fn page(
    db: &Database,
    user_id: i64,
    filter: &AlertFilter,
    window: &Window<InboxOrder>,
) -> Result<Page<Alert>> {
    let mut select = seen_by(user_id, filter).into_query();
    window.apply(&mut select);
    Ok(window.page(rows(db.reader(), select).await?))
}

/// How many alerts match.
pub async fn count(db: &Database, user_id: i64, filter: &AlertFilter) -> Result<u64> {
    Ok(seen_by(user_id, filter).count(db.reader()).await?)
}

/// Alerts by id, as `user_id` sees them; absent ids are absent from the answer.
pub async fn by_ids(db: &Database, user_id: i64, ids: &[i64]) -> Result<HashMap<i64, Alert>> {
    by_ids_in(db.reader(), user_id, ids).await
}

pub(super) async fn by_ids_in(
    connection: &impl ConnectionTrait,
    user_id: i64,
    ids: &[i64],
) -> Result<HashMap<i64, Alert>> {
    let select = seen_by(user_id, &AlertFilter::default()).filter(among(alert::Column::Id.into_expr(), ids.to_vec()));
    Ok(rows(connection, select.into_query()).await?.into_iter().map(|alert| (alert.row.id, alert)).collect())
}

/// The live alerts of each item, newest first; every asked item is in the answer.
pub async fn by_item_ids(db: &Database, user_id: i64, item_ids: &[i64]) -> Result<HashMap<i64, Vec<Alert>>> {
    let filter = AlertFilter { resolved: Some(false), item_ids: Some(item_ids.to_vec()), ..AlertFilter::default() };
    let select = seen_by(user_id, &filter).order_by_desc(alert::Column::RaisedAt).order_by_desc(alert::Column::Id);
    let mut answer: HashMap<i64, Vec<Alert>> = item_ids.iter().map(|&id| (id, Vec::new())).collect();
    for alert in rows(db.reader(), select.into_query()).await? {
        if let Some(item) = alert.row.item_id {
            answer.entry(item).or_default().push(alert);
        }
    }
    Ok(answer)
}

/// The keys of the alerts of `categories` whose cause lasts, also of those that a person has resolved: what keeps a
/// cause alive must not depend on who has looked at it.
pub async fn lasting_keys(db: &Database, categories: &[AlertCategory]) -> Result<HashSet<String>> {
    let live = alert::Entity::find()
        .select_only()
        .column(alert::Column::Key)
        .filter(alert::Column::Lasting.eq(true))
        .filter(among(alert::Column::Category.into_expr(), names(categories, AlertCategory::as_str)));
    Ok(live.into_tuple::<String>().all(db.reader()).await?.into_iter().collect())
}

async fn rows(connection: &impl ConnectionTrait, select: SelectStatement) -> Result<Vec<Alert>> {
    let found = connection.query_all(&select).await?;
    found
        .iter()
        .map(|row| Ok(Alert { row: alert::Model::from_query_result(row, "")?, read_at: row.try_get("", "read_at")? }))
        .collect()
}

/// The matching alerts, each with the person's reading of it.
fn seen_by(user_id: i64, filter: &AlertFilter) -> Select<alert::Entity> {
    use alert::Column;
    let mut select = alert::Entity::find();
    let mine = Condition::all()
        .add(alert_read::Column::AlertId.into_expr().eq(Column::Id.into_expr()))
        .add(alert_read::Column::UserId.eq(user_id));
    QuerySelect::query(&mut select)
        .join(JoinType::LeftJoin, alert_read::Entity.table_ref(), mine)
        .expr(alert_read::Column::ReadAt.into_expr());
    select
        .apply_if(filter.levels.as_deref(), |select, levels| {
            select.filter(among(Column::Level.into_expr(), names(levels, AlertLevel::as_str)))
        })
        .apply_if(filter.categories.as_deref(), |select, categories| {
            select.filter(among(Column::Category.into_expr(), names(categories, AlertCategory::as_str)))
        })
        .apply_if(filter.unread, |select, unread| {
            let read = alert_read::Column::AlertId;
            select.filter(if unread { read.is_null() } else { read.is_not_null() })
        })
        .apply_if(filter.resolved, |select, resolved| {
            select.filter(if resolved { Column::ResolvedAt.is_not_null() } else { Column::ResolvedAt.is_null() })
        })
        .apply_if(filter.item_ids.clone(), |select, items| select.filter(among(Column::ItemId.into_expr(), items)))
}
