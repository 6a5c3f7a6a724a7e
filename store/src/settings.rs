//! What the database knows of itself.

use entity::support::setting;
use sea_orm::sea_query::OnConflict;
use sea_orm::{ActiveValue::Set, EntityTrait as _};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value as Json;

use crate::statement::raw;
use crate::{Database, Result};

/// The key under which the demo notes that this database is its own.
pub const DEMO: &str = "demo";

/// A setting; `None` where it was never set.
pub async fn get<T: DeserializeOwned>(db: &Database, key: &str) -> Result<Option<T>> {
    let row = setting::Entity::find_by_id(key).one(db.reader()).await?;
    Ok(row.map(|row| serde_json::from_value(row.value)).transpose()?)
}

/// Sets a setting.
pub async fn set<T: Serialize + Sync>(db: &Database, key: &str, value: &T) -> Result<()> {
    let row = setting::ActiveModel { key: Set(key.to_owned()), value: Set(serde_json::to_value(value)?) };
    let replace = OnConflict::column(setting::Column::Key).update_column(setting::Column::Value).to_owned();
    setting::Entity::insert(row).on_conflict(replace).exec_without_returning(db.writer()).await?;
    Ok(())
}

/// Whether this database holds the demo company: the setting [`DEMO`] is there and neither `false` nor `null`.
pub async fn is_demo(db: &Database) -> Result<bool> {
    Ok(get::<Json>(db, DEMO).await?.is_some_and(|value| !matches!(value, Json::Null | Json::Bool(false))))
}

/// Whether this database holds data that the demo did not make: items, facts or orders without the demo's mark, or a
/// run that loaded lines, other than `DEMO` and what was computed from it elsewhere.
pub async fn holds_foreign_data(db: &Database) -> Result<bool> {
    // One round trip over unrelated tables, which no entity joins.
    let row = raw(
        "SELECT EXISTS (SELECT FROM support.import_runs WHERE kind NOT IN ('DEMO', 'FORECASTS', 'FEATURES', 'KPIS') AND loaded_lines > 0), \
         EXISTS (SELECT FROM core.dim_item) OR EXISTS (SELECT FROM core.fact_demand_daily) \
         OR EXISTS (SELECT FROM core.fact_inventory_daily) OR EXISTS (SELECT FROM core.fact_orders)",
        [],
    )
    .one(db.reader())
    .await?;
    let Some(row) = row else { return Ok(false) };
    let (imported, any): (bool, bool) = (row.try_get_by_index(0)?, row.try_get_by_index(1)?);
    Ok(imported || (any && !is_demo(db).await?))
}
