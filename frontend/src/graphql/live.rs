//! What happens while a page is open: one socket for all of it, which is opened again when it is lost. It tells of new alerts,
//! and that data were refreshed, upon which every query that is shown asks again.

use std::time::Duration;

use futures::channel::oneshot;
use futures::future::{AbortHandle, Abortable};
use futures::{SinkExt, StreamExt};
use gloo_net::websocket::futures::WebSocket;
use gloo_net::websocket::{Message, WebSocketError};
use leptos::prelude::*;
use serde::Deserialize;
use serde_json::{Value, json};
use wasm_bindgen_futures::spawn_local;

use super::client;
use super::queries::Operation;
use super::queries::alerts::{Alert, AlertRaised};
use super::queries::shell::DataRefreshed;

const PROTOCOL: &str = "graphql-transport-ws";
const ALERTS: &str = "alerts";
const FRESH: &str = "fresh";
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

#[derive(Deserialize)]
struct Heard {
    #[serde(rename = "type")]
    kind: String,
    #[serde(default)]
    id: String,
    #[serde(default)]
    payload: Value,
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
        let mut to_say = vec![json!({ "type": "connection_init", "payload": { "authorization": authorization } })];
        let mut acknowledged = false;
        loop {
            for message in to_say.drain(..) {
                if socket.send(Message::Text(message.to_string())).await.is_err() {
                    return (Ended::Lost, acknowledged);
                }
            }
            let text = match socket.next().await {
                Some(Ok(Message::Text(text))) => text,
                Some(Err(WebSocketError::ConnectionClose(closed))) if [4401, 4403].contains(&closed.code) => {
                    return (Ended::Refused, acknowledged);
                }
                _ => return (Ended::Lost, acknowledged),
            };
            let Ok(heard) = serde_json::from_str::<Heard>(&text) else { return (Ended::Lost, acknowledged) };
            match (heard.kind.as_str(), heard.id.as_str()) {
                ("connection_ack", _) => {
                    acknowledged = true;
                    to_say = vec![subscribe(ALERTS, AlertRaised::TEXT), subscribe(FRESH, DataRefreshed::TEXT)];
                    let _ = self.lost.try_set(false);
                    if again {
                        self.refresh();
                    }
                }
                ("next", ALERTS) => self.raise(&heard.payload["data"]),
                ("next", FRESH) => self.refresh(),
                _ => {}
            }
        }
    }

    fn refresh(self) {
        let _ = self.refreshed.try_update(|times| *times += 1);
    }

    fn raise(self, data: &Value) {
        let Ok(AlertRaised { alert_raised: alert }) = client::read(data) else { return };
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

fn subscribe(id: &str, text: &str) -> Value {
    json!({ "type": "subscribe", "id": id, "payload": { "query": text } })
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
