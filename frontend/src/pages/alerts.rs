//! The inbox of alerts.

use cynic::Id;
use leptos::prelude::*;

use super::export::{exports, member};
use super::frame::Around;
use crate::components::alert_row::AlertRow;
use crate::components::loaded::Loaded;
use crate::components::pager::Pager;
use crate::components::panel::Empty;
use crate::components::segmented::Chips;
use crate::components::shown::shown;
use crate::graphql::client;
use crate::graphql::fetch::use_query;
use crate::graphql::queries::IdsVariables;
use crate::graphql::queries::alerts::{AlertFilter, Alerts as Page, AlertsVariables, MarkRead};
use crate::graphql::queries::enums::AlertLevel;
use crate::i18n::{fill, use_lang, use_texts};
use crate::state::filters::{Cursor, InboxState};
use crate::state::use_url_state;

fn variables(state: InboxState) -> AlertsVariables {
    let filter = AlertFilter {
        levels: (!state.levels.is_empty()).then_some(state.levels),
        categories: None,
        unread: state.only_unread.then_some(true),
        resolved: Some(false),
    };
    AlertsVariables { filter: Some(filter), first: Some(25), after: state.cursor.after() }
}

/// The page at `/alerts`.
#[component]
pub fn Alerts() -> impl IntoView {
    let (lang, texts) = (use_lang(), use_texts());
    super::title(texts.alerts_title);
    let around = expect_context::<Around>();
    let state = use_url_state::<InboxState>();
    let page = use_query::<Page>(move || Some(variables(state.get())));
    let failed = RwSignal::new(false);
    let mark = move |ids: Vec<Id>| {
        failed.set(false);
        client::change::<MarkRead>(&IdsVariables { ids }, move |done| {
            if done.is_ok() {
                page.again();
                around.0.again();
            } else {
                let _ = failed.try_set(true);
            }
        });
    };
    let mark_one = Callback::new(move |id: String| mark(vec![Id::new(id)]));
    let unread = move || {
        page.data()
            .map(|data| {
                data.alerts
                    .nodes
                    .iter()
                    .filter(|alert| alert.read_at.is_none())
                    .map(|alert| alert.id.clone())
                    .collect::<Vec<_>>()
            })
            .unwrap_or_default()
    };
    let levels = AlertLevel::ALL.iter().map(|level| (*level, lang.alert_level(*level).to_owned())).collect::<Vec<_>>();
    let count = Signal::derive(move || {
        page.data().map_or_else(String::new, |data| {
            fill(texts.alert_count, &[&lang.number(data.alerts.total_count.into(), 0)])
        })
    });
    let info = move || page.data().map(|data| data.alerts.page_info.clone());
    let exported = exports("alerts", move |pairs| {
        let state = state.get();
        for level in &state.levels {
            pairs.push("levels", member(level.word()));
        }
        if state.only_unread {
            pairs.push("unread", "true");
        }
        pairs.push("resolved", "false");
    });
    view! {
        <div class="page-head">
            <h1>{texts.alerts_title}</h1>
            <div class="page-controls">
                {exported}
                <button type="button" class="button" disabled=move || unread().is_empty() on:click=move |_| mark(unread())>{texts.mark_page_read}</button>
            </div>
        </div>
        <div class="filters">
            <Chips label=texts.alert_level options=levels chosen=move || state.with(|state| state.levels.clone())
                choose=move |chosen| state.push(|state| (state.levels, state.cursor) = (chosen, Cursor::Start)) />
            <button type="button" class="chip" aria-pressed=move || state.with(|state| state.only_unread).to_string()
                on:click=move |_| state.push(|state| (state.only_unread, state.cursor) = (!state.only_unread, Cursor::Start))>{texts.only_unread}</button>
        </div>
        <div class="panel">
            <div role="alert">{move || failed.get().then(|| view! { <p class="notice">{texts.error_server}</p> })}</div>
            <Loaded of=page lines=8 let:data>
                {shown(move || {
                    let alerts = data.get().alerts.nodes.clone();
                    if alerts.is_empty() {
                        return view! { <Empty title=texts.no_alerts hint=texts.no_alerts_hint /> }.into_any();
                    }
                    view! { <ul class="rows" data-testid="inbox">{alerts.into_iter().map(|alert| view! { <AlertRow alert mark=Some(mark_one) /> }).collect_view()}</ul> }.into_any()
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
