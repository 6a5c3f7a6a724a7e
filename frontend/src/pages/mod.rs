//! One file per page. A page reads its state from the URL, fetches, and hands what came to charts and components.
//! [`frame`] is what surrounds every page once someone is signed in; [`decisions`] is shared by those with recommendations,
//! [`export`] by those with lists.

use leptos::prelude::*;

pub mod decisions;
pub mod export;
pub mod frame;

pub mod login;

pub mod dashboard;
pub mod materials;

pub mod material;
pub mod material_forecast;

pub mod forecast_accuracy;
pub mod forecasts;
pub mod inventory;

pub mod alerts;
pub mod recommendations;

pub mod not_found;

/// The analysts' page, which the server answers and the dashboard does not: links to it are left to the browser.
const GRAPHIQL: &str = "/graphiql";

/// Names the browser's tab, its history and its bookmarks after the page.
fn title(name: &str) {
    document().set_title(&format!("{name} · Corrente"));
}
