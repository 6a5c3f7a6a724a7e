//! A company that grows: of everything that a list of the graph can hold, one more each time.

use entity::words::Role;
use sea_orm::ConnectionTrait;
use store::partitions::{Partitioned, ensure};
use testkit::builders::{day, run};

use crate::server::{Server, email};

/// What row number `n` brings, for `n` from `$1` to `$2`. Item n is used at site 1 and at site n, and bought from supplier n.
const ROWS: [&str; 20] = [
    "INSERT INTO core.dim_region (id, code, name, name_folded) SELECT n, 'R' || n, 'Region ' || n, 'region ' || n FROM numbers",
    "INSERT INTO core.dim_site (id, code, name, name_folded, type, region_id) \
     SELECT n, 'S' || n, 'Site ' || n, 'site ' || n, 'TOWER', n FROM numbers",
    "INSERT INTO core.dim_supplier (id, code, name, name_folded) SELECT n, 'P' || n, 'Supplier ' || n, 'supplier ' || n FROM numbers",
    "INSERT INTO core.dim_item (id, sku, name, name_folded, search_folded, family, unit, unit_cost, attributes) \
     SELECT n, lpad(n::text, 6, '0'), 'Item ' || n, 'item ' || n, 'item ' || n, 'Family ' || n, 'UN', 2, '{\"voltage\": \"48 V\"}' FROM numbers",
    "INSERT INTO core.fact_demand_daily (item_id, site_id, full_date, quantity) SELECT n, 1, '2025-03-03', 5 FROM numbers",
    "INSERT INTO core.demand_weekly SELECT n, 1, '2025-03-03', 5, 10, 1, 0 FROM numbers",
    "INSERT INTO core.demand_monthly SELECT n, 1, '2025-03-01', 5, 10, 1, 0 FROM numbers",
    "INSERT INTO core.fact_inventory_daily (item_id, site_id, full_date, on_hand, on_order) SELECT n, n, '2025-03-03', 3, 1 FROM numbers",
    "INSERT INTO core.fact_orders (item_id, order_id, line_no, order_date, site_id, supplier_id, quantity, status, source_file) \
     SELECT n, 'O' || n, 1, '2025-03-03', n, n, 1, 'PLACED', 'test' FROM numbers",
    "INSERT INTO analytics.features_store SELECT n, 1, '2025-03-03', 1, '{\"mean_28\": 1}' FROM numbers",
    "INSERT INTO analytics.forecast_runs (id, origin, horizon, data_through, status, complete, models, backtest, accuracy) \
     SELECT n, '2025-02-24', 30, '2025-02-23', 'READY', n = 1, '{\"SES\": 1}', \
            '{\"selected\": {\"calibration\": {\"0.9\": {\"above\": 0.1, \"atOrAbove\": 0.1}}}, \"methods\": {\"SES\": {\"folds\": 3}}}', \
            '[{\"class\": \"SMOOTH\", \"lead_from\": 1, \"metrics\": {\"observations\": 1}}]' FROM numbers",
    "INSERT INTO analytics.forecast_series (run_id, level, item_id, model, demand_class, backtest) \
     SELECT 1, 'ITEM', n, 'SES', 'SMOOTH', '{\"calibration\": {\"0.9\": {\"above\": 0.1, \"atOrAbove\": 0.1}}}' FROM numbers",
    "INSERT INTO analytics.forecasts (item_id, site_id, target_date, run_id, origin, lead, mean, p10, p90, model) \
     SELECT n, 0, '2025-02-24'::date + d, 1, '2025-02-24', d + 1, 2, 1, 3, 'SES' FROM numbers, generate_series(0, 6) d",
    "INSERT INTO analytics.kpis_daily (full_date, dimension, member, inventory_value, carrying_cost, computed_at) \
     SELECT '2024-12-31'::date + n::int, 'ALL', '', 1, 1, now() FROM numbers",
    "INSERT INTO analytics.recommendations (item_id, site_id, type, priority, act_by, message, status, explanation, raised_at, updated_at, acknowledged_by) \
     SELECT n, n, 'REORDER', 'HIGH', '2025-03-09', '{}', 'ACKNOWLEDGED', \
            '{\"leadTimeDemand\": {\"mean\": 1}, \"ifNothingIsDone\": {\"stockoutDate\": {}}, \
              \"textbookSafetyStock\": {\"z\": 1, \"sigma\": 1, \"days\": 1, \"safetyStock\": 1, \"reorderPoint\": 1, \"formula\": \"1\"}}', \
            now(), now(), $3 FROM numbers",
    "INSERT INTO analytics.alerts (key, level, category, item_id, site_id, message, raised_at, updated_at, resolved_at, resolved_by) \
     SELECT state || n, 'WARNING', 'STOCKOUT', n, n, '{}', now(), now(), CASE state WHEN 'gone' THEN now() END, CASE state WHEN 'gone' THEN $3 END \
     FROM numbers, unnest(ARRAY['live', 'gone']) state",
    "INSERT INTO support.users (email, name, role, password_hash, demo) SELECT 'u' || n, 'Person ' || n, 'VIEWER', '!', true FROM numbers",
    "INSERT INTO support.api_tokens (user_id, name, prefix, token_hash, role) \
     SELECT id, 'Token ' || n, 'corrente', decode(md5(id || ' ' || n), 'hex'), 'VIEWER' FROM numbers, support.users WHERE role <> 'VIEWER'",
    "INSERT INTO support.saved_views (user_id, name, page, query, shared) SELECT $3, 'View ' || n, '/materials', '', true FROM numbers",
    "INSERT INTO support.import_runs (id, kind, file, status, actor) SELECT n, 'ORDERS', 'orders ' || n, 'DONE', 'a test' FROM numbers",
];

/// Brings numbers `from` to `to`.
pub async fn grow(server: &Server, from: i64, to: i64) {
    let db = server.db.db();
    for table in [Partitioned::DemandDaily, Partitioned::InventoryDaily, Partitioned::Orders, Partitioned::Forecasts] {
        ensure(db, table, day("2025-02-01"), day("2025-03-31")).await.unwrap();
    }
    let person = store::users::by_email(db, &email(Role::Viewer)).await.unwrap().unwrap().id;
    for rows in ROWS {
        let numbers = "numbers AS (SELECT n FROM generate_series($1::bigint, $2::bigint) n WHERE $3::bigint > 0)";
        run(db, &format!("WITH {numbers} {rows}"), vec![from.into(), to.into(), person.into()]).await;
    }
    let rejects = "INSERT INTO support.import_rejects (run_id, severity, line, reason) \
                   SELECT n, 'REJECT', 1, 'FUTURE_DATE' FROM generate_series($1::bigint, $2::bigint) n";
    run(db, rejects, vec![from.into(), to.into()]).await;
    let fresh = "INSERT INTO support.freshness (kind, data_through, refreshed_at) \
                 SELECT unnest(ARRAY['DEMAND', 'INVENTORY', 'ORDERS', 'FORECASTS', 'KPIS']), '2025-03-03', now() \
                 ON CONFLICT (kind) DO UPDATE SET refreshed_at = now()";
    run(db, fresh, Vec::new()).await;
    for view in ["mv_kpis_latest", "mv_forecasts_latest"] {
        db.writer().execute_unprepared(&format!("REFRESH MATERIALIZED VIEW analytics.{view}")).await.unwrap();
    }
    store::settings::set(db, store::settings::DEMO, &true).await.unwrap();
    let entries = (from..=to).map(|_| server.entry("a test")).collect();
    store::audit::append(db, entries).await.unwrap();
}
