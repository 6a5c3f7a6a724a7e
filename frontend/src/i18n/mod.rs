//! The two languages: which one is spoken, its sentences ([`texts`]), its names for the graph's words ([`words`])
//! and how it writes numbers and dates ([`mod@format`]). Written by hand because two languages need no machinery, only types:
//! a sentence that lacks a language does not compile.

use leptos::prelude::*;

use crate::graphql::queries::enums::Locale;

pub mod format;
pub mod texts;
pub mod words;

pub use texts::Texts;

/// A language of the dashboard.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Lang {
    /// Portuguese as Brazil writes it, `1.234,56` and `31/10/2025`.
    #[default]
    PtBr,
    /// English, with `1,234.56` and `31 Oct 2025`, which no reader can take for the American order.
    En,
}

impl Lang {
    /// The BCP 47 tag, for `lang` attributes and for storage.
    pub fn tag(self) -> &'static str {
        match self {
            Self::PtBr => "pt-BR",
            Self::En => "en",
        }
    }

    /// The language a browser's tag asks for: English for `en…`, Portuguese for everything else.
    pub fn of_tag(tag: &str) -> Self {
        if tag.to_ascii_lowercase().starts_with("en") { Self::En } else { Self::PtBr }
    }

    /// The graph's name of this language.
    pub fn locale(self) -> Locale {
        match self {
            Self::PtBr => Locale::PtBr,
            Self::En => Locale::En,
        }
    }

    /// The sentences of this language.
    pub fn texts(self) -> &'static Texts {
        match self {
            Self::PtBr => &texts::PT_BR,
            Self::En => &texts::EN,
        }
    }

    /// Chooses between the two forms of a sentence that the server wrote.
    pub fn choose<'a>(self, pt_br: &'a str, en: &'a str) -> &'a str {
        match self {
            Self::PtBr => pt_br,
            Self::En => en,
        }
    }
}

const STORED: &str = "corrente.lang";

/// The spoken language as a signal; the frame is drawn anew when it changes, so pages may read it once.
#[derive(Clone, Copy)]
pub struct Spoken(RwSignal<Lang>);

impl Spoken {
    /// The stored choice, else the browser's language.
    pub fn detect() -> Self {
        let window = window();
        let stored = window.local_storage().ok().flatten().and_then(|storage| storage.get_item(STORED).ok().flatten());
        let tag = stored.or_else(|| window.navigator().language()).unwrap_or_default();
        let spoken = Self(RwSignal::new(Lang::of_tag(&tag)));
        spoken.tell_document();
        spoken
    }

    /// The language now; tracks.
    pub fn get(self) -> Lang {
        self.0.get()
    }

    /// Switches, remembers, and tells assistive technology.
    pub fn set(self, lang: Lang) {
        if let Ok(Some(storage)) = window().local_storage() {
            // A browser that refuses storage still switches, until the next visit.
            let _ = storage.set_item(STORED, lang.tag());
        }
        self.0.set(lang);
        self.tell_document();
    }

    fn tell_document(self) {
        if let Some(root) = document().document_element() {
            let _ = root.set_attribute("lang", self.0.get_untracked().tag());
        }
    }
}

/// The language of the part of the page being drawn. Does not track: a switch draws everything anew.
pub fn use_lang() -> Lang {
    use_context::<Spoken>().map(|spoken| spoken.0.get_untracked()).unwrap_or_default()
}

/// The sentences of the language being spoken.
pub fn use_texts() -> &'static Texts {
    use_lang().texts()
}

/// Puts `values` into the `{0}`, `{1}` … of a sentence.
pub fn fill(sentence: &str, values: &[&str]) -> String {
    values
        .iter()
        .enumerate()
        .fold(sentence.to_owned(), |text, (index, value)| text.replace(&format!("{{{index}}}"), value))
}
