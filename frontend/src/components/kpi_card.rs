//! A key figure with its target, and what stands in its place when the company has no data for it.

use leptos::prelude::*;

use crate::i18n::use_texts;

/// How a figure stands to its target.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// As good as wanted.
    Good,
    /// Not as good as wanted.
    Bad,
    /// There is no target, or no figure.
    Neutral,
}

/// One card. `value` is the figure as it is read, or `None`, and then `missing` says why.
#[component]
pub fn KpiCard(
    #[prop(into)] title: String,
    value: Option<String>,
    #[prop(into)] missing: String,
    #[prop(optional, into)] note: String,
    #[prop(default = Standing::Neutral)] standing: Standing,
    testid: &'static str,
) -> impl IntoView {
    let texts = use_texts();
    let (class, word) = match standing {
        Standing::Good => ("standing standing-good", texts.on_target),
        Standing::Bad => ("standing standing-bad", texts.off_target),
        Standing::Neutral => ("", ""),
    };
    let figure = match value {
        Some(value) => view! { <p class="kpi-value">{value}</p> }.into_any(),
        None => view! { <p class="kpi-missing">{missing}</p> }.into_any(),
    };
    view! {
        <li class="kpi" data-testid=testid>
            <h2 class="kpi-title">{title}</h2>
            {figure}
            <p class="kpi-note">
                {(!word.is_empty()).then(|| view! { <span class=class>{word}</span> })}
                {(!note.is_empty()).then(|| view! { <span>{note}</span> })}
            </p>
        </li>
    }
}
