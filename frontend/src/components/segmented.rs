//! A row of buttons: exactly one of them chosen ([`Segmented`]), or any number ([`Chips`]).

use leptos::prelude::*;

/// Chooses one of a few.
#[component]
pub fn Segmented<T>(
    #[prop(into)] label: String,
    options: Vec<(T, String)>,
    #[prop(into)] chosen: Signal<Option<T>>,
    #[prop(into)] choose: Callback<T>,
) -> impl IntoView
where
    T: Copy + PartialEq + Send + Sync + 'static,
{
    let buttons = options.into_iter().map(|(value, name)| {
        view! {
            <button type="button" aria-pressed=move || (chosen.get() == Some(value)).to_string() on:click=move |_| choose.run(value)>
                {name}
            </button>
        }
    });
    view! { <div class="segmented" role="group" aria-label=label>{buttons.collect_view()}</div> }
}

/// Chooses any of a few.
#[component]
pub fn Chips<T>(
    #[prop(into)] label: String,
    options: Vec<(T, String)>,
    #[prop(into)] chosen: Signal<Vec<T>>,
    /// Called with all that is chosen after a click.
    #[prop(into)]
    choose: Callback<Vec<T>>,
) -> impl IntoView
where
    T: Copy + PartialEq + Send + Sync + 'static,
{
    let buttons = options.into_iter().map(|(value, name)| {
        let toggle = move |_| {
            let mut now = chosen.get_untracked();
            match now.iter().position(|member| *member == value) {
                Some(index) => drop(now.remove(index)),
                None => now.push(value),
            }
            choose.run(now);
        };
        view! {
            <button type="button" class="chip" aria-pressed=move || chosen.with(|chosen| chosen.contains(&value)).to_string() on:click=toggle>
                {name}
            </button>
        }
    });
    let buttons = buttons.collect_view();
    let name = label.clone();
    view! { <div class="chips" role="group" aria-label=name><span class="chips-label" aria-hidden="true">{label}</span>{buttons}</div> }
}
