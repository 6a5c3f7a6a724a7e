//! Import runs and the lines they refused, which only an ADMIN gets: the ways to a run take the proof.

use std::sync::Arc;

use async_graphql::{Context, ID, InputObject, Object, Result, SimpleObject};
use entity::support::{import_reject, import_run};
use store::import_rejects::{ReasonCount, RejectOrder, RejectsKey};
use store::import_runs;

use super::item::without_nul;
use super::words::{ImportStatus, RejectSeverity};
use crate::graphql::context::{Admin, ContextExt};
use crate::graphql::ids::{self, Kind};
use crate::graphql::page::{self, connection, lines};
use crate::graphql::scalars::{DateTime, number};
use crate::loaders::{ReasonsOfRun, RejectsOfRun};

/// A file that was read, and what became of its lines: read = loaded + unchanged + rejected.
#[derive(Clone)]
pub struct ImportRun(Arc<import_run::Model>);

impl ImportRun {
    /// The run of this number.
    pub async fn find(ctx: &Context<'_>, _proof: &Admin, number: i64) -> Result<Option<Self>> {
        let row = import_runs::by_id(ctx.db(), number).await.map_err(|failure| ctx.failed(&failure))?;
        Ok(row.map(Self::from))
    }
}

impl From<import_run::Model> for ImportRun {
    fn from(row: import_run::Model) -> Self {
        Self(Arc::new(row))
    }
}

#[Object]
/// A file that was read, and what became of its lines: read = loaded + unchanged + rejected.
impl ImportRun {
    /// An opaque name, stable for ever.
    async fn id(&self) -> ID {
        ids::encode(Kind::ImportRun, self.0.id)
    }

    /// Which kind of table the file held, such as ORDERS.
    async fn kind(&self) -> &str {
        &self.0.kind
    }

    /// The file's name, without its directory.
    async fn file(&self) -> &str {
        &self.0.file
    }

    /// SHA-256 of its content, in hexadecimal.
    async fn checksum(&self) -> Option<&str> {
        self.0.checksum.as_deref()
    }

    /// How it stands.
    async fn status(&self) -> ImportStatus {
        self.0.status.into()
    }

    /// Who or what started it.
    async fn actor(&self) -> &str {
        &self.0.actor
    }

    /// Lines that were read.
    async fn read_lines(&self) -> i32 {
        lines(self.0.read_lines)
    }

    /// Lines that changed something.
    async fn loaded_lines(&self) -> i32 {
        lines(self.0.loaded_lines)
    }

    /// Lines that said what was stored already.
    async fn unchanged_lines(&self) -> i32 {
        lines(self.0.unchanged_lines)
    }

    /// Lines that were refused.
    async fn rejected_lines(&self) -> i32 {
        lines(self.0.rejected_lines)
    }

    /// Lines that were taken with a doubt; some of those loaded and unchanged.
    async fn flagged_lines(&self) -> i32 {
        lines(self.0.flagged_lines)
    }

    /// When it began.
    async fn started_at(&self) -> DateTime {
        DateTime(self.0.started_at)
    }

    /// When it ended.
    async fn finished_at(&self) -> Option<DateTime> {
        self.0.finished_at.map(DateTime)
    }

    /// How long it took.
    async fn seconds(&self) -> Option<f64> {
        self.0.seconds.map(number)
    }

    /// Why it failed.
    async fn message(&self) -> Option<&str> {
        self.0.message.as_deref()
    }

    /// How many lines were refused or flagged for which reason, refusals first, the most frequent first.
    async fn reject_reasons(&self, ctx: &Context<'_>) -> Result<Vec<RejectReason>> {
        let reasons = reasons(ctx, self.0.id).await?;
        Ok(reasons.iter().flat_map(|reasons| reasons.iter().cloned()).map(RejectReason::from).collect())
    }

    /// The lines that were refused or flagged, as they stood in the file.
    async fn rejects(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many, 1 to 1,000; 50 without it.")] first: Option<i32>,
        #[graphql(desc = "Only those behind this cursor.")] after: Option<String>,
        #[graphql(desc = "Only refused lines, or only flagged ones.")] severity: Option<RejectSeverity>,
        #[graphql(desc = "Only those with this reason, such as FUTURE_DATE.")] reason: Option<String>,
    ) -> Result<ImportRejectConnection> {
        // No stored reason holds a NUL, and PostgreSQL's text cannot.
        let reason = reason.map(|reason| reason.replace('\0', "\u{fffd}"));
        let window = page::window(RejectOrder, first, after, None, None)?;
        let key = RejectsKey { run_id: self.0.id, severity: severity.map(Into::into), reason, window };
        let list = RejectsOf { run_id: key.run_id, severity: key.severity, reason: key.reason.clone() };
        let loaded = ctx.loaders().rejects.load(RejectsOfRun(key)).await.map_err(|failure| ctx.failed(&failure))?;
        let page = loaded.map_or_else(empty, |page| store::page::Page::clone(&page));
        let file = Arc::new(self.0.file.clone());
        let rows = page.rows.into_iter().map(|row| Refused { row, file: Arc::clone(&file) }).collect();
        Ok(ImportRejectConnection::new(
            store::page::Page { rows, cursors: page.cursors, has_next: page.has_next, has_previous: page.has_previous },
            list,
        ))
    }
}

fn empty<T>() -> store::page::Page<T> {
    store::page::Page { rows: Vec::new(), cursors: Vec::new(), has_next: false, has_previous: false }
}

async fn reasons(ctx: &Context<'_>, run_id: i64) -> Result<Option<Arc<Vec<ReasonCount>>>> {
    ctx.loaders().reject_reasons.load(ReasonsOfRun(run_id)).await.map_err(|failure| ctx.failed(&failure))
}

connection! {
    /// A page of import runs.
    ImportRunConnection, ImportRunEdge, ImportRun, import_run::Model, RunsOf
}

/// The list that a connection is a page of.
pub struct RunsOf(import_runs::RunFilter);

impl RunsOf {
    /// The runs that `filter` describes.
    pub fn new(_proof: &Admin, filter: ImportRunFilter) -> Self {
        Self(filter.into())
    }

    /// One page of them.
    pub async fn page(
        self,
        ctx: &Context<'_>,
        window: &store::page::Window<import_runs::RunOrder>,
    ) -> Result<ImportRunConnection> {
        let page = import_runs::page(ctx.db(), &self.0, window).await.map_err(|failure| ctx.failed(&failure))?;
        Ok(ImportRunConnection::new(page, self))
    }

    async fn count(&self, ctx: &Context<'_>) -> Result<u64> {
        import_runs::count(ctx.db(), &self.0).await.map_err(|failure| ctx.failed(&failure))
    }
}

/// Which import runs; what is left out does not restrict, an empty list matches nothing.
#[derive(Debug, Default, InputObject)]
pub struct ImportRunFilter {
    /// That stand so.
    pub statuses: Option<Vec<ImportStatus>>,
    /// Of these kinds of tables, such as ORDERS.
    pub kinds: Option<Vec<String>>,
}

impl From<ImportRunFilter> for import_runs::RunFilter {
    fn from(filter: ImportRunFilter) -> Self {
        Self {
            statuses: filter.statuses.map(|all| all.into_iter().map(Into::into).collect()),
            kinds: filter.kinds.map(without_nul),
        }
    }
}

/// How many lines were refused or flagged for one reason.
#[derive(Debug, Clone, SimpleObject)]
pub struct RejectReason {
    /// Refused, or kept with a flag.
    pub severity: RejectSeverity,
    /// Such as `FUTURE_DATE`.
    pub reason: String,
    /// How many.
    pub lines: i32,
}

impl From<ReasonCount> for RejectReason {
    fn from(count: ReasonCount) -> Self {
        Self { severity: count.severity.into(), reason: count.reason, lines: lines(count.lines) }
    }
}

/// A refused line with the name of its file.
pub struct Refused {
    row: import_reject::Model,
    file: Arc<String>,
}

/// A line that was refused, or kept with a flag.
#[derive(Debug, Clone, SimpleObject)]
pub struct ImportReject {
    /// Refused, or kept with a flag.
    pub severity: RejectSeverity,
    /// The file's name.
    pub file: String,
    /// The sheet of a workbook.
    pub sheet: Option<String>,
    /// The line, counted from 1 as a spreadsheet does.
    pub line: i32,
    /// The column's heading; null where the line as a whole is meant.
    pub column: Option<String>,
    /// What is wrong, such as `FUTURE_DATE`.
    pub reason: String,
    /// What was read.
    pub value: Option<String>,
    /// What would be right.
    pub expected: Option<String>,
}

impl From<Refused> for ImportReject {
    fn from(Refused { row, file }: Refused) -> Self {
        Self {
            severity: row.severity.into(),
            file: file.as_str().to_owned(),
            sheet: row.sheet,
            line: lines(row.line),
            column: row.column_name,
            reason: row.reason,
            value: row.value,
            expected: row.expected,
        }
    }
}

connection! {
    /// A page of refused and flagged lines.
    ImportRejectConnection, ImportRejectEdge, ImportReject, Refused, RejectsOf
}

/// The list that a connection is a page of.
pub struct RejectsOf {
    run_id: i64,
    severity: Option<entity::words::RejectSeverity>,
    reason: Option<String>,
}

impl RejectsOf {
    /// From the counts by reason, which all runs of a page share one statement for.
    async fn count(&self, ctx: &Context<'_>) -> Result<u64> {
        let fits = |count: &&ReasonCount| {
            self.severity.is_none_or(|severity| severity == count.severity)
                && self.reason.as_ref().is_none_or(|reason| *reason == count.reason)
        };
        let reasons = reasons(ctx, self.run_id).await?;
        let lines = reasons.iter().flat_map(|reasons| reasons.iter()).filter(fits).map(|count| count.lines);
        Ok(lines.sum::<i64>().unsigned_abs())
    }
}
