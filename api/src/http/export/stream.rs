//! The way out: page after page is read, written and handed over, and what breaks off never looks whole.

use std::io;
use std::time::Duration;

use arrow::array::RecordBatch;
use axum::body::{Body, Bytes};
use futures::{StreamExt as _, stream};
use store::Database;
use tokio::io::AsyncReadExt as _;
use tokio::sync::mpsc;

use super::ExportError;
use super::csv::Csv;
use super::format::{Format, Locale};
use super::json::Json;
use super::parquet::Parquet;
use super::tables::Table;
use super::xlsx;
use crate::error::chain;

/// Pieces that may wait for the other end; reading goes on when there is room.
const WAITING: usize = 2;
/// How long the other end may take none.
const IDLE: Duration = Duration::from_mins(1);
/// Bytes of a finished file that are sent at once.
const PIECE: usize = 256 * 1024;

/// Writes pages as bytes, as they come.
pub trait Writer: Send + 'static {
    /// Before the first page; `empty` has its columns.
    fn begin(&mut self, empty: &RecordBatch) -> Result<Vec<u8>, ExportError>;
    /// A page.
    fn page(&mut self, page: &RecordBatch) -> Result<Vec<u8>, ExportError>;
    /// After the last page.
    fn end(&mut self) -> Result<Vec<u8>, ExportError>;
}

/// What goes to the body; without an end the body breaks off.
enum Piece {
    Bytes(Bytes),
    End,
}

/// The body of an export whose first page was read. A workbook is finished before, because its writing may be refused.
pub async fn body(
    db: Database,
    format: Format,
    locale: Locale,
    table: Box<dyn Table>,
    empty: RecordBatch,
    first: Option<RecordBatch>,
    request_id: String,
) -> Result<Body, ExportError> {
    let writer: Box<dyn Writer> = match format {
        Format::Csv => Box::new(Csv { locale }),
        Format::Json => Box::<Json>::default(),
        Format::Parquet => Box::<Parquet>::default(),
        Format::Xlsx => {
            let file = xlsx::write(&db, table, empty, first).await?;
            return Ok(in_pieces(request_id, |pieces| copy(file, pieces)));
        }
    };
    Ok(in_pieces(request_id, |pieces| pages(db, writer, table, empty, first, pieces)))
}

/// A body of what `work` hands over. When it fails, it is logged, and the body ends as a broken transfer.
fn in_pieces<W>(request_id: String, work: impl FnOnce(mpsc::Sender<Piece>) -> W) -> Body
where
    W: Future<Output = Result<(), ExportError>> + Send + 'static,
{
    let (sender, receiver) = mpsc::channel(WAITING);
    let work = work(sender);
    tokio::spawn(async move {
        if let Err(error) = work.await {
            tracing::error!(request_id, error = %chain(&error), "an export broke off");
        }
    });
    let pieces = stream::unfold(Some(receiver), |receiver| async {
        let mut receiver = receiver?;
        match receiver.recv().await {
            Some(Piece::Bytes(bytes)) => Some((Ok(bytes), Some(receiver))),
            Some(Piece::End) => None,
            None => Some((Err(io::Error::other("the export broke off")), None)),
        }
    });
    // What compresses a body asks once more after its end.
    Body::from_stream(pieces.fuse())
}

async fn pages(
    db: Database,
    mut writer: Box<dyn Writer>,
    mut table: Box<dyn Table>,
    empty: RecordBatch,
    first: Option<RecordBatch>,
    pieces: mpsc::Sender<Piece>,
) -> Result<(), ExportError> {
    send(&pieces, writer.begin(&empty)?).await?;
    let mut next = first;
    while let Some(page) = next {
        // Compressing and printing is work for the processor: not on the threads that answer.
        let (kept, bytes) = tokio::task::spawn_blocking(move || {
            let bytes = writer.page(&page);
            (writer, bytes)
        })
        .await?;
        writer = kept;
        send(&pieces, bytes?).await?;
        next = table.next(&db).await?;
    }
    let rest = tokio::task::spawn_blocking(move || writer.end()).await??;
    send(&pieces, rest).await?;
    end(&pieces).await
}

async fn copy(file: std::fs::File, pieces: mpsc::Sender<Piece>) -> Result<(), ExportError> {
    let mut file = tokio::fs::File::from_std(file);
    loop {
        let mut piece = Vec::with_capacity(PIECE);
        if file.read_buf(&mut piece).await? == 0 {
            return end(&pieces).await;
        }
        send(&pieces, piece).await?;
    }
}

async fn send(pieces: &mpsc::Sender<Piece>, bytes: Vec<u8>) -> Result<(), ExportError> {
    // An empty piece would end a chunked body.
    if bytes.is_empty() { Ok(()) } else { hand_over(pieces, Piece::Bytes(bytes.into())).await }
}

async fn end(pieces: &mpsc::Sender<Piece>) -> Result<(), ExportError> {
    hand_over(pieces, Piece::End).await
}

async fn hand_over(pieces: &mpsc::Sender<Piece>, piece: Piece) -> Result<(), ExportError> {
    match pieces.send_timeout(piece, IDLE).await {
        Ok(()) => Ok(()),
        Err(mpsc::error::SendTimeoutError::Timeout(_)) => {
            Err(io::Error::other("the other end takes nothing more").into())
        }
        Err(mpsc::error::SendTimeoutError::Closed(_)) => Err(io::Error::other("the other end went away").into()),
    }
}
