//! A titled surface, and the two honest ways of having nothing to show on it.

use leptos::prelude::*;

use crate::graphql::error::ApiError;
use crate::i18n::use_texts;

/// A section with a heading and, beside it, what can be done to the whole.
#[component]
pub fn Panel(
    #[prop(into)] title: String,
    #[prop(optional, into)] aside: ViewFnOnce,
    children: Children,
) -> impl IntoView {
    view! {
        <section class="panel">
            <header class="panel-head">
                <h2>{title}</h2>
                <div class="panel-aside">{aside.run()}</div>
            </header>
            {children()}
        </section>
    }
}

/// Nothing is there, and what to do about it.
#[component]
pub fn Empty(
    #[prop(into)] title: String,
    #[prop(optional, into)] hint: String,
    #[prop(optional)] children: Option<Children>,
) -> impl IntoView {
    view! {
        <div class="empty">
            <p class="empty-title">{title}</p>
            {(!hint.is_empty()).then(|| view! { <p class="empty-hint">{hint}</p> })}
            {children.map(|children| children())}
        </div>
    }
}

/// Something went wrong, in words, with a way to try again.
#[component]
pub fn ErrorPanel(error: ApiError, retry: impl Fn() + 'static) -> impl IntoView {
    let texts = use_texts();
    view! {
        <div class="error" role="alert">
            <p class="empty-title">{texts.error_title}</p>
            <p class="empty-hint">{error.sentence(texts)}</p>
            <button type="button" class="button" on:click=move |_| retry()>{texts.try_again}</button>
        </div>
    }
}

/// Grey shapes of about the size of what will come.
#[component]
pub fn Skeleton(#[prop(default = 3)] lines: usize, #[prop(optional)] tall: bool) -> impl IntoView {
    let class = if tall { "skeleton skeleton-tall" } else { "skeleton" };
    let texts = use_texts();
    view! {
        <div class=class>
            <span class="visually-hidden" role="status">{texts.loading}</span>
            {(0..lines).map(|_| view! { <i aria-hidden="true"></i> }).collect_view()}
        </div>
    }
}
