//! Features of every item-site with demand, for the store and, where it is wanted, a file.

use std::collections::HashMap;

use chrono::{Days, Month, NaiveDate};
use planning::features::{History, Indicator, Known, SCHEMA_VERSION, rows};
use store::Database;
use store::demand::DailySeries;
use store::features::FeatureDay;

use super::JobError;
use crate::calendar;
use crate::offline::{FeatureFile, json};

/// Days that are kept: the last one with data and those before it.
pub const FEATURE_DAYS: u64 = 90;
/// Items read at a time; between pages the connection is free.
const PAGE: u64 = 50;
/// Rows written at a time: some two megabytes.
const PIECE: usize = 2_000;
/// Indicators that become features: the first in the alphabet.
const INDICATORS: u64 = 50;
/// Days around a stretch in which its next and last holidays are looked for.
const AROUND: u64 = 366;

/// What was written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Written {
    pub rows: u64,
    /// Rows that say something else than before, or went.
    pub changed: u64,
}

/// What all item-sites share.
pub(super) struct Surroundings {
    indicators: Vec<Indicator>,
    /// The codes of the indicators.
    pub codes: Vec<String>,
    /// The state of each site.
    states: HashMap<i64, String>,
    /// Holidays by state; those of no state are national.
    holidays: HashMap<String, Vec<NaiveDate>>,
    from: NaiveDate,
}

impl Surroundings {
    /// Everything known up to `through`.
    pub async fn read(db: &Database, through: NaiveDate) -> Result<Self, JobError> {
        let codes = store::indicators::codes(db, INDICATORS).await?;
        let mut indicators: Vec<Indicator> =
            codes.iter().map(|code| Indicator { code: code.clone(), values: Vec::new() }).collect();
        for row in store::indicators::values(db, &codes, through).await? {
            if let Some(indicator) = indicators.iter_mut().find(|indicator| indicator.code == row.code) {
                indicator.values.push((row.full_date, row.value));
            }
        }
        let sites = store::sites::all(db).await?.into_iter();
        let states: HashMap<i64, String> = sites.filter_map(|site| Some((site.row.id, site.region?.state?))).collect();
        let from = through - Days::new(FEATURE_DAYS - 1);
        let mut holidays: HashMap<String, Vec<NaiveDate>> =
            states.values().cloned().chain([String::new()]).map(|state| (state, Vec::new())).collect();
        for day in calendar::days(from - Days::new(AROUND), through + Days::new(AROUND), Month::January) {
            for (state, days) in &mut holidays {
                if day.is_holiday_in(state) {
                    days.push(day.full_date);
                }
            }
        }
        Ok(Self { indicators, codes, states, holidays, from })
    }

    fn known(&self, site_id: i64) -> Known<'_> {
        let state = self.states.get(&site_id).map_or("", String::as_str);
        Known { holidays: self.holidays.get(state).map_or(&[], Vec::as_slice), indicators: &self.indicators }
    }
}

/// Computes the features of the last days of all item-sites with demand, or of those of `items`, and makes them what is
/// stored. Written in pieces, each whole or not at all: a run that is interrupted is simply repeated.
pub(super) async fn features(
    db: &Database,
    surroundings: &Surroundings,
    items: Option<&[i64]>,
    mut file: Option<&mut FeatureFile>,
) -> Result<Written, JobError> {
    let mut writing = Writing { db, piece: Vec::new(), written: Written::default() };
    if let Some(items) = items {
        for some in items.chunks(PAGE as usize) {
            let page = store::demand::series_of_items(db, some).await?;
            writing.add(page, surroundings, file.as_deref_mut()).await?;
        }
    } else {
        let mut after = 0;
        loop {
            let page = store::demand::item_series(db, after, PAGE, false).await?;
            let Some(last) = page.last() else { break };
            after = last.item_id;
            writing.add(page, surroundings, file.as_deref_mut()).await?;
        }
    }
    writing.flush().await?;
    let mut written = writing.written;
    if items.is_none() {
        written.changed += store::features::prune(db, SCHEMA_VERSION, surroundings.from).await?;
    }
    if written.changed > 0 {
        store::load::settle_tables(db, &["analytics.features_store"]).await?;
    }
    Ok(written)
}

struct Writing<'d> {
    db: &'d Database,
    /// Whole item-sites only.
    piece: Vec<FeatureDay>,
    written: Written,
}

impl Writing<'_> {
    async fn add(
        &mut self,
        page: Vec<DailySeries>,
        surroundings: &Surroundings,
        mut file: Option<&mut FeatureFile>,
    ) -> Result<(), JobError> {
        for series in page.iter().filter(|series| series.quantities.iter().any(|quantity| *quantity > 0.0)) {
            let history = History {
                first_day: series.first_day,
                quantities: &series.quantities,
                stocked_out: &series.stocked_out,
            };
            for row in rows(&history, surroundings.known(series.site_id), surroundings.from) {
                if let Some(file) = file.as_deref_mut() {
                    file.add(series.item_id, series.site_id, &row)?;
                }
                self.piece.push(FeatureDay {
                    item_id: series.item_id,
                    site_id: series.site_id,
                    full_date: row.date,
                    features: json(&row, &surroundings.codes),
                });
            }
            if self.piece.len() >= PIECE {
                self.flush().await?;
            }
        }
        Ok(())
    }

    async fn flush(&mut self) -> Result<(), JobError> {
        let piece = std::mem::take(&mut self.piece);
        if !piece.is_empty() {
            self.written.rows += piece.len() as u64;
            self.written.changed += store::features::replace(self.db, SCHEMA_VERSION, &piece).await?;
        }
        Ok(())
    }
}
