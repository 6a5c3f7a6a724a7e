//! Who is signed in. The page starts by asking the cookie; what comes back decides between the pages and the login.

use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

use crate::graphql::client;
use crate::graphql::error::{ApiError, Refusal};
use crate::graphql::queries::session::{Login, LoginVariables, Logout, Viewer};

/// What is known of the person in front of the page.
#[derive(Clone, Debug, PartialEq)]
pub enum State {
    /// The cookie has been asked and has not answered.
    Restoring,
    /// The server could not be asked.
    Unreachable(ApiError),
    /// Nobody is signed in.
    Anonymous,
    /// This person is.
    SignedIn(Viewer),
}

/// The session as a signal.
#[derive(Clone, Copy)]
pub struct Session(RwSignal<State>);

impl Session {
    /// Starts by restoring the session from the cookie.
    pub fn restore() -> Self {
        let session = Self(RwSignal::new(State::Restoring));
        session.try_again();
        session
    }

    /// Asks the cookie again, after the server was out of reach.
    pub fn try_again(self) {
        self.0.set(State::Restoring);
        spawn_local(async move {
            let state = match client::renew().await {
                Ok(viewer) => State::SignedIn(viewer),
                Err(error @ (ApiError::Unreachable | ApiError::Busy)) => State::Unreachable(error),
                Err(_) => State::Anonymous,
            };
            self.0.set(state);
        });
    }

    /// What is known now; tracks.
    pub fn get(self) -> State {
        self.0.get()
    }

    /// Who is signed in; tracks.
    pub fn viewer(self) -> Option<Viewer> {
        match self.0.get() {
            State::SignedIn(viewer) => Some(viewer),
            _ => None,
        }
    }

    /// Who is signed in, without tracking.
    pub fn viewer_untracked(self) -> Option<Viewer> {
        match self.0.get_untracked() {
            State::SignedIn(viewer) => Some(viewer),
            _ => None,
        }
    }

    /// The server no longer knows this session.
    pub fn lose(self) {
        client::forget();
        self.0.set(State::Anonymous);
    }

    /// Signs in; a refusal comes back as the server's one sentence for it.
    pub async fn sign_in(self, email: String, password: String) -> Result<(), Refusal> {
        let answer: Login = client::as_nobody(LoginVariables { email, password }).await.map_err(Refusal::Failed)?;
        if let Some(error) = answer.login.user_errors.first() {
            return Err(Refusal::Refused { message: error.message.clone(), code: error.code.clone() });
        }
        let viewer = client::adopt(answer.login).ok_or(Refusal::Failed(ApiError::Unreadable))?;
        self.0.set(State::SignedIn(viewer));
        Ok(())
    }

    /// Signs out here at once, and tells the server to take the cookie back.
    pub fn sign_out(self) {
        // Whether or not the server heard it, this page no longer holds a token.
        client::change::<Logout>(&(), move |_| self.lose());
    }
}
