//! One recommendation: what to do by when, the decision in one click with its undo, and the numbers that led to it.

use leptos::prelude::*;

use crate::day::Day;
use crate::graphql::queries::enums::{Priority, RecommendationStatus};
use crate::graphql::queries::recommendations::{Explanation, Recommendation};
use crate::i18n::{fill, use_lang, use_texts};
use crate::state::pairs::encode;

/// A recommendation as a list row. `status` is what it is now, `decide` is called with the id and whether it is
/// acknowledged (or reopened); a reader who may not decide has no `decide`.
#[component]
pub fn RecommendationRow(
    recommendation: Recommendation,
    #[prop(into)] status: Signal<RecommendationStatus>,
    #[prop(optional_no_strip)] decide: Option<Callback<(String, bool)>>,
    today: Option<Day>,
    /// Whether the explanation stands open from the start.
    #[prop(optional)]
    explained: bool,
) -> impl IntoView {
    let (lang, texts) = (use_lang(), use_texts());
    let priority = match recommendation.priority {
        Priority::Critical => "badge badge-danger",
        Priority::High => "badge badge-warning",
        Priority::Medium | Priority::Low => "badge",
    };
    let due = if today.is_some_and(|today| recommendation.act_by < today) { texts.act_now } else { texts.act_by };
    let item = recommendation.item;
    let unit = item.unit.clone();
    let quantity = recommendation.quantity.map(|quantity| format!("{} {unit}", lang.quantity(quantity)));
    let id = StoredValue::new(recommendation.id.inner().to_owned());
    let actions = move || {
        decide.map(|decide| match status.get() {
            RecommendationStatus::Open => view! {
                <button type="button" class="button button-primary" data-testid="acknowledge" on:click=move |_| decide.run((id.get_value(), true))>
                    {texts.acknowledge}
                </button>
            }
            .into_any(),
            RecommendationStatus::Acknowledged => view! {
                <button type="button" class="button" data-testid="undo" on:click=move |_| decide.run((id.get_value(), false))>{texts.undo}</button>
            }
            .into_any(),
            RecommendationStatus::Done | RecommendationStatus::Dismissed => ().into_any(),
        })
    };
    let state = move || match status.get() {
        RecommendationStatus::Open => None,
        other => Some(view! { <span class="standing standing-good">{lang.status(other)}</span> }),
    };
    view! {
        <li class="row" data-testid="recommendation" data-status=move || status.get().word()>
            <div class="row-body">
                <p class="row-meta">
                    <span class=priority>{lang.priority(recommendation.priority)}</span>
                    <span>{fill(due, &[&lang.date(recommendation.act_by)])}</span>
                    {recommendation.site.map(|site| view! { <span>{site.name}</span> })}
                    {state}
                </p>
                <p class="row-title">
                    <strong>{lang.recommendation(recommendation.kind)}" "{quantity}</strong>" "
                    <a href=format!("/materials/{}", encode(&item.sku))><span class="code">{item.sku.clone()}</span>" "{item.name}</a>
                </p>
                <p class="row-text">{lang.choose(&recommendation.message_pt, &recommendation.message_en).to_owned()}</p>
                <details class="why" open=explained>
                    <summary>{texts.why}</summary>
                    <Inputs explanation=recommendation.explanation unit />
                </details>
            </div>
            <div class="row-actions">{actions}</div>
        </li>
    }
}

/// Each input of a recommendation by its name, then the evaluated formula and what happens otherwise.
#[component]
fn Inputs(explanation: Explanation, unit: String) -> impl IntoView {
    let (lang, texts) = (use_lang(), use_texts());
    let amount = |value: Option<f64>| value.map(|value| format!("{} {unit}", lang.quantity(value)));
    let unknown = || Some(texts.not_recorded.to_owned());
    let demand = explanation.lead_time_demand.map(|demand| match demand.p90 {
        Some(p90) => fill(texts.mean_p90, &[&lang.quantity(demand.mean), &lang.quantity(p90)]),
        None => lang.quantity(demand.mean),
    });
    let entries = [
        (texts.on_hand, amount(explanation.on_hand).or_else(unknown)),
        (texts.on_order, amount(explanation.on_order).or_else(unknown)),
        (texts.lead_time, explanation.lead_time_days.map(|days| fill(texts.days_short, &[&lang.number(days, 1)]))),
        (texts.lead_time_demand, demand),
        (texts.service_level, explanation.service_level.map(|level| lang.percent(level))),
        (texts.safety_stock, amount(explanation.safety_stock)),
        (texts.reorder_point, amount(explanation.reorder_point)),
        (texts.order_up_to, amount(explanation.order_up_to)),
    ];
    let entries = entries
        .into_iter()
        .filter_map(|(name, value)| value.map(|value| view! { <div><dt>{name}</dt><dd>{value}</dd></div> }));
    let outcome = explanation.if_nothing_is_done.and_then(|outcome| {
        let likely = outcome.likely.or(outcome.earliest)?;
        let mut sentence = fill(texts.runs_out, &[&lang.date(likely)]);
        if let (Some(earliest), Some(latest)) = (outcome.earliest, outcome.latest) {
            sentence =
                format!("{sentence} ({})", fill(texts.runs_out_between, &[&lang.date(earliest), &lang.date(latest)]));
        }
        Some(view! { <p><strong>{texts.if_nothing}": "</strong>{sentence}</p> })
    });
    view! {
        <dl class="inputs" aria-label=texts.inputs>{entries.collect_view()}</dl>
        <p class="formula"><span class="visually-hidden">{texts.formula}": "</span><code>{explanation.formula}</code></p>
        {outcome}
    }
}
