//! The weekly and monthly rollups of what a load has touched, so that facts and rollups never disagree.

use std::collections::BTreeSet;

use chrono::{Datelike as _, Days, Months, NaiveDate};
use sqlx::{AssertSqlSafe, Executor as _, PgConnection};

use super::merge::run;
use crate::Result;
use crate::partitions::{Partitioned, month_of};

/// A day's Monday, by whole days from one: `date_trunc` would go by way of a time zone for each row.
const MONDAY: &str = "full_date - (full_date - '1900-01-01'::date) % 7";

/// What a rollup holds, from facts.
const MEASURES: &str =
    "sum(quantity), sum(total_cost), count(*) FILTER (WHERE quantity > 0), count(*) FILTER (WHERE stocked_out)";

/// What a rollup holds, from cells of a smaller rollup.
const SUMS: &str = "sum(quantity), sum(total_cost), sum(demand_days), sum(stocked_out_days)";

/// Makes anew the rollups of `whole` months and of the cells in `landed_touched`.
pub(super) async fn rewrite(
    connection: &mut PgConnection,
    whole: &BTreeSet<NaiveDate>,
    present: &BTreeSet<String>,
    tell: bool,
    progress: &(dyn Fn(&str) + Send + Sync),
) -> Result<()> {
    if !whole.is_empty() {
        months(connection, whole, present, tell, progress).await?;
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

/// Whole months: each is read once, into cells of item, site and week, and both rollups are made from those.
async fn months(
    connection: &mut PgConnection,
    whole: &BTreeSet<NaiveDate>,
    present: &BTreeSet<String>,
    tell: bool,
    progress: &(dyn Fn(&str) + Send + Sync),
) -> Result<()> {
    let columns = "item_id, site_id, bucket, quantity, total_cost, demand_days, stocked_out_days";
    connection.execute("CREATE TEMPORARY TABLE landed_edges (LIKE core.demand_weekly)").await?;
    let mut edges: BTreeSet<NaiveDate> = BTreeSet::new();
    for (done, &month) in whole.iter().enumerate() {
        if tell {
            progress(&format!("rollups, month {} of {}", done + 1, whole.len()));
        }
        let last = month + Months::new(1) - Days::new(1);
        let partition = format!("core.{}", Partitioned::DemandDaily.partition(month));
        // The weeks that lie in this month whole, and those that it shares with its neighbours.
        let first_whole = if monday(month) == month { month } else { monday(month) + Days::new(7) };
        let after_whole = monday(last + Days::new(1));
        edges.extend(
            [monday(month), monday(last)].into_iter().filter(|&week| week < first_whole || week >= after_whole),
        );
        let inside = format!("bucket >= '{first_whole}' AND bucket < '{after_whole}'");
        let statements = format!(
            "CREATE TEMPORARY TABLE landed_cells AS SELECT item_id, site_id, {MONDAY} AS bucket, sum(quantity) AS quantity,
                 sum(total_cost) AS total_cost, count(*) FILTER (WHERE quantity > 0) AS demand_days,
                 count(*) FILTER (WHERE stocked_out) AS stocked_out_days FROM {partition} GROUP BY 1, 2, 3;
             DELETE FROM core.demand_weekly WHERE {inside};
             INSERT INTO core.demand_weekly ({columns}) SELECT {columns} FROM landed_cells WHERE {inside} ORDER BY 1, 2, 3;
             INSERT INTO landed_edges ({columns}) SELECT {columns} FROM landed_cells WHERE NOT ({inside});
             DELETE FROM core.demand_monthly WHERE bucket = '{month}';
             INSERT INTO core.demand_monthly ({columns}) SELECT item_id, site_id, '{month}'::date, {SUMS} FROM landed_cells
                 GROUP BY 1, 2 ORDER BY 1, 2;
             DROP TABLE landed_cells"
        );
        connection.execute(AssertSqlSafe(statements)).await?;
    }
    // A shared week is the sum of its parts where both months were read; otherwise the stored neighbour has a say.
    let known =
        |month: NaiveDate| whole.contains(&month) || !present.contains(&Partitioned::DemandDaily.partition(month));
    let (summed, asked): (Vec<NaiveDate>, Vec<NaiveDate>) =
        edges.into_iter().partition(|&week| known(month_of(week)) && known(month_of(week + Days::new(6))));
    let gone = "DELETE FROM core.demand_weekly WHERE bucket = ANY($1) OR bucket = ANY($2)";
    run(connection, sqlx::query(gone).bind(&summed).bind(&asked)).await?;
    let sums = format!(
        "INSERT INTO core.demand_weekly ({columns}) SELECT item_id, site_id, bucket, {SUMS} FROM landed_edges WHERE bucket = ANY($1)
         GROUP BY 1, 2, 3 ORDER BY 1, 2, 3"
    );
    run(connection, sqlx::query(AssertSqlSafe(sums)).bind(&summed)).await?;
    for week in asked {
        let until = week + Days::new(7);
        let asking = format!(
            "INSERT INTO core.demand_weekly ({columns}) SELECT item_id, site_id, '{week}'::date, {MEASURES} FROM core.fact_demand_daily
             WHERE full_date >= '{week}' AND full_date < '{until}' GROUP BY 1, 2 ORDER BY 1, 2"
        );
        connection.execute(AssertSqlSafe(asking)).await?;
    }
    connection.execute("DROP TABLE landed_edges").await?;
    Ok(())
}

/// The Monday of a day's week.
fn monday(day: NaiveDate) -> NaiveDate {
    day - Days::new(u64::from(day.weekday().num_days_from_monday()))
}
