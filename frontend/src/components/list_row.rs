//! A row of a list: small facts, what it is about, more of it, and what can be done with it.

use leptos::prelude::*;

/// A small fact: the class it is drawn with, and its words.
pub type Fact = (&'static str, String);

/// A fact without a look of its own.
pub fn plain(words: impl Into<String>) -> Fact {
    ("", words.into())
}

/// The row.
pub fn list_row(testid: &'static str, facts: Vec<Fact>, title: AnyView, more: AnyView, actions: AnyView) -> AnyView {
    let facts = facts.into_iter().filter(|(_, words)| !words.is_empty());
    let facts = facts.map(|(class, words)| view! { <span class=class>{words}</span> }).collect_view();
    view! {
        <li class="row" data-testid=testid>
            <div class="row-body">
                <p class="row-meta">{facts}</p>
                <p class="row-title">{title}</p>
                {more}
            </div>
            <div class="row-actions">{actions}</div>
        </li>
    }
    .into_any()
}

/// A list of rows, or what `empty` says where there are none.
pub fn list(testid: &'static str, rows: Vec<AnyView>, empty: impl FnOnce() -> AnyView) -> AnyView {
    if rows.is_empty() {
        return empty();
    }
    view! { <ul class="rows" data-testid=testid>{rows}</ul> }.into_any()
}
