//! What the graph answers.

mod audit;
mod batching;
mod budgets;
mod caching;
mod decisions;
mod features;
mod forecast;
mod grouped;
mod imports;
mod items;
mod loaders;
mod matrix;
mod measures;
mod orders;
mod planned;
mod policy;
mod refresh;
mod rows;
mod runs;
mod schema;
mod simulation;
mod views;
