//! What happens while a page is open: one socket for all of it, which is opened again when it is lost. It tells of new alerts,
//! and that data were refreshed, upon which every query that is shown asks again.

use std::time::Duration;

use cynic::SubscriptionBuilder;
use futures::channel::oneshot;
use futures::future::{AbortHandle, Abortable};
use futures::{SinkExt, StreamExt};
use gloo_net::websocket::futures::WebSocket;
use gloo_net::websocket::{Message, WebSocketError};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use wasm_bindgen_futures::spawn_local;

use super::client;
use super::queries::alerts::{Alert, AlertRaised};
use super::queries::shell::DataRefreshed;

const PROTOCOL: &str = "graphql-transport-ws";
/// How long a toast stays; the alert itself waits in the inbox.
const SHOWN: Duration = Duration::from_secs(10);
/// Toasts at a time: a load that goes wrong may raise hundreds of alerts.
const MOST: usize = 3;
/// Between two attempts to be heard.
const SHORTEST_PAUSE: Duration = Duration::from_secs(1);
const LONGEST_PAUSE: Duration = Duration::from_secs(30);

/// What has happened since the page was opened.
#[derive(Clone, Copy)]
pub struct Live {
    /// Grows when what is shown may be old.
    pub refreshed: RwSignal<u32>,
    /// Grows with each alert.
    pub raised: RwSignal<u32>,
    /// The newest alerts, for a few seconds.
    pub toasts: RwSignal<Vec<Alert>>,
    /// Whether nothing has been heard of the server for more than a moment.
    pub lost: RwSignal<bool>,
}

#[derive(Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum Says<P> {
    ConnectionInit { payload: P },
    Subscribe { id: &'static str, payload: P },
}

#[derive(Serialize)]
struct Credentials {
    authorization: String,
}

#[derive(Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum Hears {
    ConnectionAck,
    Next {
        payload: Payload,
    },
    #[serde(other)]
    Other,
}

#[derive(Deserialize)]
struct Payload {
    data: Option<serde_json::Value>,
}

/// Why a socket has ended.
enum Ended {
    /// The token is refused; another may not be.
    Refused,
    /// Anything else.
    Lost,
}

impl Live {
    /// Listens until the part of the page that asked for it is gone.
    pub fn start() -> Self {
        let live = Self {
            refreshed: RwSignal::new(0),
            raised: RwSignal::new(0),
            toasts: RwSignal::new(Vec::new()),
            lost: RwSignal::new(false),
        };
        let (abort, registration) = AbortHandle::new_pair();
        on_cleanup(move || abort.abort());
        spawn_local(async move {
            let _ = Abortable::new(live.listen(), registration).await;
        });
        live
    }

    /// Takes a toast away.
    pub fn dismiss(self, id: &str) {
        let _ = self.toasts.try_update(|toasts| toasts.retain(|toast| toast.id.inner() != id));
    }

    async fn listen(self) {
        let (mut pause, mut connected) = (SHORTEST_PAUSE, false);
        loop {
            let (ended, acknowledged) = self.talk(connected).await;
            if acknowledged {
                (pause, connected) = (SHORTEST_PAUSE, true);
            }
            if matches!(ended, Ended::Refused) {
                // Where the session itself has ended, the next request says so.
                let _ = client::renew().await;
            }
            sleep(pause).await;
            if pause > SHORTEST_PAUSE {
                let _ = self.lost.try_set(true);
            }
            pause = (pause * 2).min(LONGEST_PAUSE);
        }
    }

    /// One socket from its beginning to its end, and whether the server has let it in. Where it is not the first, whatever has
    /// happened meanwhile is asked for.
    async fn talk(self, again: bool) -> (Ended, bool) {
        let Some(mut socket) = address().and_then(|url| WebSocket::open_with_protocol(&url, PROTOCOL).ok()) else {
            return (Ended::Lost, false);
        };
        let authorization = format!("Bearer {}", client::token().unwrap_or_default());
        let mut said = say(&mut socket, &Says::ConnectionInit { payload: Credentials { authorization } }).await;
        let mut acknowledged = false;
        while said.is_ok() {
            let text = match socket.next().await {
                Some(Ok(Message::Text(text))) => text,
                Some(Err(WebSocketError::ConnectionClose(closed))) if [4401, 4403].contains(&closed.code) => {
                    return (Ended::Refused, acknowledged);
                }
                _ => break,
            };
            match serde_json::from_str(&text) {
                Ok(Hears::ConnectionAck) => {
                    acknowledged = true;
                    let alerts = Says::Subscribe { id: "alerts", payload: AlertRaised::build(()) };
                    let fresh = Says::Subscribe { id: "fresh", payload: DataRefreshed::build(()) };
                    said = say(&mut socket, &alerts).await;
                    said = said.and(say(&mut socket, &fresh).await);
                    let _ = self.lost.try_set(false);
                    if again {
                        let _ = self.refreshed.try_update(|times| *times += 1);
                    }
                }
                Ok(Hears::Next { payload: Payload { data: Some(data) } }) => self.happened(data),
                Ok(_) => {}
                Err(_) => break,
            }
        }
        (Ended::Lost, acknowledged)
    }

    fn happened(self, data: serde_json::Value) {
        let Ok(AlertRaised { alert_raised: alert }) = serde_json::from_value(data) else {
            let _ = self.refreshed.try_update(|times| *times += 1);
            return;
        };
        let _ = self.raised.try_update(|times| *times += 1);
        let id = alert.id.inner().to_owned();
        let _ = self.toasts.try_update(|toasts| {
            toasts.push(alert);
            let surplus = toasts.len().saturating_sub(MOST);
            toasts.drain(..surplus);
        });
        set_timeout(move || self.dismiss(&id), SHOWN);
    }
}

async fn say(socket: &mut WebSocket, message: &impl Serialize) -> Result<(), WebSocketError> {
    // What is ours always becomes JSON.
    socket.send(Message::Text(serde_json::to_string(message).unwrap_or_default())).await
}

/// The graph's address as a socket's.
fn address() -> Option<String> {
    let location = window().location();
    let protocol = if location.protocol().ok()? == "https:" { "wss" } else { "ws" };
    Some(format!("{protocol}://{}/graphql", location.host().ok()?))
}

async fn sleep(time: Duration) {
    let (done, over) = oneshot::channel();
    let wake = move || {
        // Nobody waits any more when the page was left.
        let _ = done.send(());
    };
    set_timeout(wake, time);
    let _ = over.await;
}
