//! Keyset paging: a page is found by the sort values of its neighbour, never by counting rows.
//!
//! A question that pages takes a [`Window`], which a caller opens from [`PageArgs`] and an ordering; what a person got
//! wrong is a [`PageError`] there, so the questions themselves fail only for our reasons. Every ordering ends in the
//! row's id and puts nulls last in both directions, so pages neither repeat nor skip rows under ties.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::sea_query::extension::postgres::PgExpr as _;
use sea_orm::sea_query::{Condition, Expr, ExprTrait as _, NullOrdering, Order, SelectStatement};
use serde_json::Value as Json;

/// Rows of a page where nobody asks for a number.
pub const DEFAULT_ROWS: u64 = 50;
/// Rows of a page at most.
pub const MAX_ROWS: u64 = 1_000;

/// Which way a column is sorted; nulls come last either way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Direction {
    /// Smallest first.
    #[default]
    Ascending,
    /// Greatest first.
    Descending,
}

/// What a person got wrong about a page.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PageError {
    /// `first` or `last` is zero or less.
    #[error("{argument} must be at least 1, not {asked}")]
    TooFew { argument: &'static str, asked: i64 },
    /// `first` or `last` is above the cap.
    #[error("{argument} may be at most {most}, not {asked}")]
    TooMany { argument: &'static str, asked: i64, most: u64 },
    /// `first` and `last` together.
    #[error("give first or last, not both")]
    BothEnds,
    /// The cursor was not made by us.
    #[error("{argument} is not a cursor of this list")]
    BadCursor { argument: &'static str },
    /// The cursor was made under another ordering, where it marks another place.
    #[error("{argument} is a cursor of a list in another order; begin again without it")]
    OtherOrder { argument: &'static str },
}

/// A page as a person asks for it, in the words of the graph.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PageArgs {
    /// Rows from the start, or after `after`; 50 where neither end is asked for.
    pub first: Option<i64>,
    /// Only rows behind this cursor.
    pub after: Option<String>,
    /// Rows from the end, or before `before`.
    pub last: Option<i64>,
    /// Only rows ahead of this cursor.
    pub before: Option<String>,
}

/// One page of rows, each with its cursor.
#[derive(Debug, Clone, PartialEq)]
pub struct Page<T> {
    /// The rows, in the ordering's order whichever end was asked for.
    pub rows: Vec<T>,
    /// One opaque cursor a row.
    pub cursors: Vec<String>,
    /// Whether rows follow.
    pub has_next: bool,
    /// Whether rows precede.
    pub has_previous: bool,
}

/// How a sort value is stored, and so how a cursor's value is bound.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyKind {
    Text,
    Integer,
    Date,
    Instant,
}

/// One column of an ordering.
#[derive(Debug, Clone)]
pub struct SortColumn {
    /// What is sorted by; text carries COLLATE "C" so that engines agree.
    pub expr: Expr,
    /// How its values are bound.
    pub kind: KeyKind,
    /// Which way.
    pub direction: Direction,
    /// Whether it can be null.
    pub nullable: bool,
}

/// An ordering of a list: its columns, and their values in a row.
pub trait Sorted: Clone {
    /// The row a page of this list holds.
    type Row;
    /// Names the list and the ordering; a cursor with another tag is refused.
    fn tag(&self) -> String;
    /// The columns before the id.
    fn columns(&self) -> Vec<SortColumn>;
    /// The unique last column.
    fn id_column(&self) -> Expr;
    /// Which way the id runs.
    fn id_direction(&self) -> Direction {
        Direction::Ascending
    }
    /// A row's values of [`Sorted::columns`], as JSON.
    fn values(&self, row: &Self::Row) -> Vec<Json>;
    /// A row's id.
    fn id(&self, row: &Self::Row) -> i64;
}

/// A checked page request under one ordering.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Window<O> {
    order: O,
    rows: u64,
    backward: bool,
    after: Option<Position>,
    before: Option<Position>,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Position {
    values: Vec<Json>,
    id: i64,
}

impl PageArgs {
    /// The first `rows` rows.
    pub fn first(rows: i64) -> Self {
        Self { first: Some(rows), ..Self::default() }
    }

    /// Checks the request against `order`.
    pub fn window<O: Sorted>(self, order: O) -> Result<Window<O>, PageError> {
        if self.first.is_some() && self.last.is_some() {
            return Err(PageError::BothEnds);
        }
        let backward = self.last.is_some();
        let rows = match (self.first, self.last) {
            (Some(asked), _) => checked_rows("first", asked, MAX_ROWS)?,
            (None, Some(asked)) => checked_rows("last", asked, MAX_ROWS)?,
            (None, None) => DEFAULT_ROWS,
        };
        let after = self.after.map(|cursor| decode("after", &cursor, &order)).transpose()?;
        let before = self.before.map(|cursor| decode("before", &cursor, &order)).transpose()?;
        Ok(Window { order, rows, backward, after, before })
    }
}

/// A number of rows within what a page may hold.
pub(crate) fn checked_rows(argument: &'static str, asked: i64, most: u64) -> Result<u64, PageError> {
    match u64::try_from(asked) {
        Ok(0) | Err(_) => Err(PageError::TooFew { argument, asked }),
        Ok(rows) if rows > most => Err(PageError::TooMany { argument, asked, most }),
        Ok(rows) => Ok(rows),
    }
}

impl<O: Sorted> Window<O> {
    /// The `rows` rows behind a cursor; for lists that are only read to their end.
    pub(crate) fn forward(order: O, rows: u64, after: Option<&str>) -> Result<Self, PageError> {
        let after = after.map(|cursor| decode("after", cursor, &order)).transpose()?;
        Ok(Self { order, rows, backward: false, after, before: None })
    }

    /// The sort value of a column in the row that this page begins behind.
    pub(crate) fn after_value(&self, column: usize) -> Option<&Json> {
        self.after.as_ref().and_then(|position| position.values.get(column))
    }

    /// Takes the one row more away again; answers the last row's cursor, and whether rows follow.
    pub(crate) fn cut(&self, rows: &mut Vec<O::Row>) -> (Option<String>, bool) {
        let more = rows.len() as u64 > self.rows;
        rows.truncate(self.rows as usize);
        (rows.last().map(|row| self.cursor(row)), more)
    }

    /// The ordering.
    pub fn order(&self) -> &O {
        &self.order
    }

    /// The id behind which the page begins, and its rows, for statements that answer many windows at once.
    pub(crate) fn start(&self) -> (Option<i64>, u64) {
        (self.after.as_ref().map(|position| position.id), self.rows)
    }

    /// Puts order, bounds and limit on a statement; one row more than asked tells whether rows follow.
    pub(crate) fn apply(&self, select: &mut SelectStatement) {
        let columns = self.order.columns();
        let id = SortColumn {
            expr: self.order.id_column(),
            kind: KeyKind::Integer,
            direction: self.order.id_direction(),
            nullable: false,
        };
        for (position, after) in [(&self.after, true), (&self.before, false)] {
            if let Some(position) = position {
                select.cond_where(beyond(&columns, &id, position, after));
                if let Some(bound) = begins(&columns, position, after) {
                    select.and_where(bound);
                }
            }
        }
        for column in columns.iter().chain([&id]) {
            let ascending = (column.direction == Direction::Ascending) != self.backward;
            let order = if ascending { Order::Asc } else { Order::Desc };
            if column.nullable {
                let nulls = if self.backward { NullOrdering::First } else { NullOrdering::Last };
                select.order_by_expr_with_nulls(column.expr.clone(), order, nulls);
            } else {
                select.order_by_expr(column.expr.clone(), order);
            }
        }
        select.limit(self.rows + 1);
    }

    /// Makes a page of what the statement answered.
    pub(crate) fn page(&self, mut rows: Vec<O::Row>) -> Page<O::Row> {
        let more = rows.len() as u64 > self.rows;
        rows.truncate(self.rows as usize);
        if self.backward {
            rows.reverse();
        }
        let cursors = rows.iter().map(|row| self.cursor(row)).collect();
        let (has_next, has_previous) =
            if self.backward { (self.before.is_some(), more) } else { (more, self.after.is_some()) };
        Page { rows, cursors, has_next, has_previous }
    }

    fn cursor(&self, row: &O::Row) -> String {
        let content = (self.order.tag(), self.order.values(row), self.order.id(row));
        // A tuple of JSON values always serialises; an empty cursor would be refused when it came back.
        URL_SAFE_NO_PAD.encode(serde_json::to_vec(&content).unwrap_or_default())
    }
}

fn decode<O: Sorted>(argument: &'static str, cursor: &str, order: &O) -> Result<Position, PageError> {
    let bad = || PageError::BadCursor { argument };
    let bytes = URL_SAFE_NO_PAD.decode(cursor).map_err(|_| bad())?;
    let (tag, values, id): (String, Vec<Json>, i64) = serde_json::from_slice(&bytes).map_err(|_| bad())?;
    if tag != order.tag() {
        return Err(PageError::OtherOrder { argument });
    }
    let columns = order.columns();
    let fits = values.len() == columns.len()
        && columns
            .iter()
            .zip(&values)
            .all(|(column, value)| (value.is_null() && column.nullable) || bind(column.kind, value).is_some());
    if fits { Ok(Position { values, id }) } else { Err(bad()) }
}

/// The cursor's value as the column's type; `None` when it is not of it.
fn bind(kind: KeyKind, value: &Json) -> Option<Expr> {
    match kind {
        KeyKind::Text => value.as_str().filter(|text| !text.contains('\0')).map(Expr::val),
        KeyKind::Integer => value.as_i64().map(Expr::val),
        KeyKind::Date => value.as_str()?.parse::<NaiveDate>().ok().map(Expr::val),
        KeyKind::Instant => value.as_str()?.parse::<DateTime<Utc>>().ok().map(Expr::val),
    }
}

/// The rows beyond `position`: behind it (`after`), or ahead of it.
fn beyond(columns: &[SortColumn], id: &SortColumn, position: &Position, after: bool) -> Condition {
    let mut rest = Condition::all().add(passes(id, Expr::val(position.id), after));
    for (column, value) in columns.iter().zip(&position.values).rev() {
        let here = column.expr.clone();
        let mut either = Condition::any();
        if let Some(bound) = bind(column.kind, value) {
            either = either.add(passes(column, bound.clone(), after));
            if column.nullable && after {
                either = either.add(here.clone().is_null());
            }
            either = either.add(Condition::all().add(here.eq(bound)).add(rest));
        } else {
            // A null position: nulls are last, so only nulls follow, and everything else precedes.
            if !after {
                either = either.add(here.clone().is_not_null());
            }
            either = either.add(Condition::all().add(here.is_null()).add(rest));
        }
        rest = Condition::all().add(either);
    }
    rest
}

/// The bound on the first column alone, which an index can begin at; the whole condition has too many branches for that.
fn begins(columns: &[SortColumn], position: &Position, after: bool) -> Option<Expr> {
    let column = columns.first().filter(|column| !column.nullable)?;
    let bound = bind(column.kind, position.values.first()?)?;
    let upward = (column.direction == Direction::Ascending) == after;
    Some(if upward { column.expr.clone().gte(bound) } else { column.expr.clone().lte(bound) })
}

fn passes(column: &SortColumn, bound: Expr, after: bool) -> Expr {
    let upward = (column.direction == Direction::Ascending) == after;
    if upward { column.expr.clone().gt(bound) } else { column.expr.clone().lt(bound) }
}

/// A column of text compared by bytes, so that every engine orders alike whatever its locale.
pub(crate) fn bytewise(column: &str) -> Expr {
    // COLLATE has no builder.
    Expr::cust(format!("{column} COLLATE \"C\""))
}

/// `expr = ANY(array)`: one bind parameter however many values.
pub(crate) fn among<V>(expr: Expr, values: impl IntoIterator<Item = V>) -> Expr
where
    V: Into<sea_orm::Value> + sea_orm::sea_query::ValueType,
{
    expr.eq_any(values)
}

/// The stored words of enum values, for [`among`].
pub(crate) fn names<W: Copy>(words: &[W], name: impl Fn(W) -> &'static str) -> Vec<String> {
    words.iter().map(|&word| name(word).to_owned()).collect()
}
