//! The browser's address: what it is, and going elsewhere without loading the page anew. The whole of what the dashboard needs
//! of a router, in the place of one: which address shows which page is [`crate::place`].

use leptos::ev;
use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::HtmlAnchorElement;

/// What becomes of the address that is left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Leaving {
    /// Back returns to it.
    Kept,
    /// The new one takes its place.
    Replaced,
}

/// The address as signals.
#[derive(Clone, Copy)]
pub struct Address {
    path: RwSignal<String>,
    search: RwSignal<String>,
}

impl Address {
    /// The address now; it follows Back, Forward and every link of ours from here on.
    pub fn watch() -> Self {
        let address = Self { path: RwSignal::new(String::new()), search: RwSignal::new(String::new()) };
        address.read();
        // Both live as long as the application.
        let _ = window_event_listener(ev::popstate, move |_| address.read());
        let _ = window_event_listener(ev::click, move |event| {
            if let Some(target) = link_of(&event) {
                event.prevent_default();
                address.go(&target, Leaving::Kept);
            }
        });
        address
    }

    /// The path as it stands, percent-coded; tracks.
    pub fn path(self) -> String {
        self.path.get()
    }

    /// What stands behind the question mark, and the mark; tracks.
    pub fn search(self) -> String {
        self.search.get()
    }

    /// Path and search, without tracking.
    pub fn whole(self) -> String {
        untrack(|| self.path() + &self.search())
    }

    /// Goes to an address of ours; another page is shown from its top.
    pub fn go(self, target: &str, leaving: Leaving) {
        // As browsers have it, going to where one is leaves no step behind.
        if target == self.whole() {
            return;
        }
        let Ok(history) = window().history() else { return };
        let gone = match leaving {
            Leaving::Kept => history.push_state_with_url(&JsValue::NULL, "", Some(target)),
            Leaving::Replaced => history.replace_state_with_url(&JsValue::NULL, "", Some(target)),
        };
        if gone.is_err() {
            // The browser takes too many steps at once for an attack; loading the page is the way that is left.
            let _ = window().location().assign(target);
            return;
        }
        let before = self.path.get_untracked();
        self.read();
        if before != self.path.get_untracked() {
            window().scroll_to_with_x_and_y(0.0, 0.0);
        }
    }

    /// Goes elsewhere once what is being drawn is drawn.
    pub fn redirect(self, target: String) {
        queue_microtask(move || self.go(&target, Leaving::Replaced));
    }

    fn read(self) {
        let location = window().location();
        let now = |part: Result<String, JsValue>| part.unwrap_or_default();
        // A change of the path is told last: whoever follows only the search asks for the path as well.
        for (signal, value) in [(self.search, now(location.search())), (self.path, now(location.pathname()))] {
            if signal.with_untracked(|before| *before != value) {
                signal.set(value);
            }
        }
    }
}

/// The address of ours that a click leads to; `None` where it is the browser's business.
fn link_of(event: &web_sys::MouseEvent) -> Option<String> {
    let plain = event.button() == 0 && !(event.meta_key() || event.alt_key() || event.ctrl_key() || event.shift_key());
    if !plain || event.default_prevented() {
        return None;
    }
    let element = event.target()?.dyn_into::<web_sys::Element>().ok()?;
    let link = element.closest("a[href]").ok()??.dyn_into::<HtmlAnchorElement>().ok()?;
    let elsewhere = !link.target().is_empty() || link.has_attribute("download") || link.rel() == "external";
    // A place on the same page is behind its `#`.
    (!elsewhere && link.hash().is_empty() && link.origin() == window().location().origin().ok()?)
        .then(|| link.pathname() + &link.search())
}
