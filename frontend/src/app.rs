//! The application: what every page may rely on, and which address shows which page.

use leptos::prelude::*;
use leptos_router::components::{ParentRoute, Route, Router, Routes};
use leptos_router::path;

use crate::i18n::Spoken;
use crate::pages::alerts::Alerts;
use crate::pages::dashboard::Dashboard;
use crate::pages::forecasts::Forecasts;
use crate::pages::frame::Frame;
use crate::pages::inventory::Inventory;
use crate::pages::login::Login;
use crate::pages::material::Material;
use crate::pages::materials::Materials;
use crate::pages::not_found::NotFound;
use crate::pages::recommendations::Recommendations;
use crate::session::Session;
use crate::theme::Theme;

/// Everything. The pages are drawn anew when the language changes; their state is in the address, so nothing is lost.
#[component]
pub fn App() -> impl IntoView {
    let spoken = Spoken::detect();
    provide_context(spoken);
    provide_context(Theme::detect());
    provide_context(Session::restore());
    view! {
        <Router>
            {move || {
                spoken.get();
                view! { <Pages /> }
            }}
        </Router>
    }
}

#[component]
fn Pages() -> impl IntoView {
    view! {
        <Routes fallback=NotFound>
            <Route path=path!("/login") view=Login />
            <ParentRoute path=path!("") view=Frame>
                <Route path=path!("/") view=Dashboard />
                <Route path=path!("/materials") view=Materials />
                <Route path=path!("/materials/:sku") view=Material />
                <Route path=path!("/forecasts") view=Forecasts />
                <Route path=path!("/inventory") view=Inventory />
                <Route path=path!("/recommendations") view=Recommendations />
                <Route path=path!("/alerts") view=Alerts />
            </ParentRoute>
        </Routes>
    }
}
