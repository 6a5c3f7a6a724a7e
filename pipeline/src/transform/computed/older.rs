//! The shape of older pipelines: a row a day and horizon, with one band of one confidence level.
//!
//! What a row is for cannot be told from the row alone: the rows of one `computed_at` are one forecast, and are read together.

use std::collections::{BTreeMap, HashMap, HashSet};

use chrono::{Days, NaiveDate};
use entity::words::ForecastLevel;

use super::forecasts::{Day, MOST_DAYS, Series};
use super::measure::{measure, signed, whole};
use super::runs::RunKey;
use super::{Known, Numbers};
use crate::extract::Field;
use crate::transform::read::Reader;
use crate::transform::reason::{Flag, FlagReason, Reject, RejectReason};

/// Which stored quantiles bound a band of each level.
const BANDS: [(f64, usize, usize); 3] = [(0.5, 2, 4), (0.8, 1, 5), (0.95, 0, 6)];

/// A line, before it is known what its codes and days mean.
#[derive(Debug, Clone)]
pub(super) struct OlderDay {
    pub file: u16,
    line: u64,
    /// Numbers of the texts that name the item and the site.
    item: u32,
    site: u32,
    date: NaiveDate,
    horizon: u16,
    computed: Option<NaiveDate>,
    mean: f64,
    quantiles: [f64; 7],
    pub model: u32,
}

/// Reads a line; file and model are for the caller to fill in.
pub(super) fn day(reader: &Reader<'_>, texts: &mut Numbers<String>) -> Result<(OlderDay, Option<Flag>), Reject> {
    let item = texts.of(reader.key(Field::Sku, "an item's code, or its number in the database")?);
    let site = texts.of(reader.key(Field::Site, "a site's code, or its number in the database")?);
    let missing = || reader.reject(Field::Date, RejectReason::MissingKey, "a day, yyyy-mm-dd");
    let date = reader.date(Field::Date)?.ok_or_else(missing)?;
    let horizon = whole(reader, Field::Horizon, MOST_DAYS)? as u16;
    let computed = reader.date(Field::ComputedAt)?;
    let mean = measure(reader, Field::Mean)?;
    let (quantiles, flag) = band(reader)?;
    let day =
        OlderDay { file: 0, line: reader.row.line, item, site, date, horizon, computed, mean, quantiles, model: 0 };
    Ok((day, flag))
}

/// The given bounds as the quantiles that they are. A lower bound below zero is zero: demand is never less.
fn band(reader: &Reader<'_>) -> Result<([f64; 7], Option<Flag>), Reject> {
    let mut quantiles = [f64::NAN; 7];
    let bound = |field| if reader.is_absent(field) { Ok(None) } else { signed(reader, field).map(Some) };
    let (lower, upper) = (bound(Field::Lower)?, bound(Field::Upper)?);
    if lower.is_none() && upper.is_none() {
        return Ok((quantiles, None));
    }
    let expected = "the level of the band, 0.5, 0.8 or 0.95: only their bounds are stored";
    if reader.is_absent(Field::Confidence) {
        return Err(reader.reject(Field::Confidence, RejectReason::MissingKey, expected));
    }
    let level = signed(reader, Field::Confidence)?;
    let Some((_, low, high)) = BANDS.iter().find(|(stored, ..)| (stored - level).abs() < 1e-6) else {
        return Err(reader.reject(Field::Confidence, RejectReason::UnstoredLevel, expected));
    };
    if upper.is_some_and(|upper| upper < 0.0) {
        return Err(reader.reject(Field::Upper, RejectReason::NegativeQuantity, "zero or more"));
    }
    if let (Some(lower), Some(upper)) = (lower, upper)
        && lower > upper
    {
        let expected = format!("at least {lower}, the lower bound");
        return Err(reader.reject(Field::Upper, RejectReason::CrossingQuantiles, expected));
    }
    let raised = lower.is_some_and(|lower| lower < 0.0);
    quantiles[*low] = lower.map_or(f64::NAN, |lower| lower.max(0.0));
    quantiles[*high] = upper.unwrap_or(f64::NAN);
    let flag =
        raised.then(|| reader.flag(Field::Lower, FlagReason::IgnoredValue, "zero instead: demand is never less"));
    Ok((quantiles, flag))
}

/// What lines mean once all of them were read.
pub(super) struct Resolving<'a> {
    pub known: &'a Known,
    pub texts: &'a [String],
    pub files: &'a [(String, [String; 2])],
    pub series: &'a mut Numbers<Series>,
    pub rejects: &'a mut Vec<(u16, Reject)>,
}

impl Resolving<'_> {
    /// The days of the lines whose items and sites are stored.
    pub fn days(&mut self, lines: Vec<OlderDay>) -> Vec<Day> {
        let known = self.known;
        let items = self.meanings(&lines, |line| line.item, &known.items, |text| known.items.get(text).copied());
        let sites = self.meanings(&lines, |line| line.site, &known.sites, |text| known.site(text));
        let mut forecasts: BTreeMap<Option<NaiveDate>, Vec<(u32, OlderDay)>> = BTreeMap::new();
        for line in lines {
            let (item_id, site_id) = (items[line.item as usize], sites[line.site as usize]);
            let (Some(item_id), Some(site_id)) = (item_id, site_id) else {
                self.refuse(&line, item_id.is_none());
                continue;
            };
            let series = Series { level: ForecastLevel::ItemSite, item_id, site_id, member: String::new() };
            let series = self.series.of(series);
            forecasts.entry(line.computed).or_default().push((series, line));
        }
        forecasts.into_iter().flat_map(|(computed, lines)| read(computed, lines)).collect()
    }

    /// The ids that texts stand for: codes where any of the texts is one, else numbers in the database. One file never mixes
    /// them, and a code that looks like a number is a code.
    fn meanings(
        &self,
        lines: &[OlderDay],
        text_of: impl Fn(&OlderDay) -> u32,
        stored: &HashMap<String, i64>,
        coded: impl Fn(&str) -> Option<i64>,
    ) -> Vec<Option<i64>> {
        let used: HashSet<u32> = lines.iter().map(text_of).collect();
        let text = |number: &u32| self.texts[*number as usize].as_str();
        let are_codes = used.iter().any(|number| coded(text(number)).is_some());
        let numbers: HashSet<i64> = if are_codes { HashSet::new() } else { stored.values().copied().collect() };
        let meaning = |number: u32| {
            if !used.contains(&number) {
                None
            } else if are_codes {
                coded(text(&number))
            } else {
                text(&number).parse().ok().filter(|id| numbers.contains(id))
            }
        };
        (0..self.texts.len() as u32).map(meaning).collect()
    }

    fn refuse(&mut self, line: &OlderDay, item: bool) {
        let Some((file, [item_label, site_label])) = self.files.get(line.file as usize) else { return };
        let (column, text, reason, expected) = if item {
            let expected = "the code of a stored item, or its number in the database: import the items first";
            (item_label, line.item, RejectReason::UnknownItem, expected)
        } else {
            let expected = "the code of a stored site, or its number in the database";
            (site_label, line.site, RejectReason::UnknownSite, expected)
        };
        let reject = Reject {
            file: file.clone(),
            sheet: None,
            line: line.line,
            column: Some(column.clone()),
            value: self.texts[text as usize].clone(),
            reason,
            expected: expected.into(),
        };
        self.rejects.push((line.file, reject));
    }
}

/// What the days of one forecast mean.
enum Reading {
    /// `full_date` is the day forecast, `horizon_days` how many days before it the forecast was made.
    Lead,
    /// All of it was made on the one `full_date`: the day forecast is that many days later.
    Made,
    /// `full_date` is the day forecast, `horizon_days` how far the forecast that the row belongs to looks: a run a horizon.
    Reach(NaiveDate),
}

fn reading(lines: &[(u32, OlderDay)]) -> Reading {
    let made: HashSet<NaiveDate> = lines.iter().filter_map(|(_, line)| made(line)).collect();
    let dates: HashSet<NaiveDate> = lines.iter().map(|(_, line)| line.date).collect();
    let first = dates.iter().min().copied().unwrap_or_default();
    let reaches = |line: &OlderDay| (line.date - first).num_days() < i64::from(line.horizon);
    if made.len() == 1 {
        Reading::Lead
    } else if dates.len() == 1 {
        Reading::Made
    } else if lines.iter().all(|(_, line)| reaches(line)) {
        Reading::Reach(first)
    } else {
        Reading::Lead
    }
}

/// The last day known to a forecast that looks `horizon` days ahead to the line's day.
fn made(line: &OlderDay) -> Option<NaiveDate> {
    line.date.checked_sub_days(Days::new(line.horizon.into()))
}

fn read(computed: Option<NaiveDate>, lines: Vec<(u32, OlderDay)>) -> impl Iterator<Item = Day> {
    let reading = reading(&lines);
    lines.into_iter().filter_map(move |(series, line)| {
        let next = |day: NaiveDate| day.succ_opt();
        let (origin, target, horizon) = match reading {
            Reading::Lead => (next(made(&line)?)?, line.date, 0),
            Reading::Made => (next(line.date)?, line.date.checked_add_days(Days::new(line.horizon.into()))?, 0),
            Reading::Reach(first) => (first, line.date, line.horizon),
        };
        Some(Day {
            run: RunKey { origin, computed, horizon },
            file: line.file,
            line: line.line,
            series,
            target,
            mean: line.mean,
            quantiles: line.quantiles,
            model: line.model,
        })
    })
}
