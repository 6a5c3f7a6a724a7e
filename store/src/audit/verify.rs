//! Walking the chain.

use entity::support::{audit_head, audit_log};
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _};

use super::chain::hash_of;
use crate::{Database, Result, StoreError};

/// Rows read at a time, so that the connection is free between pages.
const PAGE: u64 = 5_000;

/// What the walk found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// Every row fits, and the last one is the head.
    Intact { entries: i64 },
    /// The first row that does not fit.
    Broken { at: i64, fault: Fault },
}

/// How a row does not fit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// The content is not what was hashed.
    Changed,
    /// The row is missing.
    Removed,
    /// The row stands where another stood.
    Reordered,
    /// This row and all behind it are missing.
    CutTail,
    /// The row was never chained.
    Added,
}

/// Walks the whole log, a page at a time, up to the head as it stands at the end of the walk.
pub async fn verify(db: &Database) -> Result<Verdict> {
    let mut walk = Walk { next: 1, hash: vec![0; 32] };
    loop {
        let rows = audit_log::Entity::find()
            .filter(audit_log::Column::Id.gte(walk.next))
            .order_by_asc(audit_log::Column::Id)
            .limit(PAGE)
            .all(db.reader())
            .await?;
        let last_page = (rows.len() as u64) < PAGE;
        for row in rows {
            if let Some(broken) = walk.step(&row) {
                return Ok(broken);
            }
        }
        if last_page {
            break;
        }
    }
    // Read after the rows: rows chained meanwhile are walked below.
    let head = audit_head::Entity::find().one(db.reader()).await?;
    let head = head.ok_or_else(|| StoreError::Corrupt("the audit log has lost its head".into()))?;
    // Rows chained while we walked: the head has moved on, and they are walked too.
    let newer = audit_log::Entity::find()
        .filter(audit_log::Column::Id.gte(walk.next))
        .filter(audit_log::Column::Id.lte(head.entries))
        .order_by_asc(audit_log::Column::Id)
        .all(db.reader())
        .await?;
    for row in newer {
        if let Some(broken) = walk.step(&row) {
            return Ok(broken);
        }
    }
    Ok(walk.end(&head))
}

struct Walk {
    /// The id that must come next.
    next: i64,
    /// The hash it must remember.
    hash: Vec<u8>,
}

impl Walk {
    fn step(&mut self, row: &audit_log::Model) -> Option<Verdict> {
        let at = self.next;
        let broken = |at, fault| Some(Verdict::Broken { at, fault });
        let whole = hash_of(row) == row.hash;
        if row.id < at {
            return broken(row.id, Fault::Added);
        }
        if row.id > at {
            return broken(at, Fault::Removed);
        }
        if row.previous_hash != self.hash {
            // A row that is sound in itself but remembers another predecessor: that one was changed and hashed anew.
            // A row that is not even sound here was hashed for another place.
            return if whole && at > 1 { broken(at - 1, Fault::Changed) } else { broken(at, Fault::Reordered) };
        }
        if !whole {
            return broken(at, Fault::Changed);
        }
        self.next += 1;
        self.hash.clone_from(&row.hash);
        None
    }

    fn end(&self, head: &audit_head::Model) -> Verdict {
        let walked = self.next - 1;
        if walked < head.entries {
            return Verdict::Broken { at: self.next, fault: Fault::CutTail };
        }
        if walked > head.entries {
            return Verdict::Broken { at: head.entries + 1, fault: Fault::Added };
        }
        if self.hash != head.hash {
            return Verdict::Broken { at: walked.max(1), fault: Fault::Changed };
        }
        Verdict::Intact { entries: walked }
    }
}
