//! Rows of a mapped table, rewritten while they are read.

use std::collections::HashMap;
use std::sync::Arc;

use chrono::NaiveDate;
use chrono::format::{Item, Parsed, StrftimeItems};

use super::super::cell::{Cell, RawRow, Unresolved};
use super::super::layout::Field;
use super::super::{ExtractError, Header};
use super::bound::Index;
use super::table::MappedTable;

/// What happens to each row below one header.
#[derive(Debug)]
pub(in super::super) struct Rewrite {
    table: Arc<MappedTable>,
    /// How many cells a row has before the constants.
    width: usize,
    steps: Vec<Step>,
    date_format: Option<Vec<Item<'static>>>,
}

/// What happens to one cell.
#[derive(Debug)]
struct Step {
    index: usize,
    field: Field,
    values: HashMap<String, String>,
    reference: Option<(Arc<Index>, String)>,
}

impl Rewrite {
    /// `index_of` finds the rows that a reference means.
    pub(super) fn new(
        table: &Arc<MappedTable>,
        header: &Header,
        mut index_of: impl FnMut(&super::table::Lookup, &str) -> Result<Arc<Index>, ExtractError>,
    ) -> Result<Self, ExtractError> {
        let mut steps = Vec::new();
        for column in &table.columns {
            let Some(index) = header.index(column.field) else { continue };
            let reference = match &column.lookup {
                None => None,
                Some(lookup) => {
                    let rows = index_of(lookup, header.label(column.field))?;
                    let expected = format!("a row with this {} in {}", lookup.key, rows.file);
                    Some((rows, expected))
                }
            };
            steps.push(Step { index, field: column.field, values: column.values.clone(), reference });
        }
        // Constants have the places behind the last column of the header.
        let constants: Vec<Field> = table.constants.iter().map(|(field, _)| *field).collect();
        let first = constants.first().and_then(|field| header.index(*field));
        let width = first.unwrap_or(usize::MAX);
        let date_format =
            table.date_format.as_ref().map(|format| StrftimeItems::new(format).parse_to_owned().unwrap_or_default());
        Ok(Self { table: Arc::clone(table), width, steps, date_format })
    }

    /// Only what makes a cell empty, for tables that are read by two of their columns.
    pub fn plain(table: &Arc<MappedTable>) -> Self {
        Self { table: Arc::clone(table), width: usize::MAX, steps: Vec::new(), date_format: None }
    }

    pub fn apply(&self, mut row: RawRow) -> RawRow {
        if !self.table.nulls.is_empty() {
            for cell in &mut row.cells {
                let null = matches!(cell, Cell::Text(text) if self.table.nulls.iter().any(|null| null == text.trim()));
                if null {
                    *cell = Cell::Empty;
                }
            }
        }
        // A row of nothing stays one: constants alone are no row.
        if row.is_blank() {
            return row;
        }
        for step in &self.steps {
            if let Some(cell) = row.cells.get_mut(step.index) {
                self.step(step, cell);
            }
        }
        if !self.table.constants.is_empty() {
            row.cells.resize(self.width, Cell::Empty);
            row.cells.extend(self.table.constants.iter().map(|(_, value)| Cell::Text(value.into())));
        }
        row
    }

    fn step(&self, step: &Step, cell: &mut Cell) {
        if cell.is_empty() {
            return;
        }
        if let (Some(format), Cell::Text(text)) = (&self.date_format, &*cell)
            && step.field.is_day()
        {
            // Text in another form is no day: nothing behind this may try to read it in its own way.
            *cell = day(text.trim(), format).map_or_else(|| Cell::Error(text.to_string()), Cell::Date);
            return;
        }
        if let Some((rows, expected)) = &step.reference {
            let key = cell.display();
            *cell = match rows.values.get(key.trim()) {
                Some(value) => Cell::Text(value.into()),
                None => Cell::Unresolved(Box::new(Unresolved { value: key, expected: expected.clone() })),
            };
        }
        if !step.values.is_empty()
            && let Some(ours) = step.values.get(cell.display().trim())
        {
            *cell = Cell::Text(ours.into());
        }
    }
}

/// Reads a day in a given form; a time of day beside it is dropped.
pub(super) fn day(text: &str, format: &[Item<'_>]) -> Option<NaiveDate> {
    let mut parsed = Parsed::new();
    chrono::format::parse(&mut parsed, text, format.iter()).ok()?;
    parsed.to_naive_date().ok()
}
