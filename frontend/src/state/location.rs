//! Binds a page's state to the browser's address: reading tracks it, every change is a navigation.

use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_location, use_navigate};

use super::{Pairs, UrlState};

type Navigate = Box<dyn Fn(&str, NavigateOptions)>;

/// A page's state, as the address holds it.
pub struct Located<S: UrlState> {
    now: Memo<S>,
    path: Memo<String>,
    navigate: StoredValue<Navigate, LocalStorage>,
}

impl<S: UrlState> Clone for Located<S> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<S: UrlState> Copy for Located<S> {}

impl<S: UrlState> Located<S> {
    /// The state now; tracks.
    pub fn get(self) -> S {
        self.now.get()
    }

    /// Reads a part of the state; tracks.
    pub fn with<T>(self, read: impl FnOnce(&S) -> T) -> T {
        self.now.with(read)
    }

    /// Changes the state as a step that Back undoes.
    pub fn push(self, change: impl FnOnce(&mut S)) {
        self.go(change, false);
    }

    /// Changes the state without a new step, for changes that continue the last one, such as typing on.
    pub fn replace(self, change: impl FnOnce(&mut S)) {
        self.go(change, true);
    }

    fn go(self, change: impl FnOnce(&mut S), replace: bool) {
        let (Some(before), Some(path)) = (self.now.try_get_untracked(), self.path.try_get_untracked()) else { return };
        let mut after = before.clone();
        change(&mut after);
        if after != before {
            let options = NavigateOptions { replace, scroll: false, resolve: false, ..NavigateOptions::default() };
            self.navigate.with_value(|navigate| navigate(&after.href(&path), options));
        }
    }
}

/// The state of the page at the present address.
pub fn use_url_state<S: UrlState>() -> Located<S> {
    let location = use_location();
    let search = location.search;
    Located {
        now: Memo::new(move |_| S::read(&Pairs::parse(&search.get()))),
        path: location.pathname,
        navigate: StoredValue::new_local(Box::new(use_navigate())),
    }
}
