//! Is the database empty before, and does it hold after what the archive holds?

use sqlx::{AssertSqlSafe, PgConnection, Row as _};

use super::archive::{Manifest, Table};
use super::write::read;
use super::{BackupError, Outcome, Telling};

/// The chain's head stands there from the first step on; it counts once something is chained.
const HEAD: &str = "support.audit_head";

/// Fails with what is in the tables, if anything is. Nobody else can write until the transaction ends.
pub(super) async fn empty(connection: &mut PgConnection, tables: &[Table]) -> Outcome<()> {
    if tables.is_empty() {
        return Ok(());
    }
    let names: Vec<String> = tables.iter().map(Table::quoted).collect();
    let lock = format!("LOCK TABLE {} IN SHARE ROW EXCLUSIVE MODE", names.join(", "));
    sqlx::raw_sql(AssertSqlSafe(lock)).execute(&mut *connection).await?;
    let mut found = Vec::new();
    for table in tables {
        let only = if table.name() == HEAD { " WHERE entries > 0" } else { "" };
        let count = format!("SELECT count(*) FROM {}{only}", table.quoted());
        let rows: i64 = sqlx::query(AssertSqlSafe(count)).fetch_one(&mut *connection).await?.try_get(0)?;
        if rows > 0 {
            found.push(format!("{rows} row{} in {}", if rows == 1 { "" } else { "s" }, table.name()));
        }
    }
    if found.is_empty() { Ok(()) } else { Err(BackupError::NotEmpty { found: found.join(", ") }) }
}

/// Reads every table back and holds it against what was written.
pub(super) async fn restored(
    connection: &mut PgConnection,
    tables: &[Table],
    manifest: &Manifest,
    telling: &Telling,
) -> Outcome<()> {
    let total = manifest.rows();
    let mut done = 0;
    for (table, expected) in tables.iter().zip(&manifest.tables) {
        let name = format!("{}, verified", table.name());
        let digest = read(connection, table, |_, digest| {
            telling(&name, done + digest.rows(), total.max(done + digest.rows()));
            Ok(())
        })
        .await?;
        done += digest.rows();
        if digest.rows() != expected.rows || digest.told() != expected.digest {
            let told = |rows: u64, digest: &str| format!("{rows} rows of digest {digest}");
            return Err(BackupError::Differs {
                table: table.name(),
                found: told(digest.rows(), &digest.told()),
                expected: told(expected.rows, &expected.digest),
            });
        }
    }
    Ok(())
}
