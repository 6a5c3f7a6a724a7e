//! Runs subscriptions for async-graphql-axum, and nothing else: the document is judged as a request's is, and then each
//! event is an execution of its own.

use std::sync::{Arc, OnceLock};

use async_graphql::parser::types::OperationType;
use async_graphql::{Data, Executor, Request, Response, ServerError, Variables};
use futures::stream::{self, BoxStream};
use futures::{Stream, StreamExt as _};
use serde_json::json;
use tokio::sync::broadcast::{Receiver, error::RecvError};

use super::super::respond;
use super::gate::Session;
use crate::app::Shared;
use crate::auth::trail;
use crate::error::{Code, request_error};
use crate::graphql::context::RequestContext;
use crate::graphql::prepare::{self, Parsed};
use crate::graphql::subscription::{Occasion, concerns};
use crate::live::Event;

/// The graph as one socket sees it.
#[derive(Clone)]
pub struct Subscriptions {
    shared: Arc<Shared>,
    session: Arc<OnceLock<Session>>,
}

/// An operation that was judged.
struct Operation {
    shared: Arc<Shared>,
    session: Arc<OnceLock<Session>>,
    query: String,
    name: Option<String>,
    variables: Variables,
    parsed: Parsed,
    /// Its one root field.
    field: String,
    refused: Vec<ServerError>,
}

impl Executor for Subscriptions {
    async fn execute(&self, _: Request) -> Response {
        failed(request_error(Code::ValidationFailed, "Only subscriptions are served here."))
    }

    fn execute_stream(&self, request: Request, _: Option<Arc<Data>>) -> BoxStream<'static, Response> {
        // Before anything is asked, so that nothing is missed after it.
        let events = self.shared.live.events();
        match self.judge(request) {
            Ok(operation) => operation.run(events).boxed(),
            Err(error) => stream::iter([failed(error)]).boxed(),
        }
    }
}

impl Subscriptions {
    pub fn new(shared: Arc<Shared>, session: Arc<OnceLock<Session>>) -> Self {
        Self { shared, session }
    }

    fn judge(&self, request: Request) -> Result<Operation, ServerError> {
        let Some(session) = self.session.get() else {
            return Err(request_error(Code::Unauthenticated, "Sign in to read this."));
        };
        let (shared, viewer) = (&self.shared, &session.viewer);
        let limits = &shared.config.limits;
        let Request { query, operation_name: name, variables, .. } = request;
        let parsed = prepare::parse(&query, name.as_deref(), limits)?;
        if parsed.kind != OperationType::Subscription {
            return Err(request_error(Code::ValidationFailed, "Only subscriptions are served here."));
        }
        let field = match parsed.root_fields()?.as_slice() {
            [field] => (*field).to_owned(),
            fields => {
                let message = format!("A subscription has one root field, not {}.", fields.len());
                return Err(request_error(Code::ValidationFailed, message));
            }
        };
        let graph = &shared.graph;
        let checked = parsed.check((&graph.shape, &graph.policy), &variables, Some(viewer.role), limits)?;
        if !checked.refused_names.is_empty() {
            let details = json!({ "fields": checked.refused_names, "operation": parsed.operation_name() });
            shared.trail.write(trail::entry(viewer, &session.client, shared.now(), "read.refused", None, details));
        }
        let (shared, session) = (Arc::clone(shared), Arc::clone(&self.session));
        Ok(Operation { shared, session, query, name, variables, parsed, field, refused: checked.refused })
    }
}

impl Operation {
    /// What it answers: first whether it is valid at all, which is silent when it is, then event by event.
    fn run(self, events: Receiver<Event>) -> impl Stream<Item = Response> {
        enum State {
            Begins,
            Listens,
            Ended,
        }
        let steps = stream::unfold((self, events, State::Begins), async |(operation, mut events, state)| match state {
            State::Begins => {
                let answers = operation.answers(None).await;
                let next = if answers.is_empty() { State::Listens } else { State::Ended };
                Some((answers, (operation, events, next)))
            }
            State::Listens => {
                let (answers, next) = match events.recv().await {
                    Ok(Event::Missed) | Err(RecvError::Lagged(_)) => {
                        let message = "Events were missed; read what you show anew and subscribe again.";
                        (vec![failed(request_error(Code::Unavailable, message))], State::Ended)
                    }
                    Ok(event) if concerns(&operation.field, &event) => {
                        (operation.answers(Some(event)).await, State::Listens)
                    }
                    Ok(_) => (Vec::new(), State::Listens),
                    Err(RecvError::Closed) => return None,
                };
                Some((answers, (operation, events, next)))
            }
            State::Ended => None,
        });
        steps.flat_map(stream::iter)
    }

    /// The answers to one event; without an event, what is wrong with the operation.
    async fn answers(&self, event: Option<Event>) -> Vec<Response> {
        let Some(session) = self.session.get() else { return Vec::new() };
        let shared = &self.shared;
        let viewer = Some(Arc::clone(&session.viewer));
        // On the primary: what has just happened may not have reached a replica.
        let (db, client, id, now) =
            (shared.db.clone(), session.client.clone(), session.request_id.clone(), shared.now());
        let context = RequestContext::new(Arc::clone(shared), db, viewer, client, None, id, now);
        let mut request = Request::new(self.query.clone()).variables(self.variables.clone()).data(context);
        if let Some(name) = &self.name {
            request = request.operation_name(name);
        }
        if let Some(event) = event {
            request = request.data(Occasion(event));
        }
        request.set_parsed_query(self.parsed.document.clone());
        let answers = shared.graph.schema.execute_stream(request).collect::<Vec<_>>();
        match tokio::time::timeout(shared.config.limits.request_timeout, answers).await {
            Ok(answers) => answers.into_iter().map(|answer| respond::settled(answer, self.refused.clone())).collect(),
            Err(_) => vec![failed(request_error(Code::Timeout, "What happened took too long to read."))],
        }
    }
}

fn failed(error: ServerError) -> Response {
    Response::from_errors(vec![error])
}
