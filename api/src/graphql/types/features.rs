//! What is known of an item at a site, day by day, as numbers that a model can learn from.

use std::collections::BTreeMap;

use async_graphql::SimpleObject;
use chrono::NaiveDate;
use serde_json::Value as Json;
use store::features::StoredDay;

use crate::graphql::scalars::{Date, number};

/// A feature, a value for each day of its series.
#[derive(Debug, Clone, SimpleObject)]
pub struct FeatureColumn {
    /// Its name, such as `mean_28`; docs/OFFLINE.md defines each.
    pub name: String,
    /// In the order of the days; yes is 1 and no is 0; null where it is not known, or is a text.
    pub values: Vec<Option<f64>>,
}

/// Features of an item at a site by day, as columns of one length.
#[derive(Debug, Clone, SimpleObject)]
pub struct FeatureSeries {
    /// The version of the list of features; the newest that is stored.
    pub schema_version: i32,
    /// The days.
    pub dates: Vec<Date>,
    /// The features by name.
    pub columns: Vec<FeatureColumn>,
}

impl FeatureSeries {
    /// From what is stored, by day; `None` where nothing is. Of several versions the newest counts: two of them must not
    /// be mixed.
    pub fn of(days: &[StoredDay]) -> Option<Self> {
        let version = days.iter().map(|day| day.schema_version).max()?;
        let days: Vec<&StoredDay> = days.iter().filter(|day| day.schema_version == version).collect();
        let mut columns: BTreeMap<&str, Vec<Option<f64>>> = BTreeMap::new();
        for (place, day) in days.iter().enumerate() {
            for (name, value) in day.features.as_object().into_iter().flatten() {
                columns.entry(name).or_insert_with(|| vec![None; days.len()])[place] = figure(value);
            }
        }
        let columns = columns.into_iter().map(|(name, values)| FeatureColumn { name: name.to_owned(), values });
        Some(Self {
            schema_version: version.into(),
            dates: days.iter().map(|day| Date(day.full_date)).collect(),
            columns: columns.collect(),
        })
    }
}

fn figure(value: &Json) -> Option<f64> {
    value.as_f64().map(number).or_else(|| value.as_bool().map(|flag| if flag { 1.0 } else { 0.0 }))
}

/// Before the first day that anything is kept of.
pub const EARLIEST: NaiveDate = NaiveDate::from_ymd_opt(2000, 1, 1).expect("it is a day");
/// After the last.
pub const LATEST: NaiveDate = NaiveDate::from_ymd_opt(9999, 12, 31).expect("it is a day");
