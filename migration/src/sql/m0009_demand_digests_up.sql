-- What a month of demand holds, as loads know it: an export that brings the very same again is not compared row by row.
CREATE TABLE support.demand_digests (
    month date PRIMARY KEY,
    row_count bigint NOT NULL,
    digest bytea NOT NULL
);
COMMENT ON COLUMN support.demand_digests.digest IS 'SHA-256 of the rows in the order of their key.';

-- Loads write partitions and note what they hold; whoever writes the table ends what is known of it.
CREATE FUNCTION core.demand_written() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM support.demand_digests;
    RETURN NULL;
END $$;
CREATE TRIGGER fact_demand_daily_written AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON core.fact_demand_daily
    FOR EACH STATEMENT EXECUTE FUNCTION core.demand_written();
