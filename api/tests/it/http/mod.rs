//! GraphQL over HTTP, files, health.

mod connections;
mod export;
mod files;
mod limits;
mod listening;
mod protocol;
mod sockets;
