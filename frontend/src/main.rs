//! Starts the dashboard in `#app` and takes the static shell away once it is there. Everything else is in the library.

use frontend::app::App;
use leptos::prelude::*;
use wasm_bindgen::JsCast;

fn main() {
    console_error_panic_hook::set_once();
    let document = leptos::tachys::dom::document();
    let Some(root) = document.get_element_by_id("app").and_then(|element| element.dyn_into().ok()) else {
        return;
    };
    mount_to(root, || view! { <App /> }).forget();
    if let Some(shell) = document.get_element_by_id("shell") {
        shell.remove();
    }
}
