//! Binds a page's state to the browser's address: reading tracks it, every change is a navigation.

use std::marker::PhantomData;

use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_location, use_navigate};

use super::{Pairs, UrlState};

type Navigate = Box<dyn Fn(&str, NavigateOptions)>;

/// A page's state, as the address holds it.
pub struct Located<S> {
    search: Memo<String>,
    path: Memo<String>,
    navigate: StoredValue<Navigate, LocalStorage>,
    state: PhantomData<fn() -> S>,
}

impl<S> Clone for Located<S> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<S> Copy for Located<S> {}

impl<S: UrlState> Located<S> {
    /// The state now; tracks.
    pub fn get(self) -> S {
        self.search.with(|search| S::read(&Pairs::parse(search)))
    }

    /// Reads a part of the state; tracks.
    pub fn with<T>(self, read: impl FnOnce(&S) -> T) -> T {
        read(&self.get())
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
        let Some(search) = self.search.try_get_untracked() else { return };
        let before = S::read(&Pairs::parse(&search));
        let mut after = before.clone();
        change(&mut after);
        if after != before {
            navigate(self.path, self.navigate, &after.query(), replace);
        }
    }
}

fn navigate(path: Memo<String>, navigate: StoredValue<Navigate, LocalStorage>, query: &str, replace: bool) {
    let Some(path) = path.try_get_untracked() else { return };
    let options = NavigateOptions { replace, scroll: false, resolve: false, ..NavigateOptions::default() };
    navigate.with_value(|navigate| navigate(&format!("{path}{query}"), options));
}

/// The state of the page at the present address.
pub fn use_url_state<S: UrlState>() -> Located<S> {
    let location = use_location();
    Located {
        search: location.search,
        path: location.pathname,
        navigate: StoredValue::new_local(Box::new(use_navigate())),
        state: PhantomData,
    }
}
