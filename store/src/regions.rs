//! Questions about regions.

use std::collections::HashMap;

use entity::core::region;
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _};

use crate::page::among;
use crate::{Database, Result};

/// Every region, by folded name.
pub async fn all(db: &Database) -> Result<Vec<region::Model>> {
    Ok(region::Entity::find()
        .order_by_asc(region::Column::NameFolded)
        .order_by_asc(region::Column::Id)
        .all(db.reader())
        .await?)
}

/// Regions by id; absent ids are absent from the answer.
pub async fn by_ids(db: &Database, ids: &[i64]) -> Result<HashMap<i64, region::Model>> {
    let rows =
        region::Entity::find().filter(among(region::Column::Id.into_expr(), ids.to_vec())).all(db.reader()).await?;
    Ok(rows.into_iter().map(|row| (row.id, row)).collect())
}
