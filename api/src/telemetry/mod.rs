//! Traces, where somebody wants them: spans of requests, operations and statements, sent to a collector by OTLP over HTTP.
//!
//! Without a collector no span is made. A span tells what was asked and of what kind, never the values that came with it:
//! of a statement its text, of an operation its name. Start with [`Telemetry`].

mod send;
mod span;

use opentelemetry::KeyValue;
use opentelemetry::trace::TracerProvider as _;
use opentelemetry_otlp::{Protocol, SpanExporter, WithExportConfig as _, WithHttpConfig as _};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::trace::SdkTracerProvider;
use tracing::level_filters::LevelFilter;
use tracing_subscriber::Layer;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::registry::LookupSpan;

use crate::config::Traces;
use crate::error::StartError;
use send::Sender;
pub(crate) use span::{operation, request};

/// What our own spans are made under.
const TARGET: &str = "corrente::trace";
/// What those of statements are made under.
const STATEMENTS: &str = "sea_orm";

/// The way to a collector.
#[derive(Debug)]
pub struct Telemetry {
    provider: SdkTracerProvider,
}

impl Telemetry {
    /// Prepares to send to a collector; whether it is there shows later. Call it inside a tokio runtime.
    pub fn start(traces: &Traces) -> Result<Self, StartError> {
        let exporter = SpanExporter::builder()
            .with_http()
            .with_http_client(Sender::here())
            .with_protocol(Protocol::HttpBinary)
            .with_endpoint(format!("{}/v1/traces", traces.endpoint))
            .build()
            .map_err(|error| StartError::Traces(error.to_string()))?;
        let version = KeyValue::new("service.version", env!("CARGO_PKG_VERSION"));
        let resource = Resource::builder().with_service_name(traces.service.clone()).with_attribute(version).build();
        let provider = SdkTracerProvider::builder().with_batch_exporter(exporter).with_resource(resource).build();
        Ok(Self { provider })
    }

    /// What makes spans of the collector's kind out of ours; the subscriber's other layers see none of them by it.
    pub fn layer<S>(&self) -> impl Layer<S> + Send + Sync + use<S>
    where
        S: tracing::Subscriber + for<'span> LookupSpan<'span> + Send + Sync,
    {
        let spans = Targets::new().with_target(TARGET, LevelFilter::INFO).with_target(STATEMENTS, LevelFilter::INFO);
        tracing_opentelemetry::layer()
            .with_tracer(self.provider.tracer("corrente"))
            .with_location(false)
            .with_threads(false)
            .with_target(false)
            .with_filter(spans)
    }

    /// Sends what has not been sent, for five seconds at most.
    pub async fn end(self) {
        // It waits for a thread that waits for this runtime.
        let ended = tokio::task::spawn_blocking(move || self.provider.shutdown()).await;
        if let Ok(Err(error)) = ended {
            tracing::warn!(%error, "the last traces could not be sent");
        }
    }
}
