//! Questions about the lines that import runs refused or flagged.

use std::collections::HashMap;

use entity::support::import_reject;
use entity::words::RejectSeverity;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait as _, FromQueryResult as _};
use serde_json::Value as Json;

use crate::page::{Page, SortColumn, Sorted, Window};
use crate::statement::{self, raw};
use crate::{Database, Result};

/// The lines' one ordering: as they were stored, which is refused lines first, then by sheet and line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct RejectOrder;

impl Sorted for RejectOrder {
    type Row = import_reject::Model;

    fn tag(&self) -> String {
        "import_rejects".into()
    }

    fn columns(&self) -> Vec<SortColumn> {
        Vec::new()
    }

    fn id_column(&self) -> Expr {
        import_reject::Column::Id.into_expr()
    }

    fn values(&self, _row: &import_reject::Model) -> Vec<Json> {
        Vec::new()
    }

    fn id(&self, row: &import_reject::Model) -> i64 {
        row.id
    }
}

/// A page of a run's lines; `None` does not restrict.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct RejectsKey {
    pub run_id: i64,
    pub severity: Option<RejectSeverity>,
    pub reason: Option<String>,
    pub window: Window<RejectOrder>,
}

/// How many lines of a run have a reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReasonCount {
    pub severity: RejectSeverity,
    pub reason: String,
    pub lines: i64,
}

/// The asked pages, in one statement; every asked key is in the answer.
pub async fn pages(db: &Database, keys: &[RejectsKey]) -> Result<HashMap<RejectsKey, Page<import_reject::Model>>> {
    let (mut runs, mut severities, mut after) = (Vec::new(), Vec::new(), Vec::new());
    let (mut reasons, mut any) = (Vec::new(), Vec::new());
    let mut most = 0;
    for key in keys {
        let (behind, rows) = key.window.start();
        runs.push(key.run_id);
        // An array has no nulls here: no severity is empty, and a reason that does not count is marked.
        severities.push(key.severity.map_or("", RejectSeverity::as_str).to_owned());
        reasons.push(key.reason.clone().unwrap_or_default());
        any.push(key.reason.is_none());
        after.push(behind.unwrap_or(0));
        most = most.max(rows);
    }
    // LATERAL over unnested keys, so that each page is cut at its own place; a LIMIT cannot differ from key to key, so
    // all are read to the longest and cut here. One row more than asked tells whether rows follow.
    let found = raw(
        "SELECT k.place, r.* FROM unnest($1::bigint[], $2::text[], $3::text[], $4::bool[], $5::bigint[]) \
             WITH ORDINALITY AS k(run_id, severity, reason, any_reason, behind, place) \
         CROSS JOIN LATERAL (SELECT * FROM support.import_rejects i WHERE i.run_id = k.run_id AND i.id > k.behind \
             AND (k.severity = '' OR i.severity = k.severity) AND (k.any_reason OR i.reason = k.reason) \
             ORDER BY i.id LIMIT $6) r \
         ORDER BY k.place, r.id",
        [runs.into(), severities.into(), reasons.into(), any.into(), after.into(), statement::limit(most + 1)],
    )
    .all(db.reader())
    .await?;
    let mut rows: Vec<Vec<import_reject::Model>> = vec![Vec::new(); keys.len()];
    for row in found {
        let place: i64 = row.try_get("", "place")?;
        let at = usize::try_from(place - 1).ok().and_then(|place| rows.get_mut(place));
        if let Some(rows) = at {
            rows.push(import_reject::Model::from_query_result(&row, "")?);
        }
    }
    Ok(keys.iter().zip(rows).map(|(key, rows)| (key.clone(), key.window.page(rows))).collect())
}

/// How many lines of each run were refused or flagged, by severity and reason, the most frequent first; every asked run
/// is in the answer.
pub async fn reasons(db: &Database, run_ids: &[i64]) -> Result<HashMap<i64, Vec<ReasonCount>>> {
    let rows = raw(
        "SELECT run_id, severity, reason, count(*) AS lines FROM support.import_rejects WHERE run_id = ANY($1) \
         GROUP BY run_id, severity, reason ORDER BY run_id, severity DESC, lines DESC, reason COLLATE \"C\"",
        [run_ids.to_vec().into()],
    )
    .all(db.reader())
    .await?;
    let mut answer: HashMap<i64, Vec<ReasonCount>> = run_ids.iter().map(|&id| (id, Vec::new())).collect();
    for row in rows {
        let count = ReasonCount {
            severity: row.try_get("", "severity")?,
            reason: row.try_get("", "reason")?,
            lines: row.try_get("", "lines")?,
        };
        answer.entry(row.try_get("", "run_id")?).or_default().push(count);
    }
    Ok(answer)
}
