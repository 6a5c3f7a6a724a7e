//! What surrounds every page: who is signed in, where one can go, how fresh the data are.

use leptos::prelude::*;
use leptos_router::components::{A, Outlet, Redirect};
use leptos_router::hooks::use_location;

use super::GRAPHIQL;
use crate::components::panel::{ErrorPanel, Skeleton};
use crate::components::settings::Settings;
use crate::components::toasts::{Lost, Toasts};
use crate::graphql::fetch::{Fetched, use_query};
use crate::graphql::live::Live;
use crate::graphql::queries::enums::{DataKind, Role};
use crate::graphql::queries::shell::Shell;
use crate::i18n::format::instant;
use crate::i18n::{fill, use_lang, use_texts};
use crate::session::{Session, State};
use crate::state::pairs::encode;

/// Freshness and unread alerts, for pages that change them.
#[derive(Clone, Copy)]
pub struct Around(pub Fetched<Shell>);

#[derive(Clone, Copy, PartialEq, Eq)]
enum Who {
    Nobody,
    Asking,
    Unreachable,
    Somebody,
}

/// Shows the page to who is signed in, and the login to who is not.
#[component]
pub fn Frame() -> impl IntoView {
    let session = expect_context::<Session>();
    let location = use_location();
    let who = Memo::new(move |_| match session.get() {
        State::Restoring => Who::Asking,
        State::Unreachable(_) => Who::Unreachable,
        State::Anonymous => Who::Nobody,
        State::SignedIn(_) => Who::Somebody,
    });
    move || match who.get() {
        Who::Asking => view! { <main class="page"><Skeleton lines=4 tall=true /></main> }.into_any(),
        Who::Unreachable => {
            let State::Unreachable(error) = session.get() else { return ().into_any() };
            view! { <main class="page"><ErrorPanel error retry=move || session.try_again() /></main> }.into_any()
        }
        Who::Nobody => {
            let (path, search) = (location.pathname.get_untracked(), location.search.get_untracked());
            let wanted = if search.is_empty() { path } else { format!("{path}?{}", search.trim_start_matches('?')) };
            let login = if wanted == "/" { "/login".to_owned() } else { format!("/login?next={}", encode(&wanted)) };
            view! { <Redirect path=login /> }.into_any()
        }
        Who::Somebody => view! { <Inside /> }.into_any(),
    }
}

#[component]
fn Inside() -> impl IntoView {
    let (lang, texts) = (use_lang(), use_texts());
    let session = expect_context::<Session>();
    let live = Live::start();
    provide_context(live);
    let around = use_query::<Shell>(|| Some(()));
    provide_context(Around(around));
    Effect::new(move |before: Option<u32>| {
        let raised = live.raised.get();
        if before.is_some() {
            around.again();
        }
        raised
    });
    let unread = move || {
        around.data().map(|data| data.alerts.total_count).filter(|count| *count > 0).map(|count| {
        let name = fill(texts.unread, &[&count.to_string()]);
        view! { <span class="count" data-testid="unread"><span aria-hidden="true">{count}</span><span class="visually-hidden">{name}</span></span> }
    })
    };
    let fresh = move || {
        around.data().map(|data| {
        let demand = data.freshness.iter().find(|entry| entry.kind == DataKind::Demand);
        let through = demand.and_then(|entry| entry.data_through);
        let refreshed = demand.and_then(|entry| entry.refreshed_at.clone());
        view! {
            <p class="as-of" data-testid="as-of" data-date=through.map(|day| day.to_string()) title=refreshed.map(|at| fill(texts.refreshed_at, &[&instant(lang, &at.0)]))>
                {through.map_or_else(|| texts.no_data_yet.to_owned(), |day| fill(texts.data_through, &[&lang.date(day)]))}
                {demand.is_some_and(|entry| entry.stale).then(|| view! { <span class="badge badge-warning">{texts.data_stale}</span> })}
            </p>
        }
    })
    };
    let analyst = session.viewer_untracked().is_some_and(|viewer| viewer.role != Role::Viewer);
    let person = session.viewer_untracked().map(|viewer| {
        view! { <p class="person" title=viewer.email><span>{viewer.name}</span><small>{lang.role(viewer.role)}</small></p> }
    });
    view! {
        <a class="skip" href="#content">{texts.skip_to_content}</a>
        <div class="frame">
            <header class="side">
                <p class="brand"><A href="/">"Corrente"</A></p>
                <nav aria-label=texts.navigation>
                    <ul>
                        <li><A href="/" exact=true>{texts.nav_dashboard}</A></li>
                        <li><A href="/materials">{texts.nav_materials}</A></li>
                        <li><A href="/forecasts">{texts.forecasts_title}</A></li>
                        <li><A href="/inventory">{texts.inventory_title}</A></li>
                        <li><A href="/recommendations">{texts.nav_recommendations}</A></li>
                        <li><A href="/alerts">{texts.nav_alerts}" "{unread}</A></li>
                        {analyst.then(|| view! { <li><a href=GRAPHIQL rel="external">"GraphiQL"</a></li> })}
                    </ul>
                </nav>
                <div class="side-foot">
                    <Settings />
                    <div class="who">
                        {person}
                        <button type="button" class="button button-quiet" on:click=move |_| session.sign_out()>{texts.sign_out}</button>
                    </div>
                </div>
            </header>
            <main id="content" class="page" tabindex="-1">
                <Lost live />
                <div class="as-of-line">{fresh}</div>
                <Outlet />
            </main>
            <Toasts live />
        </div>
    }
}
