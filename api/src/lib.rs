//! The graph over HTTP: configuration, sign-in, the graph itself, and the server around it.
//!
//! Inside, `http` leans on `graphql`, `graphql` on `loaders`, `loaders` on `store`, never backwards. Never here: SQL, and
//! starting jobs other than through [`app::Jobs`]. Start with [`app::App`], then `http::graphql` for the way of a request.

pub mod app;
pub mod auth;
pub mod cache;
pub mod config;
mod digest;
pub mod error;
pub mod graphql;
pub mod http;
pub mod live;
pub mod loaders;
pub mod metrics;
mod serve;
pub mod telemetry;

/// The SDL of the graph, as `schema.graphql` holds it.
pub fn sdl() -> Result<String, error::StartError> {
    Ok(graphql::Graph::build()?.sdl().to_owned())
}
