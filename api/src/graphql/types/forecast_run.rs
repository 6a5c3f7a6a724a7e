//! Forecast runs: when each was made from what, and, for analysts, how good it was by method, class and lead.

use std::sync::Arc;

use async_graphql::{Context, Enum, ID, InputObject, Object, Result, SimpleObject};
use entity::analytics::forecast_run;
use serde_json::Value as Json;

use super::forecast::{Backtest, Calibration, calibration};
use super::words::DemandClass;
use crate::graphql::context::{Analyst, ContextExt};
use crate::graphql::ids::{self, Kind};
use crate::graphql::page::{connection, count, lines};
use crate::graphql::scalars::{Date, DateTime, number};

/// One run over all series; its row stays when its forecasts are pruned.
#[derive(Clone)]
pub struct ForecastRun(Arc<forecast_run::Model>);

impl From<forecast_run::Model> for ForecastRun {
    fn from(row: forecast_run::Model) -> Self {
        Self(Arc::new(row))
    }
}

impl ForecastRun {
    /// What the backtest measured of a part of the run: `selected`, `methods` or `classes`.
    fn measured(&self, _proof: &Analyst, part: &str) -> Option<&Json> {
        self.0.backtest.get(part)
    }

    fn accuracy_of(&self, _proof: &Analyst) -> Vec<ForecastAccuracy> {
        let rows = self.0.accuracy.as_array().map(Vec::as_slice).unwrap_or_default();
        rows.iter().filter_map(ForecastAccuracy::read).collect()
    }
}

#[Object]
/// One run over all series; its row stays when its forecasts are pruned.
impl ForecastRun {
    /// An opaque name, stable for ever.
    pub async fn id(&self) -> ID {
        ids::encode(Kind::ForecastRun, self.0.id)
    }

    /// The first day forecast.
    async fn origin(&self) -> Date {
        Date(self.0.origin)
    }

    /// Days forecast.
    async fn horizon(&self) -> i32 {
        self.0.horizon.into()
    }

    /// The last day that it saw.
    async fn data_through(&self) -> Date {
        Date(self.0.data_through)
    }

    /// How it stands.
    async fn status(&self) -> ForecastRunStatus {
        self.0.status.into()
    }

    /// Where it comes from.
    async fn source(&self) -> ForecastRunSource {
        self.0.source.into()
    }

    /// Is it over all items? Only such a run becomes the current one.
    async fn complete(&self) -> bool {
        self.0.complete
    }

    /// How many series it forecast.
    async fn series(&self) -> i32 {
        lines(self.0.series)
    }

    /// How many series each model was chosen for, the most frequent first.
    async fn models(&self) -> Vec<ModelCount> {
        let mut models: Vec<ModelCount> = self.0.models.as_object().map_or_else(Vec::new, |models| {
            let counts = models.iter().filter_map(|(model, series)| Some((model, series.as_u64()?)));
            counts.map(|(model, series)| ModelCount { model: model.clone(), series: count(series) }).collect()
        });
        models.sort_by(|one, other| other.series.cmp(&one.series).then_with(|| one.model.cmp(&other.model)));
        models
    }

    /// When it began.
    async fn started_at(&self) -> DateTime {
        DateTime(self.0.started_at)
    }

    /// When it ended.
    async fn finished_at(&self) -> Option<DateTime> {
        self.0.finished_at.map(DateTime)
    }

    /// How the forecasts that were chosen did on the past: means over series.
    async fn backtest(&self, ctx: &Context<'_>) -> Option<Backtest> {
        Backtest::read(self.measured(&ctx.analyst()?, "selected")?)
    }

    /// How each method alone would have done on the same series.
    async fn methods(&self, ctx: &Context<'_>) -> Option<Vec<MethodBacktest>> {
        let analyst = ctx.analyst()?;
        let methods = self.measured(&analyst, "methods").and_then(Json::as_object);
        Some(methods.map_or_else(Vec::new, |methods| {
            let read = |(method, stored): (&String, &Json)| {
                Some(MethodBacktest { method: method.clone(), backtest: Backtest::read(stored)? })
            };
            methods.iter().filter_map(read).collect()
        }))
    }

    /// How good the run's quantiles and means were on the past, by class of demand and range of leads.
    async fn accuracy(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only these classes.")] demand_classes: Option<Vec<DemandClass>>,
        #[graphql(desc = "Only the range that holds this lead: 1 is the first day forecast.")] lead: Option<i32>,
    ) -> Option<Vec<ForecastAccuracy>> {
        let mut rows = self.accuracy_of(&ctx.analyst()?);
        rows.retain(|row| {
            demand_classes.as_ref().is_none_or(|classes| classes.contains(&row.demand_class))
                && lead.is_none_or(|lead| row.lead_from <= lead && row.lead_to.is_none_or(|to| lead <= to))
        });
        Some(rows)
    }
}

/// How a forecast run stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Enum)]
#[graphql(remote = "entity::words::RunStatus")]
pub enum ForecastRunStatus {
    /// It is being computed or loaded; nothing of it is shown yet.
    Running,
    /// Its forecasts can be read.
    Ready,
    /// It failed; nothing of it is ever shown.
    Failed,
}

/// Where a forecast run comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Enum)]
#[graphql(remote = "entity::words::RunSource")]
pub enum ForecastRunSource {
    /// It was computed here.
    Computed,
    /// It was made elsewhere and loaded.
    Loaded,
}

/// How many series a model was chosen for.
#[derive(Debug, Clone, SimpleObject)]
pub struct ModelCount {
    /// The model's name, such as `CROSTON_SBA`.
    pub model: String,
    /// How many series.
    pub series: i32,
}

/// What one method alone would have done.
#[derive(Debug, Clone, SimpleObject)]
pub struct MethodBacktest {
    /// The method's name, such as `SEASONAL_NAIVE`.
    pub method: String,
    /// Means over series.
    pub backtest: Backtest,
}

/// How good a run was on the past, for one class of demand and one range of leads.
#[derive(Debug, Clone, SimpleObject)]
pub struct ForecastAccuracy {
    /// The class that was known at each fold's origin.
    pub demand_class: DemandClass,
    /// The first lead of the range; 1 is the first day forecast.
    pub lead_from: i32,
    /// The last; null: to the horizon.
    pub lead_to: Option<i32>,
    /// How many days of series were measured.
    pub observations: i32,
    /// Root mean squared error, scaled by the naive forecast's; below 1 is better than naive.
    pub rmsse: Option<f64>,
    /// Mean absolute error, scaled likewise.
    pub mase: Option<f64>,
    /// Sum of absolute errors over sum of demand.
    pub wape: Option<f64>,
    /// Mean error over mean demand; above zero is forecasting too much.
    pub bias: Option<f64>,
    /// Mean loss of the quantiles, in units of demand.
    pub pinball: Option<f64>,
    /// Share of actuals inside the 80 % band.
    #[graphql(name = "coverage80")]
    pub coverage80: Option<f64>,
    /// Share of actuals inside the 95 % band.
    #[graphql(name = "coverage95")]
    pub coverage95: Option<f64>,
    /// What a true 80 % band would cover: more than 0.8 where single values carry probability.
    #[graphql(name = "ideal80")]
    pub ideal80: Option<f64>,
    /// What a true 95 % band would cover.
    #[graphql(name = "ideal95")]
    pub ideal95: Option<f64>,
    /// Quantile by quantile.
    pub calibration: Vec<Calibration>,
}

impl ForecastAccuracy {
    /// Reads what the forecast job stored; `None` for a class of a newer version.
    fn read(stored: &Json) -> Option<Self> {
        let metrics = stored.get("metrics")?;
        let metric = |name: &str| metrics.get(name).and_then(Json::as_f64).map(number);
        let whole = |from: &Json, name: &str| from.get(name).and_then(Json::as_u64).map(count);
        Some(Self {
            demand_class: DemandClass::from_stored(stored.get("class")?.as_str()?)?,
            lead_from: whole(stored, "lead_from")?,
            lead_to: whole(stored, "lead_to"),
            observations: whole(metrics, "observations").unwrap_or_default(),
            rmsse: metric("rmsse"),
            mase: metric("mase"),
            wape: metric("wape"),
            bias: metric("bias"),
            pinball: metric("pinball"),
            coverage80: metric("coverage80"),
            coverage95: metric("coverage95"),
            ideal80: metric("ideal80"),
            ideal95: metric("ideal95"),
            calibration: metrics.get("calibration").map(calibration).unwrap_or_default(),
        })
    }
}

connection! {
    /// A page of forecast runs.
    ForecastRunConnection, ForecastRunEdge, ForecastRun, forecast_run::Model, ForecastRunsOf
}

/// The list that a connection is a page of.
pub struct ForecastRunsOf(pub store::forecasts::ForecastRunFilter);

impl ForecastRunsOf {
    async fn count(&self, ctx: &Context<'_>) -> Result<u64> {
        store::forecasts::count(ctx.db(), &self.0).await.map_err(|failure| ctx.failed(&failure))
    }
}

/// Which forecast runs; what is left out does not restrict, an empty list matches nothing.
#[derive(Debug, Default, InputObject)]
pub struct ForecastRunFilter {
    /// That stand so.
    pub statuses: Option<Vec<ForecastRunStatus>>,
}

impl From<ForecastRunFilter> for store::forecasts::ForecastRunFilter {
    fn from(filter: ForecastRunFilter) -> Self {
        Self { statuses: filter.statuses.map(|all| all.into_iter().map(Into::into).collect()) }
    }
}
