//! Backups: what goes in comes out, and nothing else gets in.

mod refused;
mod whole;

use std::path::Path;
use std::sync::Arc;

use entity::words::Role;
use sea_orm::ActiveValue::Set;
use sea_orm::{ConnectionTrait as _, DbBackend, Statement};
use store::Database;
use store::audit;
use store::backup::{self, Manifest, Outcome, Restored};
use testkit::builders::{a_region, a_site, a_supplier, a_user, an_item, an_order, demand, instant, run, stock};
use testkit::history;

use crate::an_entry;

/// Something in most tables, among it what text formats trip over.
async fn fill(db: &Database) {
    let region = a_region(db, "BA").await;
    let site = a_site(db, "one", Some(&region)).await;
    let supplier = a_supplier(db, "s1").await;
    let item = an_item("1")
        .named("a\ttab, a \\ and\na line break; \\. ends; Conexão 5/8\" 'x'")
        .costing("2.5")
        .insert(db)
        .await;
    let other = an_item("\\N").named("\\N").of_family("FERRAGENS").insert(db).await;
    demand(db, &item, &site, &[("2025-01-31", "1"), ("2025-02-01", "2.5"), ("2025-03-09", "0.0001")]).await;
    demand(db, &other, &site, &[("2024-12-31", "7")]).await;
    stock(db, &item, &site, "2025-03-09", "4", Some("2")).await;
    an_order(db, &item, &site, "po-1", "2025-02-02", |row| row.supplier_id = Set(Some(supplier.id))).await;
    let user = a_user(db, "ana@example.com", Role::Admin).await;
    a_user(db, "gone@example.com", Role::Viewer).await;
    // A number that was given and taken back is never given again.
    run(db, "DELETE FROM support.users WHERE email = 'gone@example.com'", vec![]).await;
    run(db, "UPDATE core.fact_demand_daily SET unit_cost = 2.5", vec![]).await;
    run(
        db,
        "INSERT INTO analytics.recommendations (item_id, site_id, type, priority, act_by, message, explanation, raised_at, updated_at, acknowledged_by) \
         VALUES ($1, $2, 'REORDER', 'HIGH', '2025-04-01', '{\"pt\": \"\\u00e9\"}', '{}', '2025-03-10T01:02:03.456789+00', now(), $3)",
        vec![item.id.into(), site.id.into(), user.id.into()],
    )
    .await;
    run(
        db,
        "INSERT INTO analytics.kpis_daily (full_date, dimension, member, total_demand, stockout_rate, computed_at) \
         VALUES ('2025-03-09', 'ALL', '', 0.1::float8 + 0.2::float8, 'NaN', now())",
        vec![],
    )
    .await;
    run(db, "INSERT INTO core.indicators VALUES ('2025-03-09', 'IPCA', 0.1::float8 + 0.2::float8)", vec![]).await;
    audit::append(db, vec![an_entry("one"), an_entry("two")]).await.unwrap();
    store::kpis::refresh_views(db).await.unwrap();
}

async fn write(db: &Database, file: &Path) -> Outcome<Manifest> {
    backup::to_file(db, file, instant("2025-03-10T12:00:00Z"), Arc::new(|_, _, _| {})).await
}

async fn restore(db: &Database, file: &Path) -> Outcome<Restored> {
    backup::restore(db, file, history(), Arc::new(|_, _, _| {})).await
}

/// Everything that is stored, as its digests; the same for two databases exactly when they hold the same.
async fn digests(db: &Database) -> Vec<backup::TableRows> {
    let written = backup::write(db, Vec::new(), instant("2025-03-10T12:00:00Z"), Arc::new(|_, _, _| {})).await;
    written.unwrap().1.tables
}

/// The one number that a query gives.
async fn number(db: &Database, sql: &str) -> i64 {
    let row = db.writer().query_one_raw(Statement::from_string(DbBackend::Postgres, sql)).await.unwrap();
    row.unwrap().try_get_by_index(0).unwrap()
}
