//! The application: what every page may rely on, and who sees it.

use leptos::prelude::*;

use crate::address::Address;
use crate::i18n::Spoken;
use crate::kept::kept;
use crate::pages::frame::frame;
use crate::pages::login::Login;
use crate::pages::not_found::NotFound;
use crate::place::Place;
use crate::session::Session;
use crate::theme::Theme;

/// Everything. The pages are drawn anew when the language changes; their state is in the address, so nothing is lost.
#[component]
pub fn App() -> impl IntoView {
    let spoken = Spoken::detect();
    let address = Address::watch();
    provide_context(spoken);
    provide_context(Theme::detect());
    provide_context(Session::restore());
    provide_context(address);
    let place = kept(move || Place::of(&address.path()));
    // The frame stays while one goes from page to page inside it.
    let around = kept(move || match *place.read() {
        Place::Login => Some(true),
        Place::Nowhere => Some(false),
        _ => None,
    });
    move || {
        spoken.get();
        match around.get() {
            Some(true) => view! { <Login /> }.into_any(),
            Some(false) => view! { <NotFound /> }.into_any(),
            None => frame(place),
        }
    }
}
