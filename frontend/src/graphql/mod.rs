//! The way to the server: typed operations ([`queries`]), the one HTTP client ([`client`]) and its errors ([`error`]),
//! [`fetch`], which runs an operation whenever its variables change, and [`live`], which hears what happens. Nothing here draws.

pub mod client;
pub mod error;
pub mod fetch;
pub mod live;
pub mod queries;
