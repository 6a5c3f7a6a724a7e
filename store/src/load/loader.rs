//! The right to load, and landing: pieces go by COPY to where the merge will find them.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ops::{Deref, DerefMut};

use chrono::NaiveDate;
use futures::FutureExt as _;
use sqlx::pool::PoolConnection;
use sqlx::{AssertSqlSafe, Connection as _, Executor as _, PgConnection, Postgres, Transaction};
use tokio::sync::MutexGuard;

use super::codes::Codes;
use super::fact::Fact;
use super::known::{self, Content, Known};
use super::piece::{Parcel, Piece, Pieces, Target};
use super::rows::{Load, Merged};
use super::{merge, sql};
use crate::{Database, Engine, Notice, Result};

/// The key of the advisory lock that keeps two loads on a native server apart; free with its transaction.
const LOCK: i64 = 7_312;
const WAITING: &str = "waiting for another load to end";

/// Whether what was loaded stays.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// It is committed.
    Keep,
    /// It was a trial: everything is counted, nothing is stored.
    Discard,
}

/// Where the rows of a month landed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// In a new table that only needs to be attached to become the month's partition.
    Partition,
    /// In one that is the month's partition by now, with its indexes, while other months are still being read.
    Attached,
    /// In a table of the load, to be compared with what is stored.
    Aside,
}

/// A load under way. There is one at a time in a database; dropping it loads nothing.
///
/// On a native server it is one transaction from here on. The embedded engine has one connection for everybody: it is let
/// go between pieces, which wait in temporary tables of its one session, and held only for the merge.
#[derive(Debug)]
pub struct Loader<'d> {
    pub(super) db: &'d Database,
    _turn: MutexGuard<'d, ()>,
    pub(super) held: Option<Transaction<'static, Postgres>>,
    pub(super) present: BTreeSet<String>,
    pub(super) landed: BTreeMap<(Fact, NaiveDate), (Place, u64)>,
    /// New months whose weeks have landed beside them, and in how many parts.
    pub(super) weeks: BTreeMap<NaiveDate, u32>,
    /// Months of demand whose content is known.
    known: Known,
    /// What has come of facts that are there already, all and the same.
    pub(super) unchanged: BTreeMap<(Fact, NaiveDate), u64>,
    /// What the months of demand hold that have landed in one part.
    pub(super) contents: Known,
}

/// The connection that a load speaks on.
pub(super) enum Line<'l> {
    Held(&'l mut Transaction<'static, Postgres>),
    Own(Box<PoolConnection<Postgres>>),
}

impl Deref for Line<'_> {
    type Target = PgConnection;

    fn deref(&self) -> &PgConnection {
        match self {
            Self::Held(transaction) => transaction,
            Self::Own(connection) => connection,
        }
    }
}

impl DerefMut for Line<'_> {
    fn deref_mut(&mut self) -> &mut PgConnection {
        match self {
            Self::Held(transaction) => transaction,
            Self::Own(connection) => connection,
        }
    }
}

impl<'d> Loader<'d> {
    /// Waits until no other load is under way, with a word about it, and begins one.
    pub async fn begin(db: &'d Database, progress: &(dyn Fn(&str) + Send + Sync)) -> Result<Self> {
        let turn = if let Some(turn) = db.loading().now_or_never() {
            turn
        } else {
            progress(WAITING);
            db.loading().await
        };
        let mut loader = Self {
            db,
            _turn: turn,
            held: None,
            present: BTreeSet::new(),
            landed: BTreeMap::new(),
            weeks: BTreeMap::new(),
            known: Known::new(),
            unchanged: BTreeMap::new(),
            contents: Known::new(),
        };
        if db.engine() == Engine::Native {
            let mut transaction = db.pool().begin().await?;
            transaction.execute(sql::BOUNDS).await?;
            transaction.execute(sql::NATIVE_BOUNDS).await?;
            let free: (bool,) =
                sqlx::query_as("SELECT pg_try_advisory_xact_lock($1)").bind(LOCK).fetch_one(&mut *transaction).await?;
            if !free.0 {
                progress(WAITING);
                sqlx::query("SELECT pg_advisory_xact_lock($1)").bind(LOCK).execute(&mut *transaction).await?;
            }
            loader.held = Some(transaction);
        }
        let engine = db.engine();
        let mut line = loader.line().await?;
        if engine == Engine::Embedded {
            drop_landed(&mut line).await?;
        }
        let until = if engine == Engine::Native { "ON COMMIT DROP" } else { "" };
        line.execute(AssertSqlSafe(sql::landing(until))).await?;
        let partitions: Vec<(String,)> = sqlx::query_as(sql::PARTITIONS).fetch_all(&mut *line).await?;
        let known = known::read(&mut line).await?;
        drop(line);
        loader.known = known;
        loader.present.extend(partitions.into_iter().map(|(name,)| name));
        Ok(loader)
    }

    pub(super) async fn line(&mut self) -> Result<Line<'_>> {
        Ok(match &mut self.held {
            Some(transaction) => Line::Held(transaction),
            None => Line::Own(Box::new(self.db.pool().acquire().await?)),
        })
    }

    /// The ids of what is stored, as no other load can change it before this one ends.
    pub async fn codes(&mut self) -> Result<Codes> {
        Codes::read(&mut *self.line().await?).await
    }

    /// What collects the rows of this load.
    pub fn pieces(&self) -> Pieces {
        Pieces::beside(&self.present, self.known.clone())
    }

    /// The units of all stored items by sku, read where the load will write and not from a replica that may be behind.
    pub async fn units(&mut self) -> Result<HashMap<String, String>> {
        let mut line = self.line().await?;
        let rows: Vec<(String, String)> =
            sqlx::query_as("SELECT sku, unit FROM core.dim_item").fetch_all(&mut *line).await?;
        Ok(rows.into_iter().collect())
    }

    /// Sends rows to the database.
    pub async fn land(&mut self, parcel: impl Into<Parcel>) -> Result<()> {
        for piece in parcel.into().pieces() {
            self.send(piece).await?;
        }
        Ok(())
    }

    async fn send(&mut self, piece: Piece) -> Result<()> {
        let Piece { target, rows, bytes } = piece;
        let (table, columns) = match target {
            Target::Month(fact, month) => {
                let place = self.place(fact, month).await?;
                if let Some((_, landed)) = self.landed.get_mut(&(fact, month)) {
                    *landed += rows;
                }
                let table = match place {
                    Place::Partition | Place::Attached => fact.partition(month),
                    Place::Aside => fact.aside(self.db.engine(), month),
                };
                (table, format!("({})", fact.names()))
            }
            Target::Weeks(month, part) => {
                self.weeks.insert(month, part);
                ("landed_weeks".into(), String::new())
            }
            Target::Unchanged(fact, month) => {
                *self.unchanged.entry((fact, month)).or_default() += rows;
                return Ok(());
            }
            Target::Content(month, part, digest) => {
                if part == 1 {
                    self.contents.insert(month, Content { rows, digest });
                } else {
                    self.contents.remove(&month);
                }
                return Ok(());
            }
            Target::Over(month) => return self.attach(Fact::Demand, month).await,
            Target::Again(fact) => {
                (format!("landed_{}_again", fact.word()), format!("(sheet, line, {})", fact.names()))
            }
            Target::Rejects => ("landed_rejects".into(), String::new()),
            Target::Orders => ("landed_order_lines".into(), String::new()),
            Target::Computed(table) => (table.into(), String::new()),
        };
        let mut line = self.line().await?;
        let mut copy = line.copy_in_raw(&format!("COPY {table} {columns} FROM STDIN (FORMAT binary)")).await?;
        copy.send(bytes).await?;
        copy.finish().await?;
        Ok(())
    }

    /// Makes the table that a month's rows land in, when they are the first.
    async fn place(&mut self, fact: Fact, month: NaiveDate) -> Result<Place> {
        if let Some((place, _)) = self.landed.get(&(fact, month)) {
            return Ok(*place);
        }
        let engine = self.db.engine();
        // Only inside the transaction may a table be made that others must not see before the end.
        let new = engine == Engine::Native && !self.exists(fact, month);
        let (place, make) = if new {
            (Place::Partition, fact.partitioned().create(month))
        } else {
            (Place::Aside, fact.make(engine, &fact.aside(engine, month)))
        };
        self.line().await?.execute(AssertSqlSafe(make)).await?;
        self.landed.insert((fact, month), (place, 0));
        Ok(place)
    }

    /// Makes the table that a new month has landed in its partition, which builds its indexes: the server has time for it while
    /// the file is read. Rows that come for the month after all go where the others are.
    async fn attach(&mut self, fact: Fact, month: NaiveDate) -> Result<()> {
        let Some((place @ Place::Partition, _)) = self.landed.get_mut(&(fact, month)) else { return Ok(()) };
        *place = Place::Attached;
        self.line().await?.execute(AssertSqlSafe(fact.partitioned().attach(month))).await?;
        Ok(())
    }

    /// Whether a month's partition was there when the load began.
    pub(super) fn exists(&self, fact: Fact, month: NaiveDate) -> bool {
        self.present.contains(&fact.partitioned().partition(month))
    }

    /// Merges what has landed and what `load` brings besides, and ends.
    pub async fn finish(
        mut self,
        load: &Load,
        codes: &mut Codes,
        ending: Ending,
        progress: &(dyn Fn(&str) + Send + Sync),
    ) -> Result<Merged> {
        let merged = if let Some(mut transaction) = self.held.take() {
            let merged = merge::everything(&mut self, &mut transaction, load, codes, ending, progress).await?;
            end(transaction, ending).await?;
            merged
        } else {
            let mut connection = self.db.pool().acquire().await?;
            let mut transaction = connection.begin().await?;
            transaction.execute(sql::BOUNDS).await?;
            let merged = merge::everything(&mut self, &mut transaction, load, codes, ending, progress).await?;
            end(transaction, ending).await?;
            drop_landed(&mut connection).await?;
            merged
        };
        if ending == Ending::Keep {
            self.db.tell(Notice::DataRefreshed).await;
        }
        Ok(merged)
    }
}

async fn end(transaction: Transaction<'_, Postgres>, ending: Ending) -> Result<()> {
    match ending {
        Ending::Keep => transaction.commit().await?,
        Ending::Discard => transaction.rollback().await?,
    }
    Ok(())
}

/// Takes away what a load, or one that failed, has left in the embedded engine's one session.
pub(super) async fn drop_landed(connection: &mut PgConnection) -> Result<()> {
    let left: Vec<(String,)> = sqlx::query_as(sql::LEFT).fetch_all(&mut *connection).await?;
    if left.is_empty() {
        return Ok(());
    }
    let names: Vec<String> = left.into_iter().map(|(name,)| format!("pg_temp.{name}")).collect();
    connection.execute(AssertSqlSafe(format!("DROP TABLE IF EXISTS {}", names.join(", ")))).await?;
    Ok(())
}
