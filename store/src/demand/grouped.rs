//! Totals of demand, grouped and bucketed.

use std::collections::{BTreeMap, HashMap};

use chrono::NaiveDate;
use entity::words::{AbcClass, ItemKind, XyzClass};
use rust_decimal::Decimal;
use sea_orm::Value;

use super::Granularity;
use super::bounds::DATA_THROUGH;
use super::bucket::{Cover, Grain};
use crate::page::names;
use crate::statement::{Raw, raw};
use crate::{Database, Result};

/// Which demand; `None` does not restrict, an empty list matches nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct DemandFilter {
    /// The first day, included.
    pub from: Option<NaiveDate>,
    /// The last day, included.
    pub to: Option<NaiveDate>,
    pub families: Option<Vec<String>>,
    pub abc_classes: Option<Vec<AbcClass>>,
    pub xyz_classes: Option<Vec<XyzClass>>,
    pub site_ids: Option<Vec<i64>>,
    pub region_ids: Option<Vec<i64>>,
    pub item_ids: Option<Vec<i64>>,
    pub kind: Option<ItemKind>,
}

/// What totals are grouped by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum DemandGroup {
    Item,
    Family,
    Category,
    Site,
    Region,
    AbcClass,
    XyzClass,
}

/// A question about totals.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct DemandQuery {
    pub filter: DemandFilter,
    pub granularity: Granularity,
    /// Empty: one group, the whole.
    pub group_by: Vec<DemandGroup>,
    /// How many groups at most, the greatest totals first.
    pub limit: u64,
}

/// One part of a group's name.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct GroupKey {
    pub group: DemandGroup,
    /// Id of an item or site, code of a region, else the word itself; empty where the dimension says nothing.
    pub value: String,
    /// What a person reads: `sku name` of an item, the name of a site or region.
    pub label: String,
}

/// One group's buckets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GroupSeries {
    pub keys: Vec<GroupKey>,
    /// One a bucket of [`Grouped::dates`].
    pub quantities: Vec<Decimal>,
    pub total: Decimal,
    /// The cost of all buckets, of those rows whose cost is known; `None` where none is.
    pub cost: Option<Decimal>,
}

/// The answer: groups over one shared, zero-filled axis.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Grouped {
    /// First days of the buckets, shared by all groups.
    pub dates: Vec<NaiveDate>,
    /// The greatest total first.
    pub groups: Vec<GroupSeries>,
    /// Whether the limit left groups out.
    pub has_more: bool,
    pub data_through: Option<NaiveDate>,
}

/// Answers `query` in one statement, from rollups where whole buckets allow it.
pub async fn grouped(db: &Database, query: &DemandQuery) -> Result<Grouped> {
    let mut answer = Grouped::default();
    let mut places: HashMap<Vec<String>, usize> = HashMap::new();
    let mut cells: Vec<BTreeMap<NaiveDate, Decimal>> = Vec::new();
    for row in statement(query).all(db.reader()).await? {
        answer.data_through = row.try_get("", "through")?;
        let Some(day) = row.try_get::<Option<NaiveDate>>("", "day")? else {
            continue;
        };
        let values: Vec<String> = row.try_get("", "keys")?;
        let place = if let Some(&place) = places.get(&values) {
            place
        } else {
            let labels: Vec<String> = row.try_get("", "labels")?;
            let parts = query.group_by.iter().zip(values.iter().cloned()).zip(labels);
            answer.groups.push(GroupSeries {
                keys: parts.map(|((&group, value), label)| GroupKey { group, value, label }).collect(),
                quantities: Vec::new(),
                total: row.try_get("", "total")?,
                cost: row.try_get("", "cost")?,
            });
            cells.push(BTreeMap::new());
            places.insert(values, cells.len() - 1);
            cells.len() - 1
        };
        *cells[place].entry(query.granularity.start(day)).or_default() += row.try_get::<Decimal>("", "quantity")?;
    }
    if query.group_by.is_empty() && answer.groups.is_empty() {
        // The whole is always there, even when it is nothing.
        answer.groups.push(GroupSeries { keys: Vec::new(), quantities: Vec::new(), total: Decimal::ZERO, cost: None });
        cells.push(BTreeMap::new());
    }
    let limit = query.limit.max(1) as usize;
    if answer.groups.len() > limit {
        answer.has_more = true;
        answer.groups.truncate(limit);
        cells.truncate(limit);
    }
    // One axis for all groups: from the asked first day, or the first bucket with a row, to what the loads vouch for.
    let first = query.filter.from.or_else(|| cells.iter().filter_map(|cells| cells.keys().next().copied()).min());
    let last = match (query.filter.to, answer.data_through) {
        (Some(to), Some(through)) => Some(to.min(through)),
        (_, through) => through,
    };
    if let (Some(first), Some(last)) = (first, last) {
        answer.dates = query.granularity.buckets(first, last);
    }
    for (group, cells) in answer.groups.iter_mut().zip(&cells) {
        group.quantities = answer.dates.iter().map(|date| cells.get(date).copied().unwrap_or_default()).collect();
    }
    Ok(answer)
}

impl DemandGroup {
    /// SQL of a group's value and label.
    fn columns(self) -> (&'static str, &'static str) {
        match self {
            Self::Item => ("i.id::text", "i.sku || ' ' || i.name"),
            Self::Family => ("COALESCE(i.family, '')", "COALESCE(i.family, '')"),
            Self::Category => ("COALESCE(i.category, '')", "COALESCE(i.category, '')"),
            Self::Site => ("s.id::text", "s.name"),
            Self::Region => ("COALESCE(r.code, '')", "COALESCE(r.name, '')"),
            Self::AbcClass => ("COALESCE(i.abc_class, '')", "COALESCE(i.abc_class, '')"),
            Self::XyzClass => ("COALESCE(i.xyz_class, '')", "COALESCE(i.xyz_class, '')"),
        }
    }
}

/// Rows of each kept group, the greatest total first, and within a group by day.
fn statement(query: &DemandQuery) -> Raw {
    let filter = &query.filter;
    let cover = Cover::new(query.granularity, filter.from, filter.to);
    let mut values: Vec<Value> = Vec::new();
    let mut bind = |value: Value| {
        values.push(value);
        format!("${}", values.len())
    };
    let mut sources = Vec::new();
    for (from, to) in [cover.head, cover.tail] {
        if from < to {
            let (from, to) = (bind(from.into()), bind(to.into()));
            sources.push(format!(
                "SELECT item_id, site_id, full_date AS day, quantity, total_cost FROM core.fact_demand_daily \
                 WHERE full_date >= {from} AND full_date < {to}"
            ));
        }
    }
    if cover.whole_from < cover.whole_to {
        let table = if cover.grain == Grain::Week { "demand_weekly" } else { "demand_monthly" };
        let (from, to) = (bind(cover.whole_from.into()), bind(cover.whole_to.into()));
        sources.push(format!(
            "SELECT item_id, site_id, bucket AS day, quantity, total_cost FROM core.{table} WHERE bucket >= {from} AND bucket < {to}"
        ));
    }
    if sources.is_empty() {
        sources.push(
            "SELECT item_id, site_id, full_date AS day, quantity, total_cost FROM core.fact_demand_daily WHERE false"
                .to_owned(),
        );
    }
    let mut conditions = Vec::new();
    let mut among = |column: &str, array: &str, values: Option<Value>| {
        if let Some(values) = values {
            conditions.push(format!("{column} = ANY({}::{array}[])", bind(values)));
        }
    };
    among("i.family", "text", filter.families.clone().map(Value::from));
    among("i.abc_class", "text", filter.abc_classes.as_deref().map(|classes| names(classes, AbcClass::as_str).into()));
    among("i.xyz_class", "text", filter.xyz_classes.as_deref().map(|classes| names(classes, XyzClass::as_str).into()));
    among("i.kind", "text", filter.kind.map(|kind| vec![kind.as_str().to_owned()].into()));
    among("d.item_id", "bigint", filter.item_ids.clone().map(Value::from));
    among("d.site_id", "bigint", filter.site_ids.clone().map(Value::from));
    among("s.region_id", "bigint", filter.region_ids.clone().map(Value::from));
    let conditions = if conditions.is_empty() { "true".to_owned() } else { conditions.join(" AND ") };
    let (keys, labels): (Vec<_>, Vec<_>) = query.group_by.iter().map(|group| group.columns()).unzip();
    let (keys, labels) =
        (keys.join(", "), labels.iter().map(|label| format!("max({label})")).collect::<Vec<_>>().join(", "));
    // Sum to days first, join the small dimensions then; one group more than asked tells whether the limit cut.
    let sql = format!(
        "WITH through AS (SELECT {DATA_THROUGH} AS day), \
         cells AS (SELECT ARRAY[{keys}]::text[] AS keys, ARRAY[{labels}]::text[] AS labels, d.day, \
                          sum(d.quantity) AS quantity, sum(d.total_cost) AS cost \
                   FROM ({}) d JOIN core.dim_item i ON i.id = d.item_id JOIN core.dim_site s ON s.id = d.site_id \
                   LEFT JOIN core.dim_region r ON r.id = s.region_id \
                   WHERE {conditions} GROUP BY {}d.day), \
         kept AS (SELECT keys, max(labels) AS labels, sum(quantity) AS total, sum(cost) AS cost FROM cells GROUP BY keys \
                  ORDER BY sum(quantity) DESC, keys COLLATE \"C\" LIMIT {}) \
         SELECT (SELECT day FROM through) AS through, c.keys, k.labels, c.day, c.quantity, k.total, k.cost \
         FROM (SELECT 1) one LEFT JOIN (kept k JOIN cells c ON c.keys = k.keys) ON true \
         ORDER BY k.total DESC, k.keys COLLATE \"C\", c.day",
        sources.join(" UNION ALL "),
        if keys.is_empty() { String::new() } else { format!("{keys}, ") },
        query.limit.max(1) + 1,
    );
    raw(sql, values)
}
