//! Search as you type: the pause after which what was typed counts, and a field that proposes what was found.

use std::time::Duration;

use leptos::ev::KeyboardEvent;
use leptos::prelude::*;

use crate::i18n::use_texts;
use crate::kept::kept;

const PAUSE: Duration = Duration::from_millis(250);

/// Calls `act` with what was typed last, once the typing has paused; not at all when the page is left before.
pub fn after_a_pause(act: impl Fn(String) + Copy + 'static) -> impl Fn(String) + Copy {
    let waiting = StoredValue::new(None::<TimeoutHandle>);
    let stop = move || {
        if let Some(timer) = waiting.try_get_value().flatten() {
            timer.clear();
        }
    };
    on_cleanup(stop);
    move |text: String| {
        stop();
        waiting.set_value(set_timeout_with_handle(move || act(text), PAUSE).ok());
    }
}

/// A field that proposes what was found for the words in it; one is taken by a click, or by the arrows and Enter.
#[component]
pub fn Suggest(
    #[prop(into)] label: String,
    /// What was found: the value to choose and the name to show. `None` while nothing has been asked.
    #[prop(into)]
    found: Signal<Option<Vec<(String, String)>>>,
    /// Called with the words, trimmed, once the typing has paused; they are empty after a choice.
    #[prop(into)]
    typed: Callback<String>,
    #[prop(into)] choose: Callback<String>,
) -> impl IntoView {
    let texts = use_texts();
    let words = RwSignal::new(String::new());
    let (open, at) = (RwSignal::new(false), RwSignal::new(0_usize));
    let options = kept(move || open.get().then(|| found.get()).flatten().unwrap_or_default());
    let nothing = move || open.get() && found.with(|found| found.as_ref().is_some_and(Vec::is_empty));
    let paused = after_a_pause(move |text| typed.run(text.trim().to_owned()));
    let typing = move |text: String| {
        open.set(true);
        at.set(0);
        words.set(text.clone());
        paused(text);
    };
    let take = move |index: usize| {
        let Some((value, _)) = options.with_untracked(|options| options.get(index).cloned()) else { return };
        open.set(false);
        words.set(String::new());
        typed.run(String::new());
        choose.run(value);
    };
    let walk = move |event: KeyboardEvent| {
        let count = options.with_untracked(Vec::len);
        match event.key().as_str() {
            "ArrowDown" if count > 0 => at.update(|at| *at = (*at + 1) % count),
            "ArrowUp" if count > 0 => at.update(|at| *at = (*at + count - 1) % count),
            "Enter" => take(at.get_untracked()),
            "Escape" => open.set(false),
            _ => return,
        }
        event.prevent_default();
    };
    let listed = move || {
        let rows = options.get().into_iter().enumerate().map(|(index, (value, name))| {
            view! {
                <li role="option" id=format!("suggestion-{index}") data-value=value aria-selected=move || (at.get() == index).to_string()
                    on:click=move |_| take(index)>{name}</li>
            }
        });
        rows.collect_view()
    };
    let some = move || options.with(|options| !options.is_empty());
    view! {
        <div class="suggest">
            <input type="text" class="search" role="combobox" autocomplete="off" data-testid="suggest" aria-label=label.clone() placeholder=label.clone()
                aria-autocomplete="list" aria-controls="suggestions" aria-expanded=move || some().to_string()
                aria-activedescendant=move || some().then(|| format!("suggestion-{}", at.get()))
                prop:value=move || words.get()
                on:input:target=move |event| typing(event.target().value())
                on:keydown=walk on:blur=move |_| open.set(false) on:focus=move |_| open.set(true) />
            // A press must not take the focus from the field, which closes the list before the click is there.
            <ul id="suggestions" role="listbox" aria-label=label hidden=move || !some() on:mousedown=|event| event.prevent_default()>{listed}</ul>
            <p class="suggest-none" role="status">{move || nothing().then_some(texts.no_materials)}</p>
        </div>
    }
}
