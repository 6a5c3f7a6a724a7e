//! Runs a query whenever its variables change, and aborts it when they change again or the page is left.
//! While a newer answer is on its way the last one stays on the screen, so that a filter does not make the page blink.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::sync::Arc;

use cynic::{QueryBuilder, QueryVariables};
use leptos::prelude::*;
use serde::Serialize;
use serde::de::DeserializeOwned;
use wasm_bindgen_futures::spawn_local;

use super::client::{self, Abort};
use super::error::ApiError;
use super::live::Live;
use crate::session::Session;

/// What a page knows of an answer.
#[derive(Clone, Debug, Default)]
pub enum Load<Q> {
    /// Nothing has come yet.
    #[default]
    Waiting,
    /// The newest answer.
    Ready(Arc<Q>),
    /// No answer, and why.
    Failed(ApiError),
}

/// A query that follows its variables.
pub struct Fetched<Q: Send + Sync + 'static> {
    load: RwSignal<Load<Q>>,
    busy: RwSignal<bool>,
    asked: RwSignal<u32>,
}

impl<Q: Send + Sync + 'static> Clone for Fetched<Q> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<Q: Send + Sync + 'static> Copy for Fetched<Q> {}

impl<Q: Send + Sync + 'static> Fetched<Q> {
    /// The newest answer; tracks.
    pub fn data(self) -> Option<Arc<Q>> {
        self.load.with(|load| match load {
            Load::Ready(data) => Some(Arc::clone(data)),
            _ => None,
        })
    }

    /// Why there is no answer; tracks.
    pub fn error(self) -> Option<ApiError> {
        self.load.with(|load| match load {
            Load::Failed(error) => Some(error.clone()),
            _ => None,
        })
    }

    /// Whether an answer is on its way; tracks.
    pub fn busy(self) -> bool {
        self.busy.get()
    }

    /// Asks again with the same variables.
    pub fn again(self) {
        // The page may have been left while a mutation was under way.
        let _ = self.asked.try_update(|times| *times += 1);
    }
}

/// Runs `Q` with the variables that `variables` gives; `None` waits, for instance for the session.
pub fn use_query<Q, V>(variables: impl Fn() -> Option<V> + 'static) -> Fetched<Q>
where
    Q: QueryBuilder<V> + DeserializeOwned + Send + Sync + 'static,
    V: QueryVariables + Serialize + PartialEq + Clone + 'static,
{
    let fetched = Fetched { load: RwSignal::new(Load::Waiting), busy: RwSignal::new(false), asked: RwSignal::new(0) };
    let session = expect_context::<Session>();
    let live = use_context::<Live>();
    let running: Rc<RefCell<Option<Abort>>> = Rc::default();
    let round = Rc::new(Cell::new(0_u32));

    let held = StoredValue::new_local(Rc::clone(&running));
    on_cleanup(move || {
        held.with_value(|running| running.take());
    });

    Effect::new(move |before: Option<(Option<V>, u32)>| {
        // Data that were refreshed are asked for as if somebody had pressed the button.
        let refreshed = live.map_or(0, |live| live.refreshed.get());
        let now = (variables(), fetched.asked.get().wrapping_add(refreshed));
        if before.as_ref() == Some(&now) {
            return now;
        }
        let Some(variables) = now.0.clone() else { return now };
        let (abort, signal) = Abort::guard();
        running.replace(Some(abort));
        let mine = round.get() + 1;
        round.set(mine);
        fetched.busy.set(true);
        let round = Rc::clone(&round);
        spawn_local(async move {
            let answer = client::query(Q::build(variables), signal).await;
            if round.get() != mine {
                return;
            }
            if answer.as_ref().is_err_and(|error| *error == ApiError::Unauthenticated) {
                session.lose();
            }
            // The signals are gone when the page was left meanwhile.
            let _ = fetched.load.try_set(match answer {
                Ok(data) => Load::Ready(Arc::new(data)),
                Err(error) => Load::Failed(error),
            });
            let _ = fetched.busy.try_set(false);
        });
        now
    });
    fetched
}
