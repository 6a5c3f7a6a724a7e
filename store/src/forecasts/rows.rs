//! All forecast days of items as columns.

use chrono::NaiveDate;
use entity::analytics::{forecast, forecast_run};
use entity::words::RunStatus;
use sea_orm::sea_query::{Condition, Expr};
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, QuerySelect};
use serde_json::{Value as Json, json};

use super::current_run;
use crate::flat::{Flat, flat};
use crate::page::{Direction, KeyKind, SortColumn, Sorted, Window, among};
use crate::{Database, Result};

/// Which forecast days; `None` does not restrict, an empty list matches nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct ForecastFilter {
    /// A certain run; `None`: the current one, and on later pages the one that the first page read.
    pub run_id: Option<i64>,
    /// The first day forecast, included.
    pub from: Option<NaiveDate>,
    /// The last day, included.
    pub to: Option<NaiveDate>,
    pub item_ids: Option<Vec<i64>>,
    /// 0 among them: the items over all sites.
    pub site_ids: Option<Vec<i64>>,
    /// True: items over all sites only; false: items at single sites only.
    pub over_all_sites: Option<bool>,
}

/// The rows' one ordering: by run, item, site and day. A cursor names its run, so that a pull stays with the run that
/// it began with when a newer one becomes the current one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct ForecastRowOrder;

impl Sorted for ForecastRowOrder {
    type Row = forecast::Model;

    fn tag(&self) -> String {
        "forecasts.rows".into()
    }

    fn columns(&self) -> Vec<SortColumn> {
        use forecast::Column;
        [Column::RunId, Column::ItemId, Column::SiteId]
            .map(|column| SortColumn {
                expr: column.into_expr(),
                kind: KeyKind::Integer,
                direction: Direction::Ascending,
                nullable: false,
            })
            .into()
    }

    /// The lead: one a day of a run's series.
    fn id_column(&self) -> Expr {
        forecast::Column::Lead.into_expr()
    }

    fn values(&self, row: &forecast::Model) -> Vec<Json> {
        vec![json!(row.run_id), json!(row.item_id), json!(row.site_id)]
    }

    fn id(&self, row: &forecast::Model) -> i64 {
        i64::from(row.lead)
    }
}

/// Forecast days; the columns are of one length.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ForecastColumns {
    pub run_ids: Vec<i64>,
    pub item_ids: Vec<i64>,
    /// 0: over all sites.
    pub site_ids: Vec<i64>,
    pub dates: Vec<NaiveDate>,
    pub leads: Vec<i16>,
    pub means: Vec<f64>,
    pub p025: Vec<Option<f64>>,
    pub p10: Vec<Option<f64>>,
    pub p25: Vec<Option<f64>>,
    pub p50: Vec<Option<f64>>,
    pub p75: Vec<Option<f64>>,
    pub p90: Vec<Option<f64>>,
    pub p975: Vec<Option<f64>>,
    pub models: Vec<String>,
}

/// The next rows that match; none where no run is ready.
pub async fn rows(
    db: &Database,
    filter: &ForecastFilter,
    window: &Window<ForecastRowOrder>,
) -> Result<Flat<ForecastColumns>> {
    use forecast::Column;
    let asked = filter.run_id.or_else(|| window.after_value(0).and_then(Json::as_i64));
    let run = match asked {
        Some(id) => {
            forecast_run::Entity::find_by_id(id)
                .filter(forecast_run::Column::Status.eq(RunStatus::Ready))
                .one(db.reader())
                .await?
        }
        None => current_run(db).await?,
    };
    let Some(run) = run else { return Ok(Flat::default()) };
    let condition = Condition::all()
        .add(Column::RunId.eq(run.id))
        // Names the partition.
        .add(Column::Origin.eq(run.origin))
        // Where the page begins in the index, which knows items before runs.
        .add_option(window.after_value(1).and_then(Json::as_i64).map(|item| Column::ItemId.gte(item)))
        .add_option(filter.from.map(|from| Column::TargetDate.gte(from)))
        .add_option(filter.to.map(|to| Column::TargetDate.lte(to)))
        .add_option(filter.item_ids.clone().map(|items| among(Column::ItemId.into_expr(), items)))
        .add_option(filter.site_ids.clone().map(|sites| among(Column::SiteId.into_expr(), sites)))
        .add_option(filter.over_all_sites.map(|all| if all { Column::SiteId.eq(0) } else { Column::SiteId.ne(0) }));
    let mut select = forecast::Entity::find().filter(condition);
    window.apply(QuerySelect::query(&mut select));
    let found = select.all(db.reader()).await?;
    Ok(flat(window, found, |columns: &mut ForecastColumns, row: forecast::Model| {
        columns.run_ids.push(row.run_id);
        columns.item_ids.push(row.item_id);
        columns.site_ids.push(row.site_id);
        columns.dates.push(row.target_date);
        columns.leads.push(row.lead);
        columns.means.push(row.mean);
        columns.p025.push(row.p025);
        columns.p10.push(row.p10);
        columns.p25.push(row.p25);
        columns.p50.push(row.p50);
        columns.p75.push(row.p75);
        columns.p90.push(row.p90);
        columns.p975.push(row.p975);
        columns.models.push(row.model);
    }))
}
