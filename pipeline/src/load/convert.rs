//! From the rows of `transform` and of the demo to the rows of `store::load`, one conversion a kind.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Month, NaiveDate};
use entity::words::SiteType;
use store::load::{CalendarDay, Demand, Indicator, Inventory, Item, Load, OrderLine, Region, Run, Site, Supplier};

use crate::calendar;
use crate::demo::DemoCompany;
use crate::transform::{Flag, Outcome, Reject, UNASSIGNED, fold};

/// A refused line as one sentence.
pub(super) fn sentence(reject: &Reject) -> String {
    let sheet = reject.sheet.as_deref().map(|sheet| format!("{sheet}, ")).unwrap_or_default();
    let column = reject.column.as_deref().map(|column| format!(", {column}")).unwrap_or_default();
    format!(
        "{} ({sheet}line {}{column}): {} \"{}\"; expected {}",
        reject.file, reject.line, reject.reason, reject.value, reject.expected
    )
}

/// How many flags of each reason, most first.
pub(super) fn counted(flags: &[Flag]) -> Vec<(String, u64)> {
    let mut counts: BTreeMap<&str, u64> = BTreeMap::new();
    for flag in flags {
        *counts.entry(flag.reason.as_str()).or_default() += 1;
    }
    let mut counts: Vec<_> = counts.into_iter().map(|(reason, count)| (reason.to_owned(), count)).collect();
    counts.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    counts
}

/// Everything that a file said, as one load that closes `run`.
pub(super) fn load(file: &str, outcome: Outcome, run: i64) -> Load {
    let run = Run {
        id: run,
        read: outcome.read as i64,
        rejected: outcome.rejects.len() as i64,
        flagged: outcome.flagged() as i64,
    };
    let days = outcome.lines.iter().map(|line| line.order_date);
    let days =
        days.chain(outcome.demand.iter().map(|row| row.date)).chain(outcome.inventory.iter().map(|row| row.date));
    Load {
        source_file: file.to_owned(),
        calendar: calendar_of(days),
        sites: outcome.sites.into_iter().map(site).collect(),
        suppliers: outcome
            .suppliers
            .into_iter()
            .map(|row| Supplier { code: row.code, name: row.name, name_folded: row.name_folded, r#type: None })
            .collect(),
        items: outcome.items.into_iter().map(item).collect(),
        orders: outcome.lines.into_iter().map(order_line).collect(),
        demand: outcome
            .demand
            .into_iter()
            .map(|row| Demand {
                sku: row.sku,
                site_code: row.site_code,
                full_date: row.date,
                quantity: row.quantity,
                unit_cost: row.unit_cost,
                stocked_out: row.stocked_out,
            })
            .collect(),
        inventory: outcome
            .inventory
            .into_iter()
            .map(|row| Inventory {
                sku: row.sku,
                site_code: row.site_code,
                full_date: row.date,
                on_hand: row.on_hand,
                on_order: row.on_order,
                safety_stock: row.safety_stock,
                reorder_point: row.reorder_point,
                days_of_cover: None,
            })
            .collect(),
        indicators: outcome
            .indicators
            .into_iter()
            .map(|row| Indicator { full_date: row.date, code: row.code, value: row.value })
            .collect(),
        run: Some(run),
        ..Load::default()
    }
}

fn site(row: crate::transform::SiteRow) -> Site {
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
fn calendar_of(days: impl Iterator<Item = NaiveDate>) -> Vec<CalendarDay> {
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
