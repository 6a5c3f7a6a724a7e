//! Runs a query whenever its variables change, and aborts it when they change again or the page is left.
//! While a newer answer is on its way the last one stays on the screen, so that a filter does not make the page blink.

use std::any::Any;
use std::cell::{Cell, RefCell};
use std::marker::PhantomData;
use std::rc::Rc;
use std::sync::Arc;

use leptos::prelude::*;
use serde_json::Value;
use wasm_bindgen_futures::spawn_local;

use super::client::{self, Abort};
use super::error::ApiError;
use super::live::Live;
use super::queries::Operation;
use crate::session::Session;

/// An answer of any type: one piece of code fetches for all of them, and [`Fetched`] knows the type again.
type Anything = Arc<dyn Any + Send + Sync>;

/// How far the fetching is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// Nothing has come yet.
    Waiting,
    /// There is an answer.
    Ready,
    /// There is none, and an error says why.
    Failed,
}

/// What is known of the answers to one question.
#[derive(Clone, Copy)]
pub struct Asked {
    answer: RwSignal<Option<Anything>>,
    error: RwSignal<Option<ApiError>>,
    busy: RwSignal<bool>,
    times: RwSignal<u32>,
}

impl Asked {
    /// How far it is; tracks.
    pub fn phase(self) -> Phase {
        if self.error.with(Option::is_some) {
            return Phase::Failed;
        }
        if self.answer.with(Option::is_some) { Phase::Ready } else { Phase::Waiting }
    }

    /// Why there is no answer; tracks.
    pub fn error(self) -> Option<ApiError> {
        self.error.get()
    }

    /// Whether an answer is on its way; tracks.
    pub fn busy(self) -> bool {
        self.busy.get()
    }

    /// Asks again with the same variables.
    pub fn again(self) {
        // The page may have been left while a mutation was under way.
        let _ = self.times.try_update(|times| *times += 1);
    }
}

/// A query that follows its variables.
pub struct Fetched<O> {
    pub asked: Asked,
    answer: PhantomData<fn() -> O>,
}

impl<O> Clone for Fetched<O> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<O> Copy for Fetched<O> {}

impl<O: Operation> Fetched<O> {
    /// The newest answer; tracks. When a later one failed, it is still the one before.
    pub fn data(self) -> Option<Arc<O>> {
        self.asked.answer.get().and_then(|answer| answer.downcast().ok())
    }

    /// Asks again with the same variables.
    pub fn again(self) {
        self.asked.again();
    }

    /// What may be drawn once [`Asked::phase`] says that it is ready.
    pub fn answer(self) -> Answer<O> {
        Answer(self)
    }
}

/// An answer that is there; a newer one takes its place where it is drawn.
pub struct Answer<O>(Fetched<O>);

impl<O> Clone for Answer<O> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<O> Copy for Answer<O> {}

impl<O: Operation> Answer<O> {
    /// The newest; tracks.
    pub fn get(self) -> Arc<O> {
        self.0.data().expect("an answer that is there stays there")
    }
}

/// Runs `O` with the variables that `variables` gives; `None` waits, for instance for the session.
pub fn use_query<O: Operation>(variables: impl Fn() -> Option<O::Variables> + 'static) -> Fetched<O> {
    let body = Box::new(move || variables().map(|variables| client::body::<O>(&variables)));
    let read = |data: &Value| client::read::<O>(data).map(|answer| Arc::new(answer) as Anything);
    Fetched { asked: follow(body, read), answer: PhantomData }
}

/// Queries of one kind, one for each key that was wanted since the page was opened.
pub struct Several<K: 'static, O: 'static>(RwSignal<Vec<(K, Fetched<O>)>>);

impl<K, O> Clone for Several<K, O> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<K, O> Copy for Several<K, O> {}

impl<K: PartialEq + Send + Sync + 'static, O: Operation> Several<K, O> {
    /// The query of a key that is or was wanted; tracks.
    pub fn of(self, key: &K) -> Option<Fetched<O>> {
        self.0.with(|known| known.iter().find(|(other, _)| other == key).map(|(_, fetched)| *fetched))
    }
}

/// Runs `O` for every key that `wanted` gives, each once however the others change. A key that comes back shows what it had
/// while it is asked for again.
pub fn use_queries<K, O>(
    wanted: impl Fn() -> Vec<K> + Copy + 'static,
    variables: impl Fn(&K) -> O::Variables + Copy + 'static,
) -> Several<K, O>
where
    K: Clone + PartialEq + Send + Sync + 'static,
    O: Operation,
{
    let several = Several(RwSignal::new(Vec::new()));
    // The queries belong to the page, as this effect begins anew with every change.
    let page = Owner::current().map(|owner| owner.downgrade());
    Effect::new(move |_| {
        let Some(page) = page.as_ref().and_then(WeakOwner::upgrade) else { return };
        for key in wanted() {
            if untrack(|| several.of(&key)).is_none() {
                let mine = key.clone();
                let ask = || use_query::<O>(move || wanted().contains(&mine).then(|| variables(&mine)));
                let fetched = page.with(ask);
                several.0.update(|known| known.push((key, fetched)));
            }
        }
    });
    several
}

/// Asks whenever the body changes, data were refreshed or somebody wants it again.
fn follow(body: Box<dyn Fn() -> Option<String>>, read: fn(&Value) -> Result<Anything, ApiError>) -> Asked {
    let asked = Asked {
        answer: RwSignal::new(None),
        error: RwSignal::new(None),
        busy: RwSignal::new(false),
        times: RwSignal::new(0),
    };
    let session = expect_context::<Session>();
    let live = use_context::<Live>();
    let running: Rc<RefCell<Option<Abort>>> = Rc::default();
    let round = Rc::new(Cell::new(0_u32));

    let held = StoredValue::new_local(Rc::clone(&running));
    on_cleanup(move || {
        held.with_value(|running| running.take());
    });

    Effect::new(move |before: Option<(Option<String>, u32)>| {
        // Data that were refreshed are asked for as if somebody had pressed the button.
        let refreshed = live.map_or(0, |live| live.refreshed.get());
        let now = (body(), asked.times.get().wrapping_add(refreshed));
        if before.as_ref() == Some(&now) {
            return now;
        }
        let Some(body) = now.0.clone() else { return now };
        let (abort, signal) = Abort::guard();
        running.replace(Some(abort));
        let mine = round.get() + 1;
        round.set(mine);
        asked.busy.set(true);
        let round = Rc::clone(&round);
        spawn_local(async move {
            let answer = client::query(body, signal).await.and_then(|data| read(&data));
            if round.get() != mine {
                return;
            }
            if answer.as_ref().is_err_and(|error| *error == ApiError::Unauthenticated) {
                session.lose();
            }
            // The signals are gone when the page was left meanwhile.
            match answer {
                Ok(answer) => {
                    let _ = asked.answer.try_set(Some(answer));
                    let _ = asked.error.try_set(None);
                }
                Err(error) => {
                    let _ = asked.error.try_set(Some(error));
                }
            }
            let _ = asked.busy.try_set(false);
        });
        now
    });
    asked
}
