//! The query string of an export, taken apart by name. A name may come several times, and each is a value of its list.

use std::collections::BTreeMap;
use std::str::FromStr;

use async_graphql::ID;
use chrono::NaiveDate;
use store::Database;

use super::ExportError;
use crate::graphql::ids::{self, Kind};

/// Values of one list at most.
const MOST: usize = 1_000;

/// What was not yet taken.
#[derive(Debug)]
pub struct Filters {
    left: BTreeMap<String, Vec<String>>,
    /// What could have been taken.
    known: Vec<&'static str>,
}

fn wrong(sentence: impl Into<String>) -> ExportError {
    ExportError::Asked(sentence.into())
}

impl Filters {
    /// Of the pairs of a query string.
    pub fn new(pairs: Vec<(String, String)>) -> Self {
        let mut left: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for (name, value) in pairs {
            // PostgreSQL's text cannot hold a NUL, and no stored text does.
            left.entry(name).or_default().push(value.replace('\0', ""));
        }
        Self { left, known: Vec::new() }
    }

    /// A list of texts; `None` where the name does not occur.
    pub fn texts(&mut self, name: &'static str) -> Result<Option<Vec<String>>, ExportError> {
        self.known.push(name);
        let values = self.left.remove(name);
        match &values {
            Some(values) if values.len() > MOST => Err(wrong(format!("{name} may be given {MOST} times at most."))),
            _ => Ok(values),
        }
    }

    /// A list of words of a closed set.
    pub fn words<T: FromStr>(&mut self, name: &'static str) -> Result<Option<Vec<T>>, ExportError> {
        let word = |text: String| text.parse().map_err(|_| wrong(format!("{name} cannot be {text:?}.")));
        self.texts(name)?.map(|texts| texts.into_iter().map(word).collect()).transpose()
    }

    /// One word, number or yes and no (`true`, `false`).
    pub fn word<T: FromStr>(&mut self, name: &'static str) -> Result<Option<T>, ExportError> {
        let mut words = self.words(name)?.unwrap_or_default();
        if words.len() > 1 {
            return Err(wrong(format!("{name} may be given once only.")));
        }
        Ok(words.pop())
    }

    /// A day such as `2025-03-31`.
    pub fn day(&mut self, name: &'static str) -> Result<Option<NaiveDate>, ExportError> {
        let Some(text) = self.word::<String>(name)? else { return Ok(None) };
        let day = text.parse().ok().filter(|_| text.len() == 10);
        day.map(Some).ok_or_else(|| wrong(format!("{name} must be a day such as 2025-03-31, not {text:?}.")))
    }

    /// Ids that the graph gave.
    pub fn ids(&mut self, name: &'static str, kind: Kind) -> Result<Option<Vec<i64>>, ExportError> {
        let ids = self.texts(name)?.map(|texts| texts.into_iter().map(ID).collect());
        ids::expect_all(kind, ids).map_err(|error| wrong(error.message))
    }

    /// Items by id or by sku.
    pub async fn items(&mut self, db: &Database) -> Result<Option<Vec<i64>>, ExportError> {
        let ids = self.ids("itemIds", Kind::Item)?;
        let Some(skus) = self.texts("skus")? else { return Ok(ids) };
        let known = store::items::by_skus(db, &skus).await?;
        let found = named("item", skus, |sku| known.get(sku).map(|item| item.id))?;
        Ok(Some(ids.into_iter().flatten().chain(found).collect()))
    }

    /// Sites by id or by code.
    pub async fn sites(&mut self, db: &Database) -> Result<Option<Vec<i64>>, ExportError> {
        let ids = self.ids("siteIds", Kind::Site)?;
        let Some(codes) = self.texts("siteCodes")? else { return Ok(ids) };
        let known = store::sites::all(db).await?;
        let found =
            named("site", codes, |code| known.iter().find(|site| site.row.code == code).map(|site| site.row.id))?;
        Ok(Some(ids.into_iter().flatten().chain(found).collect()))
    }

    /// Refuses what no table took: a filter that is misspelt must not mean everything.
    pub fn end(&self) -> Result<(), ExportError> {
        match self.left.keys().next() {
            None => Ok(()),
            Some(name) => {
                Err(wrong(format!("There is no parameter {name:?} here; there are: {}.", self.known.join(", "))))
            }
        }
    }
}

fn named(what: &str, codes: Vec<String>, find: impl Fn(&str) -> Option<i64>) -> Result<Vec<i64>, ExportError> {
    let id = |code: String| find(&code).ok_or_else(|| wrong(format!("There is no {what} {code:?}.")));
    codes.into_iter().map(id).collect()
}
