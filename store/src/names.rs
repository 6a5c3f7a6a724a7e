//! Lists of things that have a code and a name: one ordering for all of them.

use std::marker::PhantomData;

use sea_orm::sea_query::Expr;
use serde_json::{Value as Json, json};

use crate::page::{Direction, KeyKind, SortColumn, Sorted};

/// A list of things with a code and a folded name.
pub trait Named: Clone {
    /// What a page of the list holds.
    type Row;
    /// Names the list in cursors.
    const LIST: &'static str;

    /// The columns of id, code and folded name.
    fn columns() -> [Expr; 3];
    /// A row's id, code and folded name.
    fn values(row: &Self::Row) -> (i64, &str, &str);
}

/// What named things are sorted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum NameSort {
    /// By folded name.
    #[default]
    Name,
    Code,
}

/// An ordering of named things.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct NameOrder<L> {
    pub by: NameSort,
    pub direction: Direction,
    list: PhantomData<L>,
}

impl<L> NameOrder<L> {
    /// By name or code, one way or the other.
    pub fn new(by: NameSort, direction: Direction) -> Self {
        Self { by, direction, list: PhantomData }
    }
}

impl<L> Default for NameOrder<L> {
    fn default() -> Self {
        Self::new(NameSort::default(), Direction::default())
    }
}

impl<L: Named> Sorted for NameOrder<L> {
    type Row = L::Row;

    fn tag(&self) -> String {
        format!("{}.{:?}.{:?}", L::LIST, self.by, self.direction)
    }

    fn columns(&self) -> Vec<SortColumn> {
        let [_, code, name] = L::columns();
        let expr = match self.by {
            NameSort::Name => name,
            NameSort::Code => code,
        };
        vec![SortColumn { expr, kind: KeyKind::Text, direction: self.direction, nullable: false }]
    }

    fn id_column(&self) -> Expr {
        let [id, ..] = L::columns();
        id
    }

    fn values(&self, row: &L::Row) -> Vec<Json> {
        let (_, code, name) = L::values(row);
        vec![match self.by {
            NameSort::Name => json!(name),
            NameSort::Code => json!(code),
        }]
    }

    fn id(&self, row: &L::Row) -> i64 {
        L::values(row).0
    }
}
