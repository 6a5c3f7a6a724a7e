//! Which address shows which page.

use crate::state::pairs::decode;

/// A page, by the path of its address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    Login,
    Dashboard,
    Materials,
    /// A material by its code.
    Material(String),
    Forecasts,
    Inventory,
    Recommendations,
    Alerts,
    /// A part of the administration by its word; empty for none.
    Admin(String),
    /// A path that leads nowhere.
    Nowhere,
}

impl Place {
    /// The page at a path.
    pub fn of(path: &str) -> Self {
        let mut parts = path.trim_matches('/').splitn(3, '/');
        match (parts.next().unwrap_or_default(), parts.next(), parts.next()) {
            ("", None, None) => Self::Dashboard,
            ("login", None, None) => Self::Login,
            ("materials", None, None) => Self::Materials,
            ("materials", Some(sku), None) => Self::Material(decode(sku)),
            ("forecasts", None, None) => Self::Forecasts,
            ("inventory", None, None) => Self::Inventory,
            ("recommendations", None, None) => Self::Recommendations,
            ("alerts", None, None) => Self::Alerts,
            ("admin", part, None) => Self::Admin(part.unwrap_or_default().to_owned()),
            _ => Self::Nowhere,
        }
    }
}
