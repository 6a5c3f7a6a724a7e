//! Opaque ids: `Type:number` in base64url, so that nobody is tempted to count them.

use async_graphql::{ID, Result};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::error::user;

/// What an id may name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// An item.
    Item,
    /// A site.
    Site,
    /// A recommendation.
    Recommendation,
    /// An alert.
    Alert,
    /// A user.
    Viewer,
    /// A supplier.
    Supplier,
    /// A region.
    Region,
    /// An import run.
    ImportRun,
    /// A forecast run.
    ForecastRun,
    /// An API token.
    ApiToken,
    /// A saved view.
    SavedView,
}

impl Kind {
    const ALL: [Self; 11] = [
        Self::Item,
        Self::Site,
        Self::Recommendation,
        Self::Alert,
        Self::Viewer,
        Self::Supplier,
        Self::Region,
        Self::ImportRun,
        Self::ForecastRun,
        Self::ApiToken,
        Self::SavedView,
    ];

    const fn name(self) -> &'static str {
        match self {
            Self::Item => "Item",
            Self::Site => "Site",
            Self::Recommendation => "Recommendation",
            Self::Alert => "Alert",
            Self::Viewer => "Viewer",
            Self::Supplier => "Supplier",
            Self::Region => "Region",
            Self::ImportRun => "ImportRun",
            Self::ForecastRun => "ForecastRun",
            Self::ApiToken => "ApiToken",
            Self::SavedView => "SavedView",
        }
    }
}

/// The id of the row `id` of `kind`.
pub fn encode(kind: Kind, id: i64) -> ID {
    ID(URL_SAFE_NO_PAD.encode(format!("{}:{id}", kind.name())))
}

/// What `id` names; `None` when it was not made here.
pub fn decode(id: &str) -> Option<(Kind, i64)> {
    let text = String::from_utf8(URL_SAFE_NO_PAD.decode(id).ok()?).ok()?;
    let (name, number) = text.split_once(':')?;
    let kind = Kind::ALL.into_iter().find(|kind| kind.name() == name)?;
    Some((kind, number.parse().ok()?))
}

/// The row of `kind` that `id` names, or a sentence for the asker.
pub fn expect(kind: Kind, id: &ID) -> Result<i64> {
    match decode(id) {
        Some((found, number)) if found == kind => Ok(number),
        Some((found, _)) => {
            Err(user(format!("{} is the id of {}, not of {}.", id.as_str(), found.name(), kind.name())))
        }
        None => Err(user(format!("{:?} is not an id of this graph.", id.as_str()))),
    }
}

/// The rows of `kind` that `ids` name.
pub fn expect_all(kind: Kind, ids: Option<Vec<ID>>) -> Result<Option<Vec<i64>>> {
    ids.map(|ids| ids.iter().map(|id| expect(kind, id)).collect()).transpose()
}
