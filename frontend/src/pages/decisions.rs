//! Acknowledging a recommendation and taking that back: shown at once, sent to the server, undone when it refuses.

use std::collections::HashMap;

use cynic::Id;
use leptos::prelude::*;

use crate::graphql::client;
use crate::graphql::queries::IdsVariables;
use crate::graphql::queries::enums::RecommendationStatus;
use crate::graphql::queries::recommendations::{Acknowledge, Recommendation, Reopen};
use crate::i18n::use_texts;
use crate::session::Session;

/// The decisions taken on this page since its data came.
#[derive(Clone, Copy)]
pub struct Decisions {
    taken: RwSignal<HashMap<String, RecommendationStatus>>,
    failed: RwSignal<bool>,
    allowed: bool,
}

impl Decisions {
    /// What a recommendation is now; tracks.
    pub fn status(self, recommendation: &Recommendation) -> Signal<RecommendationStatus> {
        let (id, before) = (recommendation.id.inner().to_owned(), recommendation.status);
        Signal::derive(move || self.taken.with(|taken| taken.get(&id).copied().unwrap_or(before)))
    }

    /// What a row calls on a click; `None` for those who may only read.
    pub fn decide(self) -> Option<Callback<(String, bool)>> {
        self.allowed.then(|| Callback::new(move |(id, acknowledge)| self.take(id, acknowledge)))
    }

    fn take(self, id: String, acknowledge: bool) {
        let (now, before) = if acknowledge {
            (RecommendationStatus::Acknowledged, RecommendationStatus::Open)
        } else {
            (RecommendationStatus::Open, RecommendationStatus::Acknowledged)
        };
        self.failed.set(false);
        self.taken.update(|taken| {
            taken.insert(id.clone(), now);
        });
        let variables = IdsVariables { ids: vec![Id::new(&id)] };
        let then = move |done: Result<_, _>| {
            if done.is_err() {
                // The signals are gone when the page was left meanwhile; then there is nobody to tell.
                let _ = self.taken.try_update(|taken| taken.insert(id, before));
                let _ = self.failed.try_set(true);
            }
        };
        if acknowledge {
            client::change::<Acknowledge>(&variables, then);
        } else {
            client::change::<Reopen>(&variables, then);
        }
    }
}

/// The decisions of this page.
pub fn use_decisions() -> Decisions {
    let allowed = expect_context::<Session>().viewer_untracked().is_some_and(|viewer| viewer.decides());
    Decisions { taken: RwSignal::new(HashMap::new()), failed: RwSignal::new(false), allowed }
}

/// Says when a decision could not be saved.
#[component]
pub fn DecisionNotice(decisions: Decisions) -> impl IntoView {
    let texts = use_texts();
    view! { <div role="alert">{move || decisions.failed.get().then(|| view! { <p class="notice">{texts.decision_failed}</p> })}</div> }
}
