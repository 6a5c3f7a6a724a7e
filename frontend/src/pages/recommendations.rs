//! The queue of recommendations, the most pressing first, each with its explanation and its decision.

use leptos::prelude::*;

use super::decisions::{DecisionNotice, use_decisions};
use super::export::{exports, member};
use crate::components::loaded::Loaded;
use crate::components::pager::Pager;
use crate::components::panel::Empty;
use crate::components::recommendation_row::RecommendationRow;
use crate::components::segmented::Chips;
use crate::components::shown::shown;
use crate::graphql::fetch::use_query;
use crate::graphql::queries::enums::{Priority, RecommendationStatus, RecommendationType};
use crate::graphql::queries::recommendations::{
    RecommendationFilter, Recommendations as Page, RecommendationsVariables,
};
use crate::i18n::{fill, use_lang, use_texts};
use crate::session::Session;
use crate::state::filters::{Cursor, QueueState};
use crate::state::use_url_state;

/// What is shown: nothing chosen means the open ones.
fn statuses_of(state: &QueueState) -> Vec<RecommendationStatus> {
    if state.statuses.is_empty() { vec![RecommendationStatus::Open] } else { state.statuses.clone() }
}

fn variables(state: QueueState) -> RecommendationsVariables {
    let statuses = statuses_of(&state);
    let filter = RecommendationFilter {
        types: (!state.kinds.is_empty()).then_some(state.kinds),
        priorities: (!state.priorities.is_empty()).then_some(state.priorities),
        statuses: Some(statuses),
    };
    RecommendationsVariables { filter: Some(filter), first: Some(25), after: state.cursor.after() }
}

/// The page at `/recommendations`.
#[component]
pub fn Recommendations() -> impl IntoView {
    let (lang, texts) = (use_lang(), use_texts());
    super::title(texts.recommendations_title);
    let today = expect_context::<Session>().viewer_untracked().and_then(|viewer| viewer.today);
    let state = use_url_state::<QueueState>();
    let page = use_query::<Page>(move || Some(variables(state.get())));
    let decisions = use_decisions();
    let names = |name: fn(crate::i18n::Lang, RecommendationType) -> &'static str| {
        RecommendationType::ALL.iter().map(|kind| (*kind, name(lang, *kind).to_owned())).collect::<Vec<_>>()
    };
    let priorities =
        Priority::ALL.iter().map(|priority| (*priority, lang.priority(*priority).to_owned())).collect::<Vec<_>>();
    let statuses =
        RecommendationStatus::ALL.iter().map(|status| (*status, lang.status(*status).to_owned())).collect::<Vec<_>>();
    let count = Signal::derive(move || {
        page.data().map_or_else(String::new, |data| {
            fill(texts.recommendation_count, &[&lang.number(data.recommendations.total_count.into(), 0)])
        })
    });
    let info = move || page.data().map(|data| data.recommendations.page_info.clone());
    let exported = exports("recommendations", move |pairs| {
        let state = state.get();
        let words = statuses_of(&state).into_iter().map(|status| ("statuses", status.word()));
        let words = words.chain(state.priorities.iter().map(|priority| ("priorities", priority.word())));
        for (name, word) in words.chain(state.kinds.iter().map(|kind| ("types", kind.word()))) {
            pairs.push(name, member(word));
        }
    });
    view! {
        <div class="page-head"><h1>{texts.recommendations_title}</h1>{exported}</div>
        <div class="filters">
            <Chips label=texts.status options=statuses chosen=move || state.with(statuses_of)
                choose=move |chosen| state.push(|state| (state.statuses, state.cursor) = (chosen, Cursor::Start)) />
            <Chips label=texts.priority options=priorities chosen=move || state.with(|state| state.priorities.clone())
                choose=move |chosen| state.push(|state| (state.priorities, state.cursor) = (chosen, Cursor::Start)) />
            <Chips label=texts.kind options=names(crate::i18n::Lang::recommendation) chosen=move || state.with(|state| state.kinds.clone())
                choose=move |chosen| state.push(|state| (state.kinds, state.cursor) = (chosen, Cursor::Start)) />
        </div>
        <div class="panel">
            <DecisionNotice decisions />
            <Loaded of=page lines=8 let:data>
                {shown(move || {
                    let nodes = data.get().recommendations.nodes.clone();
                    if nodes.is_empty() {
                        return view! { <Empty title=texts.no_recommendations hint=texts.no_materials_hint /> }.into_any();
                    }
                    let rows = nodes.into_iter().map(|recommendation| {
                        let status = decisions.status(&recommendation);
                        view! { <RecommendationRow recommendation status decide=decisions.decide() today /> }
                    });
                    view! { <ul class="rows" data-testid="queue">{rows.collect_view()}</ul> }.into_any()
                })}
            </Loaded>
            <Pager count
                has_previous=Signal::derive(move || state.with(|state| state.cursor != Cursor::Start))
                has_next=Signal::derive(move || info().is_some_and(|info| info.has_next_page))
                previous=move |()| state.push(|state| state.cursor = Cursor::Start)
                next=move |()| if let Some(cursor) = info().and_then(|info| info.end_cursor) { state.push(|state| state.cursor = Cursor::After(cursor)) }
                previous_name=texts.first_page />
        </div>
    }
}
