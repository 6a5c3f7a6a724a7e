//! The queue: pages, counts, and the recommendations of items.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use entity::analytics::recommendation;
use entity::words::{Priority, RecommendationStatus, RecommendationType};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ColumnTrait as _, EntityTrait as _, PaginatorTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect,
    QueryTrait as _, Select,
};
use serde_json::{Value as Json, json};

use crate::page::{Direction, KeyKind, Page, SortColumn, Sorted, Window, among, names};
use crate::{Database, Result};

/// Which recommendations; `None` does not restrict, an empty list matches nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct RecommendationFilter {
    pub types: Option<Vec<RecommendationType>>,
    pub priorities: Option<Vec<Priority>>,
    pub statuses: Option<Vec<RecommendationStatus>>,
    pub item_ids: Option<Vec<i64>>,
    pub site_ids: Option<Vec<i64>>,
    /// Also those that the newest refresh no longer found.
    pub withdrawn: bool,
}

/// What the queue is sorted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum QueueSort {
    /// The most urgent first, then the day to act by.
    #[default]
    Priority,
    /// The day to act by, then the most urgent.
    ActBy,
    /// When it was first found.
    RaisedAt,
}

/// An ordering of the queue; ends in the id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct QueueOrder {
    pub by: QueueSort,
    pub direction: Direction,
}

impl Sorted for QueueOrder {
    type Row = recommendation::Model;

    fn tag(&self) -> String {
        format!("recommendations.{:?}.{:?}", self.by, self.direction)
    }

    fn columns(&self) -> Vec<SortColumn> {
        let column = |column: recommendation::Column, kind| SortColumn {
            expr: column.into_expr(),
            kind,
            direction: self.direction,
            nullable: false,
        };
        let priority = || column(recommendation::Column::PriorityRank, KeyKind::Integer);
        let act_by = || column(recommendation::Column::ActBy, KeyKind::Date);
        match self.by {
            QueueSort::Priority => vec![priority(), act_by()],
            QueueSort::ActBy => vec![act_by(), priority()],
            QueueSort::RaisedAt => vec![column(recommendation::Column::RaisedAt, KeyKind::Instant)],
        }
    }

    fn id_column(&self) -> Expr {
        recommendation::Column::Id.into_expr()
    }

    fn values(&self, row: &recommendation::Model) -> Vec<Json> {
        match self.by {
            QueueSort::Priority => vec![json!(row.priority_rank), json!(row.act_by)],
            QueueSort::ActBy => vec![json!(row.act_by), json!(row.priority_rank)],
            QueueSort::RaisedAt => vec![json!(row.raised_at)],
        }
    }

    fn id(&self, row: &recommendation::Model) -> i64 {
        row.id
    }
}

/// One page of the recommendations that match.
pub async fn page(
    db: &Database,
    filter: &RecommendationFilter,
    window: &Window<QueueOrder>,
) -> Result<Page<recommendation::Model>> {
    let mut select = filtered(filter);
    window.apply(QuerySelect::query(&mut select));
    Ok(window.page(select.all(db.reader()).await?))
}

/// How many recommendations match.
pub async fn count(db: &Database, filter: &RecommendationFilter) -> Result<u64> {
    Ok(filtered(filter).count(db.reader()).await?)
}

/// Recommendations by id; absent ids are absent from the answer.
pub async fn by_ids(db: &Database, ids: &[i64]) -> Result<HashMap<i64, recommendation::Model>> {
    let rows = recommendation::Entity::find()
        .filter(among(recommendation::Column::Id.into_expr(), ids.to_vec()))
        .all(db.reader())
        .await?;
    Ok(rows.into_iter().map(|row| (row.id, row)).collect())
}

/// The standing recommendations of each item in the queue's order; every asked item is in the answer.
pub async fn by_item_ids(db: &Database, item_ids: &[i64]) -> Result<HashMap<i64, Vec<recommendation::Model>>> {
    let filter = RecommendationFilter { item_ids: Some(item_ids.to_vec()), ..Default::default() };
    let rows = filtered(&filter)
        .order_by_asc(recommendation::Column::PriorityRank)
        .order_by_asc(recommendation::Column::ActBy)
        .order_by_asc(recommendation::Column::Id)
        .all(db.reader())
        .await?;
    let mut answer: HashMap<i64, Vec<_>> = item_ids.iter().map(|&id| (id, Vec::new())).collect();
    for row in rows {
        answer.entry(row.item_id).or_default().push(row);
    }
    Ok(answer)
}

/// Minutes from raised to acknowledged of those acknowledged in `[from, to)`.
pub async fn decision_minutes(db: &Database, from: DateTime<Utc>, to: DateTime<Utc>) -> Result<Vec<f64>> {
    let times: Vec<(DateTime<Utc>, DateTime<Utc>)> = recommendation::Entity::find()
        .select_only()
        .columns([recommendation::Column::RaisedAt, recommendation::Column::AcknowledgedAt])
        .filter(recommendation::Column::AcknowledgedAt.gte(from))
        .filter(recommendation::Column::AcknowledgedAt.lt(to))
        .order_by_asc(recommendation::Column::Id)
        .into_tuple()
        .all(db.reader())
        .await?;
    Ok(times.into_iter().map(|(raised, decided)| (decided - raised).num_seconds() as f64 / 60.0).collect())
}

fn filtered(filter: &RecommendationFilter) -> Select<recommendation::Entity> {
    use recommendation::Column;
    recommendation::Entity::find()
        .apply_if((!filter.withdrawn).then_some(true), |select, active| select.filter(Column::Active.eq(active)))
        .apply_if(filter.types.as_deref(), |select, types| {
            select.filter(among(Column::Kind.into_expr(), names(types, RecommendationType::as_str)))
        })
        .apply_if(filter.priorities.as_deref(), |select, priorities| {
            select.filter(among(Column::Priority.into_expr(), names(priorities, Priority::as_str)))
        })
        .apply_if(filter.statuses.as_deref(), |select, statuses| {
            select.filter(among(Column::Status.into_expr(), names(statuses, RecommendationStatus::as_str)))
        })
        .apply_if(filter.item_ids.clone(), |select, items| select.filter(among(Column::ItemId.into_expr(), items)))
        .apply_if(filter.site_ids.clone(), |select, sites| select.filter(among(Column::SiteId.into_expr(), sites)))
}
