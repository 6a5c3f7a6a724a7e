//! The dashboard of Corrente: a Leptos single-page application that runs in the reader's browser.
//!
//! Here live the pages, the charts, the words in two languages and the typed operations against `schema.graphql`.
//! Never here: a rule of the business, a table of the database or a second client of the server; the graph is all it sees.
//! Start at [`app`], then a file of [`pages`]. A number travels `graphql` -> `pages` -> `charts` -> `components`:
//! pages fetch, charts are pure functions, components draw and never fetch.

// A component's props and an event's handler own what they are given: that is how Leptos calls them.
#![allow(clippy::needless_pass_by_value)]
// A derived `Copy` would ask it of the type parameter too, which these handles do not hold.
#![allow(clippy::expl_impl_clone_on_copy)]

pub mod address;
pub mod day;
pub mod i18n;
pub mod kept;
pub mod place;
pub mod state;

pub mod graphql;

pub mod charts;
pub mod components;

pub mod pages;
pub mod session;
pub mod theme;

pub mod app;

/// The names of `schema.graphql` as types, so that a misspelt field does not compile.
#[cynic::schema("corrente")]
#[allow(clippy::pedantic, missing_docs)]
pub mod schema {}
