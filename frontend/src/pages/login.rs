//! Signing in. Where the server serves the demo company, its logins are offered; nowhere else are any known.

use leptos::ev::SubmitEvent;
use leptos::html::Input;
use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

use super::GRAPHIQL;
use crate::address::{Address, Leaving};
use crate::components::settings::Settings;
use crate::graphql::client;
use crate::graphql::error::Refusal;
use crate::graphql::queries::session::{DemoLogin, DemoLogins};
use crate::i18n::{use_lang, use_texts};
use crate::session::{Session, State};
use crate::state::Pairs;

/// Goes to a page of this server that is none of the dashboard's.
fn leave(target: &str) {
    // It only fails for an address that is none, and this one begins with a path of ours.
    let _ = window().location().assign(target);
}

/// The login page; whoever is signed in already goes on to where they wanted.
#[component]
pub fn Login() -> impl IntoView {
    let (lang, texts) = (use_lang(), use_texts());
    super::title(texts.sign_in);
    let session = expect_context::<Session>();
    let address = expect_context::<Address>();
    let next = move || {
        let wanted = Pairs::parse(&untrack(|| address.search())).get("next").unwrap_or("/").to_owned();
        // Only a path of this site: `//elsewhere` would leave it.
        if wanted.starts_with('/') && !wanted.starts_with("//") && !wanted.starts_with("/\\") {
            wanted
        } else {
            "/".to_owned()
        }
    };
    let (email, password) = (NodeRef::<Input>::new(), NodeRef::<Input>::new());
    let (busy, refused) = (RwSignal::new(false), RwSignal::new(None::<Refusal>));
    let demo = RwSignal::new(Vec::<DemoLogin>::new());
    spawn_local(async move {
        // Any trouble means no hint, and nothing else.
        if let Ok(answer) = client::as_nobody::<DemoLogins>(()).await {
            let _ = demo.try_set(answer.demo_logins);
        }
    });
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let value = |field: NodeRef<Input>| field.get_untracked().map(|input| input.value()).unwrap_or_default();
        let (email, password) = (value(email), value(password));
        let target = next();
        busy.set(true);
        refused.set(None);
        spawn_local(async move {
            match session.sign_in(email, password).await {
                Ok(()) if target.starts_with(GRAPHIQL) => leave(&target),
                Ok(()) => address.go(&target, Leaving::Replaced),
                Err(refusal) => {
                    refused.set(Some(refusal));
                    busy.set(false);
                }
            }
        });
    };
    let reason = move || refused.get().map(|refusal| view! { <p class="notice">{refusal.sentence(lang)}</p> });
    let use_login = move |login: &DemoLogin| {
        for (field, text) in [(email, &login.email), (password, &login.password)] {
            if let Some(input) = field.get_untracked() {
                input.set_value(text);
            }
        }
    };
    let hint = move || {
        let logins = demo.get();
        (!logins.is_empty()).then(|| {
        let logins = logins.into_iter().map(|login| view! {
            <li><code>{login.email.clone()}</code><button type="button" class="button button-quiet" on:click=move |_| use_login(&login)>{texts.demo_use}</button></li>
        });
        view! { <aside class="demo" data-testid="demo-logins"><h2>{texts.demo_title}</h2><p>{texts.demo_lead}</p><ul>{logins.collect_view()}</ul></aside> }
    })
    };
    Effect::new(move |_| {
        if matches!(session.get(), State::SignedIn(_)) && !busy.get_untracked() {
            let target = next();
            if target.starts_with(GRAPHIQL) {
                leave(&target);
            } else {
                address.redirect(target);
            }
        }
    });
    view! {
        <main id="content" class="login">
            <div class="login-card">
                <p class="brand">"Corrente"</p>
                <h1>{texts.sign_in_title}</h1>
                <p class="lead">{texts.sign_in_lead}</p>
                <form method="post" on:submit=submit>
                    <label><span>{texts.email}</span><input type="email" name="email" autocomplete="username" required node_ref=email /></label>
                    <label><span>{texts.password}</span><input type="password" name="password" autocomplete="current-password" required node_ref=password /></label>
                    <div role="alert">{reason}</div>
                    <button type="submit" class="button button-primary" disabled=move || busy.get()>
                        {move || if busy.get() { texts.signing_in } else { texts.sign_in }}
                    </button>
                </form>
                {hint}
                <Settings />
            </div>
        </main>
    }
}
