//! From the rows of `transform` and of the demo to the rows of `store::load`, one conversion a kind.

use std::collections::BTreeSet;

use chrono::{Month, NaiveDate};
use entity::words::{RejectSeverity, SiteType};
use store::import_runs::NewReject;
use store::load::{CalendarDay, Demand, Indicator, Inventory, Item, Load, OrderLine, Region, Site, Supplier};

use crate::calendar;
use crate::demo::DemoCompany;
use crate::transform::{Flag, Outcome, Reject, UNASSIGNED, fold};

/// A refused line as one sentence.
pub(crate) fn sentence(file: &str, reject: &NewReject) -> String {
    let sheet = reject.sheet.as_deref().map(|sheet| format!("{sheet}, ")).unwrap_or_default();
    let column = reject.column_name.as_deref().map(|column| format!(", {column}")).unwrap_or_default();
    let (value, expected) = (reject.value.as_deref().unwrap_or(""), reject.expected.as_deref().unwrap_or(""));
    format!("{file} ({sheet}line {}{column}): {} \"{value}\"; expected {expected}", reject.line, reject.reason)
}

/// A refused line as it is stored.
pub(crate) fn refused(reject: &Reject) -> NewReject {
    NewReject {
        severity: RejectSeverity::Reject,
        sheet: reject.sheet.clone(),
        line: reject.line as i64,
        column_name: reject.column.clone(),
        reason: reject.reason.as_str().into(),
        value: Some(reject.value.clone()),
        expected: Some(reject.expected.clone()),
    }
}

/// A doubt as it is stored.
pub(crate) fn flagged(flag: &Flag) -> NewReject {
    NewReject {
        severity: RejectSeverity::Flag,
        sheet: flag.sheet.clone(),
        line: flag.line as i64,
        column_name: flag.column.clone(),
        reason: flag.reason.as_str().into(),
        value: Some(flag.value.clone()),
        expected: Some(flag.note.clone()),
    }
}

/// Everything that a file said, of a kind that was read as a whole.
pub(super) fn load(file: &str, outcome: Outcome) -> Load {
    let days = outcome.lines.iter().map(|line| line.order_date);
    let rejects = outcome.rejects.iter().map(refused).chain(outcome.flags.iter().map(flagged)).collect();
    let suppliers = outcome.suppliers.into_iter().map(|row| (row.code, row.name, row.name_folded, None));
    let vendors = outcome.vendors.into_iter().map(|row| (row.code, row.name, row.name_folded, row.kind));
    Load {
        source_file: file.to_owned(),
        calendar: calendar_of(days),
        regions: outcome.regions.into_iter().map(region).collect(),
        sites: outcome.sites.into_iter().map(site).chain(outcome.places.into_iter().map(place)).collect(),
        suppliers: suppliers
            .chain(vendors)
            .map(|(code, name, name_folded, r#type)| Supplier { code, name, name_folded, r#type })
            .collect(),
        items: outcome.items.into_iter().map(item).collect(),
        orders: outcome.lines.into_iter().map(order_line).collect(),
        indicators: outcome
            .indicators
            .into_iter()
            .map(|row| Indicator { full_date: row.date, code: row.code, value: row.value })
            .collect(),
        rejects,
        read: Some(outcome.read),
        ..Load::default()
    }
}

fn region(row: crate::transform::RegionRow) -> Region {
    let crate::transform::RegionRow { code, name, name_folded, state, economic_zone } = row;
    Region { code, name, name_folded, state, economic_zone }
}

fn place(row: crate::transform::PlaceRow) -> Site {
    Site {
        code: row.code,
        name: row.name,
        name_folded: row.name_folded,
        r#type: row.kind,
        region_code: row.region,
        latitude: row.latitude,
        longitude: row.longitude,
    }
}

pub(super) fn site(row: crate::transform::SiteRow) -> Site {
    // The workbook names places, not what they are; a line without a place waits in a store room, not on a tower.
    let r#type = if row.code == UNASSIGNED { SiteType::Warehouse } else { SiteType::Tower };
    Site {
        code: row.code,
        name: row.name,
        name_folded: row.name_folded,
        r#type: Some(r#type),
        region_code: None,
        latitude: None,
        longitude: None,
    }
}

fn item(row: crate::transform::ItemRow) -> Item {
    Item {
        sku: row.sku,
        name: row.name,
        name_folded: row.name_folded,
        search_folded: row.search_folded,
        kind: Some(row.kind),
        family: row.family,
        category: row.category,
        subcategory: row.subcategory,
        unit: row.unit,
        criticality: row.criticality,
        unit_cost: row.unit_cost,
        min_order_quantity: row.min_order_quantity,
        max_order_quantity: row.max_order_quantity,
        pack_size: row.pack_size,
        ..Item::default()
    }
}

fn order_line(line: crate::transform::PurchaseLine) -> OrderLine {
    OrderLine {
        sku: line.sku,
        order_id: line.order_id,
        line_no: line.line_no,
        order_date: line.order_date,
        site_code: line.site_code,
        supplier_code: line.supplier_code,
        quantity: line.quantity,
        unit: Some(line.unit),
        unit_price: line.unit_price,
        status: line.status,
        requested_date: line.requested,
        purchased_date: line.ordered,
        expected_delivery: line.needed_by,
        actual_delivery: line.delivered,
        counts_as_demand: line.counts_as_demand,
        flags: line.flags.iter().map(|flag| flag.as_str().to_owned()).collect(),
        source_sheet: line.source.sheet,
        source_line: i32::try_from(line.source.line).ok(),
    }
}

/// The demo company as one load; `source` owns its order lines.
pub(super) fn company(source: &str, company: DemoCompany) -> Load {
    let days: Vec<NaiveDate> = company.demand.iter().map(|row| row.full_date).collect();
    let named = |name: &str| (name.to_owned(), fold(name));
    Load {
        source_file: source.to_owned(),
        calendar: calendar_of(days.into_iter()),
        regions: company
            .regions
            .into_iter()
            .map(|row| {
                let (name, name_folded) = named(&row.name);
                Region {
                    code: row.code,
                    name,
                    name_folded,
                    state: Some(row.state),
                    economic_zone: Some(row.economic_zone),
                }
            })
            .collect(),
        sites: company
            .sites
            .into_iter()
            .map(|row| {
                let (name, name_folded) = named(&row.name);
                let (latitude, longitude) = (Some(row.latitude), Some(row.longitude));
                let r#type = Some(row.r#type);
                Site {
                    code: row.code.to_string(),
                    name,
                    name_folded,
                    r#type,
                    region_code: Some(row.region_code),
                    latitude,
                    longitude,
                }
            })
            .collect(),
        suppliers: company
            .suppliers
            .into_iter()
            .map(|row| {
                let (name, name_folded) = named(&row.name);
                Supplier { code: row.code.to_string(), name, name_folded, r#type: Some(row.r#type) }
            })
            .collect(),
        items: company
            .items
            .into_iter()
            .map(|row| Item {
                sku: row.sku.to_string(),
                name_folded: fold(&row.name),
                search_folded: fold(&format!("{} {}", row.sku, row.name)),
                name: row.name,
                description: row.description,
                kind: Some(row.kind),
                family: Some(row.family),
                category: Some(row.category),
                subcategory: Some(row.subcategory),
                unit: row.unit.to_owned(),
                criticality: Some(row.criticality),
                unit_cost: row.unit_cost,
                min_order_quantity: row.min_order_quantity,
                max_order_quantity: row.max_order_quantity,
                pack_size: row.pack_size,
                active: Some(row.active),
                attributes: Some(row.attributes),
            })
            .collect(),
        orders: company
            .orders
            .into_iter()
            .map(|row| OrderLine {
                sku: row.sku.to_string(),
                order_id: row.order_id.to_string(),
                line_no: row.line_no,
                order_date: row.order_date,
                site_code: row.site_code.to_string(),
                supplier_code: Some(row.supplier_code.to_string()),
                quantity: row.quantity,
                unit: Some(row.unit.to_owned()),
                unit_price: Some(row.unit_price),
                status: row.status,
                requested_date: Some(row.requested_date),
                purchased_date: Some(row.purchased_date),
                expected_delivery: Some(row.expected_delivery),
                actual_delivery: row.actual_delivery,
                counts_as_demand: false,
                flags: Vec::new(),
                source_sheet: None,
                source_line: None,
            })
            .collect(),
        demand: company
            .demand
            .into_iter()
            .map(|row| Demand {
                sku: row.sku.to_string(),
                site_code: row.site_code.to_string(),
                full_date: row.full_date,
                quantity: row.quantity,
                unit_cost: row.unit_cost,
                stocked_out: row.stocked_out,
            })
            .collect(),
        inventory: company
            .inventory
            .into_iter()
            .map(|row| Inventory {
                sku: row.sku.to_string(),
                site_code: row.site_code.to_string(),
                full_date: row.full_date,
                on_hand: row.on_hand,
                on_order: Some(row.on_order),
                safety_stock: Some(row.safety_stock),
                reorder_point: Some(row.reorder_point),
                days_of_cover: row.days_of_cover,
            })
            .collect(),
        indicators: company
            .indicators
            .into_iter()
            .map(|row| Indicator { full_date: row.full_date, code: row.code, value: row.value })
            .collect(),
        ..Load::default()
    }
}

/// The days that facts fall on, and the half year after, where forecasts go.
pub(super) fn calendar_of(days: impl Iterator<Item = NaiveDate>) -> Vec<CalendarDay> {
    let mut needed: BTreeSet<NaiveDate> = days.collect();
    if let Some(&last) = needed.last() {
        needed.extend(last.iter_days().take(180));
    }
    needed
        .into_iter()
        .map(|date| {
            let day = calendar::CalendarDay::of(date, Month::January);
            CalendarDay {
                full_date: day.full_date,
                year: day.year,
                quarter: day.quarter,
                month: day.month,
                iso_year: day.iso_year,
                iso_week: day.iso_week,
                weekday: day.weekday,
                is_weekend: day.is_weekend,
                holiday: day.holiday,
                holiday_states: day.holiday_states.map(|states| states.into_iter().map(str::to_owned).collect()),
                fiscal_year: day.fiscal_year,
                fiscal_quarter: day.fiscal_quarter,
            }
        })
        .collect()
}
