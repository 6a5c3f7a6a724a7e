//! Sites: towers, warehouses, whatever consumes or keeps items.

use async_graphql::{ID, Object};
use store::sites;

use super::words::SiteType;
use crate::graphql::ids::{self, Kind};

/// A place that consumes or keeps items.
#[derive(Clone)]
pub struct Site(pub std::sync::Arc<sites::Site>);

impl From<sites::Site> for Site {
    fn from(site: sites::Site) -> Self {
        Self(std::sync::Arc::new(site))
    }
}

#[Object]
/// A place that consumes or keeps items.
impl Site {
    /// An opaque name, stable for ever.
    pub async fn id(&self) -> ID {
        ids::encode(Kind::Site, self.0.row.id)
    }

    /// The company's own code.
    async fn code(&self) -> &str {
        &self.0.row.code
    }

    /// As it is shown.
    async fn name(&self) -> &str {
        &self.0.row.name
    }

    /// What it is.
    #[graphql(name = "type")]
    async fn kind(&self) -> SiteType {
        self.0.row.kind.into()
    }

    /// The code of its region, as `forecast(level: REGION, member: ...)` takes it.
    async fn region(&self) -> Option<&str> {
        self.0.region.as_ref().map(|region| region.code.as_str())
    }

    /// Where it lies: degrees north of the equator, such as -12.9714; null where nobody said.
    async fn latitude(&self) -> Option<f64> {
        self.0.row.latitude
    }

    /// Where it lies: degrees east of Greenwich, such as -38.5014; null where nobody said.
    async fn longitude(&self) -> Option<f64> {
        self.0.row.longitude
    }

    /// Is it in use?
    async fn active(&self) -> bool {
        self.0.row.active
    }
}
