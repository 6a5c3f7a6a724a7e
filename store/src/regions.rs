//! Questions about regions.

use std::collections::HashMap;

use entity::core::region;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect, QueryTrait as _};

use crate::counts::counted;
use crate::names::{NameOrder, Named};
use crate::page::{Page, Window, among};
use crate::{Database, Result};

/// The list of regions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Regions;

/// An ordering of regions.
pub type RegionOrder = NameOrder<Regions>;

impl Named for Regions {
    type Row = region::Model;
    const LIST: &'static str = "regions";

    fn columns() -> [Expr; 3] {
        [region::Column::Id.into_expr(), region::Column::Code.into_expr(), region::Column::NameFolded.into_expr()]
    }

    fn values(row: &region::Model) -> (i64, &str, &str) {
        (row.id, &row.code, &row.name_folded)
    }
}

/// One page of the regions.
pub async fn page(db: &Database, window: &Window<RegionOrder>) -> Result<Page<region::Model>> {
    let mut select = region::Entity::find();
    window.apply(QuerySelect::query(&mut select));
    Ok(window.page(select.all(db.reader()).await?))
}

/// How many regions there are; counted once per version of the data.
pub async fn count(db: &Database) -> Result<u64> {
    let select = region::Entity::find().select_only().column(region::Column::Id).into_query();
    counted(db, "regions", &(), &select).await
}

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
