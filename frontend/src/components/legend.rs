//! The key of a chart whose series were chosen one by one: each can be taken away again.

use leptos::prelude::*;

use crate::i18n::{fill, use_texts};

/// The marks of the colours, by place; they are drawn in `style/components.css`.
pub const MARKS: [&str; 8] = [
    "mark-series-1",
    "mark-series-2",
    "mark-series-3",
    "mark-series-4",
    "mark-series-1 mark-dashed",
    "mark-series-2 mark-dashed",
    "mark-series-3 mark-dashed",
    "mark-series-4 mark-dashed",
];

/// A series in the key.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// The place of its colour.
    pub place: usize,
    /// What takes it away.
    pub word: String,
    pub name: String,
    /// Where more of it is.
    pub href: Option<String>,
    /// Why it is not in the chart.
    pub note: Option<&'static str>,
}

/// The key, with a button to take each series away.
#[component]
pub fn Legend(#[prop(into)] entries: Signal<Vec<Entry>>, #[prop(into)] remove: Callback<String>) -> impl IntoView {
    let texts = use_texts();
    let chips = move || {
        let chips = entries.get().into_iter().map(|entry| {
            let label = fill(texts.remove, &[&entry.name]);
            let word = entry.word.clone();
            let name = match entry.href {
                Some(href) => view! { <a href=href>{entry.name}</a> }.into_any(),
                None => view! { <span>{entry.name}</span> }.into_any(),
            };
            view! {
                <li data-series=entry.word>
                    <i class=MARKS[entry.place % MARKS.len()] aria-hidden="true"></i>
                    {name}
                    {entry.note.map(|note| view! { <small>{note}</small> })}
                    <button type="button" aria-label=label on:click=move |_| remove.run(word.clone())>"×"</button>
                </li>
            }
        });
        chips.collect_view()
    };
    view! { <ul class="key legend" data-testid="legend">{chips}</ul> }
}
