//! Takes a list away as a file: what is listed, with the filters of the page, in the language of the page.

use leptos::prelude::*;

use crate::graphql::client;
use crate::graphql::queries::export::ExportTicket;
use crate::i18n::{fill, use_lang, use_texts};
use crate::state::Pairs;

pub use crate::graphql::queries::enums::member;

/// A button for each format. `filters` writes those of the page by the graph's names.
pub fn exports(table: &'static str, filters: impl Fn(&mut Pairs) + Send + Sync + 'static) -> AnyView {
    let (lang, texts) = (use_lang(), use_texts());
    let failed = RwSignal::new(false);
    let take = Callback::new(move |format: &'static str| {
        let mut pairs = Pairs::default();
        filters(&mut pairs);
        pairs.push("locale", lang.tag());
        failed.set(false);
        client::change::<ExportTicket>(&(), move |answer| {
            let Some(answer) = answer.ok().and_then(|data| client::read::<ExportTicket>(&data).ok()) else {
                let _ = failed.try_set(true);
                return;
            };
            pairs.push("ticket", answer.create_export_ticket.ticket);
            // The answer is a file, which leaves the page where it is.
            let _ = window().location().assign(&format!("/export/{table}.{format}?{pairs}"));
        });
    });
    let buttons = ["csv", "xlsx"].map(|format| {
        let name = format.to_ascii_uppercase();
        let label = fill(texts.export_as, &[&name]);
        view! {
            <button type="button" class="button" data-testid=format!("export-{format}") aria-label=label
                on:click=move |_| take.run(format)>{name}</button>
        }
    });
    view! {
        <div class="exports">
            {buttons.collect_view()}
            <div role="alert">{move || failed.get().then(|| view! { <p class="notice">{texts.export_failed}</p> })}</div>
        </div>
    }
    .into_any()
}
