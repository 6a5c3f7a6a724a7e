//! A chart with its key and the switch to the table behind it.

use leptos::prelude::*;

use crate::i18n::use_texts;

/// One entry of a chart's key: a CSS class that draws the mark, and its name.
pub type Mark = (&'static str, &'static str);

/// Draws a chart, its key above, and its table below when asked for.
#[component]
pub fn ChartPanel(
    /// The marks of the chart; a signal, because a wider bucket has no band.
    #[prop(into)]
    marks: Signal<Vec<Mark>>,
    /// The name of the table, for its `data-testid`.
    table_id: &'static str,
    /// The table behind the chart, made when it is opened and whenever the data change.
    table: impl Fn() -> AnyView + Send + Sync + 'static,
    children: Children,
) -> impl IntoView {
    frame(marks, table_id, Box::new(table), children)
}

fn frame(
    marks: Signal<Vec<Mark>>,
    table_id: &'static str,
    table: Box<dyn Fn() -> AnyView + Send + Sync>,
    children: Children,
) -> AnyView {
    let texts = use_texts();
    let open = RwSignal::new(false);
    let key = move || {
        marks
            .get()
            .into_iter()
            .map(|(class, name)| view! { <li><i class=class aria-hidden="true"></i>{name}</li> })
            .collect_view()
    };
    view! {
        <ul class="key">{key}</ul>
        {children()}
        <div class="chart-foot">
            <button
                type="button"
                class="button button-quiet"
                data-testid=format!("{table_id}-toggle")
                aria-expanded=move || open.get().to_string()
                on:click=move |_| open.update(|open| *open = !*open)
            >
                {move || if open.get() { texts.hide_table } else { texts.show_table }}
            </button>
        </div>
        {move || open.get().then(&table)}
    }
    .into_any()
}
