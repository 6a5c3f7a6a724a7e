//! The audit log: it only grows, and each row's hash covers its content and the hash before it.
//!
//! Reads append in batches ([`append`]); a mutation appends inside its own transaction ([`append_in`]). [`verify`] walks the chain and
//! names the first row that does not fit.

mod chain;
mod read;
mod verify;

pub(crate) use chain::link;
pub use chain::{NewEntry, append, append_in};
pub use read::{AuditFilter, LogOrder, count, page};
pub use verify::{Fault, Verdict, verify};
