//! The weekly and monthly rollups of what a load has touched, so that facts and rollups never disagree.

use std::collections::BTreeSet;

use chrono::{Datelike as _, Days, Months, NaiveDate};
use sqlx::{AssertSqlSafe, Executor as _, PgConnection};

use super::fact::Fact;
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

/// Three million cells are sorted in memory, which is 0.3 GB, once in a load.
const ROOM_TO_SORT: &str = "SET LOCAL work_mem = '512MB'; SET LOCAL hash_mem_multiplier = 1";

/// Both rollups note the buckets that a statement touches from a copy of its rows. Whole months are known without.
const UNWATCHED: &str =
    "ALTER TABLE core.demand_weekly DISABLE TRIGGER USER; ALTER TABLE core.demand_monthly DISABLE TRIGGER USER";
const WATCHED: &str =
    "ALTER TABLE core.demand_weekly ENABLE TRIGGER USER; ALTER TABLE core.demand_monthly ENABLE TRIGGER USER";
const NOTE: &str = "INSERT INTO core.demand_touched SELECT 'demand_weekly', unnest($1::date[])
    UNION ALL SELECT 'demand_monthly', unnest($2::date[])";

/// A rollup that holds nothing is filled as the months have landed, and gets its key when it is full; nothing is sorted but
/// the key. Who asks it meanwhile waits for the end of the load.
const WITHOUT_KEY: &str = "ALTER TABLE core.demand_weekly DROP CONSTRAINT demand_weekly_pkey;
    ALTER TABLE core.demand_monthly DROP CONSTRAINT demand_monthly_pkey";
const WITH_KEY: &str = "ALTER TABLE core.demand_weekly ADD PRIMARY KEY (item_id, site_id, bucket);
    ALTER TABLE core.demand_monthly ADD PRIMARY KEY (item_id, site_id, bucket)";
const EMPTY: &str =
    "SELECT NOT EXISTS (SELECT FROM core.demand_weekly) AND NOT EXISTS (SELECT FROM core.demand_monthly)";

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
        connection.execute(UNWATCHED).await?;
        let (empty,): (bool,) = sqlx::query_as(EMPTY).fetch_one(&mut *connection).await?;
        if empty {
            connection.execute(WITHOUT_KEY).await?;
        }
        months(connection, whole, loader, if empty { "" } else { "ORDER BY 1, 2, 3" }, tell, progress).await?;
        if empty {
            connection.execute(WITH_KEY).await?;
        }
        let weeks: Vec<NaiveDate> = weeks_of(whole).into_iter().collect();
        let months: Vec<NaiveDate> = whole.iter().copied().collect();
        run(connection, sqlx::query(NOTE).bind(weeks).bind(months)).await?;
        connection.execute(WATCHED).await?;
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

/// Whole months, both rollups at once, in the order of their keys where these have to be kept. The weeks of a new month have
/// landed with it; every other month is read once.
async fn months(
    connection: &mut PgConnection,
    whole: &BTreeSet<NaiveDate>,
    loader: &Loader<'_>,
    ordered: &str,
    tell: bool,
    progress: &(dyn Fn(&str) + Send + Sync),
) -> Result<()> {
    let read: Vec<NaiveDate> = whole.iter().filter(|month| !loader.weeks.contains_key(month)).copied().collect();
    run(connection, sqlx::query("DELETE FROM landed_weeks WHERE month = ANY($1)").bind(&read)).await?;
    for (done, month) in read.iter().enumerate() {
        if tell {
            progress(&format!("rollups, month {} of {}", done + 1, read.len()));
        }
        let partition = Fact::Demand.partition(*month);
        let weeks = format!(
            "INSERT INTO landed_weeks (month, {COLUMNS})
             SELECT '{month}'::date, item_id, site_id, {MONDAY}, {MEASURES} FROM {partition} GROUP BY 1, 2, 3, 4"
        );
        connection.execute(AssertSqlSafe(weeks)).await?;
    }
    if tell {
        progress("rollups");
    }
    connection.execute("ANALYZE landed_weeks").await?;
    if loader.db.engine() == Engine::Native {
        connection.execute(ROOM_TO_SORT).await?;
    }
    // A week that is shared with a month that was not read is made from its facts.
    let known = |month: NaiveDate| {
        whole.contains(&month) || !loader.present.contains(&Partitioned::DemandDaily.partition(month))
    };
    let (summed, asked): (Vec<NaiveDate>, Vec<NaiveDate>) =
        weeks_of(whole).into_iter().partition(|&week| known(month_of(week)) && known(month_of(week + Days::new(6))));
    let gone = "DELETE FROM core.demand_weekly WHERE bucket = ANY($1) OR bucket = ANY($2)";
    run(connection, sqlx::query(gone).bind(&summed).bind(&asked)).await?;
    // Only a week that two months share, or that lies in a month that came in parts, has more than one cell a series.
    let parted = |week: &NaiveDate| {
        let (first, last) = (month_of(*week), month_of(*week + Days::new(6)));
        first != last || loader.weeks.get(&first).is_some_and(|parts| *parts > 1)
    };
    let (parted, single): (Vec<NaiveDate>, Vec<NaiveDate>) = summed.into_iter().partition(parted);
    let made = format!(
        "INSERT INTO core.demand_weekly ({COLUMNS})
         SELECT {COLUMNS} FROM landed_weeks WHERE bucket = ANY($1)
         UNION ALL
         SELECT item_id, site_id, bucket, {SUMS} FROM landed_weeks WHERE bucket = ANY($2) GROUP BY 1, 2, 3
         {ordered}"
    );
    run(connection, sqlx::query(AssertSqlSafe(made)).bind(&single).bind(&parted)).await?;
    for week in asked {
        let until = week + Days::new(7);
        let asking = format!(
            "INSERT INTO core.demand_weekly ({COLUMNS}) SELECT item_id, site_id, '{week}'::date, {MEASURES} FROM core.fact_demand_daily
             WHERE full_date >= '{week}' AND full_date < '{until}' GROUP BY 1, 2 {ordered}"
        );
        connection.execute(AssertSqlSafe(asking)).await?;
    }
    let whole: Vec<NaiveDate> = whole.iter().copied().collect();
    run(connection, sqlx::query("DELETE FROM core.demand_monthly WHERE bucket = ANY($1)").bind(&whole)).await?;
    let made = format!(
        "INSERT INTO core.demand_monthly ({COLUMNS}) SELECT item_id, site_id, month, {SUMS} FROM landed_weeks
         GROUP BY 1, 2, 3 {ordered}"
    );
    connection.execute(AssertSqlSafe(made)).await?;
    Ok(())
}

/// The weeks that lie in these months, whole or in part.
fn weeks_of(months: &BTreeSet<NaiveDate>) -> BTreeSet<NaiveDate> {
    let weeks = months.iter().flat_map(|&month| {
        let after = month + Months::new(1);
        monday(month).iter_weeks().take_while(move |&week| week < after)
    });
    weeks.collect()
}

/// The Monday of a day's week.
fn monday(day: NaiveDate) -> NaiveDate {
    day - Days::new(u64::from(day.weekday().num_days_from_monday()))
}
