//! What people do with alerts: read and resolve them.

use chrono::{DateTime, Utc};
use entity::analytics::alert;
use sea_orm::ActiveValue::Set;
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _};
use serde_json::json;

use super::Alert;
use super::read::by_ids_in;
use super::sync::turn;
use crate::audit::{NewEntry, append_in};
use crate::page::among;
use crate::statement::raw;
use crate::{Database, Result};

/// Marks alerts as read by `user_id`, and chains `entry` in the same transaction; answers those that exist, in the
/// order asked. An alert read before keeps its time, and nothing is audited when nothing changed.
pub async fn mark_read(
    db: &Database,
    user_id: i64,
    ids: &[i64],
    at: DateTime<Utc>,
    entry: NewEntry,
) -> Result<Vec<Alert>> {
    let ids = ids.to_vec();
    db.transaction(move |transaction| {
        Box::pin(async move {
            // INSERT ... SELECT, so that ids of no alert are skipped rather than refused by the foreign key.
            let read = raw(
                "INSERT INTO support.alert_reads (user_id, alert_id, read_at) SELECT $1, a.id, $3 FROM analytics.alerts a \
                 WHERE a.id = ANY($2) ON CONFLICT (user_id, alert_id) DO NOTHING",
                [user_id.into(), ids.clone().into(), at.into()],
            )
            .execute(transaction)
            .await?;
            if read > 0 {
                append_in(transaction, vec![entry]).await?;
            }
            let mut found = by_ids_in(transaction, user_id, &ids).await?;
            Ok(ids.iter().filter_map(|id| found.remove(id)).collect())
        })
    })
    .await
}

/// Marks every alert as read by `user_id`, and chains `entry` with their number in the same transaction; answers that
/// number. Nothing is audited when nothing was unread.
pub async fn mark_all_read(db: &Database, user_id: i64, at: DateTime<Utc>, mut entry: NewEntry) -> Result<u64> {
    db.transaction(move |transaction| {
        Box::pin(async move {
            // INSERT ... SELECT, because an inbox may hold more than a statement can name.
            let read = raw(
                "INSERT INTO support.alert_reads (user_id, alert_id, read_at) SELECT $1, a.id, $2 FROM analytics.alerts a \
                 WHERE NOT EXISTS (SELECT FROM support.alert_reads r WHERE r.user_id = $1 AND r.alert_id = a.id) \
                 ON CONFLICT (user_id, alert_id) DO NOTHING",
                [user_id.into(), at.into()],
            )
            .execute(transaction)
            .await?;
            if read > 0 {
                entry.details = json!({ "count": read });
                append_in(transaction, vec![entry]).await?;
            }
            Ok(read)
        })
    })
    .await
}

/// Resolves live alerts on a person's word, and chains `entry` in the same transaction; answers those that exist, in the
/// order asked, as `user_id` sees them. One resolved before keeps its time, and nothing is audited when nothing changed.
pub async fn resolve(
    db: &Database,
    ids: &[i64],
    user_id: i64,
    at: DateTime<Utc>,
    entry: NewEntry,
) -> Result<Vec<Alert>> {
    let ids = ids.to_vec();
    db.transaction(move |transaction| {
        Box::pin(async move {
            // A sync locks many rows in an order of its own: the two take turns rather than deadlock.
            turn(transaction).await?;
            let resolved = alert::ActiveModel {
                resolved_at: Set(Some(at)),
                resolved_by: Set(Some(user_id)),
                updated_at: Set(at),
                ..Default::default()
            };
            let changed = alert::Entity::update_many()
                .set(resolved)
                .filter(among(alert::Column::Id.into_expr(), ids.clone()))
                .filter(alert::Column::ResolvedAt.is_null())
                .exec(transaction)
                .await?;
            if changed.rows_affected > 0 {
                append_in(transaction, vec![entry]).await?;
            }
            let mut found = by_ids_in(transaction, user_id, &ids).await?;
            Ok(ids.iter().filter_map(|id| found.remove(id)).collect())
        })
    })
    .await
}
