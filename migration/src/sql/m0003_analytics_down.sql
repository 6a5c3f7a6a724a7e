DROP MATERIALIZED VIEW analytics.mv_forecasts_latest, analytics.mv_kpis_latest;
DROP TABLE support.alert_reads, analytics.alerts, analytics.recommendations, analytics.kpis_daily, analytics.features_store,
    analytics.forecast_totals, analytics.forecasts, analytics.forecast_series, analytics.forecast_runs;
