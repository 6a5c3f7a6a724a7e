//! Key figures: one row is one member of one dimension on one day.

use std::collections::{HashMap, HashSet};

use chrono::NaiveDate;
use entity::words::KpiDimension;

use super::Known;
use super::forecasts::member;
use super::measure::optional;
use crate::extract::{Field, Header, RawRow};
use crate::transform::read::Reader;
use crate::transform::reason::{Reject, RejectReason};
use crate::transform::tables;

/// How many figures a row may have: the columns of `analytics.kpis_daily`, in its order.
pub const FIGURES: usize = 13;
/// Figures that are shares of something.
const SHARES: std::ops::RangeInclusive<usize> = 2..=5;

/// What figures are of.
type Key = (NaiveDate, KpiDimension, String);
/// One row's figures.
type Figures = [Option<f64>; FIGURES];

/// A row.
#[derive(Debug, Clone, PartialEq)]
pub struct GivenKpi {
    pub date: NaiveDate,
    pub dimension: KpiDimension,
    /// Empty for the whole.
    pub member: String,
    pub figures: Figures,
}

/// The judge of all files of key figures of one load.
#[derive(Debug)]
pub struct Kpis<'k> {
    known: &'k Known,
    today: NaiveDate,
    /// Line and figures by what they are of.
    seen: HashMap<Key, (u64, Figures)>,
}

impl<'k> Kpis<'k> {
    /// `today` is the last day that figures may be of.
    pub fn new(known: &'k Known, today: NaiveDate) -> Self {
        Self { known, today, seen: HashMap::new() }
    }

    /// Judges a line of `file`.
    pub fn judge(&mut self, file: &str, header: &Header, row: &RawRow) -> Result<GivenKpi, Reject> {
        let reader = Reader { file, header, row, today: self.today };
        let date = tables::day(&reader)?;
        let dimension = dimension(&reader)?;
        let member = match dimension {
            KpiDimension::All => String::new(),
            KpiDimension::Family => member(&reader, &self.known.families, "the name of a family of items")?,
            KpiDimension::Region => member(&reader, &self.known.regions, "the code of a stored region")?,
            KpiDimension::AbcClass => {
                let classes: HashSet<String> = ["A", "B", "C"].map(str::to_owned).into();
                member(&reader, &classes, "A, B or C")?
            }
        };
        let mut figures = [None; FIGURES];
        for (at, figure) in figures.iter_mut().enumerate() {
            let field = Field::Figure(at as u8);
            *figure = optional(&reader, field)?;
            if SHARES.contains(&at) && figure.is_some_and(|share| share > 1.0) {
                return Err(reader.reject(field, RejectReason::UnknownValue, "a share from 0 to 1, such as 0.052"));
            }
        }
        let key = (date, dimension, member.clone());
        if let Some((line, said)) = self.seen.get(&key) {
            let (reason, expected) = if *said == figures {
                (RejectReason::DuplicateLine, "each line once")
            } else {
                (
                    RejectReason::ConflictingLine,
                    "one line a day, dimension and member; correct or remove one of the two",
                )
            };
            return Err(Reject {
                column: None,
                value: format!("same day, dimension and member as line {line}"),
                ..reader.reject(Field::Date, reason, expected)
            });
        }
        self.seen.insert(key, (row.line, figures));
        Ok(GivenKpi { date, dimension, member, figures })
    }
}

fn dimension(reader: &Reader<'_>) -> Result<KpiDimension, Reject> {
    let words = KpiDimension::ALL.iter().map(|dimension| dimension.as_str()).collect::<Vec<_>>().join(", ");
    match reader.text(Field::Dimension) {
        None => Err(reader.reject(Field::Dimension, RejectReason::MissingKey, format!("one of {words}"))),
        Some(word) => word
            .to_uppercase()
            .parse()
            .map_err(|_| reader.reject(Field::Dimension, RejectReason::UnknownValue, format!("one of {words}"))),
    }
}
