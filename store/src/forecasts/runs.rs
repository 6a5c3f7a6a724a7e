//! The life of a forecast run.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use entity::analytics::{forecast, forecast_run, forecast_total};
use entity::words::{RunSource, RunStatus};
use sea_orm::ActiveValue::{Set, Unchanged};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveModelTrait as _, ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _,
};
use serde_json::Value as Json;

use crate::kpis::refresh_view;
use crate::load::settle_tables;
use crate::page::among;
use crate::partitions::{Partitioned, ensure_in, month_of};
use crate::statement::raw;
use crate::{Database, Result};

/// A run about to be written.
#[derive(Debug, Clone, PartialEq)]
pub struct NewRun {
    /// The first day forecast.
    pub origin: NaiveDate,
    /// Days.
    pub horizon: i16,
    pub data_through: NaiveDate,
    pub source: RunSource,
    /// False for a run over chosen items only.
    pub complete: bool,
    pub seed: i64,
    pub started_at: DateTime<Utc>,
}

/// What is known of a run once it is written.
#[derive(Debug, Clone, PartialEq)]
pub struct FinishedRun {
    /// How often each model was chosen.
    pub models: Json,
    /// The backtest over all series.
    pub backtest: Json,
    /// Accuracy per class and lead.
    pub accuracy: Json,
    pub series: i64,
    pub finished_at: DateTime<Utc>,
}

/// Opens a run, and makes sure that its points have a partition.
pub async fn start_run(db: &Database, run: NewRun) -> Result<forecast_run::Model> {
    let row = forecast_run::ActiveModel {
        origin: Set(run.origin),
        horizon: Set(run.horizon),
        data_through: Set(run.data_through),
        status: Set(RunStatus::Running),
        source: Set(run.source),
        complete: Set(run.complete),
        seed: Set(run.seed),
        started_at: Set(run.started_at),
        ..Default::default()
    };
    db.transaction(move |transaction| {
        Box::pin(async move {
            ensure_in(transaction, Partitioned::Forecasts, run.origin, run.origin).await?;
            Ok(row.insert(transaction).await?)
        })
    })
    .await
}

/// Makes a run visible, and refreshes the latest view when it has become the current one.
pub async fn finish_run(db: &Database, run_id: i64, finished: FinishedRun) -> Result<forecast_run::Model> {
    let row = forecast_run::ActiveModel {
        id: Unchanged(run_id),
        status: Set(RunStatus::Ready),
        models: Set(finished.models),
        backtest: Set(finished.backtest),
        accuracy: Set(finished.accuracy),
        series: Set(finished.series),
        finished_at: Set(Some(finished.finished_at)),
        ..Default::default()
    };
    let run = row.update(db.writer()).await?;
    if current_run(db).await?.is_some_and(|current| current.id == run_id) {
        refresh_view(db, "mv_forecasts_latest").await?;
    }
    Ok(run)
}

/// Marks a run as failed; its points are never shown.
pub async fn fail_run(db: &Database, run_id: i64, at: DateTime<Utc>) -> Result<()> {
    fail(db, forecast_run::Column::Id.eq(run_id), at).await.map(drop)
}

/// Marks every run that is still `RUNNING` as failed, at the start of a process; returns how many.
pub async fn fail_running(db: &Database, at: DateTime<Utc>) -> Result<u64> {
    fail(db, Expr::val(true), at).await
}

async fn fail(db: &Database, which: Expr, at: DateTime<Utc>) -> Result<u64> {
    let failed =
        forecast_run::ActiveModel { status: Set(RunStatus::Failed), finished_at: Set(Some(at)), ..Default::default() };
    let running = forecast_run::Entity::update_many()
        .set(failed)
        .filter(which)
        .filter(forecast_run::Column::Status.eq(RunStatus::Running));
    Ok(running.exec(db.writer()).await?.rows_affected)
}

/// The newest ready run over all items: by origin, then id.
pub async fn current_run(db: &Database) -> Result<Option<forecast_run::Model>> {
    Ok(forecast_run::Entity::find()
        .filter(forecast_run::Column::Status.eq(RunStatus::Ready))
        .filter(forecast_run::Column::Complete.eq(true))
        .order_by_desc(forecast_run::Column::Origin)
        .order_by_desc(forecast_run::Column::Id)
        .one(db.reader())
        .await?)
}

/// The earliest origin of a ready run over all items: since when forecasts can be judged by what came.
pub async fn first_origin(db: &Database) -> Result<Option<NaiveDate>> {
    let origins = forecast_run::Entity::find()
        .select_only()
        .column_as(forecast_run::Column::Origin.min(), "origin")
        .filter(forecast_run::Column::Status.eq(RunStatus::Ready))
        .filter(forecast_run::Column::Complete.eq(true));
    Ok(origins.into_tuple::<Option<NaiveDate>>().one(db.reader()).await?.flatten())
}

/// Runs by id; absent ids are absent from the answer.
pub async fn runs_by_ids(db: &Database, ids: &[i64]) -> Result<HashMap<i64, forecast_run::Model>> {
    let column = forecast_run::Column::Id;
    let rows = forecast_run::Entity::find().filter(among(column.into_expr(), ids.to_vec())).all(db.reader()).await?;
    Ok(rows.into_iter().map(|row| (row.id, row)).collect())
}

/// One run.
pub async fn run(db: &Database, run_id: i64) -> Result<Option<forecast_run::Model>> {
    Ok(forecast_run::Entity::find_by_id(run_id).one(db.reader()).await?)
}

/// The newest runs of any status, newest first.
pub async fn runs(db: &Database, limit: u64) -> Result<Vec<forecast_run::Model>> {
    Ok(forecast_run::Entity::find().order_by_desc(forecast_run::Column::Id).limit(limit).all(db.reader()).await?)
}

/// Removes the points and series of all but the newest `kept` ready complete runs, of partial and failed runs older than
/// those, and of all but the newest `kept` partial ones; the runs' own rows, with their accuracy, stay. Returns the runs
/// that were emptied.
pub async fn prune_runs(db: &Database, kept: u64) -> Result<Vec<i64>> {
    let all = forecast_run::Entity::find()
        .order_by_desc(forecast_run::Column::Origin)
        .order_by_desc(forecast_run::Column::Id)
        .all(db.reader())
        .await?;
    let kept = kept.max(1) as usize;
    let ready = |complete: bool| {
        all.iter().enumerate().filter(move |(_, run)| run.complete == complete && run.status == RunStatus::Ready)
    };
    // Everything behind the last kept run goes; while there are fewer, nothing does.
    let behind = ready(true).map(|(place, _)| place + 1).nth(kept - 1).unwrap_or(all.len());
    let mut old: Vec<i64> =
        all.iter().skip(behind).filter(|run| run.status != RunStatus::Running).map(|run| run.id).collect();
    // A company that only loads the forecasts of some items never has a complete run that could age them.
    old.extend(ready(false).skip(kept).map(|(_, run)| run.id));
    if old.is_empty() {
        return Ok(Vec::new());
    }
    db.transaction(move |transaction| {
        Box::pin(async move {
            forecast::Entity::delete_many()
                .filter(among(forecast::Column::RunId.into_expr(), old.clone()))
                .exec(transaction)
                .await?;
            forecast_total::Entity::delete_many()
                .filter(among(forecast_total::Column::RunId.into_expr(), old.clone()))
                .exec(transaction)
                .await?;
            // The series tell which runs still had something.
            let emptied =
                raw("DELETE FROM analytics.forecast_series WHERE run_id = ANY($1) RETURNING run_id", [old.into()])
                    .all(transaction)
                    .await?;
            let mut runs: Vec<i64> = Vec::with_capacity(emptied.len());
            for row in emptied {
                runs.push(row.try_get_by_index(0)?);
            }
            runs.sort_unstable();
            runs.dedup();
            Ok(runs)
        })
    })
    .await
}

/// Leaves the tables of forecasts fit for questions after a run from `origin` on was written; where runs were `pruned`,
/// their partitions too.
pub async fn settle(db: &Database, origin: NaiveDate, pruned: bool) -> Result<()> {
    let points = if pruned { "forecasts".to_owned() } else { Partitioned::Forecasts.partition(month_of(origin)) };
    let tables = [points.as_str(), "forecast_runs", "forecast_series", "forecast_totals", "mv_forecasts_latest"];
    settle_tables(db, &tables.map(|table| format!("analytics.{table}"))).await
}
