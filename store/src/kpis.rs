//! KPIs by day: reading ranges, replacing days, refreshing the materialised views.

use chrono::NaiveDate;
use entity::analytics::kpi;
use entity::words::KpiDimension;
use sea_orm::{
    ActiveModelTrait as _, ColumnTrait as _, EntityTrait as _, IntoActiveModel as _, QueryFilter as _, QueryOrder as _,
    QueryTrait as _,
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

/// The last day with KPIs.
pub async fn last_day(db: &Database) -> Result<Option<NaiveDate>> {
    let last = kpi::Entity::find().order_by_desc(kpi::Column::FullDate).one(db.reader()).await?;
    Ok(last.map(|row| row.full_date))
}

/// Replaces every row of the days that `rows` tell of, in one transaction.
pub async fn replace_days(db: &Database, rows: Vec<kpi::Model>) -> Result<()> {
    let mut days: Vec<NaiveDate> = rows.iter().map(|row| row.full_date).collect();
    days.sort_unstable();
    days.dedup();
    db.transaction(move |transaction| {
        Box::pin(async move {
            kpi::Entity::delete_many().filter(among(kpi::Column::FullDate.into_expr(), days)).exec(transaction).await?;
            for chunk in rows.chunks(CHUNK) {
                let chunk = chunk.iter().cloned().map(|row| row.into_active_model().reset_all());
                kpi::Entity::insert_many(chunk).exec_without_returning(transaction).await?;
            }
            Ok(())
        })
    })
    .await
}

/// Refreshes both materialised views; readers are never kept waiting once a view is populated.
pub async fn refresh_views(db: &Database) -> Result<()> {
    for view in ["mv_kpis_latest", "mv_forecasts_latest"] {
        refresh_view(db, view).await?;
    }
    Ok(())
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
