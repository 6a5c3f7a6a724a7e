//! Forecast runs as a list, newest first.

use entity::analytics::forecast_run;
use entity::words::RunStatus;
use sea_orm::sea_query::Expr;
use sea_orm::{
    ColumnTrait as _, EntityTrait as _, PaginatorTrait as _, QueryFilter as _, QuerySelect, QueryTrait as _,
};
use serde_json::{Value as Json, json};

use crate::page::{Direction, KeyKind, Page, SortColumn, Sorted, Window, among, names};
use crate::{Database, Result};

/// Which runs; `None` does not restrict, an empty list matches nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct ForecastRunFilter {
    pub statuses: Option<Vec<RunStatus>>,
}

/// The list's one ordering: newest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct ForecastRunOrder;

impl Sorted for ForecastRunOrder {
    type Row = forecast_run::Model;

    fn tag(&self) -> String {
        "forecasts.runs".into()
    }

    fn columns(&self) -> Vec<SortColumn> {
        vec![SortColumn {
            expr: forecast_run::Column::StartedAt.into_expr(),
            kind: KeyKind::Instant,
            direction: Direction::Descending,
            nullable: false,
        }]
    }

    fn id_column(&self) -> Expr {
        forecast_run::Column::Id.into_expr()
    }

    fn id_direction(&self) -> Direction {
        Direction::Descending
    }

    fn values(&self, row: &forecast_run::Model) -> Vec<Json> {
        vec![json!(row.started_at)]
    }

    fn id(&self, row: &forecast_run::Model) -> i64 {
        row.id
    }
}

/// One page of the runs that match.
pub async fn page(
    db: &Database,
    filter: &ForecastRunFilter,
    window: &Window<ForecastRunOrder>,
) -> Result<Page<forecast_run::Model>> {
    let mut select = matching(filter);
    window.apply(QuerySelect::query(&mut select));
    Ok(window.page(select.all(db.reader()).await?))
}

/// How many runs match.
pub async fn count(db: &Database, filter: &ForecastRunFilter) -> Result<u64> {
    Ok(matching(filter).count(db.reader()).await?)
}

fn matching(filter: &ForecastRunFilter) -> sea_orm::Select<forecast_run::Entity> {
    forecast_run::Entity::find().apply_if(filter.statuses.as_deref(), |select, statuses| {
        select.filter(among(forecast_run::Column::Status.into_expr(), names(statuses, RunStatus::as_str)))
    })
}
