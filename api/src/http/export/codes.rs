//! The codes that people know things by, asked for once each and kept for the rest of an export.

use std::collections::{HashMap, HashSet};

use store::{Database, StoreError};

/// Codes by id.
#[derive(Debug, Default)]
pub struct Codes {
    items: HashMap<i64, String>,
    sites: HashMap<i64, String>,
    suppliers: HashMap<i64, String>,
}

fn unknown(ids: impl IntoIterator<Item = i64>, known: &HashMap<i64, String>) -> Vec<i64> {
    let unknown: HashSet<i64> = ids.into_iter().filter(|id| !known.contains_key(id)).collect();
    unknown.into_iter().collect()
}

impl Codes {
    /// Learns the skus of items.
    pub async fn learn_items(&mut self, db: &Database, ids: impl IntoIterator<Item = i64>) -> Result<(), StoreError> {
        let ids = unknown(ids, &self.items);
        if !ids.is_empty() {
            self.items.extend(store::items::skus_of(db, &ids).await?);
        }
        Ok(())
    }

    /// Learns the codes of sites.
    pub async fn learn_sites(&mut self, db: &Database, ids: impl IntoIterator<Item = i64>) -> Result<(), StoreError> {
        // Site 0 is all sites together.
        let ids = unknown(ids.into_iter().filter(|id| *id != 0), &self.sites);
        if !ids.is_empty() {
            self.sites.extend(store::sites::codes(db, &ids).await?);
        }
        Ok(())
    }

    /// Learns the codes of suppliers.
    pub async fn learn_suppliers(
        &mut self,
        db: &Database,
        ids: impl IntoIterator<Item = i64>,
    ) -> Result<(), StoreError> {
        let ids = unknown(ids, &self.suppliers);
        if !ids.is_empty() {
            self.suppliers.extend(store::suppliers::codes(db, &ids).await?);
        }
        Ok(())
    }

    /// The sku of an item; `None` when it is gone.
    pub fn sku(&self, item: i64) -> Option<&str> {
        self.items.get(&item).map(String::as_str)
    }

    /// The code of a site; `None` of all sites together.
    pub fn site(&self, site: i64) -> Option<&str> {
        self.sites.get(&site).map(String::as_str)
    }

    /// The code of a supplier.
    pub fn supplier(&self, supplier: i64) -> Option<&str> {
        self.suppliers.get(&supplier).map(String::as_str)
    }
}
