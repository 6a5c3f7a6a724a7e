//! The administration: who may come in, what was done, what was read, and with which tokens programs come.
//! Only an ADMIN sees it; whoever else opens its address is told why they do not.

use leptos::prelude::*;

use crate::address::Address;
use crate::components::link::link;
use crate::components::panel::Empty;
use crate::graphql::queries::enums::Role;
use crate::graphql::queries::session::Viewer;
use crate::i18n::{Lang, fill, use_lang, use_texts};
use crate::session::Session;

mod audit;
mod imports;
mod tokens;
mod users;

/// The pages at `/admin/users`, `/admin/audit`, `/admin/imports` and `/admin/tokens`.
pub fn admin(part: &str) -> AnyView {
    let (lang, texts) = (use_lang(), use_texts());
    super::title(texts.admin_title);
    let viewer = expect_context::<Session>().viewer_untracked();
    if !viewer.as_ref().is_some_and(Viewer::administers) {
        return refused(lang, viewer.map(|viewer| viewer.role));
    }
    let pages = [
        ("/admin/users", texts.users_title),
        ("/admin/audit", texts.audit_title),
        ("/admin/imports", texts.imports_title),
        ("/admin/tokens", texts.tokens_title),
    ];
    let links = pages.map(|(href, name)| view! { <li>{link(href, name)}</li> }.into_any());
    let shown = match part {
        "users" => users::users(),
        "audit" => audit::audit(),
        "imports" => imports::imports(),
        "tokens" => tokens::tokens(),
        "" => {
            expect_context::<Address>().redirect("/admin/users".to_owned());
            ().into_any()
        }
        other => {
            let hint = fill(texts.not_found_hint, &[&format!("/admin/{other}")]);
            view! { <Empty title=texts.not_found_title hint /> }.into_any()
        }
    };
    view! {
        <div class="page-head"><h1>{texts.admin_title}</h1></div>
        <nav class="tabs" aria-label=texts.admin_title><ul>{links.collect_view()}</ul></nav>
        <div class="stack">{shown}</div>
    }
    .into_any()
}

/// Says who may see this, and who asks.
fn refused(lang: Lang, role: Option<Role>) -> AnyView {
    let texts = lang.texts();
    let hint = role.map(|role| fill(texts.admin_only_hint, &[lang.role(role), lang.role(Role::Admin)]));
    view! {
        <h1 class="visually-hidden">{texts.admin_title}</h1>
        <div class="panel" data-testid="admin-only">
            <Empty title=texts.admin_only hint=hint.unwrap_or_default()><a class="button" href="/">{texts.back_home}</a></Empty>
        </div>
    }
    .into_any()
}

/// The roles to choose from, the lowest first.
fn roles(lang: Lang) -> Vec<(String, String)> {
    Role::ALL.iter().map(|role| (role.word().to_owned(), lang.role(*role).to_owned())).collect()
}
