//! The only SQL of the house, apart from its history in `migration`: one function per question.
//!
//! Here live the connection ([`Database`]), keyset paging ([`page`]) and one module a noun, each with the questions
//! asked of it. Never here: HTTP, GraphQL, forecasting. Start with [`Database`], then the module whose noun you need.

mod connect;
#[cfg(feature = "embedded")]
mod embedded;
mod error;
pub mod page;
pub mod items;
pub mod sites;
pub mod regions;
pub mod suppliers;
pub mod demand;
pub mod inventory;
pub mod orders;
pub mod classes;
pub mod class_facts;
pub mod forecasts;
pub mod kpi_facts;
pub mod kpis;
pub mod policy_facts;
pub mod recommendations;
pub mod alerts;
pub mod users;
pub mod tokens;
pub mod audit;
pub mod freshness;
pub mod import_runs;
pub mod settings;
pub mod health;
pub mod load;
pub mod partitions;
pub mod backup;
mod fold;
mod statement;

pub use connect::{Database, Engine, PoolOptions};
#[cfg(feature = "embedded")]
pub use embedded::open as open_embedded;
pub use error::{Result, StoreError};
pub use fold::fold;
