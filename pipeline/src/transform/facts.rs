//! The plain facts, demand and stock, one row at a time: files of any length are judged in the memory of their series.
//!
//! Codes become small numbers at first sight ([`Facts::skus`], [`Facts::sites`]), so that a row is fixed in size and no
//! text is judged twice. The rules are those of `tables`; tests hold the two against each other.

use std::collections::HashMap;

use chrono::NaiveDate;
use foldhash::fast::RandomState;
use rust_decimal::Decimal;

use super::read::Reader;
use super::reason::{Flag, FlagReason, Reject};
use super::row::{SiteRow, UNASSIGNED};
use super::sightings::Sightings;
use super::{TransformOptions, tables};
use crate::extract::{Cell, Field, Header, Kind, RawRow};

/// A fact by the numbers of its item and its site.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FactRow {
    /// An index into [`Facts::skus`].
    pub item: u32,
    /// An index into [`Facts::sites`].
    pub site: u32,
    pub date: NaiveDate,
    pub values: FactValues,
}

/// What a fact says, beside its key.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum FactValues {
    Demand {
        quantity: Decimal,
        unit_cost: Option<Decimal>,
        stocked_out: bool,
    },
    Inventory {
        on_hand: Decimal,
        on_order: Option<Decimal>,
        safety_stock: Option<Decimal>,
        reorder_point: Option<Decimal>,
    },
}

/// What became of a line.
#[derive(Debug, Clone, PartialEq)]
pub enum Judged {
    /// Taken, perhaps with a doubt.
    First(FactRow, Option<Box<Flag>>),
    /// Its key stood on an earlier line, which stays.
    Again(FactRow),
    /// Refused.
    Refused(Box<Reject>),
}

/// The judge of one file.
#[derive(Debug)]
pub struct Facts<'o> {
    kind: Kind,
    file: String,
    options: &'o TransformOptions,
    seen: Sightings,
    skus: Vec<String>,
    sites: Vec<SiteRow>,
    /// The numbers of the texts seen so far.
    items_by_text: Numbers,
    sites_by_text: Numbers,
    sites_by_code: Numbers,
}

type Numbers = HashMap<String, u32, RandomState>;

impl<'o> Facts<'o> {
    /// A judge for a kind that streams; `None` for one whose rules need the whole file.
    pub fn new(kind: Kind, file: &str, options: &'o TransformOptions) -> Option<Self> {
        matches!(kind, Kind::Demand | Kind::Inventory).then(|| Self {
            kind,
            file: file.into(),
            options,
            seen: Sightings::default(),
            skus: Vec::new(),
            sites: Vec::new(),
            items_by_text: Numbers::default(),
            sites_by_text: Numbers::default(),
            sites_by_code: Numbers::default(),
        })
    }

    /// Item codes in the order of their numbers.
    pub fn skus(&self) -> &[String] {
        &self.skus
    }

    /// Sites in the order of their numbers.
    pub fn sites(&self) -> &[SiteRow] {
        &self.sites
    }

    /// Judges the next line.
    pub fn judge(&mut self, header: &Header, row: &RawRow) -> Judged {
        let reader = Reader { file: &self.file, header, row, today: self.options.today };
        let (sku, date, values) = match read(self.kind, &reader, &self.items_by_text) {
            Ok(read) => read,
            Err(reject) => return Judged::Refused(Box::new(reject)),
        };
        let item = match sku {
            Sku::Known(item) => item,
            Sku::New(sku) => {
                if let Some(&item) = self.items_by_text.get(&sku) {
                    item
                } else {
                    if !self.options.knows(&sku) {
                        return Judged::Refused(Box::new(tables::unknown_item(&reader)));
                    }
                    let item = self.skus.len() as u32;
                    self.skus.push(sku.clone());
                    self.items_by_text.insert(sku, item);
                    item
                }
            }
        };
        let known = match reader.cell(Field::Site) {
            Cell::Text(text) => self.sites_by_text.get(text.as_str()).copied(),
            _ => None,
        };
        let site = match (known, reader.cell(Field::Site)) {
            (Some(site), _) => site,
            (None, cell) => {
                let (row, text) = (reader.site(), cell.display());
                let site = *self.sites_by_code.entry(row.code.clone()).or_insert_with(|| {
                    self.sites.push(row);
                    (self.sites.len() - 1) as u32
                });
                self.sites_by_text.insert(text, site);
                site
            }
        };
        let fact = FactRow { item, site, date, values };
        if !self.seen.first(item, site, date) {
            return Judged::Again(fact);
        }
        let doubtful = header.index(Field::Site).is_some() && self.sites[site as usize].code == UNASSIGNED;
        let flag = doubtful.then(|| reader.flag(Field::Site, FlagReason::UnassignedSite, "kept without a site"));
        Judged::First(fact, flag.map(Box::new))
    }
}

/// An item by its number, or by its code when its text is new.
enum Sku {
    Known(u32),
    New(String),
}

fn read(kind: Kind, reader: &Reader<'_>, known: &Numbers) -> Result<(Sku, NaiveDate, FactValues), Reject> {
    reader.resolved()?;
    let seen = match reader.cell(Field::Sku) {
        Cell::Text(text) => known.get(text.as_str()).copied(),
        _ => None,
    };
    let sku = match seen {
        Some(item) => Sku::Known(item),
        None => Sku::New(tables::sku(reader)?),
    };
    let date = tables::day(reader)?;
    let values = if kind == Kind::Demand {
        FactValues::Demand {
            quantity: reader.quantity(Field::Quantity)?,
            unit_cost: reader.optional_quantity(Field::UnitCost)?,
            stocked_out: tables::yes_or_no(reader, Field::StockedOut)?,
        }
    } else {
        FactValues::Inventory {
            on_hand: reader.quantity(Field::OnHand)?,
            on_order: reader.optional_quantity(Field::OnOrder)?,
            safety_stock: reader.optional_quantity(Field::SafetyStock)?,
            reorder_point: reader.optional_quantity(Field::ReorderPoint)?,
        }
    };
    Ok((sku, date, values))
}
