//! KPIs by day.

use arrow::array::RecordBatch;
use chrono::{Days, NaiveDate};
use entity::analytics::kpi::Model;
use entity::words::KpiDimension;
use futures::FutureExt as _;
use futures::future::BoxFuture;
use store::Database;

use super::{Asker, ExportError, Filters, Table};
use crate::graphql::context::Analyst;
use crate::graphql::scalars::number;
use crate::http::export::sheet::Sheet;

/// Days of a page.
const DAYS: u64 = 31;

/// KPIs by day and member, oldest first. They are read by days and not by a cursor: a day is replaced as a whole.
pub struct Kpis {
    dimension: KpiDimension,
    members: Option<Vec<String>>,
    /// The days that are left; `None` at the end.
    left: Option<(NaiveDate, NaiveDate)>,
    analyst: Option<Analyst>,
}

impl Kpis {
    pub async fn open(db: &Database, filters: &mut Filters, asker: &Asker) -> Result<Self, ExportError> {
        let (from, to) = (filters.day("from")?, filters.day("to")?);
        let (first, last) = (store::kpis::first_day(db).await?, store::kpis::last_day(db).await?);
        let left = first
            .zip(last)
            .map(|(first, last)| (from.map_or(first, |from| from.max(first)), to.map_or(last, |to| to.min(last))));
        Ok(Self {
            dimension: filters.word("dimension")?.unwrap_or(KpiDimension::All),
            members: filters.texts("members")?,
            left: left.filter(|(from, to)| from <= to),
            analyst: asker.analyst.clone(),
        })
    }

    fn sheet(&self, rows: &[Model]) -> Result<RecordBatch, ExportError> {
        let sheet = Sheet::of(rows.len())
            .days("date", rows.iter().map(|row| Some(row.full_date)))
            .texts("dimension", rows.iter().map(|row| Some(row.dimension.as_str())))
            .texts("member", rows.iter().map(|row| Some(&row.member)))
            .numbers("total_demand", column(rows, |row| row.total_demand))
            .numbers("stockout_rate", column(rows, |row| row.stockout_rate))
            .numbers("fill_rate", column(rows, |row| row.fill_rate))
            .numbers("delayed_orders_rate", column(rows, |row| row.delayed_orders_rate))
            .numbers("a_class_share", column(rows, |row| row.a_class_share))
            .numbers("forecast_wape", column(rows, |row| row.forecast_wape))
            .numbers("forecast_mape", column(rows, |row| row.forecast_mape))
            .numbers("turnover", column(rows, |row| row.turnover))
            .numbers("days_of_cover", column(rows, |row| row.days_of_cover))
            .numbers("decision_minutes", column(rows, |row| row.decision_minutes));
        match &self.analyst {
            Some(analyst) => with_values(analyst, sheet, rows).batch(),
            None => sheet.batch(),
        }
    }
}

fn column(rows: &[Model], value: fn(&Model) -> Option<f64>) -> impl Iterator<Item = Option<f64>> {
    rows.iter().map(move |row| value(row).map(number))
}

fn with_values(_proof: &Analyst, sheet: Sheet, rows: &[Model]) -> Sheet {
    sheet
        .numbers("demand_value", column(rows, |row| row.demand_value))
        .numbers("inventory_value", column(rows, |row| row.inventory_value))
        .numbers("carrying_cost", column(rows, |row| row.carrying_cost))
}

impl Table for Kpis {
    fn empty(&self) -> Result<RecordBatch, ExportError> {
        self.sheet(&[])
    }

    fn next<'a>(&'a mut self, db: &'a Database) -> BoxFuture<'a, Result<Option<RecordBatch>, ExportError>> {
        async move {
            let Some((from, last)) = self.left else { return Ok(None) };
            let to = from.checked_add_days(Days::new(DAYS - 1)).map_or(last, |to| to.min(last));
            let rows = store::kpis::range(db, self.dimension, self.members.as_deref(), Some(from), Some(to)).await?;
            self.left = to.succ_opt().filter(|next| *next <= last).map(|next| (next, last));
            self.sheet(&rows).map(Some)
        }
        .boxed()
    }
}
