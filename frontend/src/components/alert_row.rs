//! One alert: how bad, what, where, since when, and whether it has been read.

use leptos::prelude::*;

use crate::graphql::queries::alerts::Alert;
use crate::graphql::queries::enums::AlertLevel;
use crate::i18n::format::instant;
use crate::i18n::{use_lang, use_texts};
use crate::state::pairs::encode;

/// How a level is drawn.
pub fn badge(level: AlertLevel) -> &'static str {
    match level {
        AlertLevel::Critical => "badge badge-danger",
        AlertLevel::Warning => "badge badge-warning",
        AlertLevel::Normal => "badge",
    }
}

/// An alert as a list row. `mark` is asked for by those rows that may be marked read.
#[component]
pub fn AlertRow(alert: Alert, #[prop(optional_no_strip)] mark: Option<Callback<String>>) -> impl IntoView {
    let (lang, texts) = (use_lang(), use_texts());
    let level = badge(alert.level);
    let unread = alert.read_at.is_none();
    let id = alert.id.inner().to_owned();
    let item = alert.item.map(|item| view! { <a href=format!("/materials/{}", encode(&item.sku))><span class="code">{item.sku.clone()}</span>" "{item.name}</a> });
    let button = mark.filter(|_| unread).map(|mark| {
        view! { <button type="button" class="button button-quiet" on:click=move |_| mark.run(id.clone())>{texts.mark_read}</button> }
    });
    view! {
        <li class="row" class:is-unread=unread data-testid="alert">
            <div class="row-body">
                <p class="row-meta">
                    <span class=level>{lang.alert_level(alert.level)}</span>
                    <span>{lang.alert_category(alert.category)}</span>
                    <span>{instant(lang, &alert.raised_at.0)}</span>
                    {(!unread).then_some(texts.read)}
                </p>
                <p class="row-title">{lang.choose(&alert.message_pt, &alert.message_en).to_owned()}</p>
                <p class="row-meta">{item}{alert.site.map(|site| view! { <span>{site.name}</span> })}</p>
            </div>
            <div class="row-actions">{button}</div>
        </li>
    }
}
