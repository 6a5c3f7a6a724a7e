//! One POST at a time, on a connection of its own: what an exporter that sends every few seconds needs, over the HTTP that is
//! in the house, and without TLS. A collector that wants TLS is spoken to by one beside this server.

use std::time::Duration;

use async_trait::async_trait;
use axum::body::{Body, Bytes, to_bytes};
use axum::http::header::HOST;
use axum::http::{HeaderValue, Request, Response, Uri};
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use opentelemetry_http::{HttpClient, HttpError};
use tokio::net::TcpStream;
use tokio::runtime::Handle;

/// How long a collector may take to answer.
const PATIENCE: Duration = Duration::from_secs(10);
/// Its answer says next to nothing.
const LONGEST_ANSWER: usize = 64 * 1024;

/// Sends what an exporter's thread gives it, on the runtime that it was made in.
#[derive(Debug)]
pub(super) struct Sender {
    runtime: Handle,
}

impl Sender {
    pub(super) fn here() -> Self {
        Self { runtime: Handle::current() }
    }
}

#[async_trait]
impl HttpClient for Sender {
    async fn send_bytes(&self, request: Request<Bytes>) -> Result<Response<Bytes>, HttpError> {
        // The exporter's thread knows no runtime; a task's handle needs none to be awaited.
        self.runtime.spawn(async { tokio::time::timeout(PATIENCE, post(request)).await }).await??
    }
}

async fn post(mut request: Request<Bytes>) -> Result<Response<Bytes>, HttpError> {
    let target = request.uri().authority().cloned().ok_or("the collector's address names no host")?;
    let stream = TcpStream::connect((target.host().trim_matches(['[', ']']), target.port_u16().unwrap_or(80))).await?;
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await?;
    // It ends with the sender.
    tokio::spawn(connection);
    request.headers_mut().insert(HOST, HeaderValue::from_str(target.as_str())?);
    let path = request.uri().path_and_query().map_or("/", |path| path.as_str());
    *request.uri_mut() = path.parse::<Uri>()?;
    let (head, body) = sender.send_request(request.map(Body::from)).await?.into_parts();
    Ok(Response::from_parts(head, to_bytes(Body::new(body), LONGEST_ANSWER).await?))
}
