-- A first load writes the rollups series by series, where every row lands on another page of an index by bucket; later loads
-- append their buckets, and for those the ranges of pages are enough.
DROP INDEX core.demand_weekly_bucket_idx;
DROP INDEX core.demand_monthly_bucket_idx;
CREATE INDEX demand_weekly_bucket_idx ON core.demand_weekly USING brin (bucket) WITH (pages_per_range = 32);
CREATE INDEX demand_monthly_bucket_idx ON core.demand_monthly USING brin (bucket) WITH (pages_per_range = 32);

-- The first month is asked of the rollup without items and sites, which is small.
CREATE OR REPLACE FUNCTION core.demand_from() RETURNS date LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
DECLARE
    month date := (SELECT min(bucket) FROM core.demand_monthly_by_class);
BEGIN
    RETURN (SELECT min(full_date) FROM core.fact_demand_daily WHERE full_date >= month AND full_date < month + interval '1 month');
END $$;
