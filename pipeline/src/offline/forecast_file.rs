//! `forecasts.parquet`: a row for each day of each series.

use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;

use arrow::array::{ArrayRef, Date32Builder, Float64Builder, Int32Builder, StringBuilder};
use arrow::datatypes::{DataType, Field, Schema};
use chrono::{Datelike as _, NaiveDate};
use entity::words::ForecastLevel;
use store::Database;
use store::forecasts::Point;

use super::parquet_file::{ParquetFile, Whole};
use super::{FORECASTS, OutError};

/// Days since 1970 of the first day of the common era.
const EPOCH: i32 = 719_163;

/// The quantiles' columns in the order of the levels.
const QUANTILES: [&str; 7] = ["p025", "p10", "p25", "p50", "p75", "p90", "p975"];

/// What items and sites are called outside.
#[derive(Debug, Clone)]
pub(crate) struct Names {
    skus: Arc<HashMap<i64, String>>,
    sites: Arc<HashMap<i64, String>>,
}

impl Names {
    pub async fn read(db: &Database) -> store::Result<Self> {
        let sites = store::sites::all(db).await?.into_iter().map(|site| (site.row.id, site.row.code));
        Ok(Self { skus: Arc::new(store::items::skus(db).await?), sites: Arc::new(sites.collect()) })
    }

    pub fn sku(&self, item_id: i64) -> Option<&str> {
        self.skus.get(&item_id).map(String::as_str)
    }

    pub fn site(&self, site_id: i64) -> Option<&str> {
        self.sites.get(&site_id).map(String::as_str)
    }
}

/// The file, being written.
pub(crate) struct ForecastFile {
    file: ParquetFile,
    names: Names,
}

impl ForecastFile {
    pub fn create(directory: &Path, names: Names) -> Result<Self, OutError> {
        let text = |name, absent| Field::new(name, DataType::Utf8, absent);
        let day = |name| Field::new(name, DataType::Date32, false);
        let mut fields = vec![
            text("level", false),
            text("sku", true),
            text("site", true),
            text("member", true),
            day("origin"),
            day("target_date"),
            Field::new("lead", DataType::Int32, false),
            Field::new("mean", DataType::Float64, false),
        ];
        fields.extend(QUANTILES.map(|name| Field::new(name, DataType::Float64, true)));
        fields.push(text("model", false));
        let file = ParquetFile::create(directory, &format!("{FORECASTS}.parquet"), Arc::new(Schema::new(fields)))?;
        Ok(Self { file, names })
    }

    /// Writes days with their origins; those of items and sites that are not stored any more are left out.
    pub fn write<'a>(&mut self, points: impl Iterator<Item = (NaiveDate, &'a Point)>) -> Result<(), OutError> {
        let [mut levels, mut skus, mut sites, mut members, mut models] = std::array::from_fn(|_| StringBuilder::new());
        let (mut origins, mut days, mut leads) = (Date32Builder::new(), Date32Builder::new(), Int32Builder::new());
        let mut means = Float64Builder::new();
        let mut quantiles: [Float64Builder; 7] = std::array::from_fn(|_| Float64Builder::new());
        for (origin, point) in points {
            let (sku, site) = (self.names.sku(point.series.item_id), self.names.site(point.series.site_id));
            let named = match point.series.level {
                ForecastLevel::Item => sku.is_some(),
                ForecastLevel::ItemSite => sku.is_some() && site.is_some(),
                _ => true,
            };
            if !named {
                continue;
            }
            levels.append_value(point.series.level.as_str());
            skus.append_option(sku);
            sites.append_option(site);
            members.append_option((!point.series.member.is_empty()).then_some(&point.series.member));
            origins.append_value(days_since_1970(origin));
            days.append_value(days_since_1970(point.target_date));
            leads.append_value(point.lead.into());
            means.append_value(point.mean);
            for (column, value) in quantiles.iter_mut().zip(point.quantiles) {
                column.append_option(value);
            }
            models.append_value(&point.model);
        }
        let mut columns: Vec<ArrayRef> = vec![
            Arc::new(levels.finish()),
            Arc::new(skus.finish()),
            Arc::new(sites.finish()),
            Arc::new(members.finish()),
            Arc::new(origins.finish()),
            Arc::new(days.finish()),
            Arc::new(leads.finish()),
            Arc::new(means.finish()),
        ];
        columns.extend(quantiles.into_iter().map(|mut column| Arc::new(column.finish()) as ArrayRef));
        columns.push(Arc::new(models.finish()));
        self.file.write(columns)
    }

    pub fn finish(self) -> Result<Whole, OutError> {
        self.file.finish()
    }
}

/// A day as Arrow counts it.
pub(super) fn days_since_1970(day: NaiveDate) -> i32 {
    day.num_days_from_ce() - EPOCH
}
