//! Binds a page's state to the browser's address: reading tracks it, every change is a navigation.

use std::marker::PhantomData;

use leptos::prelude::*;

use super::{Pairs, UrlState};
use crate::address::{Address, Leaving};

/// A page's state, as the address holds it.
pub struct Located<S> {
    address: Address,
    search: Memo<String>,
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
        self.go(change, Leaving::Kept);
    }

    /// Changes the state without a new step, for changes that continue the last one, such as typing on.
    pub fn replace(self, change: impl FnOnce(&mut S)) {
        self.go(change, Leaving::Replaced);
    }

    fn go(self, change: impl FnOnce(&mut S), leaving: Leaving) {
        let Some(search) = self.search.try_get_untracked() else { return };
        let before = S::read(&Pairs::parse(&search));
        let mut after = before.clone();
        change(&mut after);
        if after != before {
            let path = untrack(|| self.address.path());
            self.address.go(&after.href(&path), leaving);
        }
    }
}

/// The state of the page at the present address.
pub fn use_url_state<S: UrlState>() -> Located<S> {
    let address = expect_context::<Address>();
    Located { address, search: search_of_page(address), state: PhantomData }
}

/// The search for as long as the path is the page's own: what follows it is of no concern to a page that is being left.
fn search_of_page(address: Address) -> Memo<String> {
    let own = untrack(|| address.path());
    Memo::new(move |before: Option<&String>| {
        let search = address.search();
        if address.path() == own { search } else { before.cloned().unwrap_or_default() }
    })
}
