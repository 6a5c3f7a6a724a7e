//! The monthly parts of the large tables.

use chrono::{Months, NaiveDate};

use super::patient;
use crate::{Database, Result};

/// The parts of one table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parts {
    pub table: String,
    pub count: usize,
    /// The first day of the first part and the day after the last one; `None` without parts.
    pub range: Option<(NaiveDate, NaiveDate)>,
    /// Months between the first and the last part that have none.
    pub missing: Vec<NaiveDate>,
    /// Rows in a part that takes what no other takes.
    pub stray: i64,
}

/// The parts of every partitioned table.
pub async fn partitions(db: &Database) -> Result<Vec<Parts>> {
    let mut found = Vec::new();
    for table in crate::backup::tables(db).await? {
        let Some(stray) = stray(db, &table.schema, &table.table).await? else { continue };
        let mut parts = table.partitions.clone();
        parts.sort_by_key(|part| part.from);
        let range = parts.first().zip(parts.last()).map(|(first, last)| (first.from, last.to));
        let missing = parts.windows(2).flat_map(|two| months(two[0].to, two[1].from)).collect();
        found.push(Parts { table: table.name(), count: parts.len(), range, missing, stray });
    }
    Ok(found)
}

/// The rows of the part without bounds; `None` when the table is not partitioned at all.
async fn stray(db: &Database, schema: &str, table: &str) -> Result<Option<i64>> {
    let names = "SELECT CASE WHEN d.oid IS NOT NULL THEN format('%s.%I', d.relnamespace::regnamespace, d.relname) END FROM pg_class c \
                 LEFT JOIN pg_partitioned_table p ON p.partrelid = c.oid LEFT JOIN pg_class d ON d.oid = p.partdefid \
                 WHERE c.relnamespace = $1::text::regnamespace AND c.relname = $2 AND c.relkind = 'p'";
    let found = patient(db, names, vec![schema.into(), table.into()]).await?;
    let Some(row) = found.first() else { return Ok(None) };
    let Some(default) = row.try_get_by_index::<Option<String>>(0)? else { return Ok(Some(0)) };
    let rows = patient(db, format!("SELECT count(*) FROM {default}"), Vec::new()).await?;
    Ok(Some(rows.first().map(|row| row.try_get_by_index(0)).transpose()?.unwrap_or_default()))
}

fn months(from: NaiveDate, until: NaiveDate) -> impl Iterator<Item = NaiveDate> {
    std::iter::successors(Some(from), |month| month.checked_add_months(Months::new(1)))
        .take_while(move |month| *month < until)
}
