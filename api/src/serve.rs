//! Serving connections. `axum::serve` waits for a header as long as its sender likes, so a few thousand half requests
//! would hold a few thousand connections for ever; here a header has a limit.

use std::future::Future;
use std::net::SocketAddr;
use std::pin::pin;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::{ConnectInfo, Request};
use axum::serve::Listener;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tower::ServiceExt as _;

/// How long a header may take, and how long a connection may lie idle between two requests: the clock is the same.
/// Longer than the minute after which common proxies let an idle connection go, so that it is they who close.
pub const HEADER_TIME: Duration = Duration::from_secs(65);

/// Serves until `shutdown`; then idle connections are closed, and requests that run come to their end.
pub(crate) async fn serve(
    mut listener: TcpListener,
    router: Router,
    header_time: Duration,
    shutdown: impl Future<Output = ()>,
) {
    let (connections, stopping) = (TaskTracker::new(), CancellationToken::new());
    let mut shutdown = pin!(shutdown);
    loop {
        // The listener waits a moment by itself when the system is out of files.
        let (stream, address) = tokio::select! {
            accepted = Listener::accept(&mut listener) => accepted,
            () = &mut shutdown => break,
        };
        connections.spawn(connection(stream, address, router.clone(), header_time, stopping.clone()));
    }
    // Nobody connects any more.
    drop(listener);
    stopping.cancel();
    connections.close();
    connections.wait().await;
}

async fn connection(
    stream: TcpStream,
    address: SocketAddr,
    router: Router,
    header_time: Duration,
    stopping: CancellationToken,
) {
    let service = service_fn(move |request: Request<Incoming>| {
        let mut request = request.map(Body::new);
        request.extensions_mut().insert(ConnectInfo(address));
        router.clone().oneshot(request)
    });
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(header_time);
    let mut served = pin!(http.serve_connection(TokioIo::new(stream), service).with_upgrades());
    let ended = tokio::select! {
        ended = served.as_mut() => ended,
        () = stopping.cancelled() => {
            served.as_mut().graceful_shutdown();
            served.await
        }
    };
    if let Err(error) = ended {
        // The other end went away, or took too long: that is theirs.
        tracing::debug!(%address, %error, "a connection ended early");
    }
}
