//! The rules of the plain tables: items, demand, inventory, orders, indicators. One line is one row; its key must be unique.

use std::collections::{BTreeMap, HashMap};

use chrono::NaiveDate;
use rust_decimal::prelude::ToPrimitive;

use super::facts::FactValues;
use super::read::Reader;
use super::reason::{FlagReason, Reject, RejectReason};
use super::row::{
    DemandRow, IndicatorRow, InventoryRow, ItemKind, ItemRow, OrderStatus, PlaceRow, PurchaseLine, RegionRow, SiteRow,
    SupplierRow, VendorRow,
};
use super::{Outcome, TransformOptions, fold, natural_key, normalise_unit, places};
use crate::extract::{Cell, Field, Kind, RawRow, Table};

/// What a line is known by; two lines of one file with one key are a duplicate (equal) or a conflict (not).
type Key = (String, String, Option<NaiveDate>);

/// One accepted line of any plain table.
enum Taken {
    Item(Box<ItemRow>),
    Demand(DemandRow),
    Inventory(InventoryRow),
    Order(Box<PurchaseLine>),
    Indicator(IndicatorRow),
    Region(RegionRow),
    Place(PlaceRow),
    Vendor(VendorRow),
}

/// What a line says under its key, to be compared with another of the same key. A fact is its values, however they are
/// spelled; of the others every cell counts, because they have columns that no rule reads.
#[derive(PartialEq)]
enum Said {
    Values(FactValues),
    Cells(Vec<Cell>),
}

impl Said {
    fn by(taken: &Taken, row: &RawRow) -> Self {
        match taken {
            Taken::Demand(row) => Self::Values(FactValues::Demand {
                quantity: row.quantity,
                unit_cost: row.unit_cost,
                stocked_out: row.stocked_out,
            }),
            Taken::Inventory(row) => Self::Values(FactValues::Inventory {
                on_hand: row.on_hand,
                on_order: row.on_order,
                safety_stock: row.safety_stock,
                reorder_point: row.reorder_point,
            }),
            _ => Self::Cells(row.cells.clone()),
        }
    }
}

pub(super) fn tables(kind: Kind, file: &str, tables: &[Table], options: &TransformOptions) -> Outcome {
    let mut out = Outcome { kind: Some(kind), ..Outcome::default() };
    let mut seen: HashMap<Key, (u64, Said)> = HashMap::new();
    let mut sites: BTreeMap<String, SiteRow> = BTreeMap::new();
    let mut suppliers: BTreeMap<String, SupplierRow> = BTreeMap::new();
    for table in tables {
        for row in &table.rows {
            out.read += 1;
            let reader = Reader { file, header: &table.header, row, today: options.today };
            let known = |(key, taken)| match &taken {
                Taken::Demand(DemandRow { sku, .. }) | Taken::Inventory(InventoryRow { sku, .. })
                    if !options.knows(sku) =>
                {
                    Err(unknown_item(&reader))
                }
                Taken::Order(line) if !options.knows(&line.sku) => Err(unknown_item(&reader)),
                _ => Ok((key, taken)),
            };
            let (key, taken): (Option<Key>, Taken) = match take(kind, &reader).and_then(known) {
                Ok(taken) => taken,
                Err(reject) => {
                    out.rejects.push(reject);
                    continue;
                }
            };
            if let Some((line, said)) = key.as_ref().and_then(|key| seen.get(key)) {
                // Which of two different values is right cannot be told: the first stays, the other is shown.
                let (reason, expected) = if *said == Said::by(&taken, row) {
                    (RejectReason::DuplicateLine, "each line once")
                } else {
                    (RejectReason::ConflictingLine, "one line per key; correct or remove one of the two")
                };
                out.rejects.push(Reject {
                    column: None,
                    value: format!("same key as line {line}"),
                    ..reader.reject(Field::Sku, reason, expected)
                });
                continue;
            }
            if let Some(key) = key {
                seen.insert(key, (row.line, Said::by(&taken, row)));
            }
            if matches!(kind, Kind::Demand | Kind::Inventory | Kind::Orders) {
                let site = reader.site();
                // A table without such a column has nothing to doubt.
                if site.code == super::UNASSIGNED && table.header.index(Field::Site).is_some() {
                    out.flags.push(reader.flag(Field::Site, FlagReason::UnassignedSite, "kept without a site"));
                }
                sites.entry(site.code.clone()).or_insert(site);
            }
            if let Some(supplier) = reader.supplier().filter(|_| kind == Kind::Orders) {
                suppliers.entry(supplier.code.clone()).or_insert(supplier);
            }
            match taken {
                Taken::Item(row) => out.items.push(*row),
                Taken::Demand(row) => out.demand.push(row),
                Taken::Inventory(row) => out.inventory.push(row),
                Taken::Order(row) => out.lines.push(*row),
                Taken::Indicator(row) => out.indicators.push(row),
                Taken::Region(row) => out.regions.push(row),
                Taken::Place(row) => out.places.push(row),
                Taken::Vendor(row) => out.vendors.push(row),
            }
        }
    }
    out.sites = sites.into_values().collect();
    out.suppliers = suppliers.into_values().collect();
    number_unnumbered(&mut out.lines);
    out
}

/// Orders tables that number their lines keep their numbers; the others are numbered by content, like purchases.
fn number_unnumbered(lines: &mut Vec<PurchaseLine>) {
    let (numbered, mut unnumbered): (Vec<_>, Vec<_>) =
        std::mem::take(lines).into_iter().partition(|line| line.line_no > 0);
    natural_key::number_lines(&mut unnumbered);
    lines.extend(numbered);
    lines.extend(unnumbered);
    lines.sort_by(|a, b| a.source.cmp(&b.source));
}

fn take(kind: Kind, reader: &Reader<'_>) -> Result<(Option<Key>, Taken), Reject> {
    reader.resolved()?;
    let coded = |code: &str, taken| Ok((Some((code.to_owned(), String::new(), None)), taken));
    match kind {
        Kind::Regions => places::region(reader).and_then(|row| coded(&row.code.clone(), Taken::Region(row))),
        Kind::Sites => places::site(reader).and_then(|row| coded(&row.code.clone(), Taken::Place(row))),
        Kind::Suppliers => places::supplier(reader).and_then(|row| coded(&row.code.clone(), Taken::Vendor(row))),
        // Refused when the file was opened.
        Kind::Forecasts | Kind::OlderForecasts | Kind::Features | Kind::Kpis => {
            Err(reader.reject(Field::Date, RejectReason::UnknownValue, "a table of what was observed"))
        }
        Kind::Items => {
            item(reader).map(|row| (Some((row.sku.clone(), String::new(), None)), Taken::Item(Box::new(row))))
        }
        Kind::Demand => {
            let row = demand(reader)?;
            Ok((Some((row.sku.clone(), row.site_code.clone(), Some(row.date))), Taken::Demand(row)))
        }
        Kind::Inventory => {
            let row = inventory(reader)?;
            Ok((Some((row.sku.clone(), row.site_code.clone(), Some(row.date))), Taken::Inventory(row)))
        }
        Kind::Indicators => {
            let row = indicator(reader)?;
            Ok((Some((row.code.clone(), String::new(), Some(row.date))), Taken::Indicator(row)))
        }
        Kind::Orders | Kind::Purchases => {
            let row = order(reader)?;
            // Lines without a number may repeat: two equal deliveries are two deliveries.
            let key = (row.line_no > 0)
                .then(|| (row.sku.clone(), format!("{}\u{1f}{}", row.order_id, row.line_no), Some(row.order_date)));
            Ok((key, Taken::Order(Box::new(row))))
        }
    }
}

pub(super) fn sku(reader: &Reader<'_>) -> Result<String, Reject> {
    reader.key(Field::Sku, "an item code")
}

/// The reject of a line whose item nobody has brought yet.
pub(super) fn unknown_item(reader: &Reader<'_>) -> Reject {
    let expected = "the code of a stored item: import the items before what refers to them";
    reader.reject(Field::Sku, RejectReason::UnknownItem, expected)
}

pub(super) fn day(reader: &Reader<'_>) -> Result<NaiveDate, Reject> {
    let missing = || reader.reject(Field::Date, RejectReason::MissingKey, "a day, yyyy-mm-dd or dd/mm/yyyy");
    reader.past_date(Field::Date)?.ok_or_else(missing)
}

fn demand(reader: &Reader<'_>) -> Result<DemandRow, Reject> {
    Ok(DemandRow {
        source: reader.source(),
        sku: sku(reader)?,
        site_code: reader.site().code,
        date: day(reader)?,
        quantity: reader.quantity(Field::Quantity)?,
        unit_cost: reader.optional_quantity(Field::UnitCost)?,
        stocked_out: yes_or_no(reader, Field::StockedOut)?,
    })
}

fn inventory(reader: &Reader<'_>) -> Result<InventoryRow, Reject> {
    Ok(InventoryRow {
        source: reader.source(),
        sku: sku(reader)?,
        site_code: reader.site().code,
        date: day(reader)?,
        on_hand: reader.quantity(Field::OnHand)?,
        on_order: reader.optional_quantity(Field::OnOrder)?,
        safety_stock: reader.optional_quantity(Field::SafetyStock)?,
        reorder_point: reader.optional_quantity(Field::ReorderPoint)?,
    })
}

fn indicator(reader: &Reader<'_>) -> Result<IndicatorRow, Reject> {
    let value = reader.number(Field::Value)?;
    let value = value.to_f64().ok_or_else(|| reader.reject(Field::Value, RejectReason::NotANumber, "a number"))?;
    Ok(IndicatorRow {
        source: reader.source(),
        date: day(reader)?,
        code: reader.key(Field::Code, "an indicator's code")?,
        value,
    })
}

fn unit(reader: &Reader<'_>) -> Result<String, Reject> {
    normalise_unit(&reader.cell(Field::Unit).display())
        .ok_or_else(|| reader.reject(Field::Unit, RejectReason::UnknownUnit, "a unit such as UN, M, KG or CX"))
}

fn item(reader: &Reader<'_>) -> Result<ItemRow, Reject> {
    let sku = sku(reader)?;
    let missing = || reader.reject(Field::Name, RejectReason::MissingKey, "the item's name");
    let name = reader.text(Field::Name).ok_or_else(missing)?;
    let kind = match reader.text(Field::ItemKind).map(|kind| fold(&kind)).as_deref() {
        None | Some("material") => ItemKind::Material,
        Some("service" | "servico") => ItemKind::Service,
        Some(_) => {
            return Err(reader.reject(Field::ItemKind, RejectReason::UnknownValue, "MATERIAL or SERVICE"));
        }
    };
    let criticality = match reader.optional_quantity(Field::Criticality)? {
        None => None,
        Some(value) => {
            let whole = value.to_i16().filter(|level| (0..=10).contains(level) && value.is_integer());
            let wrong = || reader.reject(Field::Criticality, RejectReason::UnknownValue, "a whole number from 0 to 10");
            Some(whole.ok_or_else(wrong)?)
        }
    };
    let pack_size = reader.optional_quantity(Field::Pack)?;
    if pack_size.is_some_and(|size| size.is_zero()) {
        return Err(reader.reject(Field::Pack, RejectReason::UnknownValue, "more than zero"));
    }
    Ok(ItemRow {
        kind,
        family: reader.text(Field::Family),
        category: reader.text(Field::Category),
        subcategory: reader.text(Field::Subcategory),
        criticality,
        unit_cost: reader.optional_quantity(Field::UnitCost)?,
        min_order_quantity: reader.optional_quantity(Field::MinOrder)?,
        max_order_quantity: reader.optional_quantity(Field::MaxOrder)?,
        pack_size,
        ..ItemRow::named(&sku, &name, &unit(reader)?)
    })
}

/// A line of an orders table: a replenishment, never demand.
fn order(reader: &Reader<'_>) -> Result<PurchaseLine, Reject> {
    let sku = sku(reader)?;
    let order_id = reader.key(Field::RequestNo, "an order number")?;
    let line_no = match reader.optional_quantity(Field::LineNo)? {
        None => 0,
        Some(value) => {
            let whole = value.to_i32().filter(|number| *number > 0 && value.is_integer());
            whole.ok_or_else(|| reader.reject(Field::LineNo, RejectReason::UnknownValue, "a whole number from 1"))?
        }
    };
    let requested = reader.past_date(Field::Requested)?;
    let ordered = reader.past_date(Field::Ordered)?;
    let order_date = requested
        .or(ordered)
        .ok_or_else(|| reader.reject(Field::Ordered, RejectReason::MissingKey, "the day of the order"))?;
    let delivered = reader.past_date(Field::Delivered)?;
    let status = match reader.text(Field::Status).map(|status| fold(&status).to_uppercase()) {
        None if delivered.is_some() => OrderStatus::Received,
        None => OrderStatus::Placed,
        Some(word) => word.parse().map_err(|_| {
            reader.reject(Field::Status, RejectReason::UnknownValue, "PLACED, RECEIVED, CANCELLED or DELAYED")
        })?,
    };
    let site = reader.site();
    let supplier = reader.supplier();
    let unassigned = site.code == super::UNASSIGNED;
    Ok(PurchaseLine {
        source: reader.source(),
        item_name: sku.clone(),
        family: None,
        kind: ItemKind::Material,
        unit: if reader.is_absent(Field::Unit) { String::new() } else { unit(reader)? },
        supplier_code: supplier.as_ref().map(|supplier| supplier.code.clone()),
        supplier: supplier.map(|supplier| supplier.name),
        site_code: site.code,
        site_name: site.name,
        quantity: reader.quantity(Field::Quantity)?,
        unit_price: reader.optional_quantity(Field::UnitPrice)?,
        status,
        requested,
        needed_by: reader.date(Field::NeededBy)?,
        ordered,
        delivered,
        request_no: Some(order_id.clone()),
        order_id,
        line_no,
        order_date,
        counts_as_demand: false,
        flags: if unassigned { vec![FlagReason::UnassignedSite] } else { Vec::new() },
        sku,
    })
}

pub(super) fn yes_or_no(reader: &Reader<'_>, field: Field) -> Result<bool, Reject> {
    match reader.cell(field) {
        Cell::Bool(value) => Ok(*value),
        Cell::Empty => Ok(false),
        // As machines write it.
        Cell::Text(text) if text == "false" => Ok(false),
        Cell::Text(text) if text == "true" => Ok(true),
        _ => match reader.text(field).map(|text| fold(&text)).as_deref() {
            None | Some("false" | "0" | "no" | "nao" | "n" | "f") => Ok(false),
            Some("true" | "1" | "yes" | "sim" | "y" | "s" | "t") => Ok(true),
            Some(_) => Err(reader.reject(field, RejectReason::UnknownValue, "true or false")),
        },
    }
}
