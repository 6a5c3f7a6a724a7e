-- A person may resolve an alert while its cause lasts; until that is gone, a refresh must not raise it again.
ALTER TABLE analytics.alerts ADD COLUMN lasting boolean NOT NULL DEFAULT true;
COMMENT ON COLUMN analytics.alerts.lasting IS 'False once the newest look no longer finds the cause.';
UPDATE analytics.alerts SET lasting = false WHERE resolved_at IS NOT NULL;
DROP INDEX analytics.alerts_active_key;
CREATE UNIQUE INDEX alerts_lasting_key ON analytics.alerts (key) WHERE lasting;
