//! What has just happened, over the page for a few seconds; and a word when the server is not heard.

use leptos::prelude::*;

use super::alert_row::badge;
use crate::graphql::live::Live;
use crate::i18n::{use_lang, use_texts};

/// The newest alerts.
#[component]
pub fn Toasts(live: Live) -> impl IntoView {
    let (lang, texts) = (use_lang(), use_texts());
    let toasts = move || {
        let toasts = live.toasts.get().into_iter().map(|alert| {
            let level = badge(alert.level);
            let id = alert.id.inner().to_owned();
            view! {
                <div class="toast" data-testid="toast">
                    <span class=level>{lang.alert_level(alert.level)}</span>
                    <a href="/alerts">{lang.choose(&alert.message_pt, &alert.message_en).to_owned()}</a>
                    <button type="button" class="button button-quiet" aria-label=texts.close on:click=move |_| live.dismiss(&id)>"×"</button>
                </div>
            }
        });
        toasts.collect_view()
    };
    view! { <div class="toasts" role="status" aria-live="polite">{toasts}</div> }
}

/// That the server is not heard, while it is not.
#[component]
pub fn Lost(live: Live) -> impl IntoView {
    let texts = use_texts();
    move || live.lost.get().then(|| view! { <p class="lost" role="alert" data-testid="lost">{texts.live_lost}</p> })
}
