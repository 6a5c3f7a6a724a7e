//! GraphQL over HTTP, files, health.

mod connections;
mod files;
mod limits;
mod protocol;
