//! The reader's own settings: language and appearance.

use leptos::prelude::*;

use crate::i18n::{Lang, Spoken, use_lang, use_texts};
use crate::theme::{Choice, Theme};

/// Two small selects, for the frame and for the login.
#[component]
pub fn Settings() -> impl IntoView {
    let (lang, texts) = (use_lang(), use_texts());
    let (spoken, theme) = (expect_context::<Spoken>(), expect_context::<Theme>());
    let themes =
        [(Choice::System, texts.theme_system), (Choice::Light, texts.theme_light), (Choice::Dark, texts.theme_dark)];
    let themes = themes.map(|(choice, name)| view! { <option value=choice.word() selected=move || theme.choice() == choice>{name}</option> });
    view! {
        <div class="settings">
            <select aria-label=texts.language data-testid="language" on:change:target=move |event| spoken.set(Lang::of_tag(&event.target().value()))>
                <option value="pt-BR" selected=lang == Lang::PtBr>"Português"</option>
                <option value="en" selected=lang == Lang::En>"English"</option>
            </select>
            <select aria-label=texts.theme data-testid="theme" on:change:target=move |event| theme.set(Choice::of(&event.target().value()))>
                {themes.collect_view()}
            </select>
        </div>
    }
}
