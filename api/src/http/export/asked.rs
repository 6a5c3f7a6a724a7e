//! What an export is asked for: the path says which table as which file, the query string which rows.

use serde_json::{Map, Value as Json};

use super::ExportError;
use super::filters::Filters;
use super::format::{Format, Locale};
use crate::http::request::parse_form;

/// A table that can be exported.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TableName {
    Demand,
    Forecasts,
    Inventory,
    Orders,
    Items,
    Recommendations,
    Alerts,
    Kpis,
}

/// An export as it was asked for.
#[derive(Debug)]
pub struct Asked {
    pub table: TableName,
    pub format: Format,
    pub locale: Locale,
    /// What restricts the rows; each table takes what it knows.
    pub filters: Filters,
    /// The same as it was written, for the audit log.
    pub told: Json,
}

/// Which parameter of the query string is a ticket.
const TICKET: &str = "ticket";

impl TableName {
    const ALL: [Self; 8] = [
        Self::Demand,
        Self::Forecasts,
        Self::Inventory,
        Self::Orders,
        Self::Items,
        Self::Recommendations,
        Self::Alerts,
        Self::Kpis,
    ];

    /// As the path names it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Demand => "demand",
            Self::Forecasts => "forecasts",
            Self::Inventory => "inventory",
            Self::Orders => "orders",
            Self::Items => "items",
            Self::Recommendations => "recommendations",
            Self::Alerts => "alerts",
            Self::Kpis => "kpis",
        }
    }
}

/// The ticket that a link carries, as its query string holds it.
pub fn ticket(query: &str) -> Option<String> {
    parse_form(query)?.into_iter().find(|(name, _)| name == TICKET).map(|(_, ticket)| ticket)
}

impl Asked {
    /// Reads `demand.csv` and its query string; `None` where there is no such file.
    pub fn of(file: &str, query: &str) -> Result<Option<Self>, ExportError> {
        let Some((name, extension)) = file.split_once('.') else { return Ok(None) };
        let table = TableName::ALL.into_iter().find(|table| table.name() == name);
        let (Some(table), Ok(format)) = (table, extension.parse::<Format>()) else { return Ok(None) };
        let bad = || ExportError::Asked("The query string is not valid UTF-8.".into());
        let mut pairs = parse_form(query).ok_or_else(bad)?;
        // Whoever asks has been told apart by it; it is no filter, and belongs in no log.
        pairs.retain(|(name, _)| name != TICKET);
        let mut told: Map<String, Json> = Map::new();
        for (name, value) in &pairs {
            if let Json::Array(values) = told.entry(name.as_str()).or_insert_with(|| Json::Array(Vec::new())) {
                values.push(value.as_str().into());
            }
        }
        let mut filters = Filters::new(pairs);
        let locale = filters.word("locale")?.unwrap_or_default();
        Ok(Some(Self { table, format, locale, filters, told: Json::Object(told) }))
    }
}
