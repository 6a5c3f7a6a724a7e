//! A link of the navigation, which says when it leads to where one is.

use leptos::prelude::*;

use crate::address::Address;

/// The link; pages below its own count as its own, except for the root, below which everything is.
pub fn link(href: &'static str, inside: impl IntoView + 'static) -> AnyView {
    drawn(href, inside.into_any())
}

fn drawn(href: &'static str, inside: AnyView) -> AnyView {
    let address = expect_context::<Address>();
    let here = Signal::derive(move || {
        let path = address.path();
        let below = path.strip_prefix(href).filter(|rest| rest.is_empty() || (href != "/" && rest.starts_with('/')));
        below.map(|_| "page".to_owned())
    });
    view! { <a href=href aria-current=here>{inside}</a> }.into_any()
}
