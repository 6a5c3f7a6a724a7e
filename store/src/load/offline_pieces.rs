//! What was computed elsewhere on its way to the database, in pieces like those of facts.

use chrono::NaiveDate;
use entity::words::RejectSeverity;

use super::binary::Rows;
use super::piece::{Piece, Target, full};
use crate::features::FeatureDay;
use crate::forecasts::SeriesId;
use crate::import_runs::NewReject;

/// A series of a run.
#[derive(Debug, Clone, PartialEq)]
pub struct OfflineSeries<'a> {
    pub id: &'a SeriesId,
    pub model: &'a str,
    pub demand_class: &'a str,
    /// JSON as text.
    pub cumulative: &'a str,
}

/// One forecast day of a series.
#[derive(Debug, Clone, PartialEq)]
pub struct OfflinePoint<'a> {
    pub id: &'a SeriesId,
    pub target_date: NaiveDate,
    /// 1 for the origin itself.
    pub lead: i16,
    pub mean: f64,
    /// 0.025, 0.1, 0.25, 0.5, 0.75, 0.9, 0.975.
    pub quantiles: [Option<f64>; 7],
    pub model: &'a str,
}

/// Collects rows and hands them out in pieces. Runs and files go by the places that they will have in the load.
#[derive(Debug)]
pub struct OfflinePieces {
    series: Rows,
    points: Rows,
    features: Rows,
    refused: Rows,
}

const SERIES: (&str, i16) = ("landed_series", 8);
const POINTS: (&str, i16) = ("landed_points", 16);
const FEATURES: (&str, i16) = ("landed_features", 6);
const REFUSED: (&str, i16) = ("landed_refused", 8);

impl Default for OfflinePieces {
    fn default() -> Self {
        let rows = |(_, columns)| Rows::new(columns);
        Self { series: rows(SERIES), points: rows(POINTS), features: rows(FEATURES), refused: rows(REFUSED) }
    }
}

/// The tables that such rows land in.
pub(super) fn landing(until: &str) -> String {
    let series = "run integer, level text, item_id bigint, site_id bigint, member text";
    format!(
        "CREATE TEMPORARY TABLE landed_series ({series}, model text, demand_class text, cumulative jsonb) {until};
         CREATE TEMPORARY TABLE landed_points ({series}, target_date date, lead smallint, mean float8, p025 float8, p10 float8,
             p25 float8, p50 float8, p75 float8, p90 float8, p975 float8, model text) {until};
         CREATE TEMPORARY TABLE landed_features (file integer, item_id bigint, site_id bigint, full_date date,
             schema_version smallint, features jsonb) {until};
         CREATE TEMPORARY TABLE landed_refused (file integer, severity text, sheet text, line bigint, column_name text,
             reason text, value text, expected text) {until};"
    )
}

fn named(rows: &mut Rows, run: usize, id: &SeriesId) {
    rows.row().integer(Some(run as i32)).text(Some(id.level.as_str()));
    rows.bigint(id.item_id).bigint(id.site_id).text(Some(&id.member));
}

impl OfflinePieces {
    /// Adds a series of a run; a piece that is full comes back.
    pub fn series(&mut self, run: usize, series: &OfflineSeries<'_>) -> Option<Piece> {
        named(&mut self.series, run, series.id);
        self.series.text(Some(series.model)).text(Some(series.demand_class)).json(series.cumulative);
        full(&mut self.series, SERIES.1, Target::Computed(SERIES.0))
    }

    /// Adds a day of a series of a run.
    pub fn point(&mut self, run: usize, point: &OfflinePoint<'_>) -> Option<Piece> {
        named(&mut self.points, run, point.id);
        self.points.date(Some(point.target_date)).smallint(point.lead).double(Some(point.mean));
        for quantile in point.quantiles {
            self.points.double(quantile);
        }
        self.points.text(Some(point.model));
        full(&mut self.points, POINTS.1, Target::Computed(POINTS.0))
    }

    /// Adds a day of features of a version.
    pub fn feature(&mut self, file: usize, version: i16, day: &FeatureDay) -> Option<Piece> {
        let rows = self.features.row().integer(Some(file as i32)).bigint(day.item_id).bigint(day.site_id);
        rows.date(Some(day.full_date)).smallint(version).json(&day.features);
        full(&mut self.features, FEATURES.1, Target::Computed(FEATURES.0))
    }

    /// Adds a refused or flagged line of a file.
    pub fn reject(&mut self, file: usize, reject: &NewReject) -> Option<Piece> {
        let severity = match reject.severity {
            RejectSeverity::Reject => "REJECT",
            RejectSeverity::Flag => "FLAG",
        };
        let rows = self.refused.row().integer(Some(file as i32)).text(Some(severity));
        rows.text(reject.sheet.as_deref()).bigint(reject.line).text(reject.column_name.as_deref());
        rows.text(Some(&reject.reason)).text(reject.value.as_deref()).text(reject.expected.as_deref());
        full(&mut self.refused, REFUSED.1, Target::Computed(REFUSED.0))
    }

    /// Everything that is left.
    pub fn rest(self) -> impl Iterator<Item = Piece> {
        let Self { series, points, features, refused } = self;
        [(series, SERIES), (points, POINTS), (features, FEATURES), (refused, REFUSED)]
            .into_iter()
            .map(|(rows, (table, _))| Piece::of(rows, Target::Computed(table)))
            .filter(|piece| piece.rows > 0)
    }
}
