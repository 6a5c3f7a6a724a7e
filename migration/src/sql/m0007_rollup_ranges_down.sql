-- Takes m0007_rollup_ranges back.
CREATE OR REPLACE FUNCTION core.demand_from() RETURNS date LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
DECLARE
    month date := (SELECT min(bucket) FROM core.demand_monthly);
BEGIN
    RETURN (SELECT min(full_date) FROM core.fact_demand_daily WHERE full_date >= month AND full_date < month + interval '1 month');
END $$;
DROP INDEX core.demand_weekly_bucket_idx;
DROP INDEX core.demand_monthly_bucket_idx;
CREATE INDEX demand_weekly_bucket_idx ON core.demand_weekly (bucket);
CREATE INDEX demand_monthly_bucket_idx ON core.demand_monthly (bucket);
