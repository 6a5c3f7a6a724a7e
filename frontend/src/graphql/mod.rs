//! The way to the server: typed operations ([`queries`]), the one HTTP client ([`client`]) and its errors ([`error`]),
//! and [`fetch`], which runs an operation whenever its variables change. Nothing here draws.

pub mod client;
pub mod error;
pub mod fetch;
pub mod queries;
