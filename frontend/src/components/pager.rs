//! From one page of a connection to the next and back.

use leptos::prelude::*;

use crate::i18n::use_texts;

/// Two buttons; each is there only where there is somewhere to go.
#[component]
pub fn Pager(
    /// What is counted, in words, such as "879 materials".
    #[prop(into)]
    count: Signal<String>,
    #[prop(into)] has_previous: Signal<bool>,
    #[prop(into)] has_next: Signal<bool>,
    #[prop(into)] previous: Callback<()>,
    #[prop(into)] next: Callback<()>,
    /// The name of the button back; connections that only go forward return to the start.
    #[prop(into)]
    previous_name: String,
) -> impl IntoView {
    let texts = use_texts();
    view! {
        <nav class="pager" aria-label=texts.pages>
            <p data-testid="count" role="status">{count}</p>
            <button type="button" class="button" disabled=move || !has_previous.get() on:click=move |_| previous.run(())>{previous_name}</button>
            <button type="button" class="button" disabled=move || !has_next.get() on:click=move |_| next.run(())>{texts.next}</button>
        </nav>
    }
}
