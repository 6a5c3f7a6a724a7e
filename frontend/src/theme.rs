//! Light or dark: the system's choice unless the reader made one, which is stored. CSS does the rest through
//! `data-theme` on the root element; charts redraw because they read [`Theme::version`].

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;

const STORED: &str = "corrente.theme";

/// What the reader chose.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Choice {
    /// Follow the system.
    #[default]
    System,
    /// Always light.
    Light,
    /// Always dark.
    Dark,
}

impl Choice {
    /// The word of storage, of `data-theme` and of the form.
    pub fn word(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    /// The choice a word stands for; an unknown one follows the system.
    pub fn of(word: &str) -> Self {
        match word {
            "light" => Self::Light,
            "dark" => Self::Dark,
            _ => Self::System,
        }
    }
}

/// The appearance as signals.
#[derive(Clone, Copy)]
pub struct Theme {
    choice: RwSignal<Choice>,
    version: RwSignal<u32>,
}

impl Theme {
    /// The stored choice, applied; follows the system from now on where there is none.
    pub fn detect() -> Self {
        let stored =
            window().local_storage().ok().flatten().and_then(|storage| storage.get_item(STORED).ok().flatten());
        let choice = stored.map(|word| Choice::of(&word)).unwrap_or_default();
        let theme = Self { choice: RwSignal::new(choice), version: RwSignal::new(0) };
        theme.apply();
        if let Ok(Some(query)) = window().match_media("(prefers-color-scheme: dark)") {
            // The application lives as long as the page, so this listener does too.
            let changed = Closure::<dyn Fn()>::new(move || theme.version.update(|version| *version += 1));
            let _ = query.add_event_listener_with_callback("change", changed.as_ref().unchecked_ref());
            changed.forget();
        }
        theme
    }

    /// The reader's choice; tracks.
    pub fn choice(self) -> Choice {
        self.choice.get()
    }

    /// Changes whenever colours may have changed; tracks.
    pub fn version(self) -> u32 {
        self.version.get()
    }

    /// Chooses, applies and remembers.
    pub fn set(self, choice: Choice) {
        if let Ok(Some(storage)) = window().local_storage() {
            // A browser that refuses storage still switches, until the next visit.
            let _ = storage.set_item(STORED, choice.word());
        }
        self.choice.set(choice);
        self.apply();
        self.version.update(|version| *version += 1);
    }

    fn apply(self) {
        let Some(root) = document().document_element() else { return };
        let _ = match self.choice.get_untracked() {
            Choice::System => root.remove_attribute("data-theme"),
            chosen => root.set_attribute("data-theme", chosen.word()),
        };
    }
}
