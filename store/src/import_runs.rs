//! Import runs and the lines they refused or flagged.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use entity::support::{import_reject, import_run};
use entity::words::{ImportStatus, RejectSeverity};
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveModelTrait as _, ColumnTrait as _, EntityTrait as _, FromQueryResult as _, PaginatorTrait as _,
    QueryFilter as _, QuerySelect,
};
use serde_json::{Value as Json, json};

use crate::page::{Direction, KeyKind, Page, SortColumn, Sorted, Window};
use crate::statement::{self, raw};
use crate::{Database, Result};

/// A run about to begin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewImportRun {
    /// Which kind of file, in upper case.
    pub kind: String,
    /// The file's name, without its directory.
    pub file: String,
    /// SHA-256 of the content in hexadecimal.
    pub checksum: Option<String>,
    pub actor: String,
    pub started_at: DateTime<Utc>,
}

/// How a run ended; counts are of source lines, read = loaded + unchanged + rejected.
#[derive(Debug, Clone, PartialEq)]
pub struct FinishedImportRun {
    pub status: ImportStatus,
    pub read_lines: i64,
    pub loaded_lines: i64,
    pub unchanged_lines: i64,
    pub rejected_lines: i64,
    pub flagged_lines: i64,
    pub finished_at: DateTime<Utc>,
    pub seconds: f64,
    pub message: Option<String>,
}

/// A line that was refused or flagged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewReject {
    pub severity: RejectSeverity,
    pub sheet: Option<String>,
    pub line: i64,
    pub column_name: Option<String>,
    pub reason: String,
    pub value: Option<String>,
    pub expected: Option<String>,
}

/// The runs' one ordering: newest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct RunOrder;

impl Sorted for RunOrder {
    type Row = import_run::Model;

    fn tag(&self) -> String {
        "import_runs".into()
    }

    fn columns(&self) -> Vec<SortColumn> {
        vec![SortColumn {
            expr: import_run::Column::StartedAt.into_expr(),
            kind: KeyKind::Instant,
            direction: Direction::Descending,
            nullable: false,
        }]
    }

    fn id_column(&self) -> Expr {
        import_run::Column::Id.into_expr()
    }

    fn id_direction(&self) -> Direction {
        Direction::Descending
    }

    fn values(&self, row: &import_run::Model) -> Vec<Json> {
        vec![json!(row.started_at)]
    }

    fn id(&self, row: &import_run::Model) -> i64 {
        row.id
    }
}

/// Opens a run.
pub async fn start(db: &Database, new: NewImportRun) -> Result<import_run::Model> {
    let row = import_run::ActiveModel {
        kind: Set(new.kind),
        file: Set(new.file),
        checksum: Set(new.checksum),
        status: Set(ImportStatus::Running),
        actor: Set(new.actor),
        started_at: Set(new.started_at),
        ..Default::default()
    };
    Ok(row.insert(db.writer()).await?)
}

/// Closes a run; `None` when there is no such run.
pub async fn finish(db: &Database, id: i64, finished: FinishedImportRun) -> Result<Option<import_run::Model>> {
    let rows = import_run::Entity::update_many()
        .set(import_run::ActiveModel {
            status: Set(finished.status),
            read_lines: Set(finished.read_lines),
            loaded_lines: Set(finished.loaded_lines),
            unchanged_lines: Set(finished.unchanged_lines),
            rejected_lines: Set(finished.rejected_lines),
            flagged_lines: Set(finished.flagged_lines),
            finished_at: Set(Some(finished.finished_at)),
            seconds: Set(Some(finished.seconds)),
            message: Set(finished.message),
            ..Default::default()
        })
        .filter(import_run::Column::Id.eq(id))
        .exec_with_returning(db.writer())
        .await?;
    Ok(rows.into_iter().next())
}

/// Stores refused and flagged lines of a run.
pub async fn insert_rejects(db: &Database, run_id: i64, rejects: &[NewReject]) -> Result<()> {
    for chunk in rejects.chunks(CHUNK) {
        let rows = chunk.iter().cloned().map(|reject| import_reject::ActiveModel {
            run_id: Set(run_id),
            severity: Set(reject.severity),
            sheet: Set(reject.sheet),
            line: Set(reject.line),
            column_name: Set(reject.column_name),
            reason: Set(reject.reason),
            value: Set(reject.value),
            expected: Set(reject.expected),
            ..Default::default()
        });
        import_reject::Entity::insert_many(rows).exec_without_returning(db.writer()).await?;
    }
    Ok(())
}

/// One page of the runs, newest first.
pub async fn page(db: &Database, window: &Window<RunOrder>) -> Result<Page<import_run::Model>> {
    let mut select = import_run::Entity::find();
    window.apply(QuerySelect::query(&mut select));
    Ok(window.page(select.all(db.reader()).await?))
}

/// How many runs there are.
pub async fn count(db: &Database) -> Result<u64> {
    Ok(import_run::Entity::find().count(db.reader()).await?)
}

/// The first `limit` refused and flagged lines of each run, as they came; every asked run is in the answer.
pub async fn rejects_by_runs(
    db: &Database,
    run_ids: &[i64],
    limit: u64,
) -> Result<HashMap<i64, Vec<import_reject::Model>>> {
    // LATERAL over unnested keys, so that each run is cut at its own limit.
    let rows = raw(
        "SELECT r.* FROM unnest($1::bigint[]) AS k(run_id) \
         CROSS JOIN LATERAL (SELECT * FROM support.import_rejects i WHERE i.run_id = k.run_id ORDER BY i.id LIMIT $2) r \
         ORDER BY r.run_id, r.id",
        [run_ids.to_vec().into(), statement::limit(limit)],
    )
    .all(db.reader())
    .await?;
    let mut answer: HashMap<i64, Vec<import_reject::Model>> = run_ids.iter().map(|&id| (id, Vec::new())).collect();
    for row in rows {
        let reject = import_reject::Model::from_query_result(&row, "")?;
        answer.entry(reject.run_id).or_default().push(reject);
    }
    Ok(answer)
}

/// Marks every run that is still `RUNNING` as interrupted, at the start of a process; answers them.
pub async fn interrupt_running(db: &Database, at: DateTime<Utc>) -> Result<Vec<import_run::Model>> {
    let interrupted = import_run::ActiveModel {
        status: Set(ImportStatus::Interrupted),
        finished_at: Set(Some(at)),
        ..Default::default()
    };
    Ok(import_run::Entity::update_many()
        .set(interrupted)
        .filter(import_run::Column::Status.eq(ImportStatus::Running))
        .exec_with_returning(db.writer())
        .await?)
}

/// Rows of one INSERT: eight bind parameters each stay far below every engine's cap.
const CHUNK: usize = 1_000;
