//! Where traces go, by the names that OpenTelemetry gave these variables.

use super::value::{ConfigError, Lookup};

/// A collector of traces.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Traces {
    /// `OTEL_EXPORTER_OTLP_ENDPOINT`: its address, such as <http://127.0.0.1:4318>, without a slash at its end.
    pub endpoint: String,
    /// `OTEL_SERVICE_NAME`: what this server is called there.
    pub service: String,
}

impl Traces {
    /// `None` where no collector is named.
    pub(super) fn read(env: &Lookup<'_>) -> Result<Option<Self>, ConfigError> {
        let endpoint = env.collector("OTEL_EXPORTER_OTLP_ENDPOINT")?;
        let service = env.text("OTEL_SERVICE_NAME", "corrente");
        Ok(endpoint.map(|endpoint| Self { endpoint, service }))
    }
}
