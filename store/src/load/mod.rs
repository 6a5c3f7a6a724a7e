//! Loading: rows in natural codes land in temporary tables by binary COPY, then one transaction merges them by natural
//! key, rewrites the rollups of the touched buckets and closes the run. Killed anywhere, the state is that before or
//! after. Start with [`merge`]; the statements are in `sql`, the wire format in `binary`.

mod binary;
mod rows;
mod sql;

use chrono::NaiveDate;
use sqlx::pool::PoolConnection;
use sqlx::{Connection as _, Executor as _, PgConnection, Postgres};

pub use rows::{CalendarDay, Demand, Indicator, Inventory, Item, Load, Merged, OrderLine, Region, Run, Site, Supplier};

use crate::partitions::{Partitioned, ensure};
use crate::{Database, Engine, Result, StoreError};
use binary::Rows;

/// Rows of one COPY: on the embedded engine the connection is let go between pieces.
const PIECE: usize = 20_000;
/// The key of the advisory lock that keeps two loads on a native server apart; free with its transaction.
const LOCK: i64 = 7_312;

/// Merges everything `load` brings, in one transaction. A second load waits for the first. `progress` gets a word on
/// each step.
pub async fn merge(db: &Database, load: Load, progress: impl Fn(&str) + Send + Sync + 'static) -> Result<Merged> {
    let db = db.clone();
    // On a task of its own: a caller that goes away must not leave a half-spoken COPY on a pooled connection.
    let task = tokio::spawn(async move {
        let _turn = db.loading().await;
        ensure_partitions(&db, &load).await?;
        let mut landing = Landing::open(&db).await?;
        landing.land(&load, &progress).await?;
        progress("merging");
        landing.merge(&load).await
    });
    task.await.map_err(|error| StoreError::Corrupt(format!("a load's task ended early: {error}")))?
}

async fn ensure_partitions(db: &Database, load: &Load) -> Result<()> {
    let orders = load.orders.iter().map(|line| line.order_date);
    let demand = load.demand.iter().map(|row| row.full_date);
    let purchased = load.orders.iter().filter(|line| line.counts_as_demand).map(|line| line.order_date);
    for (table, span) in [
        (Partitioned::Orders, span(orders)),
        (Partitioned::DemandDaily, span(demand.chain(purchased))),
        (Partitioned::InventoryDaily, span(load.inventory.iter().map(|row| row.full_date))),
    ] {
        if let Some((from, to)) = span {
            ensure(db, table, from, to).await?;
        }
    }
    Ok(())
}

fn span(dates: impl Iterator<Item = NaiveDate>) -> Option<(NaiveDate, NaiveDate)> {
    dates.fold(None, |span, date| {
        Some(span.map_or((date, date), |(from, to): (NaiveDate, NaiveDate)| (from.min(date), to.max(date))))
    })
}

/// The session whose temporary tables hold what has landed. A native load keeps its connection; the embedded engine has
/// one for everybody, which is let go between pieces and remembers the tables by itself.
struct Landing<'d> {
    db: &'d Database,
    held: Option<PoolConnection<Postgres>>,
}

impl<'d> Landing<'d> {
    async fn open(db: &'d Database) -> Result<Self> {
        let mut connection = db.pool().acquire().await?;
        // LIKE the empty tables of `staging`, which give the shapes; leftovers of a failed load go first.
        connection
            .execute(
                "DROP TABLE IF EXISTS landed_order_lines, landed_demand, landed_inventory, touched_cells;
                 CREATE TEMPORARY TABLE landed_order_lines (LIKE staging.order_lines);
                 CREATE TEMPORARY TABLE landed_demand (LIKE staging.demand);
                 CREATE TEMPORARY TABLE landed_inventory (LIKE staging.inventory);
                 CREATE TEMPORARY TABLE touched_cells (item_id bigint, site_id bigint, full_date date);",
            )
            .await?;
        let held = (db.engine() == Engine::Native).then_some(connection);
        Ok(Self { db, held })
    }

    async fn copy(&mut self, statement: &'static str, rows: Rows) -> Result<()> {
        let bytes = rows.finish();
        let mut own;
        let connection: &mut PgConnection = if let Some(held) = &mut self.held {
            held
        } else {
            own = self.db.pool().acquire().await?;
            &mut own
        };
        let mut copy = connection.copy_in_raw(statement).await?;
        copy.send(bytes).await?;
        copy.finish().await?;
        Ok(())
    }

    async fn land(&mut self, load: &Load, progress: &(impl Fn(&str) + Send + Sync)) -> Result<()> {
        for piece in load.orders.chunks(PIECE) {
            let mut rows = Rows::new(18);
            for l in piece {
                rows.row().text(Some(&l.sku)).text(Some(&l.order_id)).integer(Some(l.line_no)).date(Some(l.order_date));
                rows.text(Some(&l.site_code))
                    .text(l.supplier_code.as_deref())
                    .numeric(Some(l.quantity))
                    .text(l.unit.as_deref());
                rows.numeric(l.unit_price).text(Some(l.status.as_str())).date(l.requested_date).date(l.purchased_date);
                rows.date(l.expected_delivery)
                    .date(l.actual_delivery)
                    .boolean(l.counts_as_demand)
                    .text(Some(&l.flags.join(",")));
                rows.text(l.source_sheet.as_deref()).integer(l.source_line);
            }
            self.copy("COPY landed_order_lines FROM STDIN (FORMAT binary)", rows).await?;
        }
        for (done, piece) in load.demand.chunks(PIECE).enumerate() {
            let mut rows = Rows::new(6);
            for d in piece {
                rows.row()
                    .text(Some(&d.sku))
                    .text(Some(&d.site_code))
                    .date(Some(d.full_date))
                    .numeric(Some(d.quantity));
                rows.numeric(d.unit_cost).boolean(d.stocked_out);
            }
            self.copy("COPY landed_demand FROM STDIN (FORMAT binary)", rows).await?;
            progress(&format!("demand: {} of {} rows landed", (done * PIECE + piece.len()), load.demand.len()));
        }
        for (done, piece) in load.inventory.chunks(PIECE).enumerate() {
            let mut rows = Rows::new(8);
            for i in piece {
                rows.row().text(Some(&i.sku)).text(Some(&i.site_code)).date(Some(i.full_date)).numeric(Some(i.on_hand));
                rows.numeric(i.on_order).numeric(i.safety_stock).numeric(i.reorder_point).double(i.days_of_cover);
            }
            self.copy("COPY landed_inventory FROM STDIN (FORMAT binary)", rows).await?;
            progress(&format!("inventory: {} of {} rows landed", (done * PIECE + piece.len()), load.inventory.len()));
        }
        Ok(())
    }

    async fn merge(self, load: &Load) -> Result<Merged> {
        let mut connection = match self.held {
            Some(held) => held,
            None => self.db.pool().acquire().await?,
        };
        let mut transaction = connection.begin().await?;
        let merged = Self::statements(&mut transaction, load).await?;
        transaction.commit().await?;
        connection
            .execute("DROP TABLE IF EXISTS landed_order_lines, landed_demand, landed_inventory, touched_cells")
            .await?;
        Ok(merged)
    }

    async fn statements(transaction: &mut PgConnection, load: &Load) -> Result<Merged> {
        run(transaction, sqlx::query("SELECT pg_advisory_xact_lock($1)").bind(LOCK)).await?;
        let mut dimensions = 0;
        for (statement, rows) in [
            (sql::CALENDAR, serde_json::to_value(&load.calendar)?),
            (sql::REGIONS, serde_json::to_value(&load.regions)?),
            (sql::SITES, serde_json::to_value(&load.sites)?),
            (sql::SUPPLIERS, serde_json::to_value(&load.suppliers)?),
            (sql::ITEMS, serde_json::to_value(&load.items)?),
            (sql::INDICATORS, serde_json::to_value(&load.indicators)?),
        ] {
            if rows.as_array().is_some_and(|rows| !rows.is_empty()) {
                let changed = run(transaction, sqlx::query(statement).bind(rows)).await?;
                // A longer calendar alone is no news.
                dimensions += if statement == sql::CALENDAR { 0 } else { changed };
            }
        }
        let mut merged = Merged::default();
        let facts = (load.orders.len() + load.demand.len() + load.inventory.len()) as u64;
        run(transaction, sqlx::query("ANALYZE landed_order_lines, landed_demand, landed_inventory")).await?;
        if !load.orders.is_empty() {
            run(transaction, sqlx::query(sql::TOUCH_ORDERS).bind(&load.source_file)).await?;
            merged.removed = run(transaction, sqlx::query(sql::REMOVE_ORDERS).bind(&load.source_file)).await?;
            merged.changed += run(transaction, sqlx::query(sql::MERGE_ORDERS).bind(&load.source_file)).await?;
            run(transaction, sqlx::query(sql::DEMAND_OF_ORDERS)).await?;
            run(transaction, sqlx::query(sql::DEMAND_WITHOUT_ORDERS)).await?;
        }
        if !load.demand.is_empty() {
            run(transaction, sqlx::query(sql::TOUCH_DEMAND)).await?;
            merged.changed += run(transaction, sqlx::query(sql::MERGE_DEMAND)).await?;
        }
        if !load.inventory.is_empty() {
            merged.changed += run(transaction, sqlx::query(sql::MERGE_INVENTORY)).await?;
        }
        run(transaction, sqlx::query("ANALYZE touched_cells")).await?;
        let news = merged.changed + merged.removed + dimensions > 0;
        if news {
            for statement in sql::ROLLUPS {
                run(transaction, sqlx::query(statement)).await?;
            }
            run(transaction, sqlx::query(sql::STALE)).await?;
        }
        run(transaction, sqlx::query(sql::FRESHNESS)).await?;
        for (key, value) in &load.settings {
            run(transaction, sqlx::query(sql::SETTING).bind(key).bind(value)).await?;
        }
        if facts == 0 {
            merged.changed = dimensions;
        }
        merged.unchanged = facts.saturating_sub(merged.changed);
        if let Some(Run { id, read, rejected, flagged }) = load.run {
            let accepted = read - rejected;
            let loaded = (merged.changed as i64).min(accepted);
            let close = sqlx::query(sql::CLOSE_RUN)
                .bind(id)
                .bind(read)
                .bind(loaded)
                .bind(accepted - loaded)
                .bind(rejected)
                .bind(flagged);
            run(transaction, close).await?;
        }
        Ok(merged)
    }
}

async fn run(
    connection: &mut PgConnection,
    query: sqlx::query::Query<'_, Postgres, sqlx::postgres::PgArguments>,
) -> Result<u64> {
    Ok(query.execute(connection).await?.rows_affected())
}
