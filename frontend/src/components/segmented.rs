//! A row of buttons: exactly one of them chosen ([`Segmented`]), or any number ([`Chips`]).

use leptos::prelude::*;

/// Chooses one of a few.
#[component]
pub fn Segmented<T>(
    #[prop(into)] label: String,
    options: Vec<(T, String)>,
    /// What is chosen; tracks.
    chosen: impl Fn() -> Option<T> + Send + Sync + 'static,
    choose: impl Fn(T) + Send + Sync + 'static,
) -> impl IntoView
where
    T: Copy + PartialEq + Send + Sync + 'static,
{
    let (values, names): (Vec<_>, Vec<_>) = options.into_iter().unzip();
    let values = StoredValue::new(values);
    let pressed = Callback::new(move |index: usize| chosen() == values.with_value(|values| values.get(index).copied()));
    let press = Callback::new(move |index: usize| {
        if let Some(value) = values.with_value(|values| values.get(index).copied()) {
            choose(value);
        }
    });
    view! { <div class="segmented" role="group" aria-label=label>{buttons("", names, pressed, press)}</div> }
}

/// Chooses any of a few.
#[component]
pub fn Chips<T>(
    #[prop(into)] label: String,
    options: Vec<(T, String)>,
    /// What is chosen; tracks.
    chosen: impl Fn() -> Vec<T> + Copy + Send + Sync + 'static,
    /// Called with all that is chosen after a click.
    choose: impl Fn(Vec<T>) + Send + Sync + 'static,
) -> impl IntoView
where
    T: Copy + PartialEq + Send + Sync + 'static,
{
    let (values, names): (Vec<_>, Vec<_>) = options.into_iter().unzip();
    let values = StoredValue::new(values);
    let pressed = Callback::new(move |index: usize| values.with_value(|values| chosen().contains(&values[index])));
    let press = Callback::new(move |index: usize| {
        let value = values.with_value(|values| values[index]);
        let mut now = untrack(chosen);
        match now.iter().position(|member| *member == value) {
            Some(index) => drop(now.remove(index)),
            None => now.push(value),
        }
        choose(now);
    });
    let name = label.clone();
    view! {
        <div class="chips" role="group" aria-label=name>
            <span class="chips-label" aria-hidden="true">{label}</span>
            {buttons("chip", names, pressed, press)}
        </div>
    }
}

/// The buttons themselves, which know their places and nothing of what they stand for.
fn buttons(class: &'static str, names: Vec<String>, pressed: Callback<usize, bool>, press: Callback<usize>) -> AnyView {
    let buttons = names.into_iter().enumerate().map(|(index, name)| {
        view! {
            <button type="button" class=class aria-pressed=move || pressed.run(index).to_string() on:click=move |_| press.run(index)>
                {name}
            </button>
        }
    });
    buttons.collect_view().into_any()
}
