//! Subscriptions over WebSocket, by graphql-transport-ws. async-graphql-axum speaks the protocol; this stands between it
//! and the client, lets through what the rules allow, and closes with the protocol's code what they do not.
//!
//! The stock socket also runs queries and mutations, waits for ever for a sign-in that it never checks again, takes
//! messages of 64 MiB and any page's call.

mod executor;
mod gate;

use std::sync::Arc;
use std::time::Duration;

use async_graphql::Data;
use async_graphql_axum::{GraphQLProtocol, GraphQLWebSocket};
use axum::body::Bytes;
use axum::extract::ws::{CloseFrame, Message, WebSocket};
use axum::extract::{FromRequestParts as _, WebSocketUpgrade};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use futures::channel::mpsc;
use futures::stream::SplitSink;
use futures::{SinkExt as _, StreamExt as _};
use tokio::time::{Instant, Interval, MissedTickBehavior};
use tokio_util::sync::CancellationToken;
use tokio_util::task::{AbortOnDropHandle, TaskTracker};

use self::executor::Subscriptions;
use self::gate::{Close, Gate};
use super::guard::{Origin, RequestId, origin};
use super::negotiate::Media;
use super::{client, respond};
use crate::app::Shared;
use crate::live::Event;

/// The one protocol that is spoken.
const PROTOCOL: &str = "graphql-transport-ws";
/// Messages on their way between the client and the graph.
const WAITING: usize = 64;

/// How long a socket waits for what; a test has less patience.
#[derive(Debug, Clone, Copy)]
pub struct Times {
    /// For the client to say who it is.
    pub init: Duration,
    /// Until the token is looked at again.
    pub check: Duration,
    /// Between two pings; who has said nothing for two of them is gone.
    pub ping: Duration,
    /// For the client to take a message.
    pub write: Duration,
}

impl Default for Times {
    fn default() -> Self {
        Self {
            init: Duration::from_secs(10),
            check: Duration::from_mins(1),
            ping: Duration::from_secs(20),
            write: Duration::from_secs(10),
        }
    }
}

/// The sockets that are open.
#[derive(Debug, Default)]
pub struct Sockets {
    tasks: TaskTracker,
    leaving: CancellationToken,
}

impl Sockets {
    /// How many there are.
    pub fn count(&self) -> usize {
        self.tasks.len()
    }

    /// Closes them all, and those that come.
    pub fn leave(&self) {
        self.leaving.cancel();
        self.tasks.close();
    }

    /// Waits until all are closed.
    pub async fn gone(&self) {
        self.tasks.wait().await;
    }
}

/// Whether a request asks for a WebSocket.
pub fn is_asked(headers: &HeaderMap) -> bool {
    let upgrade = headers.get(header::UPGRADE).and_then(|value| value.to_str().ok());
    upgrade.is_some_and(|protocol| protocol.eq_ignore_ascii_case("websocket"))
}

/// Opens a socket for a page that may have one.
pub async fn open(shared: Arc<Shared>, mut parts: Parts) -> Response {
    let refuse = |status, message: &str| respond::malformed(Media::Json, status, message);
    if matches!(origin(&shared, &parts.headers), Origin::Foreign) {
        return refuse(StatusCode::FORBIDDEN, "This page may not call the graph.");
    }
    if !offers(&parts.headers) {
        return refuse(StatusCode::BAD_REQUEST, "Offer graphql-transport-ws in Sec-WebSocket-Protocol.");
    }
    let upgrade = match WebSocketUpgrade::from_request_parts(&mut parts, &()).await {
        Ok(upgrade) => upgrade,
        Err(rejection) => return rejection.into_response(),
    };
    // The older protocol may have been offered as well, and before it.
    parts.headers.insert(header::SEC_WEBSOCKET_PROTOCOL, HeaderValue::from_static(PROTOCOL));
    let protocol = match GraphQLProtocol::from_request_parts(&mut parts, &()).await {
        Ok(protocol) => protocol,
        Err(status) => return refuse(status, "The protocol is not known."),
    };
    let limits = &shared.config.limits;
    if shared.sockets.leaving.is_cancelled() || shared.sockets.count() >= limits.sockets {
        let mut response = refuse(StatusCode::SERVICE_UNAVAILABLE, "There are too many open sockets; try again soon.");
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("5"));
        return response;
    }
    let request_id = parts.extensions.get::<RequestId>().map(|id| id.0.clone()).unwrap_or_default();
    let client = client::of(&parts.headers, &parts.extensions, &shared.config.trusted_proxies);
    let gate = Gate::new(Arc::clone(&shared), client, request_id);
    let upgrade = upgrade.protocols([PROTOCOL]).max_message_size(limits.message_bytes);
    upgrade.max_frame_size(limits.message_bytes).on_upgrade(move |socket| {
        let tasks = shared.sockets.tasks.clone();
        tasks.track_future(serve(socket, shared, gate, protocol))
    })
}

fn offers(headers: &HeaderMap) -> bool {
    let lines = headers.get_all(header::SEC_WEBSOCKET_PROTOCOL).into_iter().filter_map(|value| value.to_str().ok());
    lines.flat_map(|line| line.split(',')).any(|offer| offer.trim() == PROTOCOL)
}

async fn serve(socket: WebSocket, shared: Arc<Shared>, mut gate: Gate, protocol: GraphQLProtocol) {
    let times = shared.socket_times;
    let (writer, mut reader) = socket.split();
    let mut writer = Writer { writer, patience: times.write };
    let (mut to_graph, from_client) = mpsc::channel(WAITING);
    let (to_client, mut from_graph) = mpsc::channel(WAITING);
    let executor = Subscriptions::new(Arc::clone(&shared), gate.session());
    let graph = GraphQLWebSocket::new_with_pair(to_client, from_client, executor, protocol);
    let graph = graph.on_connection_init(|_| async { Ok(Data::default()) });
    let _graph = AbortOnDropHandle::new(tokio::spawn(graph.serve()));

    let mut events = shared.live.events();
    let begun = Instant::now();
    let mut check = every(times.check);
    let mut ping = every(times.ping);
    let mut heard = begun;
    let ended: Result<(), Close> = loop {
        let step = tokio::select! {
            message = reader.next() => {
                heard = Instant::now();
                match message {
                    Some(Ok(message)) => gate.hear(message, &mut to_graph).await,
                    Some(Err(error)) => Err(unreadable(&error)),
                    None => break Ok(()),
                }
            }
            message = from_graph.next() => match message {
                Some(Message::Close(frame)) => {
                    Err(Close::new(gate::BAD_REQUEST, frame.map(|frame| frame.reason.to_string()).unwrap_or_default()))
                }
                Some(message) => {
                    gate.answered(&message);
                    writer.write(message).await
                }
                None => Err(Close::new(gate::FAILED, "The graph has ended.")),
            },
            event = events.recv() => match event {
                Ok(Event::UserChanged(id)) if !gate.is_of(id) => Ok(()),
                Ok(Event::UserChanged(_) | Event::Missed) | Err(_) => gate.check().await,
                Ok(_) => Ok(()),
            },
            _ = check.tick() => gate.check().await,
            _ = ping.tick() => {
                if heard.elapsed() > times.ping * 2 {
                    Err(Close::new(gate::SILENT, "Nothing was heard for too long."))
                } else {
                    writer.write(Message::Ping(Bytes::new())).await
                }
            }
            () = tokio::time::sleep_until(begun + times.init), if !gate.is_open() => {
                Err(Close::new(gate::INIT_TIMEOUT, "Connection initialisation timeout"))
            }
            () = shared.sockets.leaving.cancelled() => Err(Close::new(gate::LEAVING, "The server is leaving.")),
        };
        if step.is_err() {
            break step;
        }
    };
    if let Err(close) = ended {
        tracing::debug!(code = close.code, reason = close.reason, "a socket is closed");
        writer.close(close).await;
        // The other end reads the code before the connection is gone.
        let _ = tokio::time::timeout(times.write, async { while let Some(Ok(_)) = reader.next().await {} }).await;
    }
}

/// Ticks from one period after now on.
fn every(period: Duration) -> Interval {
    let mut interval = tokio::time::interval_at(Instant::now() + period, period);
    interval.set_missed_tick_behavior(MissedTickBehavior::Delay);
    interval
}

/// A message that is no message: too long, or not WebSocket at all.
fn unreadable(error: &axum::Error) -> Close {
    let told = error.to_string();
    if told.contains("too long") || told.contains("too big") || told.contains("too large") {
        return Close::new(gate::TOO_BIG, "A message is too long.");
    }
    Close::new(gate::PROTOCOL_ERROR, told)
}

/// The way to the client, who must take what is sent.
struct Writer {
    writer: SplitSink<WebSocket, Message>,
    patience: Duration,
}

impl Writer {
    async fn write(&mut self, message: Message) -> Result<(), Close> {
        match tokio::time::timeout(self.patience, self.writer.send(message)).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(_)) => Err(Close::new(gate::GONE, "The client is gone.")),
            Err(_) => Err(Close::new(gate::SILENT, "The client takes nothing any more.")),
        }
    }

    async fn close(&mut self, Close { code, reason }: Close) {
        let frame = CloseFrame { code, reason: reason.into() };
        let _ = self.write(Message::Close(Some(frame))).await;
    }
}
