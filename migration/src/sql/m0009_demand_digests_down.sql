DROP TRIGGER fact_demand_daily_written ON core.fact_demand_daily;
DROP FUNCTION core.demand_written();
DROP TABLE support.demand_digests;
