//! The types of the graph: documented newtypes over the store's answers, with the conversions in the same file.
//!
//! Never here: SQL, and any decision about who may read a field (`graphql::policy`). Start with [`item`].

pub mod alert;
pub mod api_token;
pub mod audit;
pub mod demand;
pub mod demo;
pub mod explanation;
pub mod features;
pub mod forecast;
pub mod forecast_run;
pub mod freshness;
pub mod import_run;
pub mod inventory;
pub mod item;
pub mod item_accuracy;
pub mod item_attribute;
pub mod item_supplier;
pub mod kpi;
pub mod measure;
pub mod node;
pub mod order;
pub mod payload;
pub mod recommendation;
pub mod region;
pub mod rows;
pub mod saved_view;
pub mod simulation;
pub mod site;
pub mod supplier;
pub mod user;
pub mod viewer;
pub mod words;
