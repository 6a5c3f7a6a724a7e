//! Questions about indicators: figures from outside, such as inflation or rain.

use chrono::NaiveDate;
use entity::core::indicator;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _};

use crate::page::among;
use crate::{Database, Result};

/// The first `most` codes, sorted by bytes.
pub async fn codes(db: &Database, most: u64) -> Result<Vec<String>> {
    let codes = indicator::Entity::find()
        .select_only()
        .column(indicator::Column::Code)
        .distinct()
        .order_by_asc(indicator::Column::Code)
        .limit(most);
    Ok(codes.into_tuple().all(db.reader()).await?)
}

/// Every value of `codes` up to `to`, by code and day.
pub async fn values(db: &Database, codes: &[String], to: NaiveDate) -> Result<Vec<indicator::Model>> {
    let code: Expr = indicator::Column::Code.into_expr();
    Ok(indicator::Entity::find()
        .filter(among(code, codes.to_vec()))
        .filter(indicator::Column::FullDate.lte(to))
        .order_by_asc(indicator::Column::Code)
        .order_by_asc(indicator::Column::FullDate)
        .all(db.reader())
        .await?)
}
