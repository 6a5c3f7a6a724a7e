//! What surrounds every page: who is signed in, where one can go, how fresh the data are.

use leptos::prelude::*;

use super::GRAPHIQL;
use super::admin::admin;
use super::alerts::Alerts;
use super::dashboard::Dashboard;
use super::forecasts::Forecasts;
use super::inventory::Inventory;
use super::material::material;
use super::materials::Materials;
use super::recommendations::Recommendations;
use crate::address::Address;
use crate::components::link::link;
use crate::components::panel::{ErrorPanel, Skeleton};
use crate::components::settings::Settings;
use crate::components::shown::shown;
use crate::components::toasts::{Lost, Toasts};
use crate::graphql::fetch::{Fetched, use_query};
use crate::graphql::live::Live;
use crate::graphql::queries::enums::{DataKind, Role};
use crate::graphql::queries::session::Viewer;
use crate::graphql::queries::shell::Shell;
use crate::i18n::format::instant;
use crate::i18n::{fill, use_lang, use_texts};
use crate::kept::{Kept, kept};
use crate::place::Place;
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
pub fn frame(place: Kept<Place>) -> AnyView {
    let session = expect_context::<Session>();
    let address = expect_context::<Address>();
    let who = kept(move || match session.get() {
        State::Restoring => Who::Asking,
        State::Unreachable(_) => Who::Unreachable,
        State::Anonymous => Who::Nobody,
        State::SignedIn(_) => Who::Somebody,
    });
    let drawn = move || match who.get() {
        Who::Asking => view! { <main class="page"><Skeleton lines=4 tall=true /></main> }.into_any(),
        Who::Unreachable => {
            let State::Unreachable(error) = session.get() else { return ().into_any() };
            view! { <main class="page"><ErrorPanel error retry=move || session.try_again() /></main> }.into_any()
        }
        Who::Nobody => {
            let wanted = address.whole();
            let login = if wanted == "/" { "/login".to_owned() } else { format!("/login?next={}", encode(&wanted)) };
            address.redirect(login);
            ().into_any()
        }
        Who::Somebody => inside(place),
    };
    shown(drawn)
}

/// The page at a place, which is drawn anew when one goes to another.
fn page(place: &Place) -> AnyView {
    match place {
        Place::Dashboard => view! { <Dashboard /> }.into_any(),
        Place::Materials => view! { <Materials /> }.into_any(),
        Place::Material(sku) => material(sku.clone()),
        Place::Forecasts => view! { <Forecasts /> }.into_any(),
        Place::Inventory => view! { <Inventory /> }.into_any(),
        Place::Recommendations => view! { <Recommendations /> }.into_any(),
        Place::Alerts => view! { <Alerts /> }.into_any(),
        Place::Admin(part) => admin(part),
        // Those have no frame around them.
        Place::Login | Place::Nowhere => ().into_any(),
    }
}

fn inside(place: Kept<Place>) -> AnyView {
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
    let administers = session.viewer_untracked().as_ref().is_some_and(Viewer::administers);
    // On a narrow screen the links are behind a button, and out of the way again once one is taken.
    let open = RwSignal::new(false);
    Effect::new(move |_| {
        place.track();
        open.set(false);
    });
    let mut links = vec![
        link("/", texts.nav_dashboard),
        link("/materials", texts.nav_materials),
        link("/forecasts", texts.forecasts_title),
        link("/inventory", texts.inventory_title),
        link("/recommendations", texts.nav_recommendations),
        link("/alerts", view! { {texts.nav_alerts}" "{unread} }),
    ];
    if analyst {
        links.push(view! { <a href=GRAPHIQL rel="external">"GraphiQL"</a> }.into_any());
    }
    if administers {
        links.push(link("/admin", texts.admin_title));
    }
    let links = links.into_iter().map(|link| view! { <li>{link}</li> }.into_any()).collect_view();
    let person = session.viewer_untracked().map(|viewer| {
        view! { <p class="person" title=viewer.email><span>{viewer.name}</span><small>{lang.role(viewer.role)}</small></p> }
    });
    view! {
        <a class="skip" href="#content">{texts.skip_to_content}</a>
        <div class="frame">
            <header class="side">
                <p class="brand"><a href="/">"Corrente"</a></p>
                <button type="button" class="button nav-toggle" aria-controls="links" aria-expanded=move || open.get().to_string()
                    on:click=move |_| open.update(|open| *open = !*open)>{texts.menu}</button>
                <nav id="links" aria-label=texts.navigation class:is-open=move || open.get()><ul>{links}</ul></nav>
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
                {move || page(&place.read())}
            </main>
            <Toasts live />
        </div>
    }
    .into_any()
}
