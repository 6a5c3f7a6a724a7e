//! Views of a page that people saved: their own, and those that somebody shared.

use chrono::{DateTime, Utc};
use entity::support::saved_view;
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::{ExprTrait as _, OnConflict};
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _, QueryTrait as _};

use crate::audit::{NewEntry, append_in};
use crate::{Database, Result, StoreError};

/// A view about to be saved; one of the same person, page and name is replaced.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewView {
    pub user_id: i64,
    pub name: String,
    /// Which page, by its path.
    pub page: String,
    /// What its address says behind the question mark.
    pub query: String,
    pub shared: bool,
    pub at: DateTime<Utc>,
}

/// What a person sees: their own views and the shared ones, of a page or of all, by page and name.
pub async fn seen_by(db: &Database, user_id: i64, page: Option<&str>) -> Result<Vec<saved_view::Model>> {
    use saved_view::Column;
    let seen = saved_view::Entity::find()
        .filter(Column::UserId.eq(user_id).or(Column::Shared.eq(true)))
        .apply_if(page, |select, page| select.filter(Column::Page.eq(page)))
        .order_by_asc(Column::Page)
        .order_by_asc(Column::Name)
        .order_by_asc(Column::Id);
    Ok(seen.all(db.reader()).await?)
}

/// How many views a person has.
pub async fn count(db: &Database, user_id: i64) -> Result<u64> {
    use sea_orm::PaginatorTrait as _;
    Ok(saved_view::Entity::find().filter(saved_view::Column::UserId.eq(user_id)).count(db.writer()).await?)
}

/// Saves a view and chains `entry` in the same transaction; the entry's `entity_id` becomes its id.
pub async fn save(db: &Database, new: NewView, mut entry: NewEntry) -> Result<saved_view::Model> {
    use saved_view::Column;
    let row = saved_view::ActiveModel {
        user_id: Set(new.user_id),
        name: Set(new.name),
        page: Set(new.page),
        query: Set(new.query),
        shared: Set(new.shared),
        created_at: Set(new.at),
        ..Default::default()
    };
    db.transaction(move |transaction| {
        Box::pin(async move {
            let replace = OnConflict::columns([Column::UserId, Column::Page, Column::Name])
                .update_columns([Column::Query, Column::Shared])
                .to_owned();
            let saved =
                saved_view::Entity::insert_many([row]).on_conflict(replace).exec_with_returning(transaction).await?;
            let saved = saved.into_iter().next();
            let saved = saved.ok_or_else(|| StoreError::Corrupt("a saved view was not returned".into()))?;
            entry.entity_id = Some(saved.id.to_string());
            append_in(transaction, vec![entry]).await?;
            Ok(saved)
        })
    })
    .await
}

/// Deletes a view of a person and chains `entry` in the same transaction; answers whether there was one of theirs.
pub async fn delete(db: &Database, id: i64, user_id: i64, entry: NewEntry) -> Result<bool> {
    db.transaction(move |transaction| {
        Box::pin(async move {
            let deleted = saved_view::Entity::delete_by_id(id)
                .filter(saved_view::Column::UserId.eq(user_id))
                .exec(transaction)
                .await?;
            if deleted.rows_affected > 0 {
                append_in(transaction, vec![entry]).await?;
            }
            Ok(deleted.rows_affected > 0)
        })
    })
    .await
}
