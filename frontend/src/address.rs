//! The browser's address, as the router's location tells it, which follows links, Back and Forward. Which address shows which page
//! is [`crate::place`]: routes that are types of their own are what weighs in a router.

use leptos::prelude::*;
use leptos_router::location::{BrowserUrl, LocationChange, LocationProvider as _, State, Url};

/// What becomes of the address that is left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Leaving {
    /// Back returns to it.
    Kept,
    /// The new one takes its place.
    Replaced,
}

/// The address as a signal.
#[derive(Clone, Copy)]
pub struct Address {
    browser: StoredValue<BrowserUrl>,
    url: RwSignal<Url>,
}

impl Address {
    /// The address now; it follows Back, Forward and every link of ours from here on.
    pub fn watch() -> Self {
        let browser = BrowserUrl::new().unwrap_or_else(|_| unreachable!("a page has an address"));
        browser.init(None);
        let address = Self { url: RwSignal::from(browser.as_url().clone()), browser: StoredValue::new(browser) };
        // The address of a link stands in the browser's history once its page is drawn.
        Effect::new(move |_| {
            address.url.track();
            address.browser.with_value(BrowserUrl::ready_to_complete);
        });
        address
    }

    /// The path as it stands, percent-coded; tracks.
    pub fn path(self) -> String {
        self.url.with(|url| url.path().to_owned())
    }

    /// What stands behind the question mark, and the mark; tracks.
    pub fn search(self) -> String {
        self.url.with(|url| if url.search().is_empty() { String::new() } else { format!("?{}", url.search()) })
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
        let Ok(url) = BrowserUrl::parse(target) else { return };
        let scroll = self.url.with_untracked(|before| before.path() != url.path());
        self.url.set(url);
        let change = LocationChange {
            value: target.to_owned(),
            replace: leaving == Leaving::Replaced,
            scroll,
            state: State::new(None),
        };
        self.browser.with_value(|browser| browser.complete_navigation(&change));
    }

    /// Goes elsewhere once what is being drawn is drawn.
    pub fn redirect(self, target: String) {
        queue_microtask(move || self.go(&target, Leaving::Replaced));
    }
}
