//! The rules of the purchasing workbook. Each is documented where it is applied; `docs/` repeats them for its users.
//!
//! Demand is the requested quantity by requested day. A line is rejected only when it cannot be counted; everything
//! else is kept, and flagged where a person should look.

use std::collections::{BTreeMap, HashMap};

use super::read::Reader;
use super::reason::{FlagReason, Reject, RejectReason};
use super::row::{ItemKind, ItemRow, OrderStatus, PurchaseLine, SiteRow, SupplierRow};
use super::{Outcome, TransformOptions, fold, natural_key, normalise_unit};
use crate::extract::{Cell, Field, Kind, RawRow, Table};

/// Requested and bought further apart than this are taken for a mistyped year.
const FAR_APART_DAYS: i64 = 365;

/// How often the lines of one item said what about it.
#[derive(Default)]
struct Sightings {
    names: BTreeMap<String, u64>,
    families: BTreeMap<String, u64>,
    units: BTreeMap<String, u64>,
}

/// The most frequent value; of equally frequent ones the first in the alphabet, so that the order of lines does not matter.
fn most_frequent(counts: &BTreeMap<String, u64>) -> Option<&String> {
    counts.iter().max_by(|a, b| a.1.cmp(b.1).then_with(|| b.0.cmp(a.0))).map(|(value, _)| value)
}

pub(super) fn purchases(file: &str, tables: &[Table], options: &TransformOptions) -> Outcome {
    let mut out = Outcome { kind: Some(Kind::Purchases), ..Outcome::default() };
    let mut first_seen: HashMap<String, (Option<String>, u64)> = HashMap::new();
    let mut items: BTreeMap<String, Sightings> = BTreeMap::new();
    let mut sites: BTreeMap<String, SiteRow> = BTreeMap::new();
    let mut suppliers: BTreeMap<String, SupplierRow> = BTreeMap::new();

    for table in tables {
        for row in &table.rows {
            out.read += 1;
            let reader = Reader { file, header: &table.header, row, today: options.today };

            // An exact copy of another line, every cell equal: the first is kept. Copies come from joining exports.
            let copy_of = first_seen.get(&identity(row)).cloned();
            if let (Some((sheet, line)), false) = (&copy_of, options.keep_duplicates) {
                let place = sheet
                    .as_ref()
                    .filter(|_| *sheet != row.sheet)
                    .map_or_else(String::new, |s| format!("sheet '{s}' "));
                out.rejects.push(Reject {
                    column: None,
                    value: format!("copy of {place}line {line}"),
                    ..reader.reject(
                        Field::Sku,
                        RejectReason::DuplicateLine,
                        "each line once (--keep-duplicates keeps copies)",
                    )
                });
                continue;
            }
            if copy_of.is_none() {
                first_seen.insert(identity(row), (row.sheet.clone(), row.line));
            }

            // A line that cannot be counted still names an item, a site and a supplier that exist.
            let site = reader.site();
            let supplier = reader.supplier();
            if let Ok(sku) = reader.key(Field::Sku, "an item code") {
                let seen = items.entry(sku).or_default();
                let mut count = |counts: fn(&mut Sightings) -> &mut BTreeMap<String, u64>, value: Option<String>| {
                    if let Some(value) = value {
                        *counts(seen).entry(value).or_default() += 1;
                    }
                };
                count(|s| &mut s.names, reader.text(Field::Name));
                count(|s| &mut s.families, reader.text(Field::Family));
                count(|s| &mut s.units, normalise_unit(&reader.cell(Field::Unit).display()));
            }
            sites.entry(site.code.clone()).or_insert_with(|| site.clone());
            if let Some(supplier) = &supplier {
                suppliers.entry(supplier.code.clone()).or_insert_with(|| supplier.clone());
            }

            match line(&reader, site, supplier, &mut out) {
                Ok(line) => out.lines.push(line),
                Err(reject) => out.rejects.push(reject),
            }
        }
    }

    out.items = items.iter().filter_map(|(sku, seen)| item(sku, seen, options)).collect();
    out.sites = sites.into_values().collect();
    out.suppliers = suppliers.into_values().collect();
    settle_items(file, tables, &mut out);
    natural_key::number_lines(&mut out.lines);
    out
}

/// Everything about one line that can be known without the others.
fn line(
    reader: &Reader<'_>,
    site: SiteRow,
    supplier: Option<SupplierRow>,
    out: &mut Outcome,
) -> Result<PurchaseLine, Reject> {
    let sku = reader.key(Field::Sku, "an item code")?;
    let quantity = reader.quantity(Field::Quantity)?;
    let unit = normalise_unit(&reader.cell(Field::Unit).display())
        .ok_or_else(|| reader.reject(Field::Unit, RejectReason::UnknownUnit, "a unit such as UN, M, KG or CX"))?;
    let request_no = reader.optional_key(Field::RequestNo, "a request number")?;
    let requested = reader.past_date(Field::Requested)?;
    let ordered = reader.past_date(Field::Ordered)?;
    // Without a requested day the purchase is the only witness of the need; without either, no day can be told.
    let order_date = requested.or(ordered).ok_or_else(|| {
        reader.reject(
            Field::Requested,
            RejectReason::MissingKey,
            "the day of the request, or at least the day of the purchase",
        )
    })?;

    // From here on the line is kept: only kept lines carry flags.
    let mut flags = Vec::new();
    let mut flag = |field: Field, reason: FlagReason, note: String| {
        flags.push(reason);
        out.flags.push(reader.flag(field, reason, note));
    };
    if requested.is_none() {
        flag(
            Field::Requested,
            FlagReason::RequestedFromPurchase,
            format!("counted on the day of the purchase, {order_date}"),
        );
    }
    if request_no.is_none() {
        flag(Field::RequestNo, FlagReason::MissingRequest, "kept without a request number".into());
    }
    if let (Some(requested), Some(ordered)) = (requested, ordered) {
        let days = (ordered - requested).num_days();
        if days < 0 {
            let note = format!("bought {} days before it was requested; left out of lead times", -days);
            flag(Field::Ordered, FlagReason::BoughtBeforeRequested, note);
        }
        if days.abs() > FAR_APART_DAYS {
            let note = format!("{} days from the request, {requested}; probably a mistyped year", days.abs());
            flag(Field::Ordered, FlagReason::OutlierDate, note);
        }
    }
    // When it was wanted is not essential: an unreadable day is left out, the line stays.
    let needed_by = reader.date(Field::NeededBy).unwrap_or_else(|reject| {
        flag(Field::NeededBy, FlagReason::IgnoredValue, format!("left out: {}", reject.expected));
        None
    });
    if site.code == super::UNASSIGNED {
        flag(Field::Site, FlagReason::UnassignedSite, "kept without a site".into());
    }
    if supplier.is_none() {
        flag(Field::Supplier, FlagReason::UnknownSupplier, "kept without a supplier".into());
    }
    if quantity.is_zero() {
        flag(Field::Quantity, FlagReason::ZeroQuantity, "kept, but no demand".into());
    }
    for field in [Field::Name, Field::Site, Field::Supplier, Field::Family] {
        if let Some(cut) = reader.cut(field) {
            flag(field, FlagReason::IgnoredValue, cut.note);
        }
    }

    let order_id = request_no.clone().unwrap_or_else(|| format!("unnumbered-{order_date}-{}", site.code));
    Ok(PurchaseLine {
        source: reader.source(),
        item_name: sku.clone(),
        sku,
        family: None,
        kind: ItemKind::Material,
        unit,
        supplier_code: supplier.as_ref().map(|supplier| supplier.code.clone()),
        supplier: supplier.map(|supplier| supplier.name),
        site_code: site.code,
        site_name: site.name,
        counts_as_demand: !quantity.is_zero(),
        quantity,
        unit_price: None,
        status: OrderStatus::Placed,
        requested,
        needed_by,
        ordered,
        delivered: None,
        request_no,
        order_id,
        line_no: 0,
        order_date,
        flags,
    })
}

/// What the file says of an item: the most frequent name, family and unit. An item without any unit has no line either.
fn item(sku: &str, seen: &Sightings, options: &TransformOptions) -> Option<ItemRow> {
    let unit = options.known_units.get(sku).or_else(|| most_frequent(&seen.units))?;
    let family = most_frequent(&seen.families);
    Some(ItemRow {
        kind: family.map_or(ItemKind::Material, |family| kind_of(family)),
        family: family.cloned(),
        ..ItemRow::named(sku, most_frequent(&seen.names).map_or(sku, String::as_str), unit)
    })
}

/// Families named `SERVIÇOS ...` (or `SERV ...`) hold work, not stock.
fn kind_of(family: &str) -> ItemKind {
    let folded = fold(family);
    match folded.split(|c: char| !c.is_alphanumeric()).next() {
        Some("servicos" | "servico" | "serv" | "services" | "service") => ItemKind::Service,
        _ => ItemKind::Material,
    }
}

/// Gives each line what its item turned out to be, and takes lines in another unit than the item's out of demand:
/// a box is an order worth keeping, but added to pieces it would be a wrong number.
fn settle_items(file: &str, tables: &[Table], out: &mut Outcome) {
    let items: HashMap<&str, &ItemRow> = out.items.iter().map(|item| (item.sku.as_str(), item)).collect();
    for line in &mut out.lines {
        let Some(item) = items.get(line.sku.as_str()) else {
            continue;
        };
        line.item_name.clone_from(&item.name);
        line.family.clone_from(&item.family);
        line.kind = item.kind;
        if line.unit != item.unit {
            line.counts_as_demand = false;
            line.flags.push(FlagReason::UnitConflict);
            let header = tables.iter().map(|table| &table.header).find(|header| header.sheet == line.source.sheet);
            out.flags.push(super::Flag {
                file: file.into(),
                sheet: line.source.sheet.clone(),
                line: line.source.line,
                column: header.map(|header| header.label(Field::Unit).to_owned()),
                value: line.unit.clone(),
                reason: FlagReason::UnitConflict,
                note: format!("item {} is counted in {}; kept as an order, left out of demand", line.sku, item.unit),
            });
        }
    }
    out.flags.sort_by(|a, b| (&a.sheet, a.line).cmp(&(&b.sheet, b.line)));
}

/// Every cell of a row in one text: equal exactly when all cells are equal in type and value.
fn identity(row: &RawRow) -> String {
    let last = row.cells.iter().rposition(|cell| !cell.is_empty()).map_or(0, |index| index + 1);
    let mut identity = String::new();
    for cell in &row.cells[..last] {
        let mark = match cell {
            Cell::Empty => '0',
            Cell::Text(_) => 't',
            Cell::Number(_) | Cell::Decimal(_) => 'n',
            Cell::Bool(_) => 'b',
            Cell::Date(_) => 'd',
            Cell::Error(_) => 'e',
            Cell::Unresolved(_) => 'u',
        };
        let text = cell.display();
        identity.push(mark);
        identity.push_str(&text.len().to_string());
        identity.push(':');
        identity.push_str(&text);
    }
    identity
}
