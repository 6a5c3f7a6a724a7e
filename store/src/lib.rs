//! The only SQL of the house, apart from its history in `migration`: one function per question.
//!
//! Here live the connection ([`Database`]), keyset paging ([`page`]) and one module a noun, each with the questions
//! asked of it. Never here: HTTP, GraphQL, forecasting. Start with [`Database`], then the module whose noun you need.

pub mod alerts;
pub mod audit;
pub mod backup;
pub mod class_facts;
mod connect;
mod counts;
pub mod demand;
pub mod doctor;
#[cfg(feature = "embedded")]
mod embedded;
mod error;
pub mod features;
pub mod flat;
mod fold;
pub mod forecasts;
pub mod freshness;
pub mod health;
pub mod import_rejects;
pub mod import_runs;
pub mod indicators;
pub mod inventory;
pub mod items;
pub mod kpi_facts;
pub mod kpis;
pub mod load;
pub mod names;
mod notices;
pub mod orders;
pub mod page;
pub mod partitions;
pub mod policy_facts;
mod pool;
mod reader;
pub mod recommendations;
pub mod regions;
pub mod saved_views;
pub mod settings;
pub mod sites;
mod statement;
pub mod suppliers;
pub mod tickets;
pub mod tokens;
mod turns;
pub mod users;
mod writers;

pub use connect::{Database, Engine, PoolOptions};
#[cfg(feature = "embedded")]
pub use embedded::open as open_embedded;
pub use error::{Result, StoreError};
pub use fold::fold;
pub use notices::{Notice, Notices};
pub use reader::{Reader, ReplicaState};
pub use turns::RefreshTurn;
