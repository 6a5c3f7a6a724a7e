//! GraphQL over HTTP, files, health.

mod files;
mod limits;
mod protocol;
