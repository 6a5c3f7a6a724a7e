//! Filling an empty database from an archive: everything in one transaction, so a restore that ends early leaves the
//! database as empty as it was.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use sqlx::{AssertSqlSafe, PgConnection};

use super::archive::{Header, Manifest, Table};
use super::read::{Archive, check};
use super::write::SETTINGS;
use super::{BackupError, History, Outcome, Telling, catalog, quoted, verify};
use crate::{Database, StoreError};

/// What a restore brought.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Restored {
    pub header: Header,
    pub manifest: Manifest,
    /// The steps that the archive did not have yet.
    pub migrated: usize,
}

/// Restores `file` into an empty database, migrated or not. The file is read whole, and the database looked at, before
/// anything is stored. An archive of an older schema is loaded as it was and then migrated. `telling` hears of rows.
pub async fn restore(db: &Database, file: &Path, history: History, telling: Telling) -> Outcome<Restored> {
    let path = file.to_path_buf();
    let checked = tokio::task::spawn_blocking(move || check(&path)).await;
    let (header, manifest) = checked.map_err(|error| StoreError::Corrupt(error.to_string()))??;
    let subject = format!("the backup {}", file.display());
    let position = history.position(&header.migrations, &subject)?;
    let filling = Filling { file: file.to_path_buf(), history, position, manifest: manifest.clone(), telling };
    let task = tokio::spawn({
        let db = db.clone();
        async move {
            let mut transaction = db.pool().begin().await?;
            filling.run(&mut transaction).await?;
            transaction.commit().await?;
            Ok::<_, BackupError>(())
        }
    });
    task.await.map_err(|error| StoreError::Corrupt(format!("the restore's task ended early: {error}")))??;
    Ok(Restored { header, manifest, migrated: history.steps.len() - position })
}

struct Filling {
    file: PathBuf,
    history: History,
    /// How many of our steps the archive has.
    position: usize,
    manifest: Manifest,
    telling: Telling,
}

impl Filling {
    async fn run(&self, connection: &mut PgConnection) -> Outcome<()> {
        sqlx::raw_sql(SETTINGS).execute(&mut *connection).await?;
        sqlx::query("SELECT pg_advisory_xact_lock($1)").bind(self.history.lock).execute(&mut *connection).await?;
        let applied = crate::health::migrations_in(connection).await?;
        let applied = self.history.position(&applied, "the database")?;
        let found = catalog::tables_in(connection).await?;
        verify::empty(connection, &found).await?;
        self.history.walk(connection, applied, self.position).await?;
        let known = catalog::tables_in(connection).await?;
        let names: Vec<String> = known.iter().map(Table::quoted).collect();
        if !names.is_empty() {
            // What the steps themselves wrote is in the archive too.
            let clear = format!("TRUNCATE {}", names.join(", "));
            sqlx::raw_sql(AssertSqlSafe(clear)).execute(&mut *connection).await?;
        }
        // What triggers keep in step is in the archive as well; they would do their work again, and differently.
        triggers(connection, &known, "DISABLE").await?;
        let tables = self.load(connection, known).await?;
        verify::restored(connection, &tables, &self.manifest, &self.telling).await?;
        triggers(connection, &tables, "ENABLE").await?;
        for table in &tables {
            number_on(connection, table).await?;
        }
        self.history.walk(connection, self.position, self.history.steps.len()).await?;
        // What a step left for the end of the transaction is done now, because the views may rest on it.
        sqlx::raw_sql("SET CONSTRAINTS ALL IMMEDIATE").execute(&mut *connection).await?;
        for view in catalog::views(connection).await? {
            let refresh = format!("REFRESH MATERIALIZED VIEW {view}");
            sqlx::raw_sql(AssertSqlSafe(refresh)).execute(&mut *connection).await?;
        }
        Ok(())
    }

    /// Loads every table; answers them in the archive's order.
    async fn load(&self, connection: &mut PgConnection, known: Vec<Table>) -> Outcome<Vec<Table>> {
        let mut known: BTreeMap<String, Table> = known.into_iter().map(|table| (table.name(), table)).collect();
        let (mut archive, _) = Archive::open(&self.file)?;
        let mut tables = Vec::with_capacity(known.len());
        let (total, mut done) = (self.manifest.rows(), 0);
        let mut piece = Vec::new();
        while let Some(table) = archive.table()? {
            let name = table.name();
            // Names go into statements only when our own schema has them.
            match known.remove(&name) {
                Some(ours) if same(&ours.columns, &table.columns) && ours.numbered.keys().eq(table.numbered.keys()) => {
                }
                Some(_) => return Err(self.foreign(format!("its {name} has other columns than this schema"))),
                None => return Err(self.foreign(format!("its {name} is no table of this schema"))),
            }
            partition(connection, &table).await?;
            let copy = format!("COPY {} ({}) FROM STDIN", table.quoted(), table.quoted_columns());
            let mut copy = connection.copy_in_raw(&copy).await?;
            loop {
                match archive.rows(&mut piece) {
                    Ok(true) => copy.send(piece.as_slice()).await?,
                    Ok(false) => break,
                    Err(error) => {
                        copy.abort("the archive changed while it was read").await?;
                        return Err(error);
                    }
                };
                done += piece.split(|byte| *byte == b'\n').count() as u64 - 1;
                (self.telling)(&name, done, total);
            }
            copy.finish().await?;
            tables.push(table);
        }
        if archive.finish()? != self.manifest {
            return Err(self.foreign("it changed while it was read".into()));
        }
        match known.into_keys().next() {
            Some(missing) => Err(self.foreign(format!("it lacks {missing}"))),
            None => Ok(tables),
        }
    }

    fn foreign(&self, reason: String) -> BackupError {
        BackupError::NotAnArchive { file: self.file.display().to_string(), reason }
    }
}

/// Switches our own triggers; those of foreign keys stay.
async fn triggers(connection: &mut PgConnection, tables: &[Table], switch: &str) -> Outcome<()> {
    for table in tables {
        let alter = format!("ALTER TABLE {} {switch} TRIGGER USER", table.quoted());
        sqlx::raw_sql(AssertSqlSafe(alter)).execute(&mut *connection).await?;
    }
    Ok(())
}

fn same(ours: &[String], theirs: &[String]) -> bool {
    let sorted = |columns: &[String]| {
        let mut columns = columns.to_vec();
        columns.sort_unstable();
        columns
    };
    sorted(ours) == sorted(theirs)
}

/// Makes the parts that the archive's table had.
async fn partition(connection: &mut PgConnection, table: &Table) -> Outcome<()> {
    for part in &table.partitions {
        // DDL takes no bind parameters: the name is quoted, and days can only be days.
        let make = format!(
            "CREATE TABLE IF NOT EXISTS {}.{} PARTITION OF {} FOR VALUES FROM ('{}') TO ('{}')",
            quoted(&table.schema),
            quoted(&part.name),
            table.quoted(),
            part.from,
            part.to
        );
        sqlx::raw_sql(AssertSqlSafe(make)).execute(&mut *connection).await?;
    }
    Ok(())
}

/// Lets every numbering go on behind the highest number, and behind those that were given and taken back, because the
/// audit log may still speak of them.
async fn number_on(connection: &mut PgConnection, table: &Table) -> Outcome<()> {
    for (column, last) in &table.numbered {
        let column = quoted(column);
        let highest = format!("SELECT max({column}) FROM {}", table.quoted());
        let highest: Option<i64> = sqlx::query_scalar(AssertSqlSafe(highest)).fetch_one(&mut *connection).await?;
        if let Some(highest) = highest.max(*last) {
            let restart = format!("ALTER TABLE {} ALTER COLUMN {column} RESTART WITH {}", table.quoted(), highest + 1);
            sqlx::raw_sql(AssertSqlSafe(restart)).execute(&mut *connection).await?;
        }
    }
    Ok(())
}
