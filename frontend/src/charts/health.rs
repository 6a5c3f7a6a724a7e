//! The data behind the page of the stock: materials counted by how long they last and by their classes.

use crate::graphql::queries::enums::{AbcClass, XyzClass};
use crate::graphql::queries::inventory::ItemStock;
use crate::i18n::{Lang, fill};

/// How many a list names.
const NAMED: usize = 10;

/// The last days of the ranges of cover.
const RANGES: [u16; 6] = [7, 14, 30, 60, 90, 180];

/// How long a material lasts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cover {
    /// Nothing is there.
    Out,
    /// So many days, both included.
    Days(u16, u16),
    /// Longer than the last range.
    Longer,
    /// Nobody asks for it, so it lasts for ever.
    NoDemand,
}

impl Cover {
    /// Every one, in order.
    pub fn all() -> Vec<Self> {
        let mut from = 0;
        let ranges = RANGES.iter().map(|to| Self::Days(std::mem::replace(&mut from, to + 1), *to));
        [Self::Out].into_iter().chain(ranges.collect::<Vec<_>>()).chain([Self::Longer, Self::NoDemand]).collect()
    }

    fn of(item: &ItemStock) -> Option<Self> {
        let stock = item.stock.as_ref()?;
        if stock.on_hand <= 0.0 {
            return Some(Self::Out);
        }
        let Some(days) = stock.days_of_cover else { return Some(Self::NoDemand) };
        let within = |cover: &Self| matches!(cover, Self::Days(_, to) if days < f64::from(*to) + 1.0);
        Some(Self::all().into_iter().find(within).unwrap_or(Self::Longer))
    }

    /// Its place on an axis of days.
    pub fn mark(self) -> String {
        match self {
            Self::Out => "0".to_owned(),
            Self::Days(0, to) => format!("≤ {to}"),
            Self::Days(from, to) => format!("{from}–{to}"),
            Self::Longer => format!("> {}", RANGES[RANGES.len() - 1]),
            Self::NoDemand => "∞".to_owned(),
        }
    }

    /// Its name in words.
    pub fn name(self, lang: Lang) -> String {
        let texts = lang.texts();
        match self {
            Self::Out => texts.stocked_out.to_owned(),
            Self::NoDemand => texts.without_demand.to_owned(),
            Self::Days(..) | Self::Longer => fill(texts.days_short, &[&self.mark()]),
        }
    }
}

/// The materials of one ABC and one XYZ class.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Cell {
    pub abc: AbcClass,
    pub xyz: XyzClass,
    pub count: usize,
    /// What half of those with demand last longer than.
    pub median_cover: Option<f64>,
}

/// How the stock stands.
#[derive(Clone, Debug, PartialEq)]
pub struct Health {
    pub covers: Vec<(Cover, usize)>,
    /// ABC by XYZ: A with X, Y and Z first.
    pub cells: Vec<Cell>,
    /// Those that last the shortest and those that last the longest, of those with demand.
    pub shortest: Vec<ItemStock>,
    pub longest: Vec<ItemStock>,
}

impl Health {
    pub fn of(items: &[ItemStock]) -> Self {
        let known: Vec<_> = items.iter().filter_map(Cover::of).collect();
        let covers = Cover::all().into_iter().map(|cover| (cover, known.iter().filter(|it| **it == cover).count()));
        let classes = AbcClass::ALL.iter().flat_map(|abc| XyzClass::ALL.iter().map(|xyz| (*abc, *xyz)));
        let cells = classes.map(|(abc, xyz)| {
            let inside = || items.iter().filter(|it| (it.abc_class, it.xyz_class) == (Some(abc), Some(xyz)));
            Cell {
                abc,
                xyz,
                count: inside().count(),
                median_cover: median(&inside().filter_map(days).collect::<Vec<_>>()),
            }
        });
        let lasting: Vec<_> = items.iter().filter_map(|item| days(item).map(|days| (item, days))).collect();
        let order = ascending(&lasting.iter().map(|(_, days)| *days).collect::<Vec<_>>());
        let first =
            |places: &mut dyn Iterator<Item = &usize>| places.take(NAMED).map(|at| lasting[*at].0.clone()).collect();
        Self {
            covers: covers.collect(),
            cells: cells.collect(),
            shortest: first(&mut order.iter()),
            longest: first(&mut order.iter().rev()),
        }
    }

    /// Whether the company has sent any stock of these.
    pub fn has_stock(&self) -> bool {
        self.covers.iter().any(|(_, count)| *count > 0)
    }
}

fn days(item: &ItemStock) -> Option<f64> {
    item.stock.as_ref()?.days_of_cover
}

fn median(values: &[f64]) -> Option<f64> {
    ascending(values).get(values.len() / 2).map(|at| values[*at])
}

/// The places of the values, the smallest first. Whatever is sorted is sorted by this: each type of its own would bring its
/// own copy of the sorting.
pub fn ascending(values: &[f64]) -> Vec<usize> {
    let mut places: Vec<usize> = (0..values.len()).collect();
    places.sort_unstable_by(|one, other| values[*one].total_cmp(&values[*other]).then(one.cmp(other)));
    places
}
