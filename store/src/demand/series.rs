//! Series of items, many at once.

use std::collections::{BTreeMap, HashMap};

use chrono::NaiveDate;
use rust_decimal::Decimal;
use sea_orm::Value;

use super::Granularity;
use super::bounds::DATA_THROUGH;
use super::bucket::{Cover, EARLIEST, Grain};
use crate::statement::{Bound, Raw};
use crate::{Database, Result};

/// Which series.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct SeriesKey {
    pub item_id: i64,
    /// `None`: the sum over all sites.
    pub site_id: Option<i64>,
    /// The first day, included; `None`: the series' own first day.
    pub from: Option<NaiveDate>,
    /// The last day, included; `None`: `dataThrough`.
    pub to: Option<NaiveDate>,
    pub granularity: Granularity,
}

/// A zero-filled series; the columns are of one length.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Series {
    /// First days of the buckets.
    pub dates: Vec<NaiveDate>,
    pub quantities: Vec<Decimal>,
    /// Whether any day and site of the bucket was out of stock.
    pub stocked_out: Vec<bool>,
    /// The last day the loads vouch for.
    pub data_through: Option<NaiveDate>,
}

/// The series of `keys` in one statement; every key is answered, one without rows by an empty series.
pub async fn series(db: &Database, keys: &[SeriesKey]) -> Result<HashMap<SeriesKey, Series>> {
    let mut answer: HashMap<SeriesKey, Series> = keys.iter().map(|key| (key.clone(), Series::default())).collect();
    if keys.is_empty() {
        return Ok(answer);
    }
    let mut days: Vec<BTreeMap<NaiveDate, (Decimal, bool)>> = vec![BTreeMap::new(); keys.len()];
    let mut earlier = vec![false; keys.len()];
    let mut through = None;
    for row in statement(keys).all(db.reader()).await? {
        let n: i64 = row.try_get_by_index(0)?;
        let day: Option<NaiveDate> = row.try_get_by_index(1)?;
        let Some(place) = usize::try_from(n - 1).ok().filter(|&place| place < keys.len()) else {
            through = day;
            continue;
        };
        match day {
            None => earlier[place] = true,
            Some(day) if keys[place].from.is_some_and(|from| day < from) => earlier[place] = true,
            Some(day) => {
                let cell = days[place].entry(keys[place].granularity.start(day)).or_default();
                cell.0 += row.try_get_by_index::<Decimal>(2)?;
                cell.1 |= row.try_get_by_index::<bool>(3)?;
            }
        }
    }
    for (place, key) in keys.iter().enumerate() {
        answer.insert(key.clone(), fill(key, &days[place], earlier[place], through));
    }
    Ok(answer)
}

/// Makes the sparse buckets of a key dense, from its first day to `through`.
fn fill(
    key: &SeriesKey,
    cells: &BTreeMap<NaiveDate, (Decimal, bool)>,
    earlier: bool,
    through: Option<NaiveDate>,
) -> Series {
    let mut series = Series { data_through: through, ..Series::default() };
    // A series that began before `from` begins there; else its first row inside is its first day.
    let first = if earlier { key.from } else { cells.keys().next().copied() };
    let last = match (key.to, through) {
        (Some(to), Some(through)) => Some(to.min(through)),
        (_, through) => through,
    };
    let (Some(first), Some(last)) = (first, last) else {
        return series;
    };
    for bucket in key.granularity.buckets(first, last) {
        let (quantity, stocked_out) = cells.get(&bucket).copied().unwrap_or_default();
        series.dates.push(bucket);
        series.quantities.push(quantity);
        series.stocked_out.push(stocked_out);
    }
    series
}

/// One row a key and stored day or bucket; rows before a key's `from`, or one without day, for a key that has such; and
/// one row of place 0 with the last day the loads vouch for.
fn statement(keys: &[SeriesKey]) -> Raw {
    let mut spans: BTreeMap<(Grain, bool), Vec<Span>> = BTreeMap::new();
    let mut begun: BTreeMap<bool, Vec<Span>> = BTreeMap::new();
    for (place, key) in keys.iter().enumerate() {
        let cover = Cover::new(key.granularity, key.from, key.to);
        let span = |from, to| Span { n: place as i64 + 1, item: key.item_id, site: key.site_id.unwrap_or(0), from, to };
        let one_site = key.site_id.is_some();
        let mut add = |grain, from, to| {
            if from < to {
                spans.entry((grain, one_site)).or_default().push(span(from, to));
            }
        };
        add(cover.grain, cover.whole_from, cover.whole_to);
        add(Grain::Day, cover.tail.0, cover.tail.1);
        let (mut first, until) = cover.head;
        if let Some(from) = key.from.filter(|&from| from > EARLIEST) {
            // Whether the series began before `from`: whole months before are in the rollup, the rest of from's own
            // month is read along with the days asked for.
            let month = Granularity::Month.start(from);
            begun.entry(one_site).or_default().push(span(EARLIEST, month));
            if first < until {
                first = month;
            } else {
                add(Grain::Day, month, from);
            }
        }
        add(Grain::Day, first, until);
    }
    let mut bound = Bound::default();
    let mut branches =
        vec![format!("SELECT 0::bigint AS n, {DATA_THROUGH} AS day, 0::numeric AS quantity, false AS stocked_out")];
    for ((grain, one_site), spans) in &spans {
        branches.push(stored(*grain, *one_site, spans, &mut bound));
    }
    for (one_site, spans) in &begun {
        let Asked { list, n, item, site, to, .. } = Asked::of(spans, *one_site, &mut bound);
        let list = if list.is_empty() { list } else { format!(" FROM {list}") };
        branches.push(format!(
            "SELECT {n}, NULL, 0, false{list} WHERE EXISTS (SELECT FROM core.demand_monthly d WHERE d.item_id = {item}{site} AND d.bucket < {to})"
        ));
    }
    bound.raw(branches.join(" UNION ALL "))
}

/// Days or buckets of one key, from a day until before another.
struct Span {
    n: i64,
    item: i64,
    site: i64,
    from: NaiveDate,
    to: NaiveDate,
}

/// How a branch names its spans: one by its values, so that every such statement has the same text and is planned once in a
/// connection, which takes longer than the answer; many as a table of them.
struct Asked {
    /// The table, or nothing.
    list: String,
    n: String,
    item: String,
    /// The condition on the site, if there is one.
    site: String,
    from: String,
    to: String,
}

impl Asked {
    fn of(spans: &[Span], one_site: bool, bound: &mut Bound) -> Self {
        let at = |site: String| if one_site { format!(" AND d.site_id = {site}") } else { String::new() };
        if let [span] = spans {
            let mut value = |value: Value, kind: &str| format!("{}::{kind}", bound.bind(value));
            return Self {
                list: String::new(),
                n: format!("{}::bigint", span.n),
                item: value(span.item.into(), "bigint"),
                site: if one_site { at(value(span.site.into(), "bigint")) } else { String::new() },
                from: value(span.from.into(), "date"),
                to: value(span.to.into(), "date"),
            };
        }
        let mut column = |values: Value, kind: &str| format!("{}::{kind}[]", bound.bind(values));
        let columns = [
            column(spans.iter().map(|span| span.n).collect::<Vec<_>>().into(), "bigint"),
            column(spans.iter().map(|span| span.item).collect::<Vec<_>>().into(), "bigint"),
            column(spans.iter().map(|span| span.site).collect::<Vec<_>>().into(), "bigint"),
            column(spans.iter().map(|span| span.from).collect::<Vec<_>>().into(), "date"),
            column(spans.iter().map(|span| span.to).collect::<Vec<_>>().into(), "date"),
        ];
        Self {
            list: format!("unnest({}) AS k(n, item_id, site_id, from_day, to_day)", columns.join(", ")),
            n: "k.n".into(),
            item: "k.item_id".into(),
            site: at("k.site_id".into()),
            from: "k.from_day".into(),
            to: "k.to_day".into(),
        }
    }
}

/// What is stored of the spans: as it is for a site, summed for all sites.
fn stored(grain: Grain, one_site: bool, spans: &[Span], bound: &mut Bound) -> String {
    let (table, day, out, out_of_any) = match grain {
        Grain::Day => ("fact_demand_daily", "full_date", "d.stocked_out", "bool_or(d.stocked_out)"),
        Grain::Week => ("demand_weekly", "bucket", "d.stocked_out_days > 0", "sum(d.stocked_out_days) > 0"),
        Grain::Month => ("demand_monthly", "bucket", "d.stocked_out_days > 0", "sum(d.stocked_out_days) > 0"),
    };
    let Asked { mut list, n, item, site, from, to } = Asked::of(spans, one_site, bound);
    let mut outermost = String::new();
    if !list.is_empty() {
        list += ", ";
        // The outermost days, which no row of the list tells, so that partitions beyond them are left out.
        let first = bound.bind(spans.iter().map(|span| span.from).min());
        let until = bound.bind(spans.iter().map(|span| span.to).max());
        outermost = format!(" AND d.{day} >= {first}::date AND d.{day} < {until}::date");
    }
    let (columns, group) = if one_site {
        (format!("d.quantity, {out}"), String::new())
    } else {
        (format!("sum(d.quantity), {out_of_any}"), format!(" GROUP BY 1, d.{day}"))
    };
    format!(
        "SELECT {n}, d.{day}, {columns} FROM {list}core.{table} d \
         WHERE d.item_id = {item}{site} AND d.{day} >= {from} AND d.{day} < {to}{outermost}{group}"
    )
}
