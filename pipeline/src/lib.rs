//! Ingest, compute, write: files in, forecasts and recommendations out.
//!
//! Here live the ways data take: [`extract`] and [`transform`] read a file, [`load`] stores it, [`demo`] makes a company,
//! [`jobs`] computes, [`offline`] is the contract with pipelines outside. Never here: SQL (that is `store`) or a formula (that is `planning`). Start with [`load::import_file`].

pub mod calendar;
pub mod demo;
pub mod extract;
pub mod jobs;
pub mod load;
pub mod offline;
pub mod transform;
