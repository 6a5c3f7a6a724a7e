//! The one place that speaks HTTP. The access token lives in this module's memory and nowhere else; when it is refused,
//! one silent `refresh` (the `HttpOnly` cookie goes along by itself) renews it for every request that is waiting.

use std::cell::RefCell;

use futures::FutureExt;
use futures::channel::oneshot;
use futures::future::{LocalBoxFuture, Shared};
use gloo_net::http::Request;
use serde_json::{Value, to_string};
use wasm_bindgen_futures::spawn_local;
use web_sys::{AbortController, AbortSignal, RequestCredentials};

use super::error::{ApiError, Refusal, complaint, judge};
use super::queries::Operation;
use super::queries::session::{LoginPayload, Refresh, Viewer};

type Renewal = Shared<LocalBoxFuture<'static, Result<Viewer, ApiError>>>;

thread_local! {
    static TOKEN: RefCell<Option<String>> = const { RefCell::new(None) };
    static RENEWAL: RefCell<Option<Renewal>> = const { RefCell::new(None) };
}

/// Aborts the request it belongs to when it is dropped, as its page is left or its variables change.
pub struct Abort(Option<AbortController>);

impl Abort {
    /// A new guard; where the browser has no `AbortController`, nothing is aborted and the answer is only ignored.
    pub fn guard() -> (Self, Option<AbortSignal>) {
        let controller = AbortController::new().ok();
        let signal = controller.as_ref().map(AbortController::signal);
        (Self(controller), signal)
    }
}

impl Drop for Abort {
    fn drop(&mut self) {
        if let Some(controller) = self.0.take() {
            controller.abort();
        }
    }
}

/// The access token as it is now, for the socket.
pub fn token() -> Option<String> {
    TOKEN.with_borrow(Clone::clone)
}

/// What is sent for an operation with these variables.
pub fn body<O: Operation>(variables: &O::Variables) -> String {
    // What is ours always becomes JSON.
    let text = |written: serde_json::Result<String>| written.unwrap_or_default();
    format!(r#"{{"query":{},"variables":{}}}"#, text(to_string(O::TEXT)), text(to_string(variables)))
}

/// Reads an answer.
pub fn read<O: Operation>(data: &Value) -> Result<O, ApiError> {
    O::deserialize(data).map_err(|_| ApiError::Unreadable)
}

/// Sends a query: it changes nothing, so a lost connection is tried once more.
pub async fn query(body: String, signal: Option<AbortSignal>) -> Result<Value, ApiError> {
    match exchange(&body, signal.as_ref()).await {
        Err(ApiError::Unreachable) if !signal.as_ref().is_some_and(AbortSignal::aborted) => {
            exchange(&body, signal.as_ref()).await
        }
        other => other,
    }
}

/// Asks for a change, once, and tells `then` what came of it. One piece of code does so for all of them.
pub fn change<O: Operation>(variables: &O::Variables, then: impl FnOnce(Result<Value, Refusal>) + 'static) {
    send(body::<O>(variables), Box::new(then));
}

fn send(body: String, then: Box<dyn FnOnce(Result<Value, Refusal>)>) {
    spawn_local(async move {
        let answer = exchange(&body, None).await.map_err(Refusal::Failed);
        then(answer.and_then(|data| complaint(&data).map_or(Ok(data), Err)));
    });
}

/// Sends what needs no session: signing in, or asking whom the demo lets in.
pub async fn as_nobody<O: Operation>(variables: O::Variables) -> Result<O, ApiError> {
    read(&post(&body::<O>(&variables), None, None).await?)
}

/// Takes the token of a sign-in or a renewal, and tells who it is for.
pub fn adopt(payload: LoginPayload) -> Option<Viewer> {
    let viewer = payload.viewer?;
    TOKEN.set(Some(payload.access_token?));
    Some(viewer)
}

/// Forgets the token; the cookie is the server's to take back.
pub fn forget() {
    TOKEN.set(None);
}

/// Renews the access token from the cookie. Any number of callers share one request: the cookie rotates with each use, and
/// the server takes a second use of an old one for a theft. It runs on its own task, so that no caller can abort it midway.
pub async fn renew() -> Result<Viewer, ApiError> {
    let running = RENEWAL.with_borrow_mut(|slot| {
        slot.get_or_insert_with(|| {
            let (done, outcome) = oneshot::channel();
            spawn_local(async move {
                let renewed = renew_once().await;
                RENEWAL.take();
                // Nobody may be waiting any more; the token is kept all the same.
                let _ = done.send(renewed);
            });
            outcome.map(|sent| sent.unwrap_or(Err(ApiError::Unreachable))).boxed_local().shared()
        })
        .clone()
    });
    running.await
}

async fn renew_once() -> Result<Viewer, ApiError> {
    let answer: Refresh = as_nobody(()).await?;
    adopt(answer.refresh).ok_or_else(|| {
        forget();
        ApiError::Unauthenticated
    })
}

/// Posts with the token; when it is refused, renews it once and posts again. Boxed, because it is a large state machine that
/// every way of asking would otherwise hold a copy of.
fn exchange<'a>(body: &'a str, signal: Option<&'a AbortSignal>) -> LocalBoxFuture<'a, Result<Value, ApiError>> {
    async move {
        match post(body, token(), signal).await {
            Err(ApiError::Unauthenticated) => {
                renew().await?;
                post(body, token(), signal).await
            }
            other => other,
        }
    }
    .boxed_local()
}

/// Posts once; boxed for the same reason.
fn post<'a>(
    body: &'a str,
    token: Option<String>,
    signal: Option<&'a AbortSignal>,
) -> LocalBoxFuture<'a, Result<Value, ApiError>> {
    async move {
        let mut request = Request::post("/graphql")
            .credentials(RequestCredentials::SameOrigin)
            .header("Accept", "application/graphql-response+json, application/json;q=0.9")
            .header("Content-Type", "application/json")
            .abort_signal(signal);
        if let Some(token) = token {
            request = request.header("Authorization", &format!("Bearer {token}"));
        }
        let request = request.body(body).map_err(|_| ApiError::Unreachable)?;
        let answer = request.send().await.map_err(|_| ApiError::Unreachable)?;
        let text = answer.text().await.map_err(|_| ApiError::Unreachable)?;
        judge(answer.status(), &text)
    }
    .boxed_local()
}
