//! A warehouse of a given size, made by the database itself.

use std::time::Duration;

use ::store::partitions::{Partitioned, ensure};
use ::store::{Database, PoolOptions};
use anyhow::{Context as _, Result};
use chrono::{Days, Months, NaiveDate};
use sea_orm::ConnectionTrait as _;

/// Days of every series.
const DAYS: u64 = 1_000;
/// Items of the catalogue; those of the first series have demand.
pub const ITEMS: i64 = 20_000;
const SITES: i64 = 200;

/// Item-site series of a thousand days each: an item has two sites.
#[derive(Debug, Clone, Copy)]
pub struct Warehouse {
    series: u64,
}

impl Warehouse {
    /// About `rows` rows of demand.
    pub fn of(rows: u64) -> Self {
        Self { series: (rows / DAYS).clamp(2, 2 * ITEMS as u64) }
    }

    pub fn rows(self) -> u64 {
        self.series * DAYS
    }

    /// The first day.
    pub fn first() -> NaiveDate {
        NaiveDate::from_ymd_opt(2023, 4, 6).unwrap_or_default()
    }

    /// The last day.
    pub fn last() -> NaiveDate {
        Self::first() + Days::new(DAYS - 1)
    }

    /// The item and site of the nth series.
    pub fn pair(self, n: u64) -> (i64, i64) {
        let n = (n % self.series) as i64;
        (1 + n / 2, 1 + (n / 2 * 13 + n % 2 * 71) % SITES)
    }

    /// A database of this name on a server, filled where it was not kept, and the server's own to drop it from.
    pub async fn at(self, server: &str, name: &str, keep: bool, options: &PoolOptions) -> Result<(Database, Database)> {
        let admin = Database::connect(server, &PoolOptions::default()).await?;
        if !keep {
            admin.writer().execute_unprepared(&Self::drop_statement(name)).await?;
        }
        let created = admin.writer().execute_unprepared(&format!("CREATE DATABASE {name}")).await.is_ok();
        let (base, _) = server.rsplit_once('/').context("the server's address names no database")?;
        let patient = PoolOptions { statement_timeout: Duration::from_hours(1), ..options.clone() };
        let url = format!("{base}/{name}");
        if created {
            let db = Database::connect(&url, &patient).await?;
            self.fill(&db).await?;
            db.close().await?;
        }
        Ok((admin, Database::connect(&url, options).await?))
    }

    /// What removes that database.
    pub fn drop_statement(name: &str) -> String {
        format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")
    }

    /// Migrates an empty database and fills it, rollups included.
    pub async fn fill(&self, db: &Database) -> Result<()> {
        migration::up(db.writer()).await?;
        println!("making {} rows of demand", self.rows());
        for statement in [
            "INSERT INTO core.dim_region (code, name, name_folded) SELECT 'R' || n, 'Region ' || n, 'region ' || n FROM generate_series(1, 9) n".to_owned(),
            format!(
                "INSERT INTO core.dim_site (code, name, name_folded, type, region_id) \
                 SELECT 'S' || n, 'Site ' || n, 'site ' || n, 'TOWER', 1 + n % 9 FROM generate_series(1, {SITES}) n"
            ),
            format!(
                "INSERT INTO core.dim_item (sku, name, name_folded, search_folded, family, category, unit, abc_class, xyz_class, unit_cost) \
                 SELECT sku, name, lower(name), sku || ' ' || lower(name), 'Family ' || n % 20, 'Category ' || n % 60, 'UN', \
                        (ARRAY['A', 'B', 'C'])[1 + n * 7 % 3], (ARRAY['X', 'Y', 'Z'])[1 + n / 7 % 3], 1 + n % 90 \
                 FROM (SELECT n, lpad(n::text, 6, '0') AS sku, (ARRAY['CABO', 'CONECTOR', 'PARAFUSO', 'FONTE', 'BATERIA', 'DISJUNTOR'])[1 + n % 6] \
                       || ' ' || (ARRAY['ELETRICO', 'OPTICO', 'DE ACO', 'DE COBRE', 'PVC', 'INOX', 'ZINCADO'])[1 + n / 6 % 7] \
                       || ' ' || n * 7919 % 1000 || 'MM' AS name FROM generate_series(1, {ITEMS}) n) x"
            ),
        ] {
            db.writer().execute_unprepared(&statement).await?;
        }
        ensure(db, Partitioned::DemandDaily, Self::first(), Self::last()).await?;
        let mut from = Self::first();
        while from <= Self::last() {
            let until = (from + Months::new(1)).min(Self::last() + Days::new(1));
            // Day by day, as files come: the days of a series lie far apart.
            let statement = format!(
                "INSERT INTO core.fact_demand_daily (item_id, site_id, full_date, quantity, unit_cost, stocked_out) \
                 SELECT 1 + n / 2, 1 + (n / 2 * 13 + n % 2 * 71) % {SITES}, d::date, (n * 31 + extract(doy FROM d)::int * 7) % 23 + 1, \
                        1 + n % 90, (n + extract(doy FROM d)::int) % 97 = 0 \
                 FROM generate_series(timestamp '{from}', timestamp '{until}' - interval '1 day', '1 day') d, generate_series(0, {}) n",
                self.series - 1
            );
            db.writer().execute_unprepared(&statement).await?;
            from = until;
        }
        for (rollup, bucket) in [("weekly", "week"), ("monthly", "month")] {
            let statement = format!(
                "INSERT INTO core.demand_{rollup} SELECT item_id, site_id, date_trunc('{bucket}', full_date::timestamp)::date, sum(quantity), \
                 sum(total_cost), count(*) FILTER (WHERE quantity > 0), count(*) FILTER (WHERE stocked_out) \
                 FROM core.fact_demand_daily GROUP BY 1, 2, 3"
            );
            db.writer().execute_unprepared(&statement).await?;
        }
        let fresh = format!(
            "INSERT INTO support.freshness (kind, data_through, refreshed_at) VALUES ('DEMAND', '{}', now())",
            Self::last()
        );
        db.writer().execute_unprepared(&fresh).await?;
        let kpis = format!(
            "INSERT INTO analytics.kpis_daily (full_date, dimension, member, total_demand, stockout_rate, fill_rate, delayed_orders_rate, \
                                               forecast_mape, inventory_value, turnover, days_of_cover, computed_at) \
             SELECT d::date, 'ALL', '', 1000, 0.02, 0.98, 0.05, 0.12, 250000, 8, 40, now() \
             FROM generate_series(timestamp '{}', timestamp '{}', '1 day') d",
            Self::first(),
            Self::last()
        );
        db.writer().execute_unprepared(&kpis).await?;
        db.writer().execute_unprepared("VACUUM (ANALYZE)").await?;
        Ok(())
    }
}
