//! People, tokens, the audit log, imports: what the product itself needs.
//!
//! One file a table of the schema `support`; never a query. Start with [`user`].

pub mod alert_read;
pub mod api_token;
pub mod audit_head;
pub mod audit_log;
pub mod export_ticket;
pub mod freshness;
pub mod import_reject;
pub mod import_run;
pub mod refresh_token;
pub mod saved_view;
pub mod setting;
pub mod user;
