//! What people make of recommendations.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use entity::analytics::recommendation;
use entity::words::RecommendationStatus;
use sea_orm::ActiveValue::{Set, Unchanged};
use sea_orm::{
    ActiveModelTrait as _, ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _,
};

use crate::audit::{NewEntry, append_in};
use crate::page::among;
use crate::{Database, Notice, Result};

/// A status that a person asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NewStatus {
    /// From OPEN.
    Acknowledged,
    /// From OPEN or ACKNOWLEDGED.
    Done,
    /// From OPEN or ACKNOWLEDGED.
    Dismissed { reason: String },
    /// From any other.
    Reopened,
}

/// What became of a status change.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct StatusChange {
    /// The rows that now have the status, in the order asked; those that had it before are among them.
    pub rows: Vec<recommendation::Model>,
    /// Ids whose status does not allow the change, with that status.
    pub refused: Vec<(i64, RecommendationStatus)>,
    /// Ids of no recommendation.
    pub unknown: Vec<i64>,
}

impl NewStatus {
    fn target(&self) -> RecommendationStatus {
        match self {
            Self::Acknowledged => RecommendationStatus::Acknowledged,
            Self::Done => RecommendationStatus::Done,
            Self::Dismissed { .. } => RecommendationStatus::Dismissed,
            Self::Reopened => RecommendationStatus::Open,
        }
    }

    fn allowed_from(&self, status: RecommendationStatus) -> bool {
        use RecommendationStatus::{Acknowledged, Open};
        match self {
            Self::Acknowledged => status == Open,
            Self::Done | Self::Dismissed { .. } => matches!(status, Open | Acknowledged),
            Self::Reopened => status != Open,
        }
    }

    /// What changes in the row; who acknowledged first stays known when the thing is done.
    fn change(&self, id: i64, actor_id: i64, at: DateTime<Utc>) -> recommendation::ActiveModel {
        let mut row = recommendation::ActiveModel {
            id: Unchanged(id),
            status: Set(self.target()),
            updated_at: Set(at),
            ..Default::default()
        };
        match self {
            Self::Acknowledged => {
                row.acknowledged_by = Set(Some(actor_id));
                row.acknowledged_at = Set(Some(at));
            }
            Self::Done => row.closed_at = Set(Some(at)),
            Self::Dismissed { reason } => {
                row.closed_at = Set(Some(at));
                row.dismissed_reason = Set(Some(reason.clone()));
            }
            Self::Reopened => {
                row.acknowledged_by = Set(None);
                row.acknowledged_at = Set(None);
                row.closed_at = Set(None);
                row.dismissed_reason = Set(None);
            }
        }
        row
    }
}

/// Changes the status of `ids` and chains `entry` in the same transaction; nothing is audited when nothing changed.
pub async fn set_status(
    db: &Database,
    ids: &[i64],
    status: NewStatus,
    actor_id: i64,
    at: DateTime<Utc>,
    entry: NewEntry,
) -> Result<StatusChange> {
    let asked = ids.to_vec();
    let change = db.transaction(move |transaction| {
        Box::pin(async move {
            // Locked in the order of ids, so that two people with overlapping lists wait rather than deadlock.
            let rows = recommendation::Entity::find()
                .filter(among(recommendation::Column::Id.into_expr(), asked.clone()))
                .order_by_asc(recommendation::Column::Id)
                .lock_exclusive()
                .all(transaction)
                .await?;
            let mut found: HashMap<i64, recommendation::Model> = rows.into_iter().map(|row| (row.id, row)).collect();
            let (mut change, mut changed) = (StatusChange::default(), Vec::new());
            for id in asked {
                let Some(row) = found.remove(&id) else {
                    // Named twice: the first mention has taken it.
                    if !change.rows.iter().any(|row| row.id == id)
                        && !change.refused.iter().any(|(refused, _)| *refused == id)
                    {
                        change.unknown.push(id);
                    }
                    continue;
                };
                if row.status == status.target() {
                    change.rows.push(row);
                } else if status.allowed_from(row.status) {
                    change.rows.push(status.change(id, actor_id, at).update(transaction).await?);
                    changed.push(id);
                } else {
                    change.refused.push((id, row.status));
                }
            }
            if !changed.is_empty() {
                append_in(transaction, vec![entry]).await?;
            }
            Ok((change, changed))
        })
    });
    let (change, ids) = change.await?;
    db.tell(Notice::RecommendationsChanged { ids }).await;
    Ok(change)
}
