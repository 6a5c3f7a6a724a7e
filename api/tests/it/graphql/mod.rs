//! What the graph answers.

mod batching;
mod decisions;
mod forecast;
mod items;
mod loaders;
mod policy;
mod schema;
