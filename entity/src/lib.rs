//! The rows of the database as types, one table a file, grouped as the schemas are.
//!
//! Here live SeaORM models and the closed sets of words their text columns hold ([`words`]). Never here: queries, rules,
//! or any other crate of the workspace. Start with [`core::item`]; each file names its table in its first attribute.

pub mod analytics;
pub mod core;
pub mod support;
pub mod words;
