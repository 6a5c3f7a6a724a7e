//! How rows are chained.

use chrono::{DateTime, SubsecRound as _, Utc};
use entity::support::{audit_head, audit_log};
use sea_orm::sea_query::Expr;
use sea_orm::{ActiveModelTrait as _, DatabaseTransaction, EntityTrait as _, IntoActiveModel as _, QuerySelect as _};
use serde_json::{Map, Number, Value as Json, json};
use sha2::{Digest as _, Sha256};

use crate::{Database, Result, StoreError};

/// Rows of one INSERT: 12 bind parameters each stay far below every engine's cap.
const CHUNK: usize = 1_000;

/// An entry about to be chained.
#[derive(Debug, Clone, PartialEq)]
pub struct NewEntry {
    pub at: DateTime<Utc>,
    pub actor_id: Option<i64>,
    /// An e-mail, or the name of a job.
    pub actor: String,
    /// A verb in the house's words, such as `login` or `recommendations.acknowledge`.
    pub action: String,
    /// What it was done to, such as `user`.
    pub entity: Option<String>,
    pub entity_id: Option<String>,
    pub details: Json,
    /// The address asked from.
    pub address: Option<String>,
    /// The program asked with.
    pub agent: Option<String>,
}

/// Chains `entries` in their order, in one transaction.
pub async fn append(db: &Database, entries: Vec<NewEntry>) -> Result<()> {
    if entries.is_empty() {
        return Ok(());
    }
    db.transaction(move |transaction| Box::pin(append_in(transaction, entries))).await
}

/// Chains `entries` inside the transaction of what they tell of.
pub async fn append_in(transaction: &DatabaseTransaction, entries: Vec<NewEntry>) -> Result<()> {
    // Locking the head puts all writers in a row, so that the chain has one order.
    let head = audit_head::Entity::find().lock_exclusive().one(transaction).await?;
    let head = head.ok_or_else(|| StoreError::Corrupt("the audit log has lost its head".into()))?;
    let (mut last, mut hash) = (head.entries, head.hash);
    let mut rows = Vec::with_capacity(entries.len());
    for entry in entries {
        last += 1;
        let row = link(last, std::mem::take(&mut hash), entry);
        hash.clone_from(&row.hash);
        rows.push(row);
    }
    for chunk in rows.chunks(CHUNK) {
        let chunk = chunk.iter().cloned().map(|row| row.into_active_model().reset_all());
        audit_log::Entity::insert_many(chunk).exec_without_returning(transaction).await?;
    }
    audit_head::Entity::update_many()
        .col_expr(audit_head::Column::Entries, Expr::val(last))
        .col_expr(audit_head::Column::Hash, Expr::val(hash))
        .exec(transaction)
        .await?;
    Ok(())
}

/// The row that follows `previous` at position `id`.
pub(crate) fn link(id: i64, previous: Vec<u8>, entry: NewEntry) -> audit_log::Model {
    let mut row = audit_log::Model {
        id,
        // What PostgreSQL keeps of an instant.
        at: entry.at.trunc_subsecs(6),
        actor_id: entry.actor_id,
        actor: storable(entry.actor),
        action: storable(entry.action),
        entity: entry.entity.map(storable),
        entity_id: entry.entity_id.map(storable),
        details: canonical(entry.details),
        address: entry.address.map(storable),
        agent: entry.agent.map(storable),
        previous_hash: previous,
        hash: Vec::new(),
    };
    row.hash = hash_of(&row);
    row
}

/// SHA-256 over the previous hash and the canonical JSON of the row's content.
pub(super) fn hash_of(row: &audit_log::Model) -> Vec<u8> {
    let content = canonical(json!({
        "id": row.id,
        "at": row.at.timestamp_micros(),
        "actorId": row.actor_id,
        "actor": row.actor,
        "action": row.action,
        "entity": row.entity,
        "entityId": row.entity_id,
        "details": row.details,
        "address": row.address,
        "agent": row.agent,
    }));
    let mut sha = Sha256::new();
    sha.update(&row.previous_hash);
    sha.update(content.to_string().as_bytes());
    sha.finalize().to_vec()
}

/// The same value however it was written and wherever it was stored: keys sorted, numbers as JSONB gives them back.
fn canonical(value: Json) -> Json {
    match value {
        Json::Object(map) => {
            let mut pairs: Vec<(String, Json)> =
                map.into_iter().map(|(key, value)| (storable(key), canonical(value))).collect();
            pairs.sort_by(|(one, _), (other, _)| one.cmp(other));
            Json::Object(pairs.into_iter().collect::<Map<_, _>>())
        }
        Json::Array(values) => Json::Array(values.into_iter().map(canonical).collect()),
        Json::String(text) => Json::String(storable(text)),
        // A numeric knows no negative zero, and gives 1e21 back as digits without a point.
        Json::Number(number) => match (number.is_f64(), number.as_f64()) {
            (true, Some(float)) if float.fract() == 0.0 && float.abs() < 9e15 => Json::from(float as i64),
            (true, Some(float)) => Number::from_f64(float).map_or(Json::Null, Json::Number),
            _ => match number.as_i64() {
                Some(whole) => Json::from(whole),
                None => number.as_f64().and_then(Number::from_f64).map_or(Json::Null, Json::Number),
            },
        },
        other => other,
    }
}

/// PostgreSQL stores no NUL; who sends one as a program's name must not stop the log.
fn storable(text: String) -> String {
    if text.contains('\0') { text.replace('\0', "\u{fffd}") } else { text }
}
