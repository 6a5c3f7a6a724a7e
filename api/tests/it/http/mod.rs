//! GraphQL over HTTP, files, health.

mod connections;
mod export;
mod files;
mod limits;
mod listening;
mod metrics;
mod protocol;
mod sockets;
