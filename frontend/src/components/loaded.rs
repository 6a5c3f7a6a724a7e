//! Waiting, failed or there: the three states of an answer, drawn once for every page.

use leptos::prelude::*;

use super::shown::shown;

use super::panel::{ErrorPanel, Skeleton};
use crate::graphql::fetch::{Answer, Asked, Fetched, Phase};
use crate::graphql::queries::Operation;
use crate::kept::kept;

/// Draws `children` once an answer is there. A newer answer changes them in place.
#[component]
pub fn Loaded<O, F, V>(
    of: Fetched<O>,
    #[prop(default = 3)] lines: usize,
    #[prop(optional)] tall: bool,
    children: F,
) -> impl IntoView
where
    O: Operation,
    F: Fn(Answer<O>) -> V + Send + 'static,
    V: IntoView + 'static,
{
    in_phases(of.asked, lines, tall, Box::new(move || children(of.answer()).into_any()))
}

fn in_phases(of: Asked, lines: usize, tall: bool, ready: Box<dyn Fn() -> AnyView + Send>) -> AnyView {
    let phase = kept(move || of.phase());
    let drawn = move || match phase.get() {
        Phase::Waiting => view! { <Skeleton lines tall /> }.into_any(),
        Phase::Failed => of.error().map(|error| view! { <ErrorPanel error retry=move || of.again() /> }).into_any(),
        Phase::Ready => ready(),
    };
    view! {
        <div class="loaded" class:is-busy=move || of.busy() aria-busy=move || of.busy().to_string()>
            {shown(drawn)}
        </div>
    }
    .into_any()
}
