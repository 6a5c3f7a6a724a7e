//! The tokens that programs come with: making one, which is shown once, and revoking.

use cynic::Id;
use leptos::prelude::*;

use super::roles;
use crate::components::form::{Change, Field, Kind, button, form};
use crate::components::list_row::{list, list_row, plain};
use crate::components::loaded::Loaded;
use crate::components::panel::{Empty, Panel};
use crate::components::shown::shown;
use crate::graphql::client;
use crate::graphql::fetch::{Asked, use_query};
use crate::graphql::queries::enums::Role;
use crate::graphql::queries::people::{
    ApiToken, ApiTokens, CreateToken, CreateTokenVariables, IdVariables, RevokeToken,
};
use crate::i18n::format::instant;
use crate::i18n::{fill, use_lang, use_texts};

/// How long a token lives unless another time is chosen.
const DAYS: &str = "90";

pub fn tokens() -> AnyView {
    let texts = use_texts();
    super::super::title(texts.tokens_title);
    let tokens = use_query::<ApiTokens>(|| Some(()));
    let change = Change::new();
    view! {
        <Panel title=texts.token_make>{making(tokens.asked)}</Panel>
        <Panel title=texts.tokens_title>
            {change.notice()}
            <Loaded of=tokens lines=4 let:data>
                {shown(move || {
                    let data = data.get();
                    let rows = data.api_tokens.iter().flatten().map(|token| row(token, change, tokens.asked)).collect();
                    list("tokens", rows, || view! { <Empty title=texts.no_tokens hint=texts.no_tokens_hint /> }.into_any())
                })}
            </Loaded>
        </Panel>
    }
    .into_any()
}

fn row(token: &ApiToken, change: Change, tokens: Asked) -> AnyView {
    let (lang, texts) = (use_lang(), use_texts());
    let at = |sentence: &str, when: &crate::graphql::queries::Instant| fill(sentence, &[&instant(lang, &when.0)]);
    let standing = match (&token.revoked_at, token.active) {
        (Some(when), _) => ("badge", at(texts.revoked_at, when)),
        (None, true) => ("badge", texts.active.to_owned()),
        (None, false) => ("badge badge-warning", texts.expired.to_owned()),
    };
    let used = token.last_used_at.as_ref().map(|when| at(texts.last_used, when));
    let ends = token.expires_at.as_ref().map(|when| at(texts.ends, when));
    let facts = vec![
        standing,
        plain(lang.role(token.role)),
        plain(token.owner.clone().unwrap_or_default()),
        plain(ends.unwrap_or_default()),
        plain(used.unwrap_or_else(|| texts.never_used.to_owned())),
    ];
    let title = view! { {token.name.clone()}" "<span class="code">{format!("{}…", token.prefix)}</span> }.into_any();
    let actions = if token.active { revoking(token.id.clone(), change, tokens) } else { ().into_any() };
    list_row("token", facts, title, ().into_any(), actions)
}

/// Revoking cannot be undone, so it takes two presses.
fn revoking(id: Id, change: Change, tokens: Asked) -> AnyView {
    let texts = use_texts();
    let asked = RwSignal::new(false);
    let buttons = move || {
        if !asked.get() {
            return button(texts.revoke, "revoke", false, move || asked.set(true));
        }
        let id = id.clone();
        let revoke = move || {
            change.ask::<RevokeToken>(&IdVariables { id: id.clone() }, move |_| tokens.again());
        };
        view! {
            {button(texts.revoke_sure, "revoke-sure", Signal::derive(move || change.busy()), revoke)}
            {button(texts.keep, "keep", false, move || asked.set(false))}
        }
        .into_any()
    };
    buttons.into_any()
}

fn making(tokens: Asked) -> AnyView {
    let (lang, texts) = (use_lang(), use_texts());
    let change = Change::new();
    let fields = vec![
        Field::new("name", texts.token_name, Kind::Typed("text"), ""),
        Field::new("role", texts.role, Kind::Chosen(roles(lang)), Role::Analyst.word()),
        Field::new("days", texts.token_days, Kind::Typed("number"), DAYS),
    ];
    let name = fields[0].value;
    let made = RwSignal::new(None::<String>);
    let send = move |values: Vec<String>| {
        let [name_of_it, role, days] = values.try_into().unwrap_or_default();
        // What is no number is refused by the server, which says what would be one.
        let days = days.parse().unwrap_or(0);
        made.set(None);
        let variables = CreateTokenVariables { name: name_of_it, role: Role::of(&role), days };
        change.ask::<CreateToken>(&variables, move |data| {
            made.set(client::read::<CreateToken>(&data).ok().and_then(|answer| answer.create_api_token.token));
            name.set(String::new());
            tokens.again();
        });
    };
    let shown = move || {
        made.get().map(|token| {
            view! {
                <div class="note">
                    <p>{texts.token_once}</p>
                    <p class="copied"><code data-testid="token-made">{token.clone()}</code>{super::super::copy_button(move || token.clone())}</p>
                </div>
            }
        })
    };
    view! {
        {form("make-token", fields, texts.token_make, change, send)}
        <div role="status">{shown}</div>
    }
    .into_any()
}
