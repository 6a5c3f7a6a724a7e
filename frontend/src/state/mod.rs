//! The URL is the state. Each page's state is a plain value that reads itself from a query string and writes itself back,
//! leaving out what is the default, so that addresses stay readable; [`location`] binds such a value to the browser.
//! Everything here but `location` is pure and tested natively.

pub mod admin;
pub mod comparison;
pub mod exploration;
pub mod filters;
pub mod location;
pub mod pairs;
pub mod period;

pub use location::{Located, use_url_state};
pub use pairs::Pairs;

/// A page's state as the URL holds it.
pub trait UrlState: Clone + PartialEq + Default + Send + Sync + 'static {
    /// Reads what is there and understandable; anything else is the default, because people edit addresses.
    fn read(pairs: &Pairs) -> Self;

    /// Writes what differs from the default.
    fn write(&self, pairs: &mut Pairs);

    /// The query string of this state, with its `?` unless it is empty.
    fn query(&self) -> String {
        let mut pairs = Pairs::default();
        self.write(&mut pairs);
        let query = pairs.to_string();
        if query.is_empty() { query } else { format!("?{query}") }
    }

    /// The address of `path` in this state.
    fn href(&self, path: &str) -> String {
        format!("{path}{}", self.query())
    }
}
