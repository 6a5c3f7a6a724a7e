//! A column of numbers, days or words, which leaves as one value: a list of the library resolves each of its entries by
//! itself, and a page of ten thousand rows has a hundred thousand of them.

use std::borrow::Cow;

use async_graphql::parser::types::Field;
use async_graphql::registry::Registry;
use async_graphql::{ContextSelectionSet, ID, OutputType, Positioned, ScalarType, ServerResult, Value};

use super::scalars::Date;

/// The entries of a column, in the order of its rows.
#[derive(Debug, Clone, Default)]
pub struct Column<T>(Vec<T>);

/// What a column may hold.
pub trait Cell: OutputType {
    /// As it leaves.
    fn value(&self) -> Value;
}

impl<T> FromIterator<T> for Column<T> {
    fn from_iter<I: IntoIterator<Item = T>>(entries: I) -> Self {
        Self(entries.into_iter().collect())
    }
}

impl<T: Cell> OutputType for Column<T> {
    fn type_name() -> Cow<'static, str> {
        Cow::Owned(format!("[{}]", T::qualified_type_name()))
    }

    fn qualified_type_name() -> String {
        format!("[{}]!", T::qualified_type_name())
    }

    fn create_type_info(registry: &mut Registry) -> String {
        T::create_type_info(registry);
        Self::qualified_type_name()
    }

    async fn resolve(&self, _ctx: &ContextSelectionSet<'_>, _field: &Positioned<Field>) -> ServerResult<Value> {
        Ok(Value::List(self.0.iter().map(Cell::value).collect()))
    }
}

impl Cell for f64 {
    fn value(&self) -> Value {
        self.to_value()
    }
}

impl Cell for i32 {
    fn value(&self) -> Value {
        self.to_value()
    }
}

impl Cell for bool {
    fn value(&self) -> Value {
        self.to_value()
    }
}

impl Cell for String {
    fn value(&self) -> Value {
        Value::String(self.clone())
    }
}

impl Cell for ID {
    fn value(&self) -> Value {
        Value::String(self.0.clone())
    }
}

impl Cell for Date {
    fn value(&self) -> Value {
        // Written by the day itself: a format that is read anew for each entry costs more than the rest of the column.
        Value::String(self.0.to_string())
    }
}

impl<T: Cell> Cell for Option<T> {
    fn value(&self) -> Value {
        self.as_ref().map_or(Value::Null, Cell::value)
    }
}
