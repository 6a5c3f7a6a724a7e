//! Import runs, and storing the lines they refused or flagged; `import_rejects` reads those.

use chrono::{DateTime, Utc};
use entity::support::{import_reject, import_run};
use entity::words::{ImportStatus, RejectSeverity};
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveModelTrait as _, ColumnTrait as _, EntityTrait as _, FromQueryResult as _, PaginatorTrait as _,
    QueryFilter as _, QuerySelect, QueryTrait as _, Select,
};
use serde_json::{Value as Json, json};

use crate::page::{Direction, KeyKind, Page, SortColumn, Sorted, Window, among, names};
use crate::statement::raw;
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

/// Which runs; `None` does not restrict, an empty list matches nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct RunFilter {
    pub statuses: Option<Vec<ImportStatus>>,
    /// In upper case, as [`NewImportRun::kind`].
    pub kinds: Option<Vec<String>>,
}

/// One page of the runs that match, newest first.
pub async fn page(db: &Database, filter: &RunFilter, window: &Window<RunOrder>) -> Result<Page<import_run::Model>> {
    let mut select = matching(filter);
    window.apply(QuerySelect::query(&mut select));
    Ok(window.page(select.all(db.reader()).await?))
}

/// How many runs match.
pub async fn count(db: &Database, filter: &RunFilter) -> Result<u64> {
    Ok(matching(filter).count(db.reader()).await?)
}

/// One run.
pub async fn by_id(db: &Database, id: i64) -> Result<Option<import_run::Model>> {
    Ok(import_run::Entity::find_by_id(id).one(db.reader()).await?)
}

/// The newest finished run of each file that was begun since `since`, by file.
pub async fn newest_by_file(db: &Database, since: DateTime<Utc>) -> Result<Vec<import_run::Model>> {
    // DISTINCT ON has no builder for entities.
    let rows = raw(
        "SELECT DISTINCT ON (file) * FROM support.import_runs WHERE status = 'DONE' AND started_at >= $1 \
         ORDER BY file, started_at DESC, id DESC",
        [since.into()],
    );
    rows.all(db.reader()).await?.iter().map(|row| Ok(import_run::Model::from_query_result(row, "")?)).collect()
}

fn matching(filter: &RunFilter) -> Select<import_run::Entity> {
    import_run::Entity::find()
        .apply_if(filter.statuses.as_deref(), |select, statuses| {
            select.filter(among(import_run::Column::Status.into_expr(), names(statuses, ImportStatus::as_str)))
        })
        .apply_if(filter.kinds.clone(), |select, kinds| {
            select.filter(among(import_run::Column::Kind.into_expr(), kinds))
        })
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
