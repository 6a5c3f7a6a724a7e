DROP INDEX analytics.alerts_lasting_key;
ALTER TABLE analytics.alerts DROP COLUMN lasting;
CREATE UNIQUE INDEX alerts_active_key ON analytics.alerts (key) WHERE resolved_at IS NULL;
