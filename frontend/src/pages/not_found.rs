//! An address that leads nowhere.

use leptos::prelude::*;

use crate::address::Address;
use crate::components::panel::Empty;
use crate::i18n::{fill, use_texts};

/// Says which address it was and offers the way back.
#[component]
pub fn NotFound() -> impl IntoView {
    let texts = use_texts();
    super::title(texts.not_found_title);
    let path = untrack(|| expect_context::<Address>().path());
    view! {
        <main id="content" class="page">
            <h1 class="visually-hidden">{texts.not_found_title}</h1>
            <Empty title=texts.not_found_title hint=fill(texts.not_found_hint, &[&path])>
                <a class="button" href="/">{texts.back_home}</a>
            </Empty>
        </main>
    }
}
