//! The generated company: items that go out at sites on some days and not on others, written as CSV and as Parquet.

use std::fs::File;
use std::io::{BufWriter, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Result;
use arrow::array::{ArrayRef, BooleanArray, Date32Array, Float64Array, RecordBatch, StringArray};
use chrono::{Datelike as _, Days, NaiveDate};
use parquet::arrow::ArrowWriter;
use rand::{RngExt as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;

pub const ITEMS: usize = 1_000;
pub const SITES: usize = 20;
/// Every item at every site goes out on half of the days.
const SHARE: f64 = 0.5;
/// Rows of one batch of Parquet.
const BATCH: usize = 100_000;

/// A table's file format.
#[derive(Debug, Clone, Copy)]
pub enum Format {
    Csv,
    Parquet,
}

impl Format {
    pub fn name(self) -> &'static str {
        match self {
            Self::Csv => "CSV",
            Self::Parquet => "Parquet",
        }
    }
}

/// How large the company is.
pub struct Company {
    pub rows: usize,
    /// What all rows sum to.
    pub quantity: u64,
}

/// One generated row.
pub struct Sale {
    pub day: NaiveDate,
    pub item: usize,
    pub site: usize,
    pub quantity: u32,
    pub cents: u32,
}

impl Company {
    pub fn new(rows: usize) -> Self {
        let quantity = sales(rows).map(|sale| u64::from(sale.quantity)).sum();
        Self { rows, quantity }
    }

    /// Writes the items, which go into the database first.
    pub fn items(folder: &Path) -> Result<PathBuf> {
        let path = folder.join("items.csv");
        let mut out = BufWriter::new(File::create(&path)?);
        writeln!(out, "sku,name,unit,family")?;
        for item in 0..ITEMS {
            writeln!(out, "IT{item:05},Item {item},UN,Family {}", item % 25)?;
        }
        out.flush()?;
        Ok(path)
    }

    /// Writes the demand, day by day, as a daily export grows.
    pub fn write(&self, format: Format, folder: &Path) -> Result<PathBuf> {
        match format {
            Format::Csv => self.csv(&folder.join("demand.csv")),
            Format::Parquet => self.parquet(&folder.join("demand.parquet")),
        }
    }

    fn csv(&self, path: &Path) -> Result<PathBuf> {
        let mut out = BufWriter::with_capacity(1 << 20, File::create(path)?);
        writeln!(out, "date,sku,site,quantity,unit_cost,stocked_out")?;
        for Sale { day, item, site, quantity, cents } in sales(self.rows) {
            let (whole, rest) = (cents / 100, cents % 100);
            writeln!(out, "{day},IT{item:05},SITE{site:03},{quantity},{whole}.{rest:02},false")?;
        }
        out.flush()?;
        Ok(path.to_path_buf())
    }

    fn parquet(&self, path: &Path) -> Result<PathBuf> {
        let mut sales = sales(self.rows).peekable();
        let mut writer: Option<ArrowWriter<File>> = None;
        while sales.peek().is_some() {
            let sales: Vec<Sale> = sales.by_ref().take(BATCH).collect();
            let epoch = NaiveDate::default().num_days_from_ce();
            let days = sales.iter().map(|sale| sale.day.num_days_from_ce() - epoch);
            let columns: Vec<(&str, ArrayRef)> = vec![
                ("date", Arc::new(Date32Array::from_iter_values(days))),
                ("sku", Arc::new(StringArray::from_iter_values(sales.iter().map(|s| format!("IT{:05}", s.item))))),
                ("site", Arc::new(StringArray::from_iter_values(sales.iter().map(|s| format!("SITE{:03}", s.site))))),
                ("quantity", Arc::new(Float64Array::from_iter_values(sales.iter().map(|s| f64::from(s.quantity))))),
                (
                    "unit_cost",
                    Arc::new(Float64Array::from_iter_values(sales.iter().map(|s| f64::from(s.cents) / 100.0))),
                ),
                ("stocked_out", Arc::new(BooleanArray::from(vec![false; sales.len()]))),
            ];
            let batch = RecordBatch::try_from_iter(columns)?;
            let writer = match &mut writer {
                Some(writer) => writer,
                none => none.insert(ArrowWriter::try_new(File::create(path)?, batch.schema(), None)?),
            };
            writer.write(&batch)?;
        }
        if let Some(writer) = writer {
            writer.close()?;
        }
        Ok(path.to_path_buf())
    }
}

/// So many rows, the same each time, ending with 2025.
pub fn sales(rows: usize) -> impl Iterator<Item = Sale> {
    let days = (rows as f64 / (ITEMS * SITES) as f64 / SHARE).ceil() as u64 + 20;
    let end = NaiveDate::from_ymd_opt(2025, 12, 31).unwrap_or_default();
    let begin = end - Days::new(days);
    let mut rng = ChaCha8Rng::seed_from_u64(1);
    let cells = (0..days).flat_map(|day| (0..ITEMS * SITES).map(move |series| (day, series)));
    cells
        .filter_map(move |(day, series)| {
            let (chance, quantity, cents): (f64, u32, u32) =
                (rng.random(), rng.random_range(1..40), rng.random_range(100..9_000));
            let day = begin + Days::new(day);
            (chance < SHARE).then_some(Sale { day, item: series / SITES, site: series % SITES, quantity, cents })
        })
        .take(rows)
}
