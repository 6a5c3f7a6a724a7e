//! Natural codes and their ids. The load holds the right to load, so nobody else makes an item or a site meanwhile: new
//! ones get their ids here, and rows can travel by id before their item or site is stored.

use std::collections::HashMap;

use sqlx::PgConnection;

use crate::Result;

/// The ids of all items and sites, stored or about to be.
#[derive(Debug, Clone, Default)]
pub struct Codes {
    items: Ids,
    sites: Ids,
}

#[derive(Debug, Clone, Default)]
struct Ids {
    known: HashMap<String, i64>,
    /// The last id given or stored.
    last: i64,
}

impl Ids {
    async fn read(connection: &mut PgConnection, codes: &'static str, last: &'static str) -> Result<Self> {
        let rows: Vec<(String, i64)> = sqlx::query_as(codes).fetch_all(&mut *connection).await?;
        let (last,): (i64,) = sqlx::query_as(last).fetch_one(connection).await?;
        Ok(Self { known: rows.into_iter().collect(), last })
    }

    fn or_new(&mut self, code: &str) -> i64 {
        if let Some(id) = self.known.get(code) {
            return *id;
        }
        self.last += 1;
        self.known.insert(code.to_owned(), self.last);
        self.last
    }
}

impl Codes {
    pub(super) async fn read(connection: &mut PgConnection) -> Result<Self> {
        // A sequence that was never used says 1, too.
        let items = Ids::read(
            connection,
            "SELECT sku, id FROM core.dim_item",
            "SELECT greatest(max(id), (SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM core.dim_item_id_seq)) FROM core.dim_item",
        )
        .await?;
        let sites = Ids::read(
            connection,
            "SELECT code, id FROM core.dim_site",
            "SELECT greatest(max(id), (SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM core.dim_site_id_seq)) FROM core.dim_site",
        )
        .await?;
        Ok(Self { items, sites })
    }

    /// The id of a stored item.
    pub fn item(&self, sku: &str) -> Option<i64> {
        self.items.known.get(sku).copied()
    }

    /// The id of a stored site.
    pub fn site(&self, code: &str) -> Option<i64> {
        self.sites.known.get(code).copied()
    }

    /// The id of an item that is stored, or that the load's `items` bring.
    pub fn item_or_new(&mut self, sku: &str) -> i64 {
        self.items.or_new(sku)
    }

    /// The id of a site that is stored, or that the load's `sites` bring.
    pub fn site_or_new(&mut self, code: &str) -> i64 {
        self.sites.or_new(code)
    }
}
