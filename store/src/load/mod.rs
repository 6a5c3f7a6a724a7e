//! Loading: rows land by binary COPY in pieces, then one transaction merges them by natural key, rewrites the rollups of
//! the touched buckets, stores the refused lines and closes the run. Killed anywhere, the state is that before or after.
//!
//! [`Loader`] is the way for rows of any number: begin, land [`Pieces`], finish. [`merge`] is the same for rows that are in
//! memory. [`settle`] follows a load that changed much. The statements are in `sql`, `months` and `rollups`, the wire
//! format in `binary`.

pub(crate) mod binary;
mod close;
mod codes;
mod fact;
mod known;
mod loader;
mod merge;
mod months;
mod offline;
mod offline_pieces;
mod piece;
mod rollups;
mod rows;
mod settle;
mod sql;
mod stack;

pub(crate) use sql::BOUNDS;

pub use codes::Codes;
pub use fact::{Fact, FactRow, FactValues};
pub use loader::{Ending, Loader};
pub use offline::{Offline, OfflineFile, OfflineKpis, OfflineLoad, OfflineMerged, OfflineRun, OfflineStored, RunEnd};
pub use offline_pieces::{OfflinePieces, OfflinePoint, OfflineSeries};
pub use piece::{Parcel, Piece, Pieces};
pub use rows::{CalendarDay, Demand, Indicator, Inventory, Item, Load, Merged, OrderLine, Region, Site, Supplier};
pub use settle::{settle, settle_tables};
pub use stack::Stack;

use crate::{Database, Result, StoreError};

/// Merges everything `load` brings, in one transaction. A second load waits for the first. `progress` gets a word on
/// each step.
pub async fn merge(db: &Database, load: Load, progress: impl Fn(&str) + Send + Sync + 'static) -> Result<Merged> {
    let db = db.clone();
    // On a task of its own: a caller that goes away must not leave a half-spoken COPY on a pooled connection.
    let task = tokio::spawn(async move {
        let loader = Loader::begin(&db, &progress).await?;
        loader.take(&load, Ending::Keep, &progress).await
    });
    task.await.map_err(|error| StoreError::Corrupt(format!("a load's task ended early: {error}")))?
}

impl Loader<'_> {
    /// Lands the rows that `load` holds in memory, and finishes.
    pub async fn take(
        mut self,
        load: &Load,
        ending: Ending,
        progress: &(dyn Fn(&str) + Send + Sync),
    ) -> Result<Merged> {
        let mut codes = self.codes().await?;
        let mut pieces = self.pieces();
        for line in &load.orders {
            if let Some(piece) = pieces.order(line) {
                self.land(piece).await?;
            }
        }
        for row in &load.demand {
            let key = (codes.item_or_new(&row.sku), codes.site_or_new(&row.site_code), row.full_date);
            if let Some(piece) = pieces.fact(&FactRow::demand(key, row)) {
                self.land(piece).await?;
            }
        }
        for row in &load.inventory {
            let key = (codes.item_or_new(&row.sku), codes.site_or_new(&row.site_code), row.full_date);
            if let Some(piece) = pieces.fact(&FactRow::inventory(key, row)) {
                self.land(piece).await?;
            }
        }
        for reject in &load.rejects {
            if let Some(piece) = pieces.reject(reject) {
                self.land(piece).await?;
            }
        }
        for piece in pieces.rest() {
            self.land(piece).await?;
        }
        self.finish(load, &mut codes, ending, progress).await
    }
}
