//! The files that were read, and of each the lines that were refused or flagged: where, what was read, what would be right.

use leptos::prelude::*;

use crate::components::data_table::text_table;
use crate::components::list_row::{list, list_row, plain};
use crate::components::loaded::Loaded;
use crate::components::pager::Pager;
use crate::components::panel::{Empty, Panel};
use crate::components::segmented::Chips;
use crate::components::shown::shown;
use crate::graphql::fetch::use_query;
use crate::graphql::queries::PageInfo;
use crate::graphql::queries::enums::{ImportStatus, RejectSeverity};
use crate::graphql::queries::imports::{
    ImportLines, ImportLinesVariables, ImportReject, ImportRun, ImportRunFilter, ImportRuns, ImportRunsVariables,
    RejectReason, RunLines,
};
use crate::i18n::format::instant;
use crate::i18n::{Lang, fill, use_lang, use_texts};
use crate::kept::kept;
use crate::state::admin::ImportsState;
use crate::state::filters::Cursor;
use crate::state::{Located, UrlState, use_url_state};

const PATH: &str = "/admin/imports";

pub fn imports() -> AnyView {
    let texts = use_texts();
    super::super::title(texts.imports_title);
    let state = use_url_state::<ImportsState>();
    let of_run = kept(move || state.get().run.is_some());
    let shown = move || if of_run.get() { lines(state) } else { runs(state) };
    shown.into_any()
}

fn runs(state: Located<ImportsState>) -> AnyView {
    let (lang, texts) = (use_lang(), use_texts());
    let page = use_query::<ImportRuns>(move || {
        let state = state.get();
        let statuses = (!state.statuses.is_empty()).then_some(state.statuses);
        state
            .run
            .is_none()
            .then(|| ImportRunsVariables { filter: Some(ImportRunFilter { statuses }), after: state.cursor.after() })
    });
    let statuses = ImportStatus::ALL.iter().map(|status| (*status, lang.import_status(*status).to_owned())).collect();
    let known = move || {
        page.data().and_then(|data| data.import_runs.as_ref().map(|runs| (runs.total_count, runs.page_info.clone())))
    };
    view! {
        <div class="filters">
            <Chips label=texts.status options=statuses chosen=move || state.get().statuses
                choose=move |chosen| state.push(|state| (state.statuses, state.cursor) = (chosen, Cursor::Start)) />
        </div>
        <Panel title=texts.imports_title>
            <Loaded of=page lines=8 let:data>
                {shown(move || {
                    let data = data.get();
                    let rows = data.import_runs.iter().flat_map(|runs| &runs.nodes).map(|run| run_row(lang, run)).collect();
                    list("imports", rows, || view! { <Empty title=texts.no_imports hint=texts.no_imports_hint /> }.into_any())
                })}
            </Loaded>
            {pager(state, texts.import_count, Signal::derive(known))}
        </Panel>
    }
    .into_any()
}

fn run_row(lang: Lang, run: &ImportRun) -> AnyView {
    let texts = lang.texts();
    let count = |sentence: &str, lines: i32| {
        if lines > 0 { fill(sentence, &[&lang.number(lines.into(), 0)]) } else { String::new() }
    };
    let class = match run.status {
        ImportStatus::Done => "badge",
        ImportStatus::Running => "badge badge-warning",
        ImportStatus::Failed | ImportStatus::Interrupted => "badge badge-danger",
    };
    let seconds = run.seconds.map(|seconds| format!("{} s", lang.number(seconds, 1)));
    let facts = vec![
        (class, lang.import_status(run.status).to_owned()),
        ("code", run.kind.clone()),
        plain(instant(lang, &run.started_at.0)),
        plain(seconds.unwrap_or_default()),
        plain(run.actor.clone()),
    ];
    let counts = [
        ("", fill(texts.lines_read, &[&lang.number(run.read_lines.into(), 0)])),
        ("", count(texts.lines_loaded, run.loaded_lines)),
        ("", count(texts.lines_unchanged, run.unchanged_lines)),
        ("standing standing-bad", count(texts.lines_rejected, run.rejected_lines)),
        ("", count(texts.lines_flagged, run.flagged_lines)),
    ];
    let counts = counts.into_iter().filter(|(_, words)| !words.is_empty());
    let counts = counts.map(|(class, words)| view! { <span class=class>{words}</span> }).collect_view();
    let more = view! {
        <p class="row-meta">{counts}</p>
        {run.message.clone().map(|message| view! { <p class="notice">{message}</p> })}
    };
    let doubtful = run.rejected_lines + run.flagged_lines > 0;
    let href = ImportsState { run: Some(run.id.inner().to_owned()), ..ImportsState::default() }.href(PATH);
    let actions = doubtful.then(|| view! { <a class="button" href=href>{texts.see_lines}</a> });
    list_row(
        "import",
        facts,
        view! { <strong>{run.file.clone()}</strong> }.into_any(),
        more.into_any(),
        actions.into_any(),
    )
}

fn lines(state: Located<ImportsState>) -> AnyView {
    let (lang, texts) = (use_lang(), use_texts());
    let page = use_query::<ImportLines>(move || {
        let state = state.get();
        state.run.map(|run| ImportLinesVariables {
            id: cynic::Id::new(run),
            reason: state.reason,
            after: state.cursor.after(),
        })
    });
    let known = move || {
        page.data().and_then(|data| {
            data.import_run.as_ref().map(|run| (run.rejects.total_count, run.rejects.page_info.clone()))
        })
    };
    view! {
        <p class="crumb"><a href=PATH>{texts.back_to_imports}</a></p>
        <div class="panel">
            <Loaded of=page lines=8 let:data>
                {shown(move || match &data.get().import_run {
                    Some(run) => run_lines(lang, run, state),
                    None => view! { <Empty title=texts.import_missing /> }.into_any(),
                })}
            </Loaded>
            {pager(state, texts.line_count, Signal::derive(known))}
        </div>
    }
    .into_any()
}

fn run_lines(lang: Lang, run: &RunLines, state: Located<ImportsState>) -> AnyView {
    let texts = lang.texts();
    let chip = |of: &RejectReason| {
        let (reason, mine) = (of.reason.clone(), of.reason.clone());
        let name = format!("{} · {} ({})", of.reason, lang.severity(of.severity), lang.number(of.lines.into(), 0));
        let pressed = move || (state.get().reason.as_ref() == Some(&mine)).to_string();
        let press = move |_| {
            let reason = Some(reason.clone());
            state.push(|state| {
                state.reason = if state.reason == reason { None } else { reason };
                state.cursor = Cursor::Start;
            });
        };
        view! { <button type="button" class="chip" data-testid="reason" aria-pressed=pressed on:click=press>{name}</button> }.into_any()
    };
    let chips = run.reject_reasons.iter().map(chip).collect_view();
    let table = if run.rejects.nodes.is_empty() {
        view! { <Empty title=texts.no_rejects /> }.into_any()
    } else {
        let heads = [
            texts.line,
            texts.column,
            texts.reason,
            texts.value_read,
            texts.expected,
            texts.sheet,
            texts.file,
            texts.status,
        ];
        text_table(
            "rejects",
            texts.line_count,
            &heads,
            run.rejects.nodes.iter().map(|line| cells(lang, line)).collect(),
        )
    };
    view! {
        <h2>{run.file.clone()}</h2>
        <div class="filters" role="group" aria-label=texts.reason>{chips}</div>
        {table}
    }
    .into_any()
}

fn cells(lang: Lang, line: &ImportReject) -> Vec<String> {
    let known = |text: &Option<String>| text.clone().unwrap_or_else(|| "–".to_owned());
    let severity: RejectSeverity = line.severity;
    vec![
        lang.number(line.line.into(), 0),
        known(&line.column),
        line.reason.clone(),
        known(&line.value),
        known(&line.expected),
        known(&line.sheet),
        line.file.clone(),
        lang.severity(severity).to_owned(),
    ]
}

fn pager(state: Located<ImportsState>, sentence: &'static str, known: Signal<Option<(i32, PageInfo)>>) -> AnyView {
    let (lang, texts) = (use_lang(), use_texts());
    let count =
        move || known.get().map_or_else(String::new, |(count, _)| fill(sentence, &[&lang.number(count.into(), 0)]));
    let next = move |()| {
        if let Some(cursor) = known.get_untracked().and_then(|(_, info)| info.end_cursor) {
            state.push(|state| state.cursor = Cursor::After(cursor));
        }
    };
    view! {
        <Pager count=Signal::derive(count)
            has_previous=Signal::derive(move || state.get().cursor != Cursor::Start)
            has_next=Signal::derive(move || known.get().is_some_and(|(_, info)| info.has_next_page))
            previous=move |()| state.push(|state| state.cursor = Cursor::Start)
            next previous_name=texts.first_page />
    }
    .into_any()
}
