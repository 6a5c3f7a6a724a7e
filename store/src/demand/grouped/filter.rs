//! Which demand, and its SQL.

use chrono::NaiveDate;
use entity::words::{AbcClass, ItemKind, XyzClass};
use sea_orm::Value;

use crate::page::names;
use crate::statement::{Bound, concat};

/// Which demand; `None` does not restrict, an empty list matches nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct DemandFilter {
    /// The first day, included.
    pub from: Option<NaiveDate>,
    /// The last day, included.
    pub to: Option<NaiveDate>,
    pub families: Option<Vec<String>>,
    pub categories: Option<Vec<String>>,
    pub abc_classes: Option<Vec<AbcClass>>,
    pub xyz_classes: Option<Vec<XyzClass>>,
    pub site_ids: Option<Vec<i64>>,
    pub region_ids: Option<Vec<i64>>,
    pub item_ids: Option<Vec<i64>>,
    /// Of the order lines that count as demand.
    pub supplier_ids: Option<Vec<i64>>,
    pub kind: Option<ItemKind>,
}

impl DemandFilter {
    /// Whether it speaks of single items, sites or suppliers, which rollups by class do not know.
    pub(super) fn is_of_single_things(&self) -> bool {
        self.item_ids.is_some() || self.site_ids.is_some() || self.region_ids.is_some() || self.supplier_ids.is_some()
    }
}

/// A filter's SQL, bound once and written into each source.
#[derive(Debug, Default)]
pub(crate) struct Conditions {
    /// On what an item is, of a table called `i`.
    items: Vec<String>,
    /// On what a fact `d` refers to.
    facts: Vec<String>,
    /// On an order line `d`, besides.
    lines: Vec<String>,
}

impl Conditions {
    pub(crate) fn new(filter: &DemandFilter, bound: &mut Bound) -> Self {
        let mut conditions = Self::default();
        let mut among = |column: &str, array: &str, values: Option<Value>| {
            values.map(|values| format!("{column} = ANY({}::{array}[])", bound.bind(values)))
        };
        let classes = |classes: &Option<Vec<_>>| classes.as_deref().map(|list| names(list, AbcClass::as_str).into());
        conditions.items.extend(among("i.family", "text", filter.families.clone().map(Value::from)));
        conditions.items.extend(among("i.category", "text", filter.categories.clone().map(Value::from)));
        conditions.items.extend(among("i.abc_class", "text", classes(&filter.abc_classes)));
        let xyz = filter.xyz_classes.as_deref().map(|list| names(list, XyzClass::as_str).into());
        conditions.items.extend(among("i.xyz_class", "text", xyz));
        let kind = filter.kind.map(|kind| vec![kind.as_str().to_owned()].into());
        conditions.items.extend(among("i.kind", "text", kind));
        conditions.facts.extend(among("d.item_id", "bigint", filter.item_ids.clone().map(Value::from)));
        conditions.facts.extend(among("d.site_id", "bigint", filter.site_ids.clone().map(Value::from)));
        if let Some(regions) = among("s.region_id", "bigint", filter.region_ids.clone().map(Value::from)) {
            conditions.facts.push(format!("d.site_id IN (SELECT s.id FROM core.dim_site s WHERE {regions})"));
        }
        if !conditions.items.is_empty() {
            let items = conditions.items.join(" AND ");
            conditions.facts.push(format!("d.item_id IN (SELECT i.id FROM core.dim_item i WHERE {items})"));
        }
        conditions.lines.extend(among("d.supplier_id", "bigint", filter.supplier_ids.clone().map(Value::from)));
        conditions
    }

    /// Of a fact, as the rest of a WHERE.
    pub(crate) fn facts(&self) -> String {
        rest(&self.facts)
    }

    /// Of an order line, as the rest of a WHERE.
    pub(crate) fn lines(&self) -> String {
        rest(&self.facts) + &rest(&self.lines)
    }

    /// Of what an item is, as the rest of a WHERE.
    pub(super) fn items(&self) -> String {
        rest(&self.items)
    }
}

fn rest(conditions: &[String]) -> String {
    concat(conditions.iter().map(|condition| format!(" AND {condition}")))
}
