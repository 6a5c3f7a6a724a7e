//! How a table may be written.

use std::str::FromStr;

use crate::graphql::types::words;

/// A kind of file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Text that any spreadsheet opens.
    Csv,
    /// An array of objects.
    Json,
    /// Columns with types, for dataframes.
    Parquet,
    /// A workbook of one sheet.
    Xlsx,
}

/// How numbers and days are written as text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Locale {
    /// As programs read them: `1234.56`, `2025-03-31`, commas between cells.
    #[default]
    Plain,
    /// As Brazil reads them: `1234,56`, `31/03/2025`, semicolons between cells.
    PtBr,
}

impl Format {
    /// The end of a file's name.
    pub const fn extension(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Json => "json",
            Self::Parquet => "parquet",
            Self::Xlsx => "xlsx",
        }
    }

    /// The media type.
    pub const fn content_type(self) -> &'static str {
        match self {
            Self::Csv => "text/csv; charset=utf-8",
            Self::Json => "application/json",
            Self::Parquet => "application/vnd.apache.parquet",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        }
    }
}

impl Locale {
    /// The language of sentences in the file.
    pub const fn of_sentences(self) -> words::Locale {
        match self {
            Self::Plain => words::Locale::En,
            Self::PtBr => words::Locale::PtBr,
        }
    }
}

impl FromStr for Format {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let all = [Self::Csv, Self::Json, Self::Parquet, Self::Xlsx];
        all.into_iter().find(|format| format.extension() == text).ok_or(())
    }
}

impl FromStr for Locale {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        match text {
            "pt-BR" => Ok(Self::PtBr),
            "en" => Ok(Self::Plain),
            _ => Err(()),
        }
    }
}
