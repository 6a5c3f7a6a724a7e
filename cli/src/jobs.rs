//! The jobs that commands and the graph share, each answered with a line that tells what was done.

use std::sync::Arc;

use anyhow::Result;
use api::app::Jobs;
use api::config::Config;
use futures::FutureExt as _;
use futures::future::BoxFuture;
use store::Database;

use crate::output::{self, Progress};

/// Days that a forecast looks ahead when nobody says otherwise.
pub const HORIZON: u16 = 90;

/// What the `refreshData` mutation starts.
#[derive(Debug)]
pub struct RefreshJob {
    pub db: Database,
    pub config: Arc<Config>,
}

impl Jobs for RefreshJob {
    fn refresh(&self) -> BoxFuture<'static, Result<(), String>> {
        let (db, config) = (self.db.clone(), Arc::clone(&self.config));
        async move { refresh(&db, &config).await.map(drop).map_err(|error| output::sentence(&error)) }.boxed()
    }
}

/// Forecasts every series.
pub async fn forecast(_db: &Database, _config: &Config, _horizon: u16, _progress: &Progress) -> Result<String> {
    anyhow::bail!("PENDING")
}

/// Computes KPIs, recommendations, alerts and views anew.
pub async fn refresh(_db: &Database, _config: &Config) -> Result<String> {
    anyhow::bail!("PENDING")
}
