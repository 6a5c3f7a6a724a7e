//! A server on a port of its own, for what only real connections show.

use std::net::SocketAddr;

use api::app::AppParts;
use api::config::Config;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use crate::server::Server;

pub struct Listening {
    pub server: Server,
    pub address: SocketAddr,
    pub stop: oneshot::Sender<()>,
    pub serving: JoinHandle<()>,
}

pub async fn listening(parts: AppParts) -> Listening {
    serving(Server::with(Config::for_tests(), parts).await).await
}

/// A server that is there, on a port.
pub async fn serving(server: Server) -> Listening {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (stop, stopped) = oneshot::channel::<()>();
    let app = server.app.clone();
    let serving = tokio::spawn(async move {
        app.serve(listener, async move { drop(stopped.await) }).await.unwrap();
    });
    Listening { server, address, stop, serving }
}
