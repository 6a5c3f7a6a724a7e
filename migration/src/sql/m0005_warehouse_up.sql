-- What the warehouse needs beyond the walking skeleton: indexes for its questions, tables for its loads.

-- Facts land by id in tables that each load makes for itself, and dimensions as JSON: only order lines keep a shape here.
DROP TABLE staging.items, staging.demand, staging.inventory;

-- Reads: a series of an item at a site is read from its key alone, whose leaves carry what the series shows.
ALTER TABLE core.fact_demand_daily DROP CONSTRAINT fact_demand_daily_pkey;
ALTER TABLE core.fact_demand_daily ADD CONSTRAINT fact_demand_daily_pkey
    PRIMARY KEY (item_id, site_id, full_date) INCLUDE (quantity, stocked_out);

-- The last day that the loads vouch for. A function, because its second question names every partition, and it is
-- planned only when it is asked: before the first load.
CREATE FUNCTION core.demand_through() RETURNS date LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
DECLARE
    through date;
BEGIN
    SELECT data_through INTO through FROM support.freshness WHERE kind = 'DEMAND';
    IF through IS NULL THEN
        SELECT max(full_date) INTO through FROM core.fact_demand_daily;
    END IF;
    RETURN through;
END $$;

-- The first day with demand: the first month is known from the rollup, so that one partition is asked.
CREATE FUNCTION core.demand_from() RETURNS date LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
DECLARE
    month date := (SELECT min(bucket) FROM core.demand_monthly);
BEGIN
    RETURN (SELECT min(full_date) FROM core.fact_demand_daily WHERE full_date >= month AND full_date < month + interval '1 month');
END $$;

-- Rollups by what items are, without items and sites: what dashboards group by. A company has thousands of items and
-- hundreds of sites, but few families and classes, so these stay small however much demand there is.
CREATE TABLE core.demand_weekly_by_class (
    bucket date NOT NULL,
    kind text NOT NULL,
    family text,
    category text,
    abc_class text,
    xyz_class text,
    quantity numeric NOT NULL,
    total_cost numeric,
    demand_days bigint NOT NULL,
    stocked_out_days bigint NOT NULL
);
COMMENT ON TABLE core.demand_weekly_by_class IS 'One row a week and combination of what items are; NULL where an item does not say.';
CREATE INDEX demand_weekly_by_class_bucket_idx ON core.demand_weekly_by_class (bucket);
CREATE TABLE core.demand_monthly_by_class (LIKE core.demand_weekly_by_class);
CREATE INDEX demand_monthly_by_class_bucket_idx ON core.demand_monthly_by_class (bucket);

-- They follow by themselves, whoever writes the rollups or changes what an item is: statements note the buckets they
-- touched, and the end of the transaction makes those anew. Outside of a transaction this table is empty.
CREATE TABLE core.demand_touched (rollup text NOT NULL, bucket date NOT NULL);

CREATE FUNCTION core.demand_rollup_touched() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'DELETE' THEN
        INSERT INTO core.demand_touched SELECT DISTINCT TG_TABLE_NAME, bucket FROM now_there;
    END IF;
    IF TG_OP <> 'INSERT' THEN
        INSERT INTO core.demand_touched SELECT DISTINCT TG_TABLE_NAME, bucket FROM gone;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER demand_weekly_inserted AFTER INSERT ON core.demand_weekly
    REFERENCING NEW TABLE AS now_there FOR EACH STATEMENT EXECUTE FUNCTION core.demand_rollup_touched();
CREATE TRIGGER demand_weekly_updated AFTER UPDATE ON core.demand_weekly
    REFERENCING NEW TABLE AS now_there OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION core.demand_rollup_touched();
CREATE TRIGGER demand_weekly_deleted AFTER DELETE ON core.demand_weekly
    REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION core.demand_rollup_touched();
CREATE TRIGGER demand_monthly_inserted AFTER INSERT ON core.demand_monthly
    REFERENCING NEW TABLE AS now_there FOR EACH STATEMENT EXECUTE FUNCTION core.demand_rollup_touched();
CREATE TRIGGER demand_monthly_updated AFTER UPDATE ON core.demand_monthly
    REFERENCING NEW TABLE AS now_there OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION core.demand_rollup_touched();
CREATE TRIGGER demand_monthly_deleted AFTER DELETE ON core.demand_monthly
    REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION core.demand_rollup_touched();

CREATE FUNCTION core.item_class_touched() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    changed bigint[];
BEGIN
    SELECT array_agg(n.id) INTO changed FROM now_there n JOIN gone g ON g.id = n.id
    WHERE (n.kind, n.family, n.category, n.abc_class, n.xyz_class) IS DISTINCT FROM (g.kind, g.family, g.category, g.abc_class, g.xyz_class);
    IF changed IS NOT NULL THEN
        INSERT INTO core.demand_touched
        SELECT DISTINCT 'demand_weekly', bucket FROM core.demand_weekly WHERE item_id = ANY (changed)
        UNION ALL SELECT DISTINCT 'demand_monthly', bucket FROM core.demand_monthly WHERE item_id = ANY (changed);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER dim_item_class_updated AFTER UPDATE ON core.dim_item
    REFERENCING NEW TABLE AS now_there OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION core.item_class_touched();

CREATE FUNCTION core.demand_by_class() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    weeks date[];
    months date[];
BEGIN
    -- The first note of the transaction does the work of all; for the others nothing is left.
    IF NOT EXISTS (SELECT FROM core.demand_touched) THEN
        RETURN NULL;
    END IF;
    -- Two transactions that touched the same bucket take turns, and the second sees what the first has done.
    PERFORM pg_advisory_xact_lock(7312);
    SELECT array_agg(DISTINCT bucket) FILTER (WHERE rollup = 'demand_weekly'),
           array_agg(DISTINCT bucket) FILTER (WHERE rollup = 'demand_monthly') INTO weeks, months FROM core.demand_touched;
    DELETE FROM core.demand_touched;
    DELETE FROM core.demand_weekly_by_class WHERE bucket = ANY (weeks);
    INSERT INTO core.demand_weekly_by_class
    SELECT d.bucket, i.kind, i.family, i.category, i.abc_class, i.xyz_class, sum(d.quantity), sum(d.total_cost), sum(d.demand_days), sum(d.stocked_out_days)
    FROM core.demand_weekly d JOIN core.dim_item i ON i.id = d.item_id WHERE d.bucket = ANY (weeks) GROUP BY 1, 2, 3, 4, 5, 6;
    DELETE FROM core.demand_monthly_by_class WHERE bucket = ANY (months);
    INSERT INTO core.demand_monthly_by_class
    SELECT d.bucket, i.kind, i.family, i.category, i.abc_class, i.xyz_class, sum(d.quantity), sum(d.total_cost), sum(d.demand_days), sum(d.stocked_out_days)
    FROM core.demand_monthly d JOIN core.dim_item i ON i.id = d.item_id WHERE d.bucket = ANY (months) GROUP BY 1, 2, 3, 4, 5, 6;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER demand_touched_ends AFTER INSERT ON core.demand_touched
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION core.demand_by_class();

-- What was loaded before this step.
INSERT INTO core.demand_touched
SELECT DISTINCT 'demand_weekly', bucket FROM core.demand_weekly UNION ALL SELECT DISTINCT 'demand_monthly', bucket FROM core.demand_monthly;

-- Search in the middle of words by trigrams, where the server has them and lets us; elsewhere a search reads the items.
DO $$
BEGIN
    IF EXISTS (SELECT FROM pg_available_extensions WHERE name = 'pg_trgm') THEN
        CREATE EXTENSION IF NOT EXISTS pg_trgm SCHEMA public;
    END IF;
EXCEPTION WHEN insufficient_privilege THEN
    RAISE NOTICE 'searches will read all items: %', SQLERRM;
END $$;
DO $$
BEGIN
    IF EXISTS (SELECT FROM pg_extension WHERE extname = 'pg_trgm') THEN
        EXECUTE format('CREATE INDEX dim_item_search_idx ON core.dim_item USING gin (search_folded %s.gin_trgm_ops)',
            (SELECT quote_ident(n.nspname) FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace WHERE e.extname = 'pg_trgm'));
    END IF;
END $$;
