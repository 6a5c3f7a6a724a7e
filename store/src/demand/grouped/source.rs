//! Where the cells of an answer are read: facts, rollups, rollups by class, order lines.

use chrono::{Days, NaiveDate};

use super::filter::Conditions;
use super::{DemandGroup, DemandQuery, Measure};
use crate::demand::Granularity;
use crate::demand::bucket::{Cover, Grain};
use crate::statement::{concat, raw};
use crate::{Database, Result};

/// More months than this are not read one by one.
const MONTHS: usize = 240;
/// The day's Monday, by whole days from one: `date_trunc` would go by way of a time zone for each row.
const MONDAY: &str = "d.full_date - (d.full_date - '1900-01-01'::date) % 7";
/// The first day of the day's month.
const FIRST: &str = "d.full_date - (extract(day FROM d.full_date)::integer - 1)";

/// From the first day of the first month with demand until the day after the last month with demand.
pub(super) type Extent = (NaiveDate, NaiveDate);

/// What of a query decides where it is read.
pub(super) struct Sources<'q> {
    query: &'q DemandQuery,
    conditions: &'q Conditions,
    extent: Option<Extent>,
}

/// Every measure that plays a part.
fn asked(query: &DemandQuery) -> impl Iterator<Item = Measure> {
    let mut asked: Vec<Measure> = query.measures.clone();
    asked.extend(query.having.iter().map(|having| having.measure));
    asked.extend(query.order_by.measure());
    asked.sort_unstable();
    asked.dedup();
    asked.into_iter()
}

/// Whether everything comes from the facts.
fn is_of_facts(query: &DemandQuery) -> bool {
    asked(query).any(Measure::is_of_facts)
}

/// Whether everything comes from order lines.
pub(super) fn is_of_lines(query: &DemandQuery) -> bool {
    query.group_by.contains(&DemandGroup::Supplier) || query.filter.supplier_ids.is_some()
}

/// What the sources carry besides, where it is asked for: the quantity whose cost is known, and the peak.
pub(super) fn details(query: &DemandQuery) -> Vec<Detail> {
    asked(query).filter_map(|measure| DETAILS.iter().find(|detail| detail.of == measure)).copied().collect()
}

/// A column that only the facts have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Detail {
    pub(super) of: Measure,
    pub(super) name: &'static str,
    /// SQL of it over facts, of a day's lines, and over cells that have it.
    of_facts: &'static str,
    of_lines: &'static str,
    pub(super) of_cells: &'static str,
}

const DETAILS: [Detail; 2] = [
    Detail {
        of: Measure::MeanUnitCost,
        name: "costed",
        of_facts: "sum(d.quantity) FILTER (WHERE d.total_cost IS NOT NULL)",
        of_lines: "d.costed",
        of_cells: "sum(costed)",
    },
    Detail {
        of: Measure::Peak,
        name: "peak",
        of_facts: "max(d.quantity)",
        of_lines: "d.quantity",
        of_cells: "max(peak)",
    },
];

/// Whether the facts are asked over a range that is open, and so must be closed to be read month by month.
pub(super) fn needs_extent(query: &DemandQuery) -> bool {
    let open = query.filter.from.is_none() || query.filter.to.is_none();
    open && is_of_facts(query) && !is_of_lines(query) && query.granularity.grain() == Grain::Month
}

/// The months that have demand.
pub(super) async fn extent(db: &Database) -> Result<Extent> {
    // The rollup without items and sites has the same months and is small.
    let row = raw("SELECT min(bucket), max(bucket) FROM core.demand_monthly_by_class", []).one(db.reader()).await?;
    let (first, last): (Option<NaiveDate>, Option<NaiveDate>) = match row {
        Some(row) => (row.try_get_by_index(0)?, row.try_get_by_index(1)?),
        None => (None, None),
    };
    let (first, last) = first.zip(last).unwrap_or_default();
    Ok((first, Granularity::Month.next(last)))
}

impl<'q> Sources<'q> {
    pub(super) fn new(query: &'q DemandQuery, conditions: &'q Conditions, extent: Option<Extent>) -> Self {
        Self { query, conditions, extent }
    }

    /// A SELECT for each source, all with the same columns: `k1, l1, k2, l2, ..., day`, then the measures.
    pub(super) fn selects(&self) -> Vec<String> {
        let filter = &self.query.filter;
        let mut cover = Cover::new(self.query.granularity, filter.from, filter.to);
        if is_of_lines(self.query) {
            return vec![self.lines(cover.start(), cover.end())];
        }
        if is_of_facts(self.query) {
            cover = cover.of_days();
            if let Some((first, until)) = self.extent {
                cover.head = (cover.head.0.max(first), cover.head.1.min(until));
            }
        }
        let mut selects = Vec::new();
        for (from, to) in [cover.head, cover.tail] {
            self.facts(from, to, &mut selects);
        }
        if cover.whole_from < cover.whole_to {
            selects.push(self.rollup(cover));
        }
        if selects.is_empty() {
            // A range that holds no day still answers, with nothing.
            selects.push(self.rollup(cover));
        }
        selects
    }

    fn groups(&self, of: &[DemandGroup]) -> bool {
        self.query.group_by.iter().any(|group| of.contains(group))
    }

    fn by_item(&self) -> bool {
        use DemandGroup::{AbcClass, Category, Family, Item, XyzClass};
        self.groups(&[Item, Family, Category, AbcClass, XyzClass])
    }

    fn by_site(&self) -> bool {
        self.groups(&[DemandGroup::Site, DemandGroup::Region])
    }

    /// Facts from a day until before another. Rows are summed to items, sites and buckets first and joined to the
    /// dimensions then, unless they are grouped by what items are. Month by month, so that the bucket is no work for each row and each month fits in memory.
    fn facts(&self, from: NaiveDate, to: NaiveDate, selects: &mut Vec<String>) {
        if from >= to {
            return;
        }
        let grain = self.query.granularity.grain();
        let months = Granularity::Month.buckets(from, to - Days::new(1));
        if grain != Grain::Month || months.len() > MONTHS {
            let day = match grain {
                Grain::Day => "d.full_date",
                Grain::Week => MONDAY,
                Grain::Month => FIRST,
            };
            selects.push(self.facts_of(from, to, day, day));
            return;
        }
        for month in months {
            let (from, to) = (month.max(from), Granularity::Month.next(month).min(to));
            selects.push(self.facts_of(from, to, &format!("'{month}'::date"), ""));
        }
    }

    fn facts_of(&self, from: NaiveDate, to: NaiveDate, day: &str, group: &str) -> String {
        let mut measures = "sum(d.quantity) AS quantity, sum(d.total_cost) AS cost, \
             count(*) FILTER (WHERE d.quantity > 0) AS demand_days, count(*) FILTER (WHERE d.stocked_out) AS stocked_out_days"
            .to_owned();
        measures +=
            &concat(details(self.query).iter().map(|detail| format!(", {} AS {}", detail.of_facts, detail.name)));
        let range = format!("d.full_date >= '{from}' AND d.full_date < '{to}'{}", self.conditions.facts());
        if self.by_item() && !self.by_site() && !self.groups(&[DemandGroup::Item]) {
            // Items are many more than what they are grouped by: sums of items alone would not fit into the processor's caches.
            let keys = (1..=self.query.group_by.len()).map(|n| format!("k{n}"));
            let by: Vec<String> = keys.chain((!group.is_empty()).then(|| group.to_owned())).collect();
            return format!(
                "SELECT {}{day} AS day, {measures} FROM core.fact_demand_daily d JOIN core.dim_item i ON i.id = d.item_id \
                 WHERE {range} GROUP BY {}",
                self.columns(),
                by.join(", ")
            );
        }
        let ids = self.ids();
        let mut by: Vec<&str> = ids.clone();
        by.extend((!group.is_empty()).then_some(group));
        // A bucket that is the same for all rows needs no grouping, but without any row there must be no cell either.
        let by = if by.is_empty() { "HAVING count(*) > 0".into() } else { format!("GROUP BY {}", by.join(", ")) };
        let ids = concat(ids.iter().map(|id| format!("{id}, ")));
        let inner = format!("SELECT {ids}{day} AS day, {measures} FROM core.fact_demand_daily d WHERE {range} {by}");
        self.named(&format!("({inner})"))
    }

    /// Whole weeks or months.
    fn rollup(&self, cover: Cover) -> String {
        let table = if cover.grain == Grain::Week { "demand_weekly" } else { "demand_monthly" };
        let (from, to) = (cover.whole_from, cover.whole_to);
        let mut measures =
            "d.quantity, d.total_cost AS cost, d.demand_days::bigint, d.stocked_out_days::bigint".to_owned();
        measures += &concat(details(self.query).iter().map(|detail| format!(", NULL::numeric AS {}", detail.name)));
        if !self.query.filter.is_of_single_things() && !self.by_site() && !self.groups(&[DemandGroup::Item]) {
            let columns = self.columns();
            return format!(
                "SELECT {columns}i.bucket AS day, {} FROM core.{table}_by_class i WHERE i.bucket >= '{from}' AND i.bucket < '{to}'{}",
                measures.replace("d.", "i."),
                self.conditions.items()
            );
        }
        let range = format!("d.bucket >= '{from}' AND d.bucket < '{to}'{}", self.conditions.facts());
        let ids = concat(self.ids().iter().map(|id| format!("{id}, ")));
        let inner = if self.by_item() && self.by_site() {
            format!("SELECT {ids}d.bucket AS day, {measures} FROM core.{table} d WHERE {range}")
        } else {
            // Fewer rows to be named.
            let sums = measures
                .replace("d.quantity", "sum(d.quantity) AS quantity")
                .replace("d.total_cost", "sum(d.total_cost)")
                .replace("d.demand_days::bigint", "sum(d.demand_days)::bigint AS demand_days")
                .replace("d.stocked_out_days::bigint", "sum(d.stocked_out_days)::bigint AS stocked_out_days");
            format!("SELECT {ids}d.bucket AS day, {sums} FROM core.{table} d WHERE {range} GROUP BY {ids}d.bucket")
        };
        self.named(&format!("({inner})"))
    }

    /// Order lines that count as demand. Lines of one day are one day of demand.
    fn lines(&self, from: NaiveDate, to: NaiveDate) -> String {
        let supplier = if self.groups(&[DemandGroup::Supplier]) { "d.supplier_id, " } else { "" };
        let day = match self.query.granularity.grain() {
            Grain::Day => "d.full_date",
            Grain::Week => MONDAY,
            Grain::Month => FIRST,
        };
        let days = format!(
            "SELECT d.item_id, d.site_id, {supplier}d.order_date AS full_date, sum(d.quantity) AS quantity, sum(d.total_price) AS cost, \
                    sum(d.quantity) FILTER (WHERE d.total_price IS NOT NULL) AS costed \
             FROM core.fact_orders d WHERE d.counts_as_demand AND d.order_date >= '{from}' AND d.order_date < '{to}'{} \
             GROUP BY d.item_id, d.site_id, {supplier}d.order_date",
            self.conditions.lines()
        );
        let details = details(self.query);
        let detail = concat(details.iter().map(|detail| format!(", {} AS {}", detail.of_lines, detail.name)));
        let inner = format!(
            "SELECT d.item_id, d.site_id, {supplier}{day} AS day, d.quantity, d.cost, (d.quantity > 0)::integer::bigint AS demand_days, \
                    NULL::bigint AS stocked_out_days{detail} FROM ({days}) d"
        );
        self.named(&format!("({inner})"))
    }

    /// The ids that the groups need of a fact.
    fn ids(&self) -> Vec<&'static str> {
        let ids = [(self.by_item(), "d.item_id"), (self.by_site(), "d.site_id")];
        ids.into_iter().filter_map(|(needed, id)| needed.then_some(id)).collect()
    }

    /// Gives the cells of `inner` the names of their groups.
    fn named(&self, inner: &str) -> String {
        let mut joins = String::new();
        if self.by_item() {
            joins += " JOIN core.dim_item i ON i.id = d.item_id";
        }
        if self.by_site() {
            joins += " JOIN core.dim_site s ON s.id = d.site_id LEFT JOIN core.dim_region r ON r.id = s.region_id";
        }
        if self.groups(&[DemandGroup::Supplier]) {
            joins += " LEFT JOIN core.dim_supplier p ON p.id = d.supplier_id";
        }
        let detail = concat(details(self.query).iter().map(|detail| format!(", d.{}", detail.name)));
        format!(
            "SELECT {}d.day, d.quantity, d.cost, d.demand_days, d.stocked_out_days{detail} FROM {inner} d{joins}",
            self.columns()
        )
    }

    /// The groups' values and labels, each with a comma.
    fn columns(&self) -> String {
        let groups = self.query.group_by.iter().zip(1..);
        concat(groups.map(|(group, n)| {
            let (value, label) = group.columns();
            format!("{value} AS k{n}, {label} AS l{n}, ")
        }))
    }
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
            Self::Supplier => ("COALESCE(p.code, '')", "COALESCE(p.name, '')"),
            Self::AbcClass => ("COALESCE(i.abc_class, '')", "COALESCE(i.abc_class, '')"),
            Self::XyzClass => ("COALESCE(i.xyz_class, '')", "COALESCE(i.xyz_class, '')"),
        }
    }
}
