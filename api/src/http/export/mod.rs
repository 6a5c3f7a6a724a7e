//! Whole tables as files: `GET /export/{table}.{csv,json,parquet,xlsx}`, for spreadsheets, dataframes and BI tools.
//!
//! Rows are read a page at a time and the connection is let go between pages, so an export of millions of rows holds
//! neither memory nor the database. What a role may not read is no column of its files. Start with [`serve`]; `asked`
//! reads what is asked, `tables` has a file for each table, `sheet` is a page of any of them, and `csv`, `json`, `parquet`
//! and `xlsx` write it; `stream` is the way out.

mod asked;
mod cell;
mod codes;
mod csv;
mod filters;
mod format;
mod json;
mod parquet;
mod sheet;
mod stream;
mod tables;
mod xlsx;

use std::sync::Arc;

use async_graphql::ServerError;
use axum::extract::{Path, Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use serde_json::json;
use store::StoreError;

use self::asked::Asked;
use self::tables::Asker;
use super::guard::{Origin, RequestId, origin};
use super::negotiate::Media;
use super::{client, graphql, respond};
use crate::app::Shared;
use crate::auth::{Client, Refused, Viewer, ticket, trail};
use crate::error::{Code, chain, internal_message, request_error};
use crate::graphql::context::Analyst;

/// Why there is no file.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// The asker's question cannot be answered; the sentence is for them.
    #[error("{0}")]
    Asked(String),
    /// The store refused.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A page is not what its table promised.
    #[error("a page could not be put together: {0}")]
    Sheet(#[from] arrow::error::ArrowError),
    /// A page could not be written as Parquet.
    #[error("a page could not be written: {0}")]
    Parquet(#[from] ::parquet::errors::ParquetError),
    /// A workbook could not be written.
    #[error("a workbook could not be written: {0}")]
    Workbook(#[from] rust_xlsxwriter::XlsxError),
    /// A file of our own could not be written or read.
    #[error("a file could not be kept: {0}")]
    File(#[from] std::io::Error),
    /// Writing ended early.
    #[error("writing ended early: {0}")]
    Ended(#[from] tokio::task::JoinError),
}

/// A table as a file.
pub async fn serve(State(shared): State<Arc<Shared>>, Path(file): Path<String>, request: Request) -> Response {
    let origin = origin(&shared, request.headers());
    if matches!(origin, Origin::Foreign) {
        return respond::malformed(Media::Json, StatusCode::FORBIDDEN, "This page may not export.");
    }
    let mut response = match answer(shared, &file, request).await {
        Ok(response) | Err(response) => response,
    };
    if let Origin::Allowed(origin) = origin {
        response.headers_mut().insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
    }
    response
}

/// `Err` is an answer as well, that holds no file.
async fn answer(shared: Arc<Shared>, file: &str, request: Request) -> Result<Response, Response> {
    let (parts, _) = request.into_parts();
    let request_id = parts.extensions.get::<RequestId>().map(|id| id.0.clone()).unwrap_or_default();
    let client = client::of(&parts.headers, &parts.extensions, &shared.config.trusted_proxies);
    let query = parts.uri.query().unwrap_or_default();
    let viewer = match asked::ticket(query) {
        Some(ticket) => redeem(&shared, &ticket, &client, &request_id).await?,
        None => graphql::identify(&shared, &parts.headers, &client, &request_id).await.map_err(refuse)?,
    };
    let viewer = viewer.ok_or_else(|| refuse(request_error(Code::Unauthenticated, "Sign in to export.")))?;
    let Some(mut asked) = Asked::of(file, query).map_err(|wrong| failed(&wrong, &request_id))? else {
        return Err(respond::malformed(Media::Json, StatusCode::NOT_FOUND, "There is no such export."));
    };
    let now = shared.now();
    let db = shared.db.reading_for(Some(viewer.id), now);
    let asker = Asker { user: viewer.id, analyst: Analyst::of(&viewer), locale: asked.locale };
    let mut table = tables::open(&db, &mut asked, &asker).await.map_err(|wrong| failed(&wrong, &request_id))?;
    asked.filters.end().map_err(|wrong| failed(&wrong, &request_id))?;

    let details =
        json!({ "format": asked.format.extension(), "filters": asked.told, "costs": asker.analyst.is_some() });
    shared.trail.write(trail::entry(&viewer, &client, now, "export", Some(asked.table.name()), details));

    // The first page before the first word: what fails here is still answered with a status.
    let empty = table.empty().map_err(|wrong| failed(&wrong, &request_id))?;
    let first = table.next(&db).await.map_err(|wrong| failed(&wrong, &request_id))?;
    let body = stream::body(db, asked.format, asked.locale, table, empty, first, request_id.clone()).await;
    let mut response = Response::new(body.map_err(|wrong| failed(&wrong, &request_id))?);
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(asked.format.content_type()));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    let name = format!("attachment; filename=\"{}.{}\"", asked.table.name(), asked.format.extension());
    headers.extend(HeaderValue::from_str(&name).ok().map(|name| (header::CONTENT_DISPOSITION, name)));
    Ok(response)
}

/// Who comes with a ticket.
async fn redeem(
    shared: &Shared,
    ticket: &str,
    client: &Client,
    request_id: &str,
) -> Result<Option<Arc<Viewer>>, Response> {
    match ticket::redeem(&shared.db, &shared.auth.users, ticket, shared.now()).await {
        Ok(viewer) => Ok(Some(viewer)),
        Err(Refused::Token(reason)) => {
            let details = json!({ "reason": reason });
            shared.trail.write(trail::anonymous("unknown", client, shared.now(), "ticket.refused", details));
            Err(refuse(request_error(Code::Unauthenticated, "The link is good once, for a minute; ask for another.")))
        }
        Err(Refused::Store(failure)) => Err(failed(&failure.into(), request_id)),
    }
}

/// An answer instead of a file.
fn failed(error: &ExportError, request_id: &str) -> Response {
    let told = match error {
        ExportError::Asked(sentence) => request_error(Code::BadUserInput, sentence.clone()),
        ExportError::Store(StoreError::Busy(reason)) => {
            tracing::warn!(request_id, reason, "the database is busy or away");
            let sentence = format!("The data cannot be read just now; try again soon (request {request_id}).");
            request_error(Code::Unavailable, sentence)
        }
        ours => {
            tracing::error!(request_id, error = %chain(ours), "an export failed");
            request_error(Code::Internal, internal_message(request_id))
        }
    };
    refuse(told)
}

/// A refusal with the status of its kind; not of the graph's media type, because nobody asked the graph.
fn refuse(error: ServerError) -> Response {
    let mut response = respond::refused(Media::GraphQl, &[error]);
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(Media::Json.content_type()));
    response
}
