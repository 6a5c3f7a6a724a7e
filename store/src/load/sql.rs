//! The statements of the merge, in the order they run. Raw SQL, because a merge is joins, window-free aggregates and
//! `IS DISTINCT FROM` over tens of thousands of staged rows; no builder says it shorter.

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
INSERT INTO core.dim_site AS t (code, name, name_folded, type, region_id, latitude, longitude)
SELECT d.code, d.name, d.name_folded, coalesce(d.type, 'TOWER'), r.id, d.latitude, d.longitude FROM jsonb_to_recordset($1)
    AS d (code text, name text, name_folded text, type text, region_code text, latitude float8, longitude float8)
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

pub(super) const ITEMS: &str = "
INSERT INTO core.dim_item AS t (sku, name, name_folded, search_folded, description, kind, family, category, subcategory, unit,
    criticality, unit_cost, min_order_quantity, max_order_quantity, pack_size, active, attributes)
SELECT sku, name, name_folded, search_folded, description, coalesce(kind, 'MATERIAL'), family, category, subcategory, unit,
    coalesce(criticality, 5), unit_cost, min_order_quantity, max_order_quantity, pack_size, coalesce(active, true), coalesce(attributes, '{}')
FROM jsonb_to_recordset($1) AS d (sku text, name text, name_folded text, search_folded text, description text, kind text, family text,
    category text, subcategory text, unit text, criticality smallint, unit_cost numeric(18, 4), min_order_quantity numeric(18, 4),
    max_order_quantity numeric(18, 4), pack_size numeric(18, 4), active boolean, attributes jsonb) ORDER BY sku
ON CONFLICT (sku) DO UPDATE SET name = excluded.name, name_folded = excluded.name_folded, search_folded = excluded.search_folded,
    description = coalesce(excluded.description, t.description), kind = excluded.kind, family = coalesce(excluded.family, t.family),
    category = coalesce(excluded.category, t.category), subcategory = coalesce(excluded.subcategory, t.subcategory),
    unit_cost = coalesce(excluded.unit_cost, t.unit_cost), min_order_quantity = coalesce(excluded.min_order_quantity, t.min_order_quantity),
    max_order_quantity = coalesce(excluded.max_order_quantity, t.max_order_quantity), pack_size = coalesce(excluded.pack_size, t.pack_size)
WHERE (t.name, t.kind, t.family, t.category, t.unit_cost, t.min_order_quantity, t.max_order_quantity, t.pack_size) IS DISTINCT FROM
    (excluded.name, excluded.kind, coalesce(excluded.family, t.family), coalesce(excluded.category, t.category),
    coalesce(excluded.unit_cost, t.unit_cost), coalesce(excluded.min_order_quantity, t.min_order_quantity),
    coalesce(excluded.max_order_quantity, t.max_order_quantity), coalesce(excluded.pack_size, t.pack_size))";

pub(super) const INDICATORS: &str = "
INSERT INTO core.indicators AS t (full_date, code, value)
SELECT full_date, code, value FROM jsonb_to_recordset($1) AS d (full_date date, code text, value float8)
ON CONFLICT (full_date, code) DO UPDATE SET value = excluded.value WHERE t.value IS DISTINCT FROM excluded.value";

/// Every cell whose demand may change: of the lines this source had, and of those it has now.
pub(super) const TOUCH_ORDERS: &str = "
INSERT INTO touched_cells
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
FROM core.fact_orders o JOIN touched_cells c ON c.item_id = o.item_id AND c.site_id = o.site_id AND c.full_date = o.order_date
WHERE o.counts_as_demand GROUP BY 1, 2, 3
ON CONFLICT (item_id, site_id, full_date) DO UPDATE SET quantity = excluded.quantity, unit_cost = excluded.unit_cost
WHERE (t.quantity, t.unit_cost) IS DISTINCT FROM (excluded.quantity, excluded.unit_cost)";

pub(super) const DEMAND_WITHOUT_ORDERS: &str = "
DELETE FROM core.fact_demand_daily d USING touched_cells c
WHERE c.item_id = d.item_id AND c.site_id = d.site_id AND c.full_date = d.full_date AND NOT d.stocked_out AND NOT EXISTS (
    SELECT FROM core.fact_orders o WHERE o.item_id = d.item_id AND o.site_id = d.site_id AND o.order_date = d.full_date AND o.counts_as_demand)";

pub(super) const TOUCH_DEMAND: &str = "
INSERT INTO touched_cells
SELECT i.id, s.id, l.full_date FROM landed_demand l JOIN core.dim_item i ON i.sku = l.sku JOIN core.dim_site s ON s.code = l.site_code";

pub(super) const MERGE_DEMAND: &str = "
INSERT INTO core.fact_demand_daily AS t (item_id, site_id, full_date, quantity, unit_cost, stocked_out)
SELECT i.id, s.id, l.full_date, l.quantity, l.unit_cost, l.stocked_out
FROM landed_demand l JOIN core.dim_item i ON i.sku = l.sku JOIN core.dim_site s ON s.code = l.site_code
ON CONFLICT (item_id, site_id, full_date) DO UPDATE SET quantity = excluded.quantity, unit_cost = excluded.unit_cost, stocked_out = excluded.stocked_out
WHERE (t.quantity, t.unit_cost, t.stocked_out) IS DISTINCT FROM (excluded.quantity, excluded.unit_cost, excluded.stocked_out)";

pub(super) const MERGE_INVENTORY: &str = "
INSERT INTO core.fact_inventory_daily AS t (item_id, site_id, full_date, on_hand, on_order, safety_stock, reorder_point, days_of_cover)
SELECT i.id, s.id, l.full_date, l.on_hand, l.on_order, l.safety_stock, l.reorder_point, l.days_of_cover
FROM landed_inventory l JOIN core.dim_item i ON i.sku = l.sku JOIN core.dim_site s ON s.code = l.site_code
ON CONFLICT (item_id, site_id, full_date) DO UPDATE SET on_hand = excluded.on_hand, on_order = excluded.on_order,
    safety_stock = excluded.safety_stock, reorder_point = excluded.reorder_point, days_of_cover = excluded.days_of_cover
WHERE (t.on_hand, t.on_order, t.safety_stock, t.reorder_point, t.days_of_cover) IS DISTINCT FROM
    (excluded.on_hand, excluded.on_order, excluded.safety_stock, excluded.reorder_point, excluded.days_of_cover)";

/// The rollups of the touched buckets, made anew from the facts: what is gone goes, what differs is replaced.
pub(super) const ROLLUPS: [&str; 4] = [
    "DELETE FROM core.demand_weekly r USING (SELECT DISTINCT item_id, site_id, date_trunc('week', full_date)::date AS bucket FROM touched_cells) b
     WHERE r.item_id = b.item_id AND r.site_id = b.site_id AND r.bucket = b.bucket",
    "INSERT INTO core.demand_weekly (item_id, site_id, bucket, quantity, total_cost, demand_days, stocked_out_days)
     SELECT d.item_id, d.site_id, b.bucket, sum(d.quantity), sum(d.total_cost), count(*) FILTER (WHERE d.quantity > 0), count(*) FILTER (WHERE d.stocked_out)
     FROM (SELECT DISTINCT item_id, site_id, date_trunc('week', full_date)::date AS bucket FROM touched_cells) b
     JOIN core.fact_demand_daily d ON d.item_id = b.item_id AND d.site_id = b.site_id AND d.full_date >= b.bucket AND d.full_date < b.bucket + 7
     GROUP BY 1, 2, 3",
    "DELETE FROM core.demand_monthly r USING (SELECT DISTINCT item_id, site_id, date_trunc('month', full_date)::date AS bucket FROM touched_cells) b
     WHERE r.item_id = b.item_id AND r.site_id = b.site_id AND r.bucket = b.bucket",
    "INSERT INTO core.demand_monthly (item_id, site_id, bucket, quantity, total_cost, demand_days, stocked_out_days)
     SELECT d.item_id, d.site_id, b.bucket, sum(d.quantity), sum(d.total_cost), count(*) FILTER (WHERE d.quantity > 0), count(*) FILTER (WHERE d.stocked_out)
     FROM (SELECT DISTINCT item_id, site_id, date_trunc('month', full_date)::date AS bucket FROM touched_cells) b
     JOIN core.fact_demand_daily d ON d.item_id = b.item_id AND d.site_id = b.site_id AND d.full_date >= b.bucket
         AND d.full_date < (b.bucket + interval '1 month')::date
     GROUP BY 1, 2, 3",
];

/// `$1` whether anything changed.
pub(super) const FRESHNESS: &str = "
INSERT INTO support.freshness AS t (kind, data_through, refreshed_at)
SELECT kind, through, now() FROM (
    SELECT 'DEMAND' AS kind, max(full_date) AS through FROM core.fact_demand_daily
    UNION ALL SELECT 'INVENTORY', max(full_date) FROM core.fact_inventory_daily
    UNION ALL SELECT 'ORDERS', max(order_date) FROM core.fact_orders
    UNION ALL SELECT 'INDICATORS', max(full_date) FROM core.indicators) f
WHERE through IS NOT NULL
ON CONFLICT (kind) DO UPDATE SET data_through = excluded.data_through, refreshed_at = excluded.refreshed_at";

pub(super) const STALE: &str =
    "UPDATE support.freshness SET stale = true WHERE kind IN ('FORECASTS', 'KPIS', 'RECOMMENDATIONS')";

pub(super) const SETTING: &str = "
INSERT INTO support.settings (key, value) VALUES ($1, $2) ON CONFLICT (key) DO UPDATE SET value = excluded.value";

pub(super) const CLOSE_RUN: &str = "
UPDATE support.import_runs SET status = 'DONE', read_lines = $2, loaded_lines = $3, unchanged_lines = $4, rejected_lines = $5,
    flagged_lines = $6, finished_at = now(), seconds = extract(epoch FROM clock_timestamp() - started_at) WHERE id = $1";
