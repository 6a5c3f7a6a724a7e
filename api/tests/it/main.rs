//! The graph through its router, in process, against a database of its own per test.
#![allow(clippy::unwrap_used)] // A test says what it expects by unwrapping it.
#![allow(clippy::cast_possible_wrap, reason = "test rows are few")]
#![allow(clippy::format_collect, reason = "test documents are short")]

mod auth;
mod company;
mod config;
mod graphql;
mod http;
mod server;
