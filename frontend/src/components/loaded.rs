//! Waiting, failed or there: the three states of an answer, drawn once for every page.

use std::sync::Arc;

use leptos::prelude::*;

use super::panel::{ErrorPanel, Skeleton};
use crate::graphql::fetch::Fetched;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Phase {
    Waiting,
    Failed,
    Ready,
}

/// Draws `children` once an answer is there. They get it as a signal: a newer answer changes them in place.
#[component]
pub fn Loaded<Q, F, V>(
    of: Fetched<Q>,
    #[prop(default = 3)] lines: usize,
    #[prop(optional)] tall: bool,
    children: F,
) -> impl IntoView
where
    Q: Send + Sync + 'static,
    F: Fn(Signal<Arc<Q>>) -> V + Send + 'static,
    V: IntoView + 'static,
{
    let phase = Memo::new(move |_| match (of.data().is_some(), of.error().is_some()) {
        (true, _) => Phase::Ready,
        (false, true) => Phase::Failed,
        _ => Phase::Waiting,
    });
    let drawn = move || match phase.get() {
        Phase::Waiting => view! { <Skeleton lines tall /> }.into_any(),
        Phase::Failed => match of.error() {
            Some(error) => view! { <ErrorPanel error retry=move || of.again() /> }.into_any(),
            None => ().into_any(),
        },
        Phase::Ready => {
            // The last answer is kept for the moment between losing it and drawing the error instead.
            let Some(first) = untrack(move || of.data()) else { return ().into_any() };
            let last = StoredValue::new(first);
            let data = Signal::derive(move || {
                if let Some(newer) = of.data() {
                    last.set_value(newer);
                }
                last.get_value()
            });
            children(data).into_any()
        }
    };
    view! {
        <div class="loaded" class:is-busy=move || of.busy() aria-busy=move || of.busy().to_string()>
            {drawn}
        </div>
    }
}
