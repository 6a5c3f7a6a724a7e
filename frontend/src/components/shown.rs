//! A part of the page that follows the signals it reads. One piece of code draws all of them: a closure that stands in a view
//! by itself brings the library's whole machinery once more.

use leptos::prelude::*;

/// Draws the part, and draws it anew when a signal it reads changes.
pub fn shown(draw: impl Fn() -> AnyView + Send + 'static) -> AnyView {
    followed(Box::new(draw))
}

fn followed(draw: Box<dyn Fn() -> AnyView + Send>) -> AnyView {
    (move || draw()).into_any()
}
