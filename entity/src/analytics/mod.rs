//! What was computed: forecasts, KPIs, recommendations, alerts.
//!
//! One file a table of the schema `analytics`; never a query. Start with [`forecast_run`].

pub mod alert;
pub mod feature;
pub mod forecast;
pub mod forecast_run;
pub mod forecast_series;
pub mod forecast_total;
pub mod kpi;
pub mod recommendation;
