-- The shapes of what a load lands; always empty. A load makes temporary tables LIKE these, so that nothing of a load
-- outlives its session, and two loads never meet in one table (docs/decisions/0004).
CREATE TABLE staging.items (
    sku text, name text, name_folded text, search_folded text, description text, kind text, family text, category text,
    subcategory text, unit text, criticality smallint, unit_cost numeric(18, 4), min_order_quantity numeric(18, 4),
    max_order_quantity numeric(18, 4), pack_size numeric(18, 4), active boolean, attributes jsonb
);
CREATE TABLE staging.order_lines (
    sku text, order_id text, line_no integer, order_date date, site_code text, supplier_code text, quantity numeric(18, 4),
    unit text, unit_price numeric(18, 4), status text, requested_date date, purchased_date date, expected_delivery date,
    actual_delivery date, counts_as_demand boolean, flags text, source_sheet text, source_line integer
);
CREATE TABLE staging.demand (
    sku text, site_code text, full_date date, quantity numeric(18, 4), unit_cost numeric(18, 4), stocked_out boolean
);
CREATE TABLE staging.inventory (
    sku text, site_code text, full_date date, on_hand numeric(18, 4), on_order numeric(18, 4),
    safety_stock numeric(18, 4), reorder_point numeric(18, 4), days_of_cover double precision
);
