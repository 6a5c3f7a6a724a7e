//! Other people's series in long form: a CSV with one row per series and step, `unique_id,ds,y`.
//!
//! A step without a row between a series' first and the file's last step has no demand; an empty `y` is unknown demand.

use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};

use chrono::{Datelike, Days, NaiveDate, NaiveDateTime};
use planning::forecast::{DemandSeries, Frequency, SeriesInput, SeriesKey};

/// More steps than this in one series are a wrong date or a wrong `--freq`.
const MOST_STEPS: usize = 20_000;
const COLUMNS: [&str; 3] = ["unique_id", "ds", "y"];

/// What is wrong with a long file, where, and what would be right.
#[derive(Debug, thiserror::Error)]
pub enum LongError {
    #[error("{file} cannot be read: {reason}")]
    File { file: PathBuf, reason: String },
    #[error("{file}, line 1: the columns are {read}; unique_id, ds and y are needed")]
    Columns { file: PathBuf, read: String },
    #[error("{file}, line {line}, column {column}: {read:?} is {what}")]
    Cell { file: PathBuf, line: u64, column: &'static str, read: String, what: String },
    #[error("{file} holds no rows after its header; one row per series and {step} is needed")]
    Empty { file: PathBuf, step: &'static str },
}

/// Reads the series of a file, in the order of their names.
pub(super) fn read(file: &Path, frequency: Frequency) -> Result<Vec<SeriesInput>, LongError> {
    let failed = |error: &dyn std::fmt::Display| LongError::File { file: file.into(), reason: error.to_string() };
    let text = std::fs::read(file).map_err(|error| failed(&error))?;
    let text = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&text);
    let delimiter = delimiter(text);
    let mut reader = csv::ReaderBuilder::new().delimiter(delimiter).trim(csv::Trim::All).from_reader(text);
    let header = reader.headers().map_err(|error| failed(&error))?.clone();
    let places = COLUMNS.map(|name| header.iter().position(|read| read.eq_ignore_ascii_case(name)));
    let [Some(id), Some(ds), Some(y)] = places else {
        let read = header.iter().map(|name| format!("{name:?}")).collect::<Vec<_>>().join(", ");
        return Err(LongError::Columns { file: file.into(), read });
    };
    // Per series: step -> quantity and the line it stands in.
    let mut names: HashMap<String, usize> = HashMap::new();
    let mut rows: Vec<BTreeMap<NaiveDate, (f64, u64)>> = Vec::new();
    for record in reader.records() {
        let record = record.map_err(|error| failed(&error))?;
        let line = record.position().map_or(0, csv::Position::line);
        let cell = |column: usize| record.get([id, ds, y][column]).unwrap_or_default();
        let wrong = |column: usize, what: String| LongError::Cell {
            file: file.into(),
            line,
            column: COLUMNS[column],
            read: cell(column).to_owned(),
            what,
        };
        if cell(0).is_empty() {
            return Err(wrong(0, "no name; every row names its series".into()));
        }
        let day = day(cell(1)).ok_or_else(|| wrong(1, "no date; write it as 2024-01-31 (or 2024-01)".into()))?;
        let quantity = quantity(cell(2), delimiter).ok_or_else(|| {
            wrong(2, "no quantity; write a number of at least 0, as 12.5, or nothing where it is unknown".into())
        })?;
        let series = *names.entry(cell(0).to_owned()).or_insert_with(|| {
            rows.push(BTreeMap::new());
            rows.len() - 1
        });
        if let Some((_, before)) = rows[series].insert(step(day, frequency), (quantity, line)) {
            let step = word(frequency);
            return Err(wrong(1, format!("a {step} that line {before} has already; each series has one row a {step}")));
        }
    }
    let last = rows.iter().filter_map(|rows| rows.last_key_value()).max_by_key(|(day, _)| **day);
    let Some(last) = last.map(|(day, _)| *day) else {
        return Err(LongError::Empty { file: file.into(), step: word(frequency) });
    };
    let mut inputs = Vec::with_capacity(rows.len());
    for (name, at) in names {
        inputs.push(SeriesInput { series: dense(file, &rows[at], last, frequency)?, key: SeriesKey::Named(name) });
    }
    inputs.sort_by(|a, b| a.key.cmp(&b.key));
    Ok(inputs)
}

/// The steps from a series' first row to `last`.
fn dense(
    file: &Path,
    rows: &BTreeMap<NaiveDate, (f64, u64)>,
    last: NaiveDate,
    frequency: Frequency,
) -> Result<DemandSeries, LongError> {
    let first = rows.first_key_value().map_or(last, |(day, _)| *day);
    let mut quantities = Vec::new();
    while let Some(day) = Some(frequency.advance(first, quantities.len())).filter(|day| *day <= last) {
        if quantities.len() == MOST_STEPS {
            let line = rows.first_key_value().map_or(0, |(_, row)| row.1);
            let what = format!("more than {MOST_STEPS} {}s before the file's last, {last}", word(frequency));
            return Err(LongError::Cell { file: file.into(), line, column: COLUMNS[1], read: first.to_string(), what });
        }
        quantities.push(rows.get(&day).map_or(0.0, |row| row.0));
    }
    // Unknown demand is no number, which the series counts as missing.
    Ok(DemandSeries::new(first, quantities, Vec::new()))
}

/// Comma, semicolon or tab: the one that the header line has most of.
fn delimiter(text: &[u8]) -> u8 {
    let header = text.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let count = |delimiter: &u8| header.split(|byte| byte == delimiter).count();
    [b'\t', b';', b','].into_iter().max_by_key(count).unwrap_or(b',')
}

fn day(text: &str) -> Option<NaiveDate> {
    let whole = |text: &str| NaiveDate::parse_from_str(text, "%Y-%m-%d").ok();
    whole(text)
        .or_else(|| {
            NaiveDateTime::parse_from_str(&text.replacen('T', " ", 1), "%Y-%m-%d %H:%M:%S").ok().map(|t| t.date())
        })
        .or_else(|| whole(&format!("{text}-01")))
}

/// A quantity, NaN where it is unknown; `None` for what is neither.
fn quantity(text: &str, delimiter: u8) -> Option<f64> {
    if text.is_empty() || text.eq_ignore_ascii_case("nan") {
        return Some(f64::NAN);
    }
    // Where semicolons part the columns, commas part the decimals.
    let text = if delimiter == b';' { text.replace(',', ".") } else { text.to_owned() };
    text.parse().ok().filter(|quantity: &f64| quantity.is_finite() && *quantity >= 0.0)
}

/// The first day of a date's step: weeks from Monday.
fn step(day: NaiveDate, frequency: Frequency) -> NaiveDate {
    match frequency {
        Frequency::Day => day,
        Frequency::Week => day - Days::new(u64::from(day.weekday().num_days_from_monday())),
        Frequency::Month => day - Days::new(u64::from(day.day0())),
    }
}

fn word(frequency: Frequency) -> &'static str {
    match frequency {
        Frequency::Day => "day",
        Frequency::Week => "week",
        Frequency::Month => "month",
    }
}
