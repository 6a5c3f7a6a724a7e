//! GraphQL over HTTP, files, health.

mod away;
mod connections;
mod export;
mod files;
mod hanging_up;
mod limits;
mod listening;
mod metrics;
mod protocol;
mod sockets;
