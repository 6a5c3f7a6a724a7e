//! One file per page. A page reads its state from the URL, fetches, and hands what came to charts and components.
//! [`frame`] is what surrounds every page once someone is signed in; [`decisions`] is shared by those with recommendations,
//! [`export`] by those with lists.

use leptos::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};

use crate::i18n::use_texts;

pub mod decisions;
pub mod export;
pub mod frame;

pub mod login;

pub mod dashboard;
pub mod materials;

pub mod material;
pub mod material_forecast;

pub mod forecast_accuracy;
pub mod forecasts;
pub mod inventory;

pub mod alerts;
pub mod recommendations;

pub mod admin;

pub mod not_found;

/// The analysts' page, which the server answers and the dashboard does not: links to it are left to the browser.
const GRAPHIQL: &str = "/graphiql";

/// Names the browser's tab, its history and its bookmarks after the page.
fn title(name: &str) {
    document().set_title(&format!("{name} · Corrente"));
}

/// A button that puts a text where it can be pasted from, and says so. Without a safe connection browsers have no such place.
fn copy_button(text: impl Fn() -> String + Send + Sync + 'static) -> AnyView {
    copying(Box::new(text))
}

fn copying(text: Box<dyn Fn() -> String + Send + Sync>) -> AnyView {
    let texts = use_texts();
    let copied = RwSignal::new(false);
    let copy = move || {
        let asked = window().navigator().clipboard().write_text(&text());
        spawn_local(async move {
            let _ = copied.try_set(JsFuture::from(asked).await.is_ok());
        });
    };
    window()
        .is_secure_context()
        .then(|| {
            view! {
                <button type="button" class="button" data-testid="copy" on:click=move |_| copy()>
                    {move || if copied.get() { texts.copied } else { texts.copy }}
                </button>
            }
        })
        .into_any()
}
