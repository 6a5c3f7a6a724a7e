//! Who may sign in: adding somebody, giving another role, locking out and letting in again.

use leptos::prelude::*;

use super::roles;
use crate::components::filter::Choice;
use crate::components::form::{Change, Field, Kind, button, form};
use crate::components::list_row::{list, list_row, plain};
use crate::components::loaded::Loaded;
use crate::components::panel::{Empty, Panel};
use crate::components::shown::shown;
use crate::graphql::fetch::{Asked, use_query};
use crate::graphql::queries::enums::Role;
use crate::graphql::queries::people::{CreateUser, CreateUserVariables, UpdateUser, UpdateUserVariables, User, Users};
use crate::i18n::format::instant;
use crate::i18n::{fill, use_lang, use_texts};
use crate::session::Session;

pub fn users() -> AnyView {
    let texts = use_texts();
    super::super::title(texts.users_title);
    let people = use_query::<Users>(|| Some(()));
    let change = Change::new();
    view! {
        <Panel title=texts.users_title>
            {change.notice()}
            <Loaded of=people lines=6 let:data>
                {shown(move || {
                    let rows = data.get().users.iter().flatten().map(|user| row(user, change, people.asked)).collect();
                    list("users", rows, || view! { <Empty title=texts.no_materials /> }.into_any())
                })}
            </Loaded>
        </Panel>
        <Panel title=texts.user_add>{adding(people.asked)}</Panel>
    }
    .into_any()
}

fn row(user: &User, change: Change, people: Asked) -> AnyView {
    let (lang, texts) = (use_lang(), use_texts());
    let me = expect_context::<Session>().viewer_untracked().is_some_and(|viewer| viewer.email == user.email);
    let seen = user.last_login_at.as_ref().map(|at| fill(texts.last_login, &[&instant(lang, &at.0)]));
    let facts = vec![
        ("badge", lang.role(user.role).to_owned()),
        ("badge badge-warning", if user.active { String::new() } else { texts.locked_out.to_owned() }),
        plain(if me { texts.yourself } else { "" }),
        plain(if user.demo { texts.demo_title } else { "" }),
        plain(seen.unwrap_or_else(|| texts.never_signed_in.to_owned())),
    ];
    let title = view! { {user.name.clone()}" "<span class="code">{user.email.clone()}</span> }.into_any();
    let (id, active, role) = (user.id.clone(), user.active, user.role);
    let chosen = RwSignal::new(role);
    let update = move |role: Option<Role>, active: Option<bool>| {
        let variables = UpdateUserVariables { id: id.clone(), role, active };
        change.ask::<UpdateUser>(&variables, move |_| people.again());
    };
    let lock = update.clone();
    let actions = view! {
        <Choice label=format!("{} {}", texts.role, user.name) options=roles(lang) chosen=Signal::derive(move || chosen.get().word().to_owned())
            choose=move |word: String| chosen.set(Role::of(&word).unwrap_or(role)) testid="role" />
        {button(texts.save, "save-role", Signal::derive(move || chosen.get() == role || change.busy()), move || update(Some(chosen.get_untracked()), None))}
        {button(if active { texts.lock_out } else { texts.let_in }, "lock", Signal::derive(move || change.busy()), move || lock(None, Some(!active)))}
    };
    list_row("user", facts, title, ().into_any(), actions.into_any())
}

fn adding(people: Asked) -> AnyView {
    let (lang, texts) = (use_lang(), use_texts());
    let change = Change::new();
    let fields = vec![
        Field::new("email", texts.email, Kind::Typed("email"), ""),
        Field::new("name", texts.person_name, Kind::Typed("text"), ""),
        Field::new("role", texts.role, Kind::Chosen(roles(lang)), Role::Viewer.word()),
        Field::new("password", texts.first_password, Kind::Typed("password"), ""),
    ];
    let cleared = [fields[0].value, fields[1].value, fields[3].value];
    let added = RwSignal::new(None::<String>);
    let send = move |values: Vec<String>| {
        let [email, name, role, password] = values.try_into().unwrap_or_default();
        let variables =
            CreateUserVariables { email: email.clone(), name, role: Role::of(&role).unwrap_or(Role::Viewer), password };
        added.set(None);
        change.ask::<CreateUser>(&variables, move |_| {
            for value in cleared {
                value.set(String::new());
            }
            added.set(Some(email));
            people.again();
        });
    };
    let told = move || added.get().map(|email| view! { <p class="note">{fill(texts.user_added, &[&email])}</p> });
    view! {
        {form("add-user", fields, texts.user_add, change, send)}
        <div role="status">{told}</div>
    }
    .into_any()
}
