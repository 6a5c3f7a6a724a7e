//! The audit log: what was done and refused, by whom and when, and whether the log itself was touched.

use leptos::prelude::*;

use crate::components::filter::{Choice, clear_filters};
use crate::components::list_row::{list, list_row, plain};
use crate::components::loaded::Loaded;
use crate::components::pager::Pager;
use crate::components::panel::{Empty, Panel};
use crate::components::shown::shown;
use crate::day::Day;
use crate::graphql::fetch::use_query;
use crate::graphql::queries::Instant;
use crate::graphql::queries::audit::{AuditEntry, AuditFilter, AuditLog, AuditVariables, AuditVerdict, Verdict};
use crate::graphql::queries::people::Users;
use crate::i18n::format::{instant, midnight};
use crate::i18n::{Lang, fill, use_lang, use_texts};
use crate::state::admin::AuditState;
use crate::state::filters::Cursor;
use crate::state::use_url_state;

/// What the server writes down, in its own words, which are also what its filter takes.
const ACTIONS: [&str; 31] = [
    "login",
    "login.refused",
    "logout",
    "refresh.reused",
    "token.refused",
    "ticket.refused",
    "password.change",
    "password.refused",
    "read.refused",
    "export",
    "import",
    "load",
    "forecast",
    "refresh",
    "nightly",
    "backup",
    "restore",
    "data.refresh",
    "user.create",
    "user.update",
    "user.add",
    "user.enable",
    "user.disable",
    "token.create",
    "token.revoke",
    "view.save",
    "view.delete",
    "recommendations.acknowledge",
    "recommendations.dismiss",
    "recommendations.complete",
    "recommendations.reopen",
];

fn variables(state: AuditState) -> AuditVariables {
    let at = |day: Day| Instant(midnight(day));
    let filter = AuditFilter {
        user_id: state.who.map(cynic::Id::new),
        action: state.action,
        from: state.from.map(at),
        to: state.to.map(|day| at(day.plus(1))),
    };
    AuditVariables { filter: Some(filter), after: state.cursor.after() }
}

pub fn audit() -> AnyView {
    let (lang, texts) = (use_lang(), use_texts());
    super::super::title(texts.audit_title);
    let state = use_url_state::<AuditState>();
    let log = use_query::<AuditLog>(move || Some(variables(state.get())));
    let verdict = use_query::<Verdict>(|| Some(()));
    let people = use_query::<Users>(|| Some(()));
    let push = move |change: &dyn Fn(&mut AuditState)| {
        state.push(|state| {
            change(state);
            state.cursor = Cursor::Start;
        });
    };
    let filled = |word: String| (!word.is_empty()).then_some(word);
    let anybody = |name: &str| vec![(String::new(), name.to_owned())];
    let persons = move || {
        let data = people.data();
        let named = data.iter().flat_map(|data| data.users.iter().flatten());
        let mut options = anybody(texts.anybody);
        options.extend(named.map(|user| (user.id.inner().to_owned(), user.email.clone())));
        view! {
            <Choice label=texts.who options chosen=Signal::derive(move || state.get().who.unwrap_or_default())
                choose=move |word: String| push(&|state| state.who = filled(word.clone())) testid="who" />
        }
    };
    let mut actions = anybody(texts.anything);
    actions.extend(ACTIONS.map(|word| (word.to_owned(), word.to_owned())));
    let day = move |name: &'static str, value: fn(&mut AuditState) -> &mut Option<Day>| {
        let label = if name == "from" { texts.from } else { texts.to };
        let shown = move || value(&mut state.get()).map(|day| day.to_string()).unwrap_or_default();
        view! {
            <label class="choice"><span>{label}</span>
                <input type="date" name=name prop:value=shown
                    on:change:target=move |event| { let day = event.target().value().parse().ok(); push(&|state| *value(state) = day); } />
            </label>
        }
        .into_any()
    };
    let page =
        move || log.data().and_then(|data| data.audit_log.as_ref().map(|log| (log.total_count, log.page_info.clone())));
    let count =
        move || page().map_or_else(String::new, |(count, _)| fill(texts.audit_count, &[&lang.number(count.into(), 0)]));
    let next = move |()| {
        if let Some(cursor) = page().and_then(|(_, info)| info.end_cursor) {
            state.push(|state| state.cursor = Cursor::After(cursor));
        }
    };
    view! {
        <div class="panel">
            <Loaded of=verdict lines=1 let:data>{shown(move || data.get().audit_verdict.as_ref().map(|verdict| told(lang, verdict)).into_any())}</Loaded>
        </div>
        <div class="filters" role="search">
            {persons}
            <Choice label=texts.action options=actions chosen=Signal::derive(move || state.get().action.unwrap_or_default())
                choose=move |word: String| push(&|state| state.action = filled(word.clone())) testid="action" />
            {day("from", |state| &mut state.from)}
            {day("to", |state| &mut state.to)}
            {clear_filters(Signal::derive(move || AuditState { cursor: Cursor::Start, ..state.get() } != AuditState::default()), move || state.push(|state| *state = AuditState::default()))}
        </div>
        <Panel title=texts.audit_title>
            <Loaded of=log lines=10 let:data>
                {shown(move || {
                    let data = data.get();
                    let rows = data.audit_log.iter().flat_map(|log| &log.nodes).map(|entry| row(lang, entry)).collect();
                    list("audit", rows, || view! { <Empty title=texts.no_entries hint=texts.no_materials_hint /> }.into_any())
                })}
            </Loaded>
            <Pager count=Signal::derive(count)
                has_previous=Signal::derive(move || state.get().cursor != Cursor::Start)
                has_next=Signal::derive(move || page().is_some_and(|(_, info)| info.has_next_page))
                previous=move |()| state.push(|state| state.cursor = Cursor::Start)
                next previous_name=texts.first_page />
        </Panel>
    }
    .into_any()
}

/// Whether the log is whole; where it is not, which entry is the first that tells.
fn told(lang: Lang, verdict: &AuditVerdict) -> AnyView {
    let texts = lang.texts();
    let number = |number: i32| lang.number(number.into(), 0);
    let (class, word, sentence) = if verdict.intact {
        let entries = verdict.entries.map_or_else(|| "–".to_owned(), number);
        ("standing standing-good", texts.audit_intact, fill(texts.audit_intact_hint, &[&entries]))
    } else {
        let at = verdict.broken_at.map_or_else(|| "–".to_owned(), number);
        let how = verdict.fault.map_or("", |fault| lang.audit_fault(fault));
        ("standing standing-bad", texts.audit_broken, fill(texts.audit_broken_hint, &[&at, how]))
    };
    view! { <p data-testid="verdict" data-intact=verdict.intact.to_string()><span class=class>{word}</span>" "{sentence}</p> }.into_any()
}

fn row(lang: Lang, entry: &AuditEntry) -> AnyView {
    let facts = vec![
        ("code", lang.number(entry.number.into(), 0)),
        plain(instant(lang, &entry.at.0)),
        plain(entry.address.clone().unwrap_or_default()),
    ];
    let about = [entry.entity.as_deref(), entry.entity_id.as_deref()];
    let about = about.into_iter().flatten().collect::<Vec<_>>().join(" ");
    let refused = entry.action.ends_with("refused") || entry.action.ends_with("reused");
    let class = if refused { "badge badge-warning code" } else { "badge code" };
    let title = view! { <span class=class>{entry.action.clone()}</span>" "{entry.actor.clone()}" "<span class="row-text">{about}</span> };
    let more = (entry.details != "{}").then(|| view! { <code class="row-text details">{entry.details.clone()}</code> });
    list_row("audit-entry", facts, title.into_any(), more.into_any(), ().into_any())
}
