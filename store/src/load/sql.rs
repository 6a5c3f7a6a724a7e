//! The statements of a load that are the same each time. Raw SQL, because a merge is joins, window-free aggregates and
//! `IS DISTINCT FROM` over tens of thousands of staged rows; no builder says it shorter.

use super::fact::Fact;

/// A load is long work on purpose: no statement of it is cut off, and it plans for rows that nobody has counted yet.
pub(crate) const BOUNDS: &str =
    "SET LOCAL statement_timeout = 0; SET LOCAL jit = off; SET LOCAL default_statistics_target = 10";

/// A transaction waits for the file's reader; one that hears nothing for this long has lost it.
pub(super) const NATIVE_BOUNDS: &str = "SET LOCAL idle_in_transaction_session_timeout = '15min';
    SET LOCAL work_mem = '96MB'; SET LOCAL hash_mem_multiplier = 2; SET LOCAL maintenance_work_mem = '256MB'";

/// The tables that every load has; those of a month are made when its first rows come.
pub(super) fn landing(until: &str) -> String {
    let tables = format!(
        "CREATE TEMPORARY TABLE landed_order_lines (LIKE staging.order_lines) {until};
         CREATE TEMPORARY TABLE landed_weeks (month date, LIKE core.demand_weekly) {until};
         CREATE TEMPORARY TABLE landed_touched (item_id bigint, site_id bigint, full_date date) {until};
         CREATE TEMPORARY TABLE landed_rejects (severity text, sheet text, line bigint, column_name text, reason text,
             value text, expected text) {until};"
    );
    let again = [Fact::Demand, Fact::Inventory].map(|fact| {
        let columns: Vec<String> = fact.columns().map(|(name, kind)| format!("{name} {kind}")).collect();
        let (word, columns) = (fact.word(), columns.join(", "));
        format!("CREATE TEMPORARY TABLE landed_{word}_again (sheet text, line bigint, {columns}) {until};")
    });
    tables + &again.concat()
}

/// Tables that a load has left in this session.
pub(super) const LEFT: &str = r"SELECT relname::text FROM pg_class
    WHERE relnamespace = pg_my_temp_schema() AND relkind = 'r' AND relname LIKE 'landed\_%'";

/// The months that have a place already.
pub(super) const PARTITIONS: &str = "SELECT c.relname::text FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
    WHERE i.inhparent IN ('core.fact_demand_daily'::regclass, 'core.fact_inventory_daily'::regclass, 'core.fact_orders'::regclass)";

pub(super) const CALENDAR: &str = "
INSERT INTO core.dim_calendar
SELECT * FROM jsonb_to_recordset($1) AS d (full_date date, year smallint, quarter smallint, month smallint, iso_year smallint,
    iso_week smallint, weekday smallint, is_weekend boolean, holiday text, holiday_states text[], fiscal_year smallint, fiscal_quarter smallint)
ON CONFLICT (full_date) DO NOTHING";

pub(super) const REGIONS: &str = "
INSERT INTO core.dim_region AS t (code, name, name_folded, state, economic_zone)
SELECT code, name, name_folded, state, economic_zone FROM jsonb_to_recordset($1)
    AS d (code text, name text, name_folded text, state text, economic_zone text) ORDER BY code
ON CONFLICT (code) DO UPDATE SET name = excluded.name, name_folded = excluded.name_folded,
    state = coalesce(excluded.state, t.state), economic_zone = coalesce(excluded.economic_zone, t.economic_zone)
WHERE (t.name, t.state, t.economic_zone) IS DISTINCT FROM
    (excluded.name, coalesce(excluded.state, t.state), coalesce(excluded.economic_zone, t.economic_zone))";

pub(super) const SITES: &str = "
INSERT INTO core.dim_site AS t (id, code, name, name_folded, type, region_id, latitude, longitude)
SELECT d.id, d.code, d.name, d.name_folded, coalesce(d.type, 'TOWER'), r.id, d.latitude, d.longitude FROM jsonb_to_recordset($1)
    AS d (id bigint, code text, name text, name_folded text, type text, region_code text, latitude float8, longitude float8)
LEFT JOIN core.dim_region r ON r.code = d.region_code ORDER BY d.code
ON CONFLICT (code) DO UPDATE SET name = excluded.name, name_folded = excluded.name_folded,
    region_id = coalesce(excluded.region_id, t.region_id), latitude = coalesce(excluded.latitude, t.latitude),
    longitude = coalesce(excluded.longitude, t.longitude)
WHERE (t.name, t.region_id, t.latitude, t.longitude) IS DISTINCT FROM (excluded.name, coalesce(excluded.region_id, t.region_id),
    coalesce(excluded.latitude, t.latitude), coalesce(excluded.longitude, t.longitude))";

pub(super) const SUPPLIERS: &str = "
INSERT INTO core.dim_supplier AS t (code, name, name_folded, type)
SELECT code, name, name_folded, coalesce(type, 'DOMESTIC') FROM jsonb_to_recordset($1)
    AS d (code text, name text, name_folded text, type text) ORDER BY code
ON CONFLICT (code) DO UPDATE SET name = excluded.name, name_folded = excluded.name_folded WHERE t.name IS DISTINCT FROM excluded.name";

/// What the load leaves open keeps what is stored; the unit of a stored item never changes here.
pub(super) const ITEMS: &str = "
INSERT INTO core.dim_item AS t (id, sku, name, name_folded, search_folded, description, kind, family, category, subcategory, unit,
    criticality, unit_cost, min_order_quantity, max_order_quantity, pack_size, active, attributes)
SELECT d.id, d.sku, d.name, d.name_folded, d.search_folded, coalesce(d.description, o.description), coalesce(d.kind, o.kind, 'MATERIAL'),
    coalesce(d.family, o.family), coalesce(d.category, o.category), coalesce(d.subcategory, o.subcategory), coalesce(o.unit, d.unit),
    coalesce(d.criticality, o.criticality, 5), coalesce(d.unit_cost, o.unit_cost), coalesce(d.min_order_quantity, o.min_order_quantity),
    coalesce(d.max_order_quantity, o.max_order_quantity), coalesce(d.pack_size, o.pack_size), coalesce(d.active, o.active, true),
    coalesce(d.attributes, o.attributes, '{}')
FROM jsonb_to_recordset($1) AS d (id bigint, sku text, name text, name_folded text, search_folded text, description text, kind text, family text,
    category text, subcategory text, unit text, criticality smallint, unit_cost numeric(18, 4), min_order_quantity numeric(18, 4),
    max_order_quantity numeric(18, 4), pack_size numeric(18, 4), active boolean, attributes jsonb)
LEFT JOIN core.dim_item o ON o.sku = d.sku ORDER BY d.sku
ON CONFLICT (sku) DO UPDATE SET name = excluded.name, name_folded = excluded.name_folded, search_folded = excluded.search_folded,
    description = excluded.description, kind = excluded.kind, family = excluded.family, category = excluded.category,
    subcategory = excluded.subcategory, criticality = excluded.criticality, unit_cost = excluded.unit_cost,
    min_order_quantity = excluded.min_order_quantity, max_order_quantity = excluded.max_order_quantity,
    pack_size = excluded.pack_size, active = excluded.active, attributes = excluded.attributes
WHERE (t.name, t.description, t.kind, t.family, t.category, t.subcategory, t.criticality, t.unit_cost, t.min_order_quantity,
    t.max_order_quantity, t.pack_size, t.active, t.attributes) IS DISTINCT FROM (excluded.name, excluded.description, excluded.kind,
    excluded.family, excluded.category, excluded.subcategory, excluded.criticality, excluded.unit_cost, excluded.min_order_quantity,
    excluded.max_order_quantity, excluded.pack_size, excluded.active, excluded.attributes)";

pub(super) const INDICATORS: &str = "
INSERT INTO core.indicators AS t (full_date, code, value)
SELECT full_date, code, value FROM jsonb_to_recordset($1) AS d (full_date date, code text, value float8)
ON CONFLICT (full_date, code) DO UPDATE SET value = excluded.value WHERE t.value IS DISTINCT FROM excluded.value";

/// Every cell whose demand may change: of the lines this source had, and of those it has now.
pub(super) const TOUCH_ORDERS: &str = "
INSERT INTO landed_touched
SELECT item_id, site_id, order_date FROM core.fact_orders WHERE source_file = $1 AND counts_as_demand
UNION
SELECT i.id, s.id, l.order_date FROM landed_order_lines l JOIN core.dim_item i ON i.sku = l.sku JOIN core.dim_site s ON s.code = l.site_code
WHERE l.counts_as_demand";

pub(super) const REMOVE_ORDERS: &str = "
DELETE FROM core.fact_orders o WHERE o.source_file = $1 AND NOT EXISTS (
    SELECT FROM landed_order_lines l JOIN core.dim_item i ON i.sku = l.sku
    WHERE i.id = o.item_id AND l.order_id = o.order_id AND l.line_no = o.line_no AND l.order_date = o.order_date)";

/// A line that another file brought first stays that file's.
pub(super) const MERGE_ORDERS: &str = "
INSERT INTO core.fact_orders AS t (item_id, order_id, line_no, order_date, site_id, supplier_id, quantity, unit, unit_price, status,
    requested_date, purchased_date, expected_delivery, actual_delivery, counts_as_demand, flags, source_file, source_sheet, source_line)
SELECT i.id, l.order_id, l.line_no, l.order_date, s.id, p.id, l.quantity, l.unit, l.unit_price, l.status, l.requested_date, l.purchased_date,
    l.expected_delivery, l.actual_delivery, l.counts_as_demand, string_to_array(l.flags, ','), $1, l.source_sheet, l.source_line
FROM landed_order_lines l
JOIN core.dim_item i ON i.sku = l.sku
JOIN core.dim_site s ON s.code = l.site_code
LEFT JOIN core.dim_supplier p ON p.code = l.supplier_code
ON CONFLICT (item_id, order_id, line_no, order_date) DO UPDATE SET site_id = excluded.site_id, supplier_id = excluded.supplier_id,
    quantity = excluded.quantity, unit = excluded.unit, unit_price = excluded.unit_price, status = excluded.status,
    requested_date = excluded.requested_date, purchased_date = excluded.purchased_date, expected_delivery = excluded.expected_delivery,
    actual_delivery = excluded.actual_delivery, counts_as_demand = excluded.counts_as_demand, flags = excluded.flags,
    source_sheet = excluded.source_sheet, source_line = excluded.source_line
WHERE t.source_file = excluded.source_file AND (t.site_id, t.supplier_id, t.quantity, t.unit, t.unit_price, t.status, t.requested_date,
    t.purchased_date, t.expected_delivery, t.actual_delivery, t.counts_as_demand, t.flags, t.source_sheet, t.source_line)
    IS DISTINCT FROM (excluded.site_id, excluded.supplier_id, excluded.quantity, excluded.unit, excluded.unit_price, excluded.status,
    excluded.requested_date, excluded.purchased_date, excluded.expected_delivery, excluded.actual_delivery, excluded.counts_as_demand,
    excluded.flags, excluded.source_sheet, excluded.source_line)";

/// Demand of the touched cells from all lines that are stored now, whichever file brought them.
pub(super) const DEMAND_OF_ORDERS: &str = "
INSERT INTO core.fact_demand_daily AS t (item_id, site_id, full_date, quantity, unit_cost)
SELECT o.item_id, o.site_id, o.order_date, sum(o.quantity),
    sum(o.total_price) / nullif(sum(o.quantity) FILTER (WHERE o.unit_price IS NOT NULL), 0)
FROM core.fact_orders o JOIN landed_touched c ON c.item_id = o.item_id AND c.site_id = o.site_id AND c.full_date = o.order_date
WHERE o.counts_as_demand GROUP BY 1, 2, 3
ON CONFLICT (item_id, site_id, full_date) DO UPDATE SET quantity = excluded.quantity, unit_cost = excluded.unit_cost
WHERE (t.quantity, t.unit_cost) IS DISTINCT FROM (excluded.quantity, excluded.unit_cost)";

pub(super) const DEMAND_WITHOUT_ORDERS: &str = "
DELETE FROM core.fact_demand_daily d USING landed_touched c
WHERE c.item_id = d.item_id AND c.site_id = d.site_id AND c.full_date = d.full_date AND NOT d.stocked_out AND NOT EXISTS (
    SELECT FROM core.fact_orders o WHERE o.item_id = d.item_id AND o.site_id = d.site_id AND o.order_date = d.full_date AND o.counts_as_demand)";

/// The identities go on after the ids that a load gave itself.
pub(super) const IDENTITIES: &str = "
SELECT setval('core.dim_item_id_seq', greatest(max(id), 1), max(id) IS NOT NULL) FROM core.dim_item
UNION ALL SELECT setval('core.dim_site_id_seq', greatest(max(id), 1), max(id) IS NOT NULL) FROM core.dim_site";

/// `$1` the kinds that the load has brought.
pub(super) const FRESHNESS: &str = "
INSERT INTO support.freshness AS t (kind, data_through, refreshed_at)
SELECT kind, through, now() FROM (
    SELECT 'DEMAND' AS kind, max(full_date) AS through FROM core.fact_demand_daily
    UNION ALL SELECT 'INVENTORY', max(full_date) FROM core.fact_inventory_daily
    UNION ALL SELECT 'ORDERS', max(order_date) FROM core.fact_orders
    UNION ALL SELECT 'INDICATORS', max(full_date) FROM core.indicators) f
WHERE through IS NOT NULL AND kind = ANY($1)
ON CONFLICT (kind) DO UPDATE SET data_through = excluded.data_through, refreshed_at = excluded.refreshed_at";

/// `$1` the kinds that rest on what the load has changed.
pub(super) const STALE: &str = "UPDATE support.freshness SET stale = true WHERE kind = ANY($1)";

pub(super) const SETTING: &str = "
INSERT INTO support.settings (key, value) VALUES ($1, $2) ON CONFLICT (key) DO UPDATE SET value = excluded.value";
