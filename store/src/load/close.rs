//! The books of a load: what was refused and why, the run, and the audit log; all in the transaction of the facts.

use entity::words::RejectSeverity;
use serde_json::{Value as Json, json};
use sqlx::{AssertSqlSafe, Executor as _, PgConnection};

use super::fact::{Fact, KEY};
use super::merge::run;
use super::rows::{Load, Merged};
use crate::import_runs::NewReject;
use crate::{Result, StoreError, audit};

/// Refused lines that are told one by one; all are stored, and counted by reason.
const TOLD: i64 = 100;

/// The refused line as `landed_rejects` gives it back.
type Refused = (Option<String>, i64, Option<String>, String, Option<String>, Option<String>);

/// Judges the lines whose key had come before, and counts what became of every line.
pub(super) async fn counts(connection: &mut PgConnection, load: &Load, facts: u64, merged: &mut Merged) -> Result<()> {
    for fact in [Fact::Demand, Fact::Inventory] {
        connection.execute(AssertSqlSafe(judge_again(fact))).await?;
    }
    let counts: Vec<(String, String, i64)> =
        sqlx::query_as("SELECT severity, reason, count(*) FROM landed_rejects GROUP BY 1, 2 ORDER BY 3 DESC, 2")
            .fetch_all(&mut *connection)
            .await?;
    for (severity, reason, count) in counts {
        let list = if severity == "REJECT" { &mut merged.refusals } else { &mut merged.flags };
        list.push((reason, count as u64));
    }
    merged.rejected = merged.refusals.iter().map(|(_, count)| count).sum();
    if !merged.flags.is_empty() {
        let flagged =
            "SELECT count(*) FROM (SELECT DISTINCT sheet, line FROM landed_rejects WHERE severity = 'FLAG') f";
        let (flagged,): (i64,) = sqlx::query_as(flagged).fetch_one(&mut *connection).await?;
        merged.flagged = flagged as u64;
    }
    let told: Vec<Refused> = sqlx::query_as(
        "SELECT sheet, line, column_name, reason, value, expected FROM landed_rejects WHERE severity = 'REJECT' \
         ORDER BY sheet NULLS FIRST, line LIMIT $1",
    )
    .bind(TOLD)
    .fetch_all(connection)
    .await?;
    merged.rejects = told
        .into_iter()
        .map(|(sheet, line, column_name, reason, value, expected)| NewReject {
            severity: RejectSeverity::Reject,
            sheet,
            line,
            column_name,
            reason,
            value,
            expected,
        })
        .collect();
    merged.read = load.read.unwrap_or(facts + merged.rejected);
    let accepted = merged.read.saturating_sub(merged.rejected);
    merged.changed = merged.changed.min(accepted);
    merged.unchanged = accepted - merged.changed;
    Ok(())
}

/// A line whose key came before says the same as the first, which is stored by now, or something else.
fn judge_again(fact: Fact) -> String {
    let (table, stored) = (format!("landed_{}_again", fact.word()), fact.partitioned().table());
    let key: Vec<String> = KEY.iter().map(|(name, _)| format!("f.{name} = a.{name}")).collect();
    let differs: Vec<String> =
        fact.values().iter().map(|(name, _)| format!("f.{name} IS DISTINCT FROM a.{name}")).collect();
    let (first, _) = fact.values()[0];
    format!(
        "INSERT INTO landed_rejects SELECT 'REJECT', a.sheet, a.line, NULL,
             CASE WHEN d.differs THEN 'CONFLICTING_LINE' ELSE 'DUPLICATE_LINE' END,
             concat_ws(' ', i.sku, s.code, a.full_date, '{first}', trim_scale(a.{first})),
             CASE WHEN d.differs THEN concat('one line per item, site and day; an earlier one, which stays, has {first} ',
                 trim_scale(f.{first}), ': correct or remove one of the two') ELSE 'each line once' END
         FROM {table} a JOIN {}.{} f ON {} CROSS JOIN LATERAL (SELECT {} AS differs) d
         JOIN core.dim_item i ON i.id = a.item_id JOIN core.dim_site s ON s.id = a.site_id",
        stored.0,
        stored.1,
        key.join(" AND "),
        differs.join(" OR ")
    )
}

/// Stores the refused lines with the run, closes it, and chains the audit log's entry.
pub(super) async fn books(connection: &mut PgConnection, load: &Load, merged: &Merged) -> Result<()> {
    if let Some(id) = load.run {
        let lines =
            "INSERT INTO support.import_rejects (run_id, severity, sheet, line, column_name, reason, value, expected)
            SELECT $1, severity, sheet, line, column_name, reason, value, expected FROM landed_rejects
            ORDER BY severity DESC, sheet NULLS FIRST, line";
        run(connection, sqlx::query(lines).bind(id)).await?;
        let counts = [merged.read, merged.changed, merged.unchanged, merged.rejected, merged.flagged];
        end_run(connection, id, counts).await?;
    }
    if let Some(entry) = &load.audit {
        let mut entry = entry.clone();
        let counts = json!({"read": merged.read, "loaded": merged.changed, "unchanged": merged.unchanged,
            "rejected": merged.rejected, "flagged": merged.flagged});
        match (&mut entry.details, counts) {
            (Json::Object(details), Json::Object(counts)) => details.extend(counts),
            (details, counts) => *details = counts,
        }
        chain(connection, entry).await?;
    }
    Ok(())
}

/// Closes a run with its counts of lines: read, loaded, unchanged, rejected, flagged.
pub(super) async fn end_run(connection: &mut PgConnection, id: i64, counts: [u64; 5]) -> Result<()> {
    let close =
        "UPDATE support.import_runs SET status = 'DONE', read_lines = $2, loaded_lines = $3, unchanged_lines = $4,
        rejected_lines = $5, flagged_lines = $6, finished_at = clock_timestamp(),
        seconds = extract(epoch FROM clock_timestamp() - started_at) WHERE id = $1";
    let close = counts.iter().fold(sqlx::query(close).bind(id), |query, &count| query.bind(count as i64));
    run(connection, close).await.map(drop)
}

/// `audit::append_in` on the load's own connection, last of all: the lock on the head keeps other writers of the log waiting.
pub(super) async fn chain(connection: &mut PgConnection, entry: audit::NewEntry) -> Result<()> {
    let head: Option<(i64, Vec<u8>)> = sqlx::query_as("SELECT entries, hash FROM support.audit_head FOR UPDATE")
        .fetch_optional(&mut *connection)
        .await?;
    let (last, hash) = head.ok_or_else(|| StoreError::Corrupt("the audit log has lost its head".into()))?;
    let row = audit::link(last + 1, hash, entry);
    let insert =
        "INSERT INTO support.audit_logs (id, at, actor_id, actor, action, entity, entity_id, details, address, agent,
        previous_hash, hash) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)";
    let insert = sqlx::query(insert)
        .bind(row.id)
        .bind(row.at)
        .bind(row.actor_id)
        .bind(row.actor)
        .bind(row.action)
        .bind(row.entity)
        .bind(row.entity_id)
        .bind(row.details)
        .bind(row.address)
        .bind(row.agent)
        .bind(row.previous_hash)
        .bind(row.hash.clone());
    run(connection, insert).await?;
    run(connection, sqlx::query("UPDATE support.audit_head SET entries = $1, hash = $2").bind(row.id).bind(row.hash))
        .await?;
    Ok(())
}
