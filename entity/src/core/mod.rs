//! Dimensions, facts and rollups: what the company told us.
//!
//! One file a table of the schema `core`; never a query. Start with [`item`] and [`demand`].

pub mod calendar;
pub mod demand;
pub mod demand_month;
pub mod demand_week;
pub mod indicator;
pub mod inventory;
pub mod item;
pub mod order;
pub mod region;
pub mod site;
pub mod supplier;
