//! The one place that speaks HTTP. The access token lives in this module's memory and nowhere else; when it is refused,
//! one silent `refresh` (the `HttpOnly` cookie goes along by itself) renews it for every request that is waiting.

use std::cell::RefCell;

use cynic::{MutationBuilder, Operation};
use futures::FutureExt;
use futures::channel::oneshot;
use futures::future::{LocalBoxFuture, Shared};
use gloo_net::http::Request;
use serde::Serialize;
use serde::de::DeserializeOwned;
use wasm_bindgen_futures::spawn_local;
use web_sys::{AbortController, AbortSignal, RequestCredentials};

use super::error::{ApiError, judge};
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

/// Sends a query: it changes nothing, so a lost connection is tried once more.
pub async fn query<Q, V>(operation: Operation<Q, V>, signal: Option<AbortSignal>) -> Result<Q, ApiError>
where
    Q: DeserializeOwned,
    V: Serialize,
{
    let body = to_body(&operation)?;
    let answer = match exchange(&body, signal.as_ref()).await {
        Err(ApiError::Unreachable) if !signal.as_ref().is_some_and(AbortSignal::aborted) => {
            exchange(&body, signal.as_ref()).await
        }
        other => other,
    };
    decode(&answer?)
}

/// Sends a mutation, once.
pub async fn mutate<Q, V>(operation: Operation<Q, V>) -> Result<Q, ApiError>
where
    Q: DeserializeOwned,
    V: Serialize,
{
    decode(&exchange(&to_body(&operation)?, None).await?)
}

/// Sends what needs no session: signing in, or asking whom the demo lets in.
pub async fn as_nobody<Q, V>(operation: Operation<Q, V>) -> Result<Q, ApiError>
where
    Q: DeserializeOwned,
    V: Serialize,
{
    decode(&post(&to_body(&operation)?, None, None).await?)
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
    let body = to_body(&Refresh::build(()))?;
    let answer: Refresh = decode(&post(&body, None, None).await?)?;
    adopt(answer.refresh).ok_or_else(|| {
        forget();
        ApiError::Unauthenticated
    })
}

/// Posts with the token; when it is refused, renews it once and posts again.
async fn exchange(body: &str, signal: Option<&AbortSignal>) -> Result<String, ApiError> {
    let token = token();
    match post(body, token.as_deref(), signal).await {
        Err(ApiError::Unauthenticated) => {
            renew().await?;
            let token = TOKEN.with_borrow(Clone::clone);
            post(body, token.as_deref(), signal).await
        }
        other => other,
    }
}

async fn post(body: &str, token: Option<&str>, signal: Option<&AbortSignal>) -> Result<String, ApiError> {
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
    judge(answer.status(), &text)?;
    Ok(text)
}

fn to_body(operation: &impl Serialize) -> Result<String, ApiError> {
    serde_json::to_string(operation).map_err(|_| ApiError::Unreadable)
}

fn decode<Q: DeserializeOwned>(body: &str) -> Result<Q, ApiError> {
    #[derive(serde::Deserialize)]
    #[serde(bound = "Q: DeserializeOwned")]
    struct Answer<Q> {
        data: Option<Q>,
    }
    match serde_json::from_str::<Answer<Q>>(body) {
        Ok(Answer { data: Some(data) }) => Ok(data),
        // Errors that were let through are refusals; without data nothing was left to show.
        Ok(Answer { data: None }) => Err(ApiError::Forbidden),
        Err(_) => Err(ApiError::Unreadable),
    }
}
