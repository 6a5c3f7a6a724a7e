//! The mapping file as it is written, and the check of every word in it.

use std::collections::{BTreeMap, HashMap};
use std::ops::Range;

use serde::Deserialize;
use toml::Spanned;

use super::super::layout::{Column, Field, Kind, identity};
use super::super::{DateOrder, DecimalMark, TextEncoding};
use super::MappingError;
use super::table::{Lookup, MappedColumn, MappedTable};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    table: Vec<Spanned<Table>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    name: Option<Spanned<String>>,
    file: Spanned<String>,
    kind: Spanned<String>,
    sheet: Option<String>,
    header: Option<Vec<String>>,
    delimiter: Option<Spanned<String>>,
    decimal: Option<Spanned<String>>,
    date_order: Option<Spanned<String>>,
    date_format: Option<Spanned<String>>,
    encoding: Option<Spanned<String>>,
    #[serde(default)]
    null: Vec<String>,
    #[serde(default)]
    columns: BTreeMap<Spanned<String>, Spanned<Written>>,
    #[serde(default)]
    constants: BTreeMap<Spanned<String>, Spanned<Constant>>,
    #[serde(default)]
    values: BTreeMap<Spanned<String>, HashMap<String, Constant>>,
}

#[derive(Deserialize)]
#[serde(
    untagged,
    expecting = "expected a column's name, a list of names, or { column = ..., optional = true or false, table = ..., key = ..., value = ... }"
)]
enum Written {
    Name(Names),
    Full(Full),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Full {
    column: Names,
    #[serde(default)]
    optional: bool,
    table: Option<String>,
    key: Option<String>,
    value: Option<Names>,
}

#[derive(Deserialize)]
#[serde(untagged, expecting = "expected a column's name or a list of names")]
enum Names {
    One(String),
    Several(Vec<String>),
}

impl Names {
    fn into_vec(self) -> Vec<String> {
        match self {
            Self::One(name) => vec![name],
            Self::Several(names) => names,
        }
    }
}

#[derive(Deserialize)]
#[serde(untagged, expecting = "expected a text, a number, or true or false")]
enum Constant {
    Text(String),
    Whole(i64),
    Number(f64),
    Bool(bool),
}

impl Constant {
    fn into_text(self) -> String {
        match self {
            Self::Text(text) => text,
            Self::Whole(number) => number.to_string(),
            Self::Number(number) => number.to_string(),
            Self::Bool(value) => value.to_string(),
        }
    }
}

/// What is wrong, and where in the text.
type Wrong = (Range<usize>, String);

pub(super) fn parse(name: &str, text: &str) -> Result<Vec<MappedTable>, MappingError> {
    let wrong = |(span, what): Wrong| MappingError::Wrong {
        file: name.into(),
        line: text.get(..span.start).map_or(1, |before| before.matches('\n').count() + 1),
        what,
    };
    let file: File = toml::from_str(text).map_err(|error| {
        let what = error.message().lines().map(str::trim).collect::<Vec<_>>().join("; ");
        wrong((error.span().unwrap_or(0..0), what))
    })?;
    let mut tables = Vec::new();
    let mut places: Vec<(Range<usize>, usize)> = Vec::new();
    for table in file.table {
        let span = table.span();
        let table = checked(table.into_inner(), span.clone()).map_err(wrong)?;
        if tables.iter().any(|other: &MappedTable| other.name == table.name) {
            return Err(wrong((span, format!("two tables are called {}; give each a name of its own", table.name))));
        }
        places.push((span, tables.len()));
        tables.push(MappedTable { mapping: name.into(), ..table });
    }
    if tables.is_empty() {
        return Err(wrong((0..0, "it names no table; begin one with [[table]]".into())));
    }
    let names: Vec<String> = tables.iter().map(|table| table.name.clone()).collect();
    for (span, index) in places {
        for lookup in tables[index].columns.iter().filter_map(|column| column.lookup.as_ref()) {
            if !names.contains(&lookup.table) {
                let what = format!("there is no table {}; it has {}", lookup.table, names.join(", "));
                return Err(wrong((span, what)));
            }
        }
    }
    Ok(tables)
}

fn checked(table: Table, span: Range<usize>) -> Result<MappedTable, Wrong> {
    let kind = kind_of(&table.kind)?;
    let fields = Fields(kind);
    if table.file.get_ref().trim().is_empty() {
        return Err((table.file.span(), "file is empty; name the files it is for, such as \"dim_item*.csv\"".into()));
    }
    let mut columns: Vec<MappedColumn> = Vec::new();
    for (key, written) in table.columns {
        let field = fields.named(&key)?;
        if columns.iter().any(|column| column.field == field) {
            return Err((key.span(), format!("{} is named twice under two of its names", key.get_ref())));
        }
        columns.push(column(field, &key, written)?);
    }
    let mut constants = Vec::new();
    for (key, value) in table.constants {
        let field = fields.named(&key)?;
        if columns.iter().any(|column| column.field == field) {
            return Err((key.span(), format!("{} is a column and a constant; keep one of them", key.get_ref())));
        }
        constants.push((field, value.into_inner().into_text()));
    }
    for (key, words) in table.values {
        let field = fields.named(&key)?;
        let Some(column) = columns.iter_mut().find(|column| column.field == field) else {
            let what = format!("{} has values but no column; name it under [table.columns]", key.get_ref());
            return Err((key.span(), what));
        };
        column.values = words.into_iter().map(|(theirs, ours)| (theirs, ours.into_text())).collect();
    }
    if let Some(kind) = kind {
        let given = |column: &&Column| {
            columns.iter().any(|c| c.field == column.field) || constants.iter().any(|(field, _)| *field == column.field)
        };
        let missing: Vec<_> =
            kind.layout().columns.iter().filter(|c| c.required && !given(c)).map(|c| c.names[0]).collect();
        if !missing.is_empty() {
            let what = format!(
                "kind {} needs {}; name the column under [table.columns] or the value under [table.constants]",
                kind.as_str(),
                missing.join(", ")
            );
            return Err((span, what));
        }
    }
    let format_span = table.date_format.as_ref().map(Spanned::span);
    let date_format = table.date_format.map(Spanned::into_inner);
    if let (Some(format), Some(span)) = (&date_format, format_span) {
        date_format_is_one(format).map_err(|what| (span, what))?;
    }
    Ok(MappedTable {
        name: table.name.map_or_else(|| table.file.get_ref().clone(), Spanned::into_inner),
        mapping: String::new(),
        file: table.file.into_inner(),
        kind,
        sheet: table.sheet,
        header: table.header,
        delimiter: parsed(table.delimiter.as_ref(), super::super::delimiter_named)?,
        decimal: parsed(table.decimal.as_ref(), str::parse::<DecimalMark>)?,
        date_order: parsed(table.date_order.as_ref(), str::parse::<DateOrder>)?,
        date_format,
        encoding: parsed(table.encoding.as_ref(), str::parse::<TextEncoding>)?,
        nulls: table.null,
        columns,
        constants,
    })
}

fn kind_of(written: &Spanned<String>) -> Result<Option<Kind>, Wrong> {
    let name = written.get_ref().as_str();
    match Kind::named(name).filter(|kind| !kind.is_computed()) {
        None if name == "skip" => Ok(None),
        None => {
            let kinds = Kind::ALL.into_iter().filter(|kind| !kind.is_computed());
            let kinds: Vec<_> = kinds.map(Kind::as_str).collect();
            Err((written.span(), format!("kind is \"{name}\"; it can be {} or skip", kinds.join(", "))))
        }
        kind => Ok(kind),
    }
}

/// The fields that a kind has, by the names of `docs/IMPORT.md`.
struct Fields(Option<Kind>);

impl Fields {
    fn named(&self, written: &Spanned<String>) -> Result<Field, Wrong> {
        let Some(kind) = self.0 else {
            return Err((written.span(), "a table of kind skip has no columns".into()));
        };
        let wanted = identity(written.get_ref());
        let columns = kind.layout().columns;
        columns.iter().find(|column| column.is_called(&wanted)).map(|column| column.field).ok_or_else(|| {
            let names: Vec<_> = columns.iter().map(|column| column.names.last().copied().unwrap_or_default()).collect();
            let what = format!("{} is no column of {}; it has {}", written.get_ref(), kind.as_str(), names.join(", "));
            (written.span(), what)
        })
    }
}

fn column(field: Field, key: &Spanned<String>, written: Spanned<Written>) -> Result<MappedColumn, Wrong> {
    let span = written.span();
    let full = match written.into_inner() {
        Written::Name(names) => Full { column: names, optional: false, table: None, key: None, value: None },
        Written::Full(full) => full,
    };
    let names = full.column.into_vec();
    if names.is_empty() || names.iter().any(|name| identity(name).is_empty()) {
        return Err((span, format!("{} needs the name of a column", key.get_ref())));
    }
    let lookup = match (full.table, full.value) {
        (Some(table), Some(value)) => {
            Some(Lookup { table, key: full.key.unwrap_or_else(|| names[0].clone()), value: value.into_vec() })
        }
        (None, None) if full.key.is_none() => None,
        _ => {
            let what = format!(
                "{} refers to another table by halves; it needs table and value (and key, where it has another name there)",
                key.get_ref()
            );
            return Err((span, what));
        }
    };
    Ok(MappedColumn { field, names, optional: full.optional, lookup, values: HashMap::new() })
}

fn parsed<T>(written: Option<&Spanned<String>>, parse: impl Fn(&str) -> Result<T, String>) -> Result<Option<T>, Wrong> {
    written.map(|written| parse(written.get_ref()).map_err(|what| (written.span(), what))).transpose()
}

/// A pattern of days must be readable and must say year, month and day.
fn date_format_is_one(format: &str) -> Result<(), String> {
    let expected = "such as \"%d.%m.%Y\" (%d day, %m month, %Y year)";
    let known = chrono::format::StrftimeItems::new(format).parse();
    let known = known.map_err(|_| format!("date_format \"{format}\" is no pattern of days {expected}"))?;
    let day = chrono::NaiveDate::default().and_hms_opt(0, 0, 0).unwrap_or_default();
    let text = day.format_with_items(known.iter()).to_string();
    match super::rewrite::day(&text, &known) {
        Some(read) if read == day.date() => Ok(()),
        _ => Err(format!("date_format \"{format}\" does not say a whole day; write it {expected}")),
    }
}
