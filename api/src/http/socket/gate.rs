//! What a client may say on a socket, in which order, and how much of it.

use std::collections::BTreeSet;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use async_graphql::parser::types::OperationType;
use axum::extract::ws::Message;
use futures::channel::mpsc::Sender;
use serde::Deserialize;
use serde_json::Value as Json;

use super::super::client::bearer_of;
use super::super::graphql::identify_bearer;
use super::super::request;
use crate::app::Shared;
use crate::auth::{Client, Refused, Viewer};
use crate::error::Code;
use crate::graphql::prepare;

// Of WebSocket itself.
pub const LEAVING: u16 = 1001;
pub const PROTOCOL_ERROR: u16 = 1002;
pub const GONE: u16 = 1006;
pub const SILENT: u16 = 1008;
pub const TOO_BIG: u16 = 1009;
pub const FAILED: u16 = 1011;
pub const TRY_LATER: u16 = 1013;
// Of graphql-transport-ws.
pub const BAD_REQUEST: u16 = 4400;
pub const UNAUTHORIZED: u16 = 4401;
pub const FORBIDDEN: u16 = 4403;
pub const INIT_TIMEOUT: u16 = 4408;
pub const ALREADY_SUBSCRIBED: u16 = 4409;
pub const TOO_MANY: u16 = 4429;

/// Bytes of a close frame's reason at most.
const LONGEST_REASON: usize = 123;
/// How long a client may wait until the server hears of what happens.
const READY: Duration = Duration::from_secs(5);

/// Why a socket is closed.
#[derive(Debug, PartialEq, Eq)]
pub struct Close {
    pub code: u16,
    pub reason: String,
}

impl Close {
    pub fn new(code: u16, reason: impl Into<String>) -> Self {
        let mut reason = reason.into();
        reason.truncate(reason.floor_char_boundary(LONGEST_REASON));
        Self { code, reason }
    }
}

/// Who speaks on a socket.
#[derive(Debug)]
pub struct Session {
    pub viewer: Arc<Viewer>,
    pub client: Client,
    pub request_id: String,
    token: String,
}

/// The rules of one socket, and how far it has come.
pub struct Gate {
    shared: Arc<Shared>,
    client: Client,
    request_id: String,
    session: Arc<OnceLock<Session>>,
    subscribed: BTreeSet<String>,
}

/// A message of either side, as far as the rules look into it.
#[derive(Deserialize)]
struct Envelope {
    #[serde(rename = "type")]
    kind: String,
    id: Option<String>,
    payload: Option<Json>,
}

impl Gate {
    pub fn new(shared: Arc<Shared>, client: Client, request_id: String) -> Self {
        Self { shared, client, request_id, session: Arc::default(), subscribed: BTreeSet::new() }
    }

    /// Who speaks, once they have said so.
    pub fn session(&self) -> Arc<OnceLock<Session>> {
        Arc::clone(&self.session)
    }

    /// Whether the client has said who it is.
    pub fn is_open(&self) -> bool {
        self.session.get().is_some()
    }

    /// Whether this user speaks.
    pub fn is_of(&self, user: i64) -> bool {
        self.session.get().is_some_and(|session| session.viewer.id == user)
    }

    /// Judges a message of the client; what the rules allow goes on to the graph.
    pub async fn hear(
        &mut self,
        message: Message,
        graph: &mut Sender<Result<Message, axum::Error>>,
    ) -> Result<(), Close> {
        let text = match &message {
            Message::Text(text) => text.as_str(),
            Message::Binary(_) => return Err(Close::new(BAD_REQUEST, "Messages are text.")),
            // A close is answered by the library that reads it.
            Message::Ping(_) | Message::Pong(_) | Message::Close(_) => return Ok(()),
        };
        let envelope: Envelope =
            serde_json::from_str(text).map_err(|error| Close::new(BAD_REQUEST, format!("Invalid message: {error}")))?;
        match envelope.kind.as_str() {
            "connection_init" => self.init(envelope.payload).await?,
            "subscribe" => self.subscribe(envelope.id, envelope.payload)?,
            "complete" => {
                let id = envelope.id.ok_or_else(|| Close::new(BAD_REQUEST, "A complete message needs an id."))?;
                self.subscribed.remove(&id);
            }
            "ping" | "pong" => {}
            other => return Err(Close::new(BAD_REQUEST, format!("There is no message of type {other:?}."))),
        }
        graph.try_send(Ok(message)).map_err(|_| Close::new(TOO_MANY, "Too many messages at once."))
    }

    /// Notes what the graph tells the client: an id is free again when its subscription has ended.
    pub fn answered(&mut self, message: &Message) {
        let Message::Text(text) = message else { return };
        if !text.contains("\"complete\"") {
            return;
        }
        if let Ok(Envelope { kind, id: Some(id), .. }) = serde_json::from_str(text)
            && kind == "complete"
        {
            self.subscribed.remove(&id);
        }
    }

    async fn init(&self, payload: Option<Json>) -> Result<(), Close> {
        if self.is_open() {
            return Err(Close::new(TOO_MANY, "Too many initialisation requests"));
        }
        let named = |name: &str| payload.as_ref()?.get(name)?.as_str();
        let header = named("authorization").or_else(|| named("Authorization"));
        let bearer = bearer_of(header);
        let token = header.and_then(|header| header.split_once(' ')).map(|(_, token)| token.trim().to_owned());
        let viewer = match identify_bearer(&self.shared, bearer, &self.client, &self.request_id).await {
            Ok(viewer) => viewer,
            Err(error) if Code::Unauthenticated.is_of(&error) => return Err(Close::new(FORBIDDEN, "Forbidden")),
            Err(error) => return Err(Close::new(TRY_LATER, error.message)),
        };
        let (Some(viewer), Some(token)) = (viewer, token) else {
            let message = "Say who you are: connection_init with the payload {\"authorization\": \"Bearer ...\"}.";
            return Err(Close::new(UNAUTHORIZED, message));
        };
        if !self.shared.live.hears(READY).await {
            return Err(Close::new(TRY_LATER, "The database cannot be heard just now."));
        }
        let (client, request_id) = (self.client.clone(), self.request_id.clone());
        // Nobody else sets it: one message is judged at a time.
        let _ = self.session.set(Session { viewer, client, request_id, token });
        Ok(())
    }

    fn subscribe(&mut self, id: Option<String>, payload: Option<Json>) -> Result<(), Close> {
        if !self.is_open() {
            return Err(Close::new(UNAUTHORIZED, "Unauthorized"));
        }
        let limits = &self.shared.config.limits;
        let id =
            id.filter(|id| !id.is_empty()).ok_or_else(|| Close::new(BAD_REQUEST, "A subscription needs an id."))?;
        let asked =
            request::from_json(payload.unwrap_or_default()).map_err(|wrong| Close::new(BAD_REQUEST, wrong.message))?;
        if asked.persisted.is_some() {
            return Err(Close::new(BAD_REQUEST, "Documents are sent in full here."));
        }
        // A document that is wrong is answered; one that asks for something else is a client that is wrong.
        if let Ok(parsed) = prepare::parse(&asked.query, asked.operation_name.as_deref(), limits)
            && parsed.kind != OperationType::Subscription
        {
            return Err(Close::new(BAD_REQUEST, "Only subscriptions are served here; send the rest by POST."));
        }
        if self.subscribed.contains(&id) {
            return Err(Close::new(ALREADY_SUBSCRIBED, format!("Subscriber for {id} already exists")));
        }
        if self.subscribed.len() >= limits.subscriptions {
            let most = limits.subscriptions;
            return Err(Close::new(TOO_MANY, format!("A socket has at most {most} subscriptions.")));
        }
        self.subscribed.insert(id);
        Ok(())
    }

    /// Whether the token still counts.
    pub async fn check(&self) -> Result<(), Close> {
        let Some(session) = self.session.get() else { return Ok(()) };
        let shared = &self.shared;
        match shared.auth.viewer(&shared.db, &session.token, shared.now()).await {
            // What a role may see was decided when the subscription began.
            Ok(viewer) if viewer.role == session.viewer.role => Ok(()),
            Ok(_) => Err(Close::new(FORBIDDEN, "The role has changed; connect again.")),
            Err(Refused::Token(_)) => Err(Close::new(FORBIDDEN, "The token does not count any more; connect again.")),
            Err(Refused::Store(failure)) => {
                tracing::warn!(%failure, request_id = session.request_id, "a socket's token could not be checked");
                Ok(())
            }
        }
    }
}
