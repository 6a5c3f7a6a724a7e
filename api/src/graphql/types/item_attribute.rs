//! What a company says of an item beyond the columns that everybody has.

use async_graphql::SimpleObject;
use serde_json::Value as Json;

/// Something that the company's own files say of an item.
#[derive(Debug, Clone, SimpleObject)]
pub struct ItemAttribute {
    /// What it is called there, such as `voltage`.
    pub name: String,
    /// What it is, as text, such as `48 V`; a list or an object as JSON.
    pub value: String,
}

impl ItemAttribute {
    /// All that is stored of an item, by name; what is null says nothing.
    pub fn all(stored: &Json) -> Vec<Self> {
        let text = |value: &Json| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        let said = stored.as_object().into_iter().flatten().filter(|(_, value)| !value.is_null());
        let mut all: Vec<Self> = said.map(|(name, value)| Self { name: name.clone(), value: text(value) }).collect();
        all.sort_by(|one, other| one.name.cmp(&other.name));
        all
    }
}
