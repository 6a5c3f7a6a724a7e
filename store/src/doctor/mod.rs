//! Questions about the health of what is stored. Each answers findings; what is good or bad is for the asker to say.
//!
//! They read whole tables and may take long, so each has a transaction of its own without a time limit, and between two
//! of them the connection is free.

mod facts;
mod parts;
mod server;

pub use facts::{Orphans, Rollup, orphans, rollups};
pub use parts::{Parts, partitions};
pub use server::{Head, Lag, Running, audit_head, database_bytes, invalid_indexes, lag, oldest_running};

use sea_orm::{QueryResult, Value};

use crate::statement::raw;
use crate::{Database, Result};

/// Every row of a question that may take as long as it takes.
async fn patient(db: &Database, sql: impl Into<String>, values: Vec<Value>) -> Result<Vec<QueryResult>> {
    let asked = raw(sql, values);
    db.transaction(move |transaction| {
        Box::pin(async move {
            raw("SET LOCAL statement_timeout = 0", []).execute(transaction).await?;
            asked.all(transaction).await
        })
    })
    .await
}
