//! Demand and stock from a file of any length: one thread reads and judges, one puts whole months in order and encodes them,
//! and the task that holds the load sends.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::{Duration, Instant};

use chrono::NaiveDate;
use store::import_runs::NewReject;
use store::load::{Codes, FactRow, FactValues, Load, Loader, Parcel, Pieces};
use tokio::sync::mpsc;
use tokio::task::JoinError;

use super::file::Telling;
use super::{LoadError, convert};
use crate::extract::{Kind, Source};
use crate::transform::{self, Facts, Judged, TransformOptions};

/// What has been read and not yet encoded, beside what is being encoded: a month of demand is some 25 MB.
const READ: usize = 1;
/// Pieces that have been encoded and not yet been sent, 12 MB.
const ENCODED: usize = 16;
/// How often a person hears how far the reading is.
const TELL_EVERY: Duration = Duration::from_secs(2);

/// Whether a kind's files may be longer than memory.
pub(super) fn streams(kind: Kind) -> bool {
    matches!(kind, Kind::Demand | Kind::Inventory)
}

/// What reading a file to its end has told, beside the rows themselves.
pub(super) struct Streamed {
    /// The new sites and the calendar; the facts have landed.
    pub load: Load,
    pub codes: Codes,
}

/// Reads a whole file and lands its rows.
pub(super) async fn stream(
    loader: &mut Loader<'_>,
    source: Source,
    options: TransformOptions,
    tell: Arc<Telling>,
) -> Result<Streamed, LoadError> {
    let (codes, pieces) = (loader.codes().await?, loader.pieces());
    let name = source.file.name.clone();
    let (sender, mut read) = mpsc::channel::<Parcel>(READ);
    let (encoded, mut ready) = mpsc::channel(ENCODED);
    let reading = tokio::task::spawn_blocking(move || {
        let mut reading = Reading::new(source, codes, pieces, sender, tell);
        reading.run(&options)?;
        Ok(reading.end())
    });
    let encoding = tokio::task::spawn_blocking(move || {
        while let Some(parcel) = read.blocking_recv() {
            if parcel.unpack(|piece| encoded.blocking_send(piece)).is_err() {
                break;
            }
        }
    });
    // When a piece is refused the channels close with it, one after the other, and the reader ends at its next one.
    while let Some(piece) = ready.recv().await {
        loader.land(piece).await?;
    }
    let lost = |error: JoinError| LoadError::Reader { file: name.clone(), reason: error.to_string() };
    encoding.await.map_err(lost)?;
    reading.await.map_err(lost)?
}

struct Reading {
    source: Source,
    codes: Codes,
    sender: mpsc::Sender<Parcel>,
    tell: Arc<Telling>,
    pieces: Pieces,
    days: BTreeSet<NaiveDate>,
    /// Ids by the judge's numbers.
    items: Vec<i64>,
    sites: Vec<i64>,
    load: Load,
    read: u64,
    began: Instant,
    told: Instant,
}

impl Reading {
    fn new(source: Source, codes: Codes, pieces: Pieces, sender: mpsc::Sender<Parcel>, tell: Arc<Telling>) -> Self {
        Self {
            source,
            codes,
            sender,
            tell,
            pieces,
            days: BTreeSet::new(),
            items: Vec::new(),
            sites: Vec::new(),
            load: Load::default(),
            read: 0,
            began: Instant::now(),
            told: Instant::now(),
        }
    }

    fn run(&mut self, options: &TransformOptions) -> Result<(), LoadError> {
        let (kind, file) = (self.source.kind, self.source.file.clone());
        let Some(mut judge) = Facts::new(kind, &file.name, options) else { return Ok(()) };
        let headers = self.source.headers().to_vec();
        let Self { source, codes, sender, tell, pieces, days, items, sites, load, read, began, told } = self;
        let mut last_day = None;
        for (table, header) in headers.iter().enumerate() {
            let mut rows = source.rows(table)?;
            while let Some(row) = rows.next() {
                let row = row?;
                *read += 1;
                let full = match judge.judge(header, &row) {
                    Judged::First(fact, flag) => {
                        let fact = by_id(fact, &judge, codes, items, sites, load);
                        if last_day != Some(fact.full_date) {
                            last_day = Some(fact.full_date);
                            days.insert(fact.full_date);
                        }
                        let doubt = flag.and_then(|flag| pieces.reject(&convert::flagged(&flag)));
                        send(sender, doubt, tell)?;
                        pieces.fact(&fact)
                    }
                    Judged::Again(fact) => {
                        let fact = by_id(fact, &judge, codes, items, sites, load);
                        pieces.again(&fact, row.sheet.as_deref(), row.line).map(Parcel::Piece)
                    }
                    Judged::Refused(reject) => {
                        let reject: NewReject = convert::refused(&reject);
                        pieces.reject(&reject).map(Parcel::Piece)
                    }
                };
                if send(sender, full, tell)? && told.elapsed() >= TELL_EVERY {
                    *told = Instant::now();
                    let rate = *read as f64 / began.elapsed().as_secs_f64();
                    let share = rows.bytes().map(|bytes| bytes as f64 / file.bytes.max(1) as f64);
                    tell.say(&progress(&file.name, *read, rate, share, began.elapsed()));
                }
            }
        }
        Ok(())
    }

    fn end(self) -> Streamed {
        let Self { sender, tell, pieces, days, mut load, read, codes, .. } = self;
        for parcel in pieces.rest() {
            // Nobody listens any more only when the load has failed, and then its own error is told.
            let _ = send(&sender, Some(parcel), &tell);
        }
        load.calendar = convert::calendar_of(days.into_iter());
        load.read = Some(read);
        Streamed { load, codes }
    }
}

/// Hands over what is full, and waits while too much is on its way; answers whether there was any.
fn send(sender: &mpsc::Sender<Parcel>, parcel: Option<impl Into<Parcel>>, tell: &Telling) -> Result<bool, LoadError> {
    let Some(parcel) = parcel else { return Ok(false) };
    let stopped = |_| LoadError::Reader { file: tell.file.clone(), reason: "the load was given up".into() };
    sender.blocking_send(parcel.into()).map_err(stopped)?;
    Ok(true)
}

/// The fact by the ids of its item and site; a site that is not stored yet is brought by the load.
fn by_id(
    fact: transform::FactRow,
    judge: &Facts<'_>,
    codes: &mut Codes,
    items: &mut Vec<i64>,
    sites: &mut Vec<i64>,
    load: &mut Load,
) -> FactRow {
    for sku in &judge.skus()[items.len()..] {
        items.push(codes.item_or_new(sku));
    }
    for site in &judge.sites()[sites.len()..] {
        let stored = codes.site(&site.code);
        sites.push(stored.unwrap_or_else(|| codes.site_or_new(&site.code)));
        if stored.is_none() {
            load.sites.push(convert::site(site.clone()));
        }
    }
    let values = match fact.values {
        transform::FactValues::Demand { quantity, unit_cost, stocked_out } => {
            FactValues::Demand { quantity, unit_cost, stocked_out }
        }
        transform::FactValues::Inventory { on_hand, on_order, safety_stock, reorder_point } => {
            FactValues::Inventory { on_hand, on_order, safety_stock, reorder_point, days_of_cover: None }
        }
    };
    FactRow { item_id: items[fact.item as usize], site_id: sites[fact.site as usize], full_date: fact.date, values }
}

/// How far the reading is, and how long it will go on where the file's size can tell.
fn progress(file: &str, read: u64, rate: f64, share: Option<f64>, elapsed: Duration) -> String {
    let told = format!("{file}: {read} rows read, {rate:.0} rows/s");
    match share {
        Some(share) if share > 0.0 && share <= 1.0 => {
            let left = elapsed.as_secs_f64() * (1.0 - share) / share;
            format!("{told}, {:.0} % of the file, about {left:.0} s of reading left", share * 100.0)
        }
        _ => told,
    }
}
