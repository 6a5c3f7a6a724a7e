//! Filters with more members than fit in a row: a list of checkboxes behind a button, and a plain select.

use leptos::prelude::*;

use super::shown::shown;

use crate::i18n::{fill, use_texts};

/// Chooses any of many, from a list that opens under a button.
#[component]
pub fn MultiSelect(
    #[prop(into)] label: String,
    #[prop(into)] options: Signal<Vec<String>>,
    #[prop(into)] chosen: Signal<Vec<String>>,
    #[prop(into)] choose: Callback<Vec<String>>,
) -> impl IntoView {
    let texts = use_texts();
    let summary = move || {
        chosen.with(|chosen| match chosen.as_slice() {
            [] => texts.all.to_owned(),
            [one] => one.clone(),
            many => fill(texts.chosen, &[&many.len().to_string()]),
        })
    };
    let boxes = move || {
        options
            .get()
            .into_iter()
            .map(|option| {
                let (name, member) = (option.clone(), option.clone());
                let checked = move || chosen.with(|chosen| chosen.contains(&member));
                let toggle = move |input: web_sys::HtmlInputElement| {
                    let mut now = chosen.get_untracked();
                    // The box shows what is chosen, which a press need not change: there may be no room for one more.
                    input.set_checked(now.contains(&option));
                    match now.iter().position(|member| *member == option) {
                        Some(index) => drop(now.remove(index)),
                        None => now.push(option.clone()),
                    }
                    choose.run(now);
                };
                view! { <li><label><input type="checkbox" prop:checked=checked on:change:target=move |event| toggle(event.target()) />{name}</label></li> }
            })
            .collect_view()
    };
    view! {
        <details class="menu">
            <summary><span class="menu-label">{label}</span>" "<span class="menu-value">{summary}</span></summary>
            <ul>{boxes}</ul>
        </details>
    }
}

/// Chooses one of many: pairs of value and name; the empty value stands for no choice.
#[component]
pub fn Choice(
    #[prop(into)] label: String,
    options: Vec<(String, String)>,
    #[prop(into)] chosen: Signal<String>,
    #[prop(into)] choose: Callback<String>,
    testid: &'static str,
) -> impl IntoView {
    let options = options.into_iter().map(|(value, name)| {
        let mine = value.clone();
        view! { <option value=value selected=move || chosen.get() == mine>{name}</option> }
    });
    let options = options.collect_view();
    view! {
        <label class="choice">
            <span>{label}</span>
            <select data-testid=testid on:change:target=move |event| choose.run(event.target().value())>{options}</select>
        </label>
    }
}

/// A button that takes every filter away, while there is any.
pub fn clear_filters(filtered: impl Into<Signal<bool>>, clear: impl Fn() + Clone + Send + 'static) -> AnyView {
    clearing(filtered.into(), StoredValue::new_local(Box::new(clear)))
}

fn clearing(filtered: Signal<bool>, clear: StoredValue<Box<dyn Fn()>, LocalStorage>) -> AnyView {
    let texts = use_texts();
    shown(move || {
        filtered
            .get()
            .then(|| {
                let press = move |_| clear.with_value(|clear| clear());
                view! { <button type="button" class="button button-quiet" data-testid="clear" on:click=press>{texts.clear_filters}</button> }
            })
            .into_any()
    })
}
