//! Forecasts: one row is one day of one series.

use chrono::{Days, NaiveDate};
use entity::words::ForecastLevel;

use super::measure::{measure, optional, signed};
use super::older::{self, OlderDay};
use super::runs::{self, GivenRun, RunKey};
use super::{Known, Numbers};
use crate::extract::{Field, Header, Kind, RawRow};
use crate::transform::read::Reader;
use crate::transform::reason::{Flag, Reject, RejectReason};
use crate::transform::row::UNASSIGNED;
use crate::transform::tables;

/// How far forecasts may look, in days.
pub(super) const MOST_DAYS: i64 = 366;
/// What a forecast without a model's name is said to come from.
const UNNAMED: &str = "EXTERNAL";
/// The quantiles in the order of the stored levels, in thousandths.
const QUANTILES: [u16; 7] = [25, 100, 250, 500, 750, 900, 975];

/// A series by ids; 0 and the empty text stand for what a level does not have.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Series {
    pub level: ForecastLevel,
    pub item_id: i64,
    pub site_id: i64,
    /// Family name or region code.
    pub member: String,
}

/// Everything that the files said.
#[derive(Debug, Default)]
pub struct Ended {
    /// Series by their numbers.
    pub series: Vec<Series>,
    /// Models by their numbers.
    pub models: Vec<String>,
    /// By origin; of one origin, what is to become the current one comes last.
    pub runs: Vec<GivenRun>,
    /// Lines that were found to be wrong once all were read, with their files' numbers.
    pub rejects: Vec<(u16, Reject)>,
}

/// A day on its way into a run.
#[derive(Debug, Clone)]
pub(super) struct Day {
    pub run: RunKey,
    pub file: u16,
    pub line: u64,
    pub series: u32,
    pub target: NaiveDate,
    pub mean: f64,
    /// At the stored levels; NaN is absent.
    pub quantiles: [f64; 7],
    pub model: u32,
}

/// The judge of all files of forecasts of one load.
#[derive(Debug)]
pub struct Forecasts<'k> {
    known: &'k Known,
    pub(super) series: Numbers<Series>,
    models: Numbers<String>,
    days: Vec<Day>,
    older: Vec<OlderDay>,
    texts: Numbers<String>,
    /// Names of the files, and what the older ones call their items and sites.
    files: Vec<(String, [String; 2])>,
}

impl<'k> Forecasts<'k> {
    pub fn new(known: &'k Known) -> Self {
        Self {
            known,
            series: Numbers::default(),
            models: Numbers::default(),
            days: Vec::new(),
            older: Vec::new(),
            texts: Numbers::default(),
            files: Vec::new(),
        }
    }

    /// Begins another file; rows judged from now on are its.
    pub fn file(&mut self, name: &str, header: &Header) {
        let label = |field| header.label(field).to_owned();
        self.files.push((name.to_owned(), [label(Field::Sku), label(Field::Site)]));
    }

    /// How many lines have been taken so far.
    pub fn taken(&self) -> usize {
        self.days.len() + self.older.len()
    }

    /// Judges the next line of the file begun last.
    pub fn judge(&mut self, header: &Header, row: &RawRow) -> Result<Option<Flag>, Reject> {
        let file = (self.files.len().max(1) - 1) as u16;
        let name = self.files.last().map_or("", |(name, _)| name.as_str());
        let reader = Reader { file: name, header, row, today: NaiveDate::MAX };
        let model = reader.text(Field::Model).unwrap_or_else(|| UNNAMED.into());
        if header.kind == Kind::OlderForecasts {
            let (mut day, flag) = older::day(&reader, &mut self.texts)?;
            day.file = file;
            day.model = self.models.of(model);
            self.older.push(day);
            return Ok(flag);
        }
        let series = series(&reader, self.known)?;
        let (origin, target) = days(&reader)?;
        let mean = measure(&reader, Field::Mean)?;
        let quantiles = quantiles(&reader)?;
        let (series, model) = (self.series.of(series), self.models.of(model));
        let run = RunKey { origin, computed: None, horizon: 0 };
        self.days.push(Day { run, file, line: row.line, series, target, mean, quantiles, model });
        Ok(None)
    }

    /// Makes runs of what was taken.
    pub fn end(mut self) -> Ended {
        let mut rejects = Vec::new();
        let older = std::mem::take(&mut self.older);
        let mut days = std::mem::take(&mut self.days);
        let mut resolve = older::Resolving {
            known: self.known,
            texts: &self.texts.all,
            files: &self.files,
            series: &mut self.series,
            rejects: &mut rejects,
        };
        days.extend(resolve.days(older));
        let runs = runs::of(days, &self.files, &mut rejects);
        rejects.sort_by_key(|(file, reject)| (*file, reject.line));
        Ended { series: self.series.all, models: self.models.all, runs, rejects }
    }
}

fn series(reader: &Reader<'_>, known: &Known) -> Result<Series, Reject> {
    let words = || ForecastLevel::ALL.iter().map(|level| level.as_str()).collect::<Vec<_>>().join(", ");
    let level = match reader.text(Field::Level) {
        Some(word) => word
            .to_uppercase()
            .parse()
            .map_err(|_| reader.reject(Field::Level, RejectReason::UnknownValue, format!("one of {}", words())))?,
        None if reader.is_absent(Field::Site) => ForecastLevel::Item,
        None => ForecastLevel::ItemSite,
    };
    let mut series = Series { level, item_id: 0, site_id: 0, member: String::new() };
    if matches!(level, ForecastLevel::Item | ForecastLevel::ItemSite) {
        series.item_id = *known.items.get(&tables::sku(reader)?).ok_or_else(|| tables::unknown_item(reader))?;
    }
    match level {
        ForecastLevel::ItemSite => series.site_id = site(reader, known)?,
        ForecastLevel::Family => series.member = member(reader, &known.families, "the name of a family of items")?,
        ForecastLevel::Region => series.member = member(reader, &known.regions, "the code of a stored region")?,
        ForecastLevel::Item | ForecastLevel::All => {}
    }
    Ok(series)
}

/// The id of the site that a line names.
pub(super) fn site(reader: &Reader<'_>, known: &Known) -> Result<i64, Reject> {
    let unknown = || {
        let expected = "the code of a stored site: sites come with demand, stock, orders or a sites table";
        reader.reject(Field::Site, RejectReason::UnknownSite, expected)
    };
    // Without a name, the site is the one of lines that name none.
    let named = reader.text(Field::Site).unwrap_or_else(|| UNASSIGNED.into());
    known.site(&named).ok_or_else(unknown)
}

/// The member that a line names.
pub(super) fn member(
    reader: &Reader<'_>,
    members: &std::collections::HashSet<String>,
    expected: &str,
) -> Result<String, Reject> {
    match reader.text(Field::Member) {
        None => Err(reader.reject(Field::Member, RejectReason::MissingKey, expected)),
        Some(member) if members.contains(&member) => Ok(member),
        Some(_) => Err(reader.reject(Field::Member, RejectReason::UnknownReference, expected)),
    }
}

/// The first day of the line's forecast, and the day that the line is for.
fn days(reader: &Reader<'_>) -> Result<(NaiveDate, NaiveDate), Reject> {
    let day =
        |field| reader.date(field)?.ok_or_else(|| reader.reject(field, RejectReason::MissingKey, "a day, yyyy-mm-dd"));
    let (origin, target) = (day(Field::Origin)?, day(Field::Date)?);
    let lead = (target - origin).num_days() + 1;
    if lead < 1 {
        let expected = format!("a day from {origin} on, the first that is forecast");
        return Err(reader.reject(Field::Date, RejectReason::BeforeOrigin, expected));
    }
    within(reader, Field::Date, origin, lead)?;
    if !reader.is_absent(Field::Lead) && (signed(reader, Field::Lead)? - lead as f64).abs() > 0.0 {
        let expected = format!("{lead}: the day counted from the origin, {origin}, which is day 1");
        return Err(reader.reject(Field::Lead, RejectReason::UnknownValue, expected));
    }
    Ok((origin, target))
}

/// Refuses a day that is too far away.
pub(super) fn within(reader: &Reader<'_>, field: Field, origin: NaiveDate, lead: i64) -> Result<(), Reject> {
    if lead <= MOST_DAYS {
        return Ok(());
    }
    let last = origin.checked_add_days(Days::new(MOST_DAYS as u64 - 1)).unwrap_or(NaiveDate::MAX);
    let expected = format!("a day up to {last}: forecasts look {MOST_DAYS} days ahead at most");
    Err(reader.reject(field, RejectReason::BeyondHorizon, expected))
}

fn quantiles(reader: &Reader<'_>) -> Result<[f64; 7], Reject> {
    let mut quantiles = [f64::NAN; 7];
    let mut least = (0.0, "");
    for (at, level) in QUANTILES.into_iter().enumerate() {
        let field = Field::Quantile(level);
        let Some(value) = optional(reader, field)? else { continue };
        if value < least.0 {
            let expected = format!("at least {}, the value of {}", least.0, least.1);
            return Err(reader.reject(field, RejectReason::CrossingQuantiles, expected));
        }
        quantiles[at] = value;
        least = (value, reader.header.label(field));
    }
    Ok(quantiles)
}
