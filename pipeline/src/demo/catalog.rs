//! What the company keeps: families, products in their variants, and the items made of them.
//!
//! The lists of products are in `products`; here a product and a variant become an item with a SKU, a cost, packs
//! and the traits that demand and replenishment need.

use rust_decimal::Decimal;
use serde_json::json;

use super::draw::{Draw, Subject};
pub(super) use super::products::FAMILIES;
use super::products::{Family, Product, SERVICES};
use super::rows::{ItemKind, ItemRow};
use super::season::Carnival;

/// An item and what generation must know of it. Quantities are in ticks, the smallest step of the unit.
pub(super) struct Item {
    pub(super) row: ItemRow,
    /// Index into [`FAMILIES`]; services have the index behind the last.
    pub(super) family: usize,
    /// Which of the family's suppliers is this item's own.
    pub(super) lot: usize,
    /// How much more than others it is used.
    pub(super) popularity: f64,
    pub(super) weather: f64,
    pub(super) carnival: Carnival,
    /// One tick in ten-thousandths of the unit.
    pub(super) tick: i64,
    /// What one use takes.
    pub(super) use_ticks: i64,
    pub(super) pack_ticks: i64,
    pub(super) min_ticks: i64,
    pub(super) max_ticks: i64,
    /// Cost of one unit in hundredths of the currency.
    pub(super) cents: i64,
}

/// One item in twenty-five is a service.
const SERVICE_SHARE: usize = 25;
/// One material in ninety was struck off the list.
const STRUCK_OFF_SHARE: usize = 90;

/// The items, materials first, in order of their SKU.
pub(super) fn make(count: usize, seed: u64) -> Vec<Item> {
    let services = count / SERVICE_SHARE;
    let materials = count - services;
    let weight: usize = FAMILIES.iter().map(|family| family.weight).sum();
    let mut items = Vec::with_capacity(count);
    let (mut before, mut weight_before) = (0, 0);
    for (index, family) in FAMILIES.iter().enumerate() {
        weight_before += family.weight;
        let share = materials * weight_before / weight - before;
        before += share;
        for position in 0..share {
            let number = items.len();
            let active = number % STRUCK_OFF_SHARE != STRUCK_OFF_SHARE / 2;
            items.push(material(index, family, position, active, &mut Draw::new(seed, Subject::Items, number)));
        }
    }
    for position in 0..services {
        let number = items.len();
        items.push(service(position, &mut Draw::new(seed, Subject::Items, number)));
    }
    items
}

/// The product and variant at a position: first every product's first variant, then every product's second.
/// `again` counts how often the family's list has been used up.
fn variant(family: &Family, position: usize) -> Option<(&Product, &'static str, usize)> {
    let all = || {
        let longest = family.products.iter().map(|product| product.variants.len()).max().unwrap_or(0);
        (0..longest).flat_map(|column| {
            family.products.iter().filter_map(move |product| Some((product, *product.variants.get(column)?)))
        })
    };
    let count = all().count();
    let (product, name) = all().nth(position.checked_rem(count)?)?;
    Some((product, name, position / count))
}

fn material(index: usize, family: &Family, position: usize, active: bool, draw: &mut Draw) -> Item {
    let (product, variant, again) = variant(family, position).unwrap_or((&family.products[0], "", 0));
    let mut name = format!("{} {variant}", product.name);
    if again > 0 {
        name = format!("{name} MOD {}", again + 1);
    }
    let skew = draw.unit();
    let (low, high) = product.cents;
    let cents = low + ((high - low) as f64 * skew * skew) as i64;
    let cheap = cents < 1_500;
    let (tick, use_ticks) = match product.unit {
        "M" => (5_000, draw.between(6, 20)),
        "KG" => (2_500, draw.between(3, 8)),
        "M2" => (5_000, draw.between(3, 8)),
        "UN" if cheap => (10_000, draw.between(1, 4)),
        _ => (10_000, 1),
    };
    let pack = match product.unit {
        "M" if cheap => 50,
        "M" | "M2" => 10,
        "KG" => 5,
        "UN" if cents < 300 => 50,
        "UN" if cheap => 10,
        _ => 1,
    };
    let min = pack * draw.between(1, 2);
    let max = pack * 2_000;
    let units = |whole: i64| Decimal::new(whole * 10_000, 4);
    let popularity = match cents {
        ..500 => 3.0,
        500..5_000 => 1.6,
        5_000..30_000 => 0.7,
        _ => 0.25,
    };
    Item {
        row: ItemRow {
            sku: format!("{:02}{:04}", index + 1, (position + 1) * 7).into(),
            description: Some(format!("{name}, {} para manutenção de torres", product.subcategory.to_lowercase())),
            name,
            kind: ItemKind::Material,
            family: family.name.to_owned(),
            category: family.category.to_owned(),
            subcategory: product.subcategory.to_owned(),
            unit: product.unit,
            criticality: (family.criticality + draw.between(-2, 2)).clamp(0, 10) as i16,
            unit_cost: Some(Decimal::new(cents * 100, 4)),
            min_order_quantity: Some(units(min)),
            max_order_quantity: Some(units(max)),
            pack_size: Some(units(pack)),
            active,
            attributes: json!({
                "weatherSensitive": family.weather > 0.2,
                "shelfLifeMonths": family.shelf_life_months,
                "storage": if family.indoor { "INDOOR" } else { "YARD" },
            }),
        },
        family: index,
        lot: draw.between(0, 999) as usize,
        popularity: popularity * draw.range(0.3, 2.0),
        weather: family.weather,
        carnival: family.carnival,
        tick,
        use_ticks,
        pack_ticks: pack * 10_000 / tick,
        min_ticks: min * 10_000 / tick,
        max_ticks: max * 10_000 / tick,
        cents,
    }
}

fn service(position: usize, draw: &mut Draw) -> Item {
    let name = SERVICES[position % SERVICES.len()];
    let again = position / SERVICES.len();
    let cents = draw.between(250, 4_000) * 100;
    Item {
        row: ItemRow {
            sku: format!("{:02}{:04}", FAMILIES.len() + 1, (position + 1) * 7).into(),
            name: if again == 0 { name.to_owned() } else { format!("{name} TIPO {}", again + 1) },
            description: None,
            kind: ItemKind::Service,
            family: "SERVIÇOS DE MANUTENÇÃO".to_owned(),
            category: "SERVIÇOS".to_owned(),
            subcategory: "CAMPO".to_owned(),
            unit: "UN",
            criticality: 4,
            unit_cost: Some(Decimal::new(cents * 100, 4)),
            min_order_quantity: None,
            max_order_quantity: None,
            pack_size: None,
            active: true,
            attributes: json!({}),
        },
        family: FAMILIES.len(),
        lot: draw.between(0, 999) as usize,
        popularity: 1.0,
        weather: 0.0,
        carnival: Carnival::Dip,
        tick: 10_000,
        use_ticks: 1,
        pack_ticks: 1,
        min_ticks: 1,
        max_ticks: i64::MAX,
        cents,
    }
}
