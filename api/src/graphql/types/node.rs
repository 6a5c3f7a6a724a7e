//! Anything with an id, and how it is found again.

use std::collections::{BTreeMap, HashMap};
use std::hash::Hash;

use async_graphql::{Context, ID, Interface, Result};

use super::alert::Alert;
use super::forecast_run::ForecastRun;
use super::item::Item;
use super::recommendation::Recommendation;
use super::region::Region;
use super::site::Site;
use super::supplier::Supplier;
use crate::error::user;
use crate::graphql::context::ContextExt;
use crate::graphql::ids::{self, Kind};

/// Anything with an id, which `node(id)` finds again.
#[derive(Clone, Interface)]
#[graphql(field(name = "id", ty = "ID", desc = "An opaque name, stable for ever."))]
pub enum Node {
    /// An item.
    Item(Item),
    /// A site.
    Site(Site),
    /// A recommendation.
    Recommendation(Recommendation),
    /// An alert.
    Alert(Alert),
    /// A supplier.
    Supplier(Supplier),
    /// A region.
    Region(Region),
    /// A forecast run.
    ForecastRun(ForecastRun),
}

/// What `ids` name, in their order, in one statement a kind; `None` where it is gone or never was.
pub async fn find(ctx: &Context<'_>, ids: &[ID]) -> Result<Vec<Option<Node>>> {
    let named = |id: &ID| {
        ids::decode(id.as_str()).ok_or_else(|| user(format!("{:?} is not an id of this graph.", id.as_str())))
    };
    let named: Vec<(Kind, i64)> = ids.iter().map(named).collect::<Result<_>>()?;
    let mut kinds: BTreeMap<Kind, Vec<i64>> = BTreeMap::new();
    for (kind, number) in &named {
        kinds.entry(*kind).or_default().push(*number);
    }
    let mut found: HashMap<(Kind, i64), Node> = HashMap::new();
    for (kind, numbers) in kinds {
        let nodes = of_kind(ctx, kind, &numbers).await?;
        found.extend(nodes.into_iter().map(|(number, node)| ((kind, number), node)));
    }
    Ok(named.iter().map(|name| found.get(name).cloned()).collect())
}

async fn of_kind(ctx: &Context<'_>, kind: Kind, numbers: &[i64]) -> Result<HashMap<i64, Node>> {
    let db = ctx.db();
    let found = match kind {
        Kind::Item => store::items::by_ids(db, numbers).await.map(|rows| nodes(rows, |row| Node::Item(row.into()))),
        Kind::Site => store::sites::by_ids(db, numbers).await.map(|rows| nodes(rows, |row| Node::Site(row.into()))),
        Kind::Recommendation => store::recommendations::by_ids(db, numbers)
            .await
            .map(|rows| nodes(rows, |row| Node::Recommendation(row.into()))),
        Kind::Alert => store::alerts::by_ids(db, ctx.viewer()?.id, numbers)
            .await
            .map(|rows| nodes(rows, |row| Node::Alert(row.into()))),
        Kind::Supplier => {
            store::suppliers::by_ids(db, numbers).await.map(|rows| nodes(rows, |row| Node::Supplier(row.into())))
        }
        Kind::Region => {
            store::regions::by_ids(db, numbers).await.map(|rows| nodes(rows, |row| Node::Region(row.into())))
        }
        Kind::ForecastRun => store::forecasts::runs_by_ids(db, numbers)
            .await
            .map(|rows| nodes(rows, |row| Node::ForecastRun(row.into()))),
        // A person is no node, and a run is for an ADMIN only, who asks importRun for it.
        Kind::Viewer | Kind::ApiToken | Kind::SavedView | Kind::ImportRun => Ok(HashMap::new()),
    };
    found.map_err(|failure| ctx.failed(&failure))
}

fn nodes<K: Eq + Hash, R>(rows: HashMap<K, R>, node: impl Fn(R) -> Node) -> HashMap<K, Node> {
    rows.into_iter().map(|(id, row)| (id, node(row))).collect()
}
