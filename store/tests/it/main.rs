//! Every question of the store, asked of a real PostgreSQL.
//!
//! The tree mirrors the modules. Never here: what a mock would answer.
#![allow(clippy::unwrap_used, reason = "a test says what it expects by unwrapping it")]
#![allow(clippy::float_cmp, reason = "numbers come back as they were written")]

mod alerts;
mod audit;
mod backup;
mod demand;
mod doctor;
mod features;
mod flat;
mod forecasts;
mod inventory;
mod items;
mod judged;
mod lists;
mod orders;
mod partitions;
mod people;
mod plans;
mod recommendations;
mod replica;
mod support;

use serde_json::json;
use store::audit::NewEntry;
use testkit::builders::instant;

/// An audit entry of somebody who did something.
fn an_entry(action: &str) -> NewEntry {
    NewEntry {
        at: instant("2025-06-01T12:00:00.123456789Z"),
        actor_id: None,
        actor: "ana@example.com".to_owned(),
        action: action.to_owned(),
        entity: Some("thing".to_owned()),
        entity_id: None,
        details: json!({"zeta": 1.0, "alpha": [1, 2.5, null], "big": 1e21}),
        address: None,
        agent: Some("curl\u{0}".to_owned()),
    }
}
