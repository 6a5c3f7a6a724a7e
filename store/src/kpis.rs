//! KPIs by day: reading ranges, replacing days, refreshing the materialised views.

use std::collections::HashMap;

use chrono::NaiveDate;
use entity::analytics::kpi;
use entity::words::KpiDimension;
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{
    ActiveModelTrait as _, ColumnTrait as _, EntityTrait as _, FromQueryResult as _, IdenStatic as _,
    IntoActiveModel as _, QueryFilter as _, QueryOrder as _, QueryTrait as _,
};

use crate::page::among;
use crate::statement::raw;
use crate::{Database, Result};

/// The KPIs of a dimension, by day and member; `members` `None` takes all of them.
pub async fn range(
    db: &Database,
    dimension: KpiDimension,
    members: Option<&[String]>,
    from: Option<NaiveDate>,
    to: Option<NaiveDate>,
) -> Result<Vec<kpi::Model>> {
    let rows = kpi::Entity::find()
        .filter(kpi::Column::Dimension.eq(dimension))
        .apply_if(members, |select, members| select.filter(among(kpi::Column::Member.into_expr(), members.to_vec())))
        .apply_if(from, |select, from| select.filter(kpi::Column::FullDate.gte(from)))
        .apply_if(to, |select, to| select.filter(kpi::Column::FullDate.lte(to)));
    Ok(rows.order_by_asc(kpi::Column::FullDate).order_by_asc(kpi::Column::Member).all(db.reader()).await?)
}

/// The first day with KPIs.
pub async fn first_day(db: &Database) -> Result<Option<NaiveDate>> {
    let first = kpi::Entity::find().order_by_asc(kpi::Column::FullDate).one(db.reader()).await?;
    Ok(first.map(|row| row.full_date))
}

/// The last day with KPIs.
pub async fn last_day(db: &Database) -> Result<Option<NaiveDate>> {
    let last = kpi::Entity::find().order_by_desc(kpi::Column::FullDate).one(db.reader()).await?;
    Ok(last.map(|row| row.full_date))
}

/// The carrying cost of each (dimension, member) on the first day that it is known for: what a target is counted from.
pub async fn first_carrying_costs(db: &Database) -> Result<HashMap<(KpiDimension, String), f64>> {
    // DISTINCT ON has no builder for entities.
    let rows = raw(
        "SELECT DISTINCT ON (dimension, member) * FROM analytics.kpis_daily WHERE carrying_cost IS NOT NULL \
         ORDER BY dimension, member, full_date",
        [],
    );
    let mut first = HashMap::new();
    for row in rows.all(db.reader()).await? {
        let row = kpi::Model::from_query_result(&row, "")?;
        first.extend(row.carrying_cost.map(|cost| ((row.dimension, row.member), cost)));
    }
    Ok(first)
}

/// Makes the rows of the days that `rows` tell of those of `rows`, in one transaction; answers how many changed. A row
/// that says what it said before is left as it is, with the time when it was computed.
pub async fn replace_days(db: &Database, rows: Vec<kpi::Model>) -> Result<u64> {
    let days: Vec<NaiveDate> = rows.iter().map(|row| row.full_date).collect();
    let (dimensions, members): (Vec<String>, Vec<String>) =
        rows.iter().map(|row| (row.dimension.as_str().to_owned(), row.member.clone())).unzip();
    db.transaction(move |transaction| {
        Box::pin(async move {
            // Unnested key tuples.
            let gone = raw(
                "DELETE FROM analytics.kpis_daily k WHERE k.full_date = ANY($1) AND NOT EXISTS ( \
                     SELECT FROM unnest($1::date[], $2::text[], $3::text[]) AS n(full_date, dimension, member) \
                     WHERE n.full_date = k.full_date AND n.dimension = k.dimension AND n.member = k.member)",
                [days.into(), dimensions.into(), members.into()],
            );
            let mut changed = gone.execute(transaction).await?;
            for chunk in rows.chunks(CHUNK) {
                let chunk = chunk.iter().cloned().map(|row| row.into_active_model().reset_all());
                let replace = OnConflict::columns([kpi::Column::FullDate, kpi::Column::Dimension, kpi::Column::Member])
                    .update_columns(FIGURES.into_iter().chain([kpi::Column::ComputedAt]))
                    .action_and_where(differs())
                    .to_owned();
                changed +=
                    kpi::Entity::insert_many(chunk).on_conflict(replace).exec_without_returning(transaction).await?;
            }
            Ok(changed)
        })
    })
    .await
}

/// Everything that a row tells of its day and member.
const FIGURES: [kpi::Column; 13] = [
    kpi::Column::TotalDemand,
    kpi::Column::DemandValue,
    kpi::Column::StockoutRate,
    kpi::Column::FillRate,
    kpi::Column::DelayedOrdersRate,
    kpi::Column::AClassShare,
    kpi::Column::ForecastWape,
    kpi::Column::ForecastMape,
    kpi::Column::InventoryValue,
    kpi::Column::CarryingCost,
    kpi::Column::Turnover,
    kpi::Column::DaysOfCover,
    kpi::Column::DecisionMinutes,
];

/// Whether the stored row says something else than the new one.
fn differs() -> Expr {
    let tuple = |table: &str| {
        let columns: Vec<String> = FIGURES.iter().map(|column| format!("{table}.{}", column.as_str())).collect();
        columns.join(", ")
    };
    // A comparison of rows has no builder.
    Expr::cust(format!("({}) IS DISTINCT FROM ({})", tuple("kpis_daily"), tuple("excluded")))
}

/// Refreshes both materialised views; readers are never kept waiting once a view is populated.
pub async fn refresh_views(db: &Database) -> Result<()> {
    for view in ["mv_kpis_latest", "mv_forecasts_latest"] {
        refresh_view(db, view).await?;
    }
    Ok(())
}

/// Refreshes the view of the newest KPIs.
pub async fn refresh_latest(db: &Database) -> Result<()> {
    refresh_view(db, "mv_kpis_latest").await
}

/// Refreshes one view of the schema `analytics`.
pub(crate) async fn refresh_view(db: &Database, view: &str) -> Result<()> {
    // REFRESH has no builder, and CONCURRENTLY is refused for a view that was never populated.
    let populated =
        raw("SELECT ispopulated FROM pg_matviews WHERE schemaname = 'analytics' AND matviewname = $1", [view.into()]);
    let populated = populated.one(db.writer()).await?.map(|row| row.try_get_by_index::<bool>(0)).transpose()?;
    let concurrently = if populated == Some(true) { "CONCURRENTLY " } else { "" };
    raw(format!("REFRESH MATERIALIZED VIEW {concurrently}analytics.{view}"), []).execute(db.writer()).await?;
    Ok(())
}

/// Rows of one INSERT: 17 bind parameters each stay far below every engine's cap.
const CHUNK: usize = 1_000;
