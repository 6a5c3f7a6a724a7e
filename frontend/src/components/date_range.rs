//! The period: presets, or any two days.

use leptos::ev::SubmitEvent;
use leptos::html::Input;
use leptos::prelude::*;

use super::segmented::Segmented;
use crate::day::Day;
use crate::i18n::{fill, use_lang, use_texts};
use crate::state::period::{PRESETS, Period};

/// Chooses a period. `today` is the company's, from which the presets and the first proposal count.
#[component]
pub fn DateRange(
    #[prop(into)] period: Signal<Period>,
    today: Option<Day>,
    #[prop(into)] choose: Callback<Period>,
) -> impl IntoView {
    let (lang, texts) = (use_lang(), use_texts());
    let (from, to) = (NodeRef::<Input>::new(), NodeRef::<Input>::new());
    let presets = PRESETS.map(|days| (days, fill(texts.days, &[&days.to_string()]))).to_vec();
    let preset = move || match period.get() {
        Period::Last(days) => Some(days),
        Period::Between(..) => None,
    };
    let bounds = move || today.map(|today| period.get().bounds(today));
    let summary = move || match period.get() {
        Period::Last(_) => texts.custom_range.to_owned(),
        Period::Between(from, to) => format!("{} – {}", lang.date(from), lang.date(to)),
    };
    let apply = move |event: SubmitEvent| {
        event.prevent_default();
        let day = |field: NodeRef<Input>| field.get_untracked().and_then(|input| input.value().parse::<Day>().ok());
        if let (Some(from), Some(to)) = (day(from), day(to)) {
            choose.run(Period::Between(from.min(to), from.max(to)));
        }
    };
    view! {
        <div class="range">
            <Segmented label=texts.period options=presets chosen=preset choose=move |days| choose.run(Period::Last(days)) />
            <details class="menu menu-end">
                <summary><span class="menu-value">{summary}</span></summary>
                <form class="range-form" on:submit=apply>
                    <label><span>{texts.from}</span>
                        <input type="date" name="from" required node_ref=from prop:value=move || bounds().map(|(from, _)| from.to_string()) /></label>
                    <label><span>{texts.to}</span>
                        <input type="date" name="to" required node_ref=to prop:value=move || bounds().map(|(_, to)| to.to_string()) /></label>
                    <button type="submit" class="button">{texts.apply}</button>
                </form>
            </details>
        </div>
    }
}
