//! The weekly and monthly rollups of what a load has touched, so that facts and rollups never disagree.

use std::collections::BTreeSet;

use chrono::{Datelike as _, Days, Months, NaiveDate};
use sqlx::{AssertSqlSafe, Executor as _, PgConnection};

use super::cells::Rollup;
use super::loader::Loader;
use super::merge::run;
use crate::partitions::{Partitioned, month_of};
use crate::{Engine, Result};

/// A day's Monday, by whole days from one: `date_trunc` would go by way of a time zone for each row.
const MONDAY: &str = "full_date - (full_date - '1900-01-01'::date) % 7";

/// What a rollup holds, from facts.
const MEASURES: &str =
    "sum(quantity), sum(total_cost), count(*) FILTER (WHERE quantity > 0), count(*) FILTER (WHERE stocked_out)";

/// What a rollup holds, from cells of a smaller rollup.
const SUMS: &str = "sum(quantity), sum(total_cost), sum(demand_days), sum(stocked_out_days)";
const NAMED_SUMS: &str = "sum(quantity) AS quantity, sum(total_cost) AS total_cost, sum(demand_days) AS demand_days, \
     sum(stocked_out_days) AS stocked_out_days";

/// The columns of a rollup.
const COLUMNS: &str = "item_id, site_id, bucket, quantity, total_cost, demand_days, stocked_out_days";

/// Makes anew the rollups of `whole` months and of the cells in `landed_touched`.
pub(super) async fn rewrite(
    connection: &mut PgConnection,
    whole: &BTreeSet<NaiveDate>,
    loader: &Loader<'_>,
    tell: bool,
    progress: &(dyn Fn(&str) + Send + Sync),
) -> Result<()> {
    if !whole.is_empty() {
        months(connection, whole, loader, tell, progress).await?;
    }
    connection.execute("ANALYZE landed_touched").await?;
    let week = format!("DISTINCT item_id, site_id, {MONDAY} AS bucket");
    cells(connection, "core.demand_weekly", &week, "b.bucket + 7").await?;
    let month = "DISTINCT item_id, site_id, full_date - (extract(day FROM full_date)::integer - 1) AS bucket";
    cells(connection, "core.demand_monthly", month, "(b.bucket + interval '1 month')::date").await
}

/// The buckets of single cells: what is gone goes, what differs is replaced.
async fn cells(connection: &mut PgConnection, table: &str, bucket: &str, until: &str) -> Result<()> {
    let buckets = format!("(SELECT {bucket} FROM landed_touched) b");
    let gone = format!(
        "DELETE FROM {table} r USING {buckets} WHERE r.item_id = b.item_id AND r.site_id = b.site_id AND r.bucket = b.bucket"
    );
    connection.execute(AssertSqlSafe(gone)).await?;
    let made = format!(
        "INSERT INTO {table} (item_id, site_id, bucket, quantity, total_cost, demand_days, stocked_out_days)
         SELECT d.item_id, d.site_id, b.bucket, {MEASURES} FROM {buckets} JOIN core.fact_demand_daily d
         ON d.item_id = b.item_id AND d.site_id = b.site_id AND d.full_date >= b.bucket AND d.full_date < {until} GROUP BY 1, 2, 3"
    );
    connection.execute(AssertSqlSafe(made)).await?;
    Ok(())
}

/// Whole months: each is read once, into cells of item, site and week, and both rollups are made from those. Of a month that
/// is new the cells have landed already.
async fn months(
    connection: &mut PgConnection,
    whole: &BTreeSet<NaiveDate>,
    loader: &Loader<'_>,
    tell: bool,
    progress: &(dyn Fn(&str) + Send + Sync),
) -> Result<()> {
    connection.execute("CREATE TEMPORARY TABLE landed_edges (LIKE core.demand_weekly)").await?;
    let mut edges: BTreeSet<NaiveDate> = BTreeSet::new();
    for (done, &month) in whole.iter().enumerate() {
        if tell {
            progress(&format!("rollups, month {} of {}", done + 1, whole.len()));
        }
        let last = month + Months::new(1) - Days::new(1);
        // The weeks that lie in this month whole, and those that it shares with its neighbours.
        let first_whole = if monday(month) == month { month } else { monday(month) + Days::new(7) };
        let after_whole = monday(last + Days::new(1));
        edges.extend(
            [monday(month), monday(last)].into_iter().filter(|&week| week < first_whole || week >= after_whole),
        );
        let (make, weeks, sums) = sources(loader, month);
        let inside = format!("bucket >= '{first_whole}' AND bucket < '{after_whole}'");
        let statements = format!(
            "{make} DELETE FROM core.demand_weekly WHERE {inside};
             INSERT INTO core.demand_weekly ({COLUMNS}) SELECT {COLUMNS} FROM {weeks} w WHERE {inside} ORDER BY 1, 2, 3;
             INSERT INTO landed_edges ({COLUMNS}) SELECT {COLUMNS} FROM {weeks} w WHERE NOT ({inside});
             DELETE FROM core.demand_monthly WHERE bucket = '{month}';
             INSERT INTO core.demand_monthly ({COLUMNS}) SELECT {COLUMNS} FROM {sums} m ORDER BY 1, 2;
             DROP TABLE IF EXISTS pg_temp.landed_cells, {}, {}",
            Rollup::Weeks.landed(month),
            Rollup::Month.landed(month),
        );
        connection.execute(AssertSqlSafe(statements)).await?;
    }
    // A shared week is the sum of its parts where both months were read; otherwise the stored neighbour has a say.
    let known = |month: NaiveDate| {
        whole.contains(&month) || !loader.present.contains(&Partitioned::DemandDaily.partition(month))
    };
    let (summed, asked): (Vec<NaiveDate>, Vec<NaiveDate>) =
        edges.into_iter().partition(|&week| known(month_of(week)) && known(month_of(week + Days::new(6))));
    let gone = "DELETE FROM core.demand_weekly WHERE bucket = ANY($1) OR bucket = ANY($2)";
    run(connection, sqlx::query(gone).bind(&summed).bind(&asked)).await?;
    let sums = format!(
        "INSERT INTO core.demand_weekly ({COLUMNS}) SELECT item_id, site_id, bucket, {SUMS} FROM landed_edges WHERE bucket = ANY($1)
         GROUP BY 1, 2, 3 ORDER BY 1, 2, 3"
    );
    run(connection, sqlx::query(AssertSqlSafe(sums)).bind(&summed)).await?;
    for week in asked {
        let until = week + Days::new(7);
        let asking = format!(
            "INSERT INTO core.demand_weekly ({COLUMNS}) SELECT item_id, site_id, '{week}'::date, {MEASURES} FROM core.fact_demand_daily
             WHERE full_date >= '{week}' AND full_date < '{until}' GROUP BY 1, 2 ORDER BY 1, 2"
        );
        connection.execute(AssertSqlSafe(asking)).await?;
    }
    connection.execute("DROP TABLE landed_edges").await?;
    Ok(())
}

/// Where a month's weeks and its sums are to be had, and what must be made before.
fn sources(loader: &Loader<'_>, month: NaiveDate) -> (String, String, String) {
    let landed = |rollup: Rollup| {
        let times = *loader.cells.get(&(month, rollup))?;
        let table = rollup.landed(month);
        // A month that was handed out in parts has some of its cells more than once.
        Some(if times == 1 {
            table
        } else {
            format!("(SELECT item_id, site_id, bucket, {NAMED_SUMS} FROM {table} GROUP BY 1, 2, 3)")
        })
    };
    if let (Some(weeks), Some(sums)) = (landed(Rollup::Weeks), landed(Rollup::Month)) {
        return (String::new(), weeks, sums);
    }
    let partition = format!("core.{}", Partitioned::DemandDaily.partition(month));
    let make = format!(
        "CREATE TEMPORARY TABLE landed_cells AS SELECT item_id, site_id, {MONDAY} AS bucket, sum(quantity) AS quantity,
             sum(total_cost) AS total_cost, count(*) FILTER (WHERE quantity > 0) AS demand_days,
             count(*) FILTER (WHERE stocked_out) AS stocked_out_days FROM {partition} GROUP BY 1, 2, 3;"
    );
    let sums =
        format!("(SELECT item_id, site_id, '{month}'::date AS bucket, {NAMED_SUMS} FROM landed_cells GROUP BY 1, 2)");
    (make, "landed_cells".into(), sums)
}

impl Rollup {
    /// The table of the load that a new month's rollup lands in.
    pub(super) fn landed(self, month: NaiveDate) -> String {
        let word = match self {
            Self::Weeks => "weeks",
            Self::Month => "month",
        };
        format!("pg_temp.landed_{word}_{}", month.format("%Y_%m"))
    }

    /// Makes it.
    pub(super) fn make(self, engine: Engine, month: NaiveDate) -> String {
        let until = if engine == Engine::Native { " ON COMMIT DROP" } else { "" };
        let table = self.landed(month);
        format!("CREATE TEMPORARY TABLE {} (LIKE core.demand_weekly){until}", table.trim_start_matches("pg_temp."))
    }
}

/// The Monday of a day's week.
fn monday(day: NaiveDate) -> NaiveDate {
    day - Days::new(u64::from(day.weekday().num_days_from_monday()))
}
