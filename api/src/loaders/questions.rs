//! The questions, one key type each. A key that carries arguments makes one statement, whatever the arguments.

use std::collections::HashMap;
use std::hash::Hash;

use chrono::NaiveDate;
use entity::analytics::recommendation;
use entity::core::{item, order, supplier};
use entity::support::import_reject;
use entity::words::KpiDimension;
use futures::FutureExt;
use futures::future::BoxFuture;
use store::alerts::Alert;
use store::demand::{Series, SeriesKey};
use store::features::{FeaturesKey, StoredDay};
use store::forecasts::{Forecast, ForecastKey, JudgedWeek, WeeksKey};
use store::import_rejects::{ReasonCount, RejectsKey};
use store::inventory::{InventoryKey, InventorySeries, Stock};
use store::orders::ItemSupplier;
use store::page::Page;
use store::sites::Site;
use store::{Database, StoreError};

use super::batch::Question;

type Answers<K, V> = BoxFuture<'static, Result<HashMap<K, V>, StoreError>>;

/// An item by id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ItemById(pub i64);

/// A site by id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct SiteById(pub i64);

/// The sites that use an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct SitesOfItem(pub i64);

/// A demand series.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct DemandOf(pub SeriesKey);

/// A forecast.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ForecastOf(pub ForecastKey);

/// The features of an item-site by day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct FeaturesOf(pub FeaturesKey);

/// A stock series.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct InventoryOf(pub InventoryKey);

/// The newest stock of an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct StockOf(pub i64);

/// The standing recommendations of an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct RecommendationsOfItem(pub i64);

/// The live alerts of an item as a person sees them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct AlertsOfItem {
    /// Whose read marks.
    pub user_id: i64,
    /// Which item.
    pub item_id: i64,
}

/// The newest order lines of an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct OrdersOfItem {
    /// Which item.
    pub item_id: i64,
    /// How many lines at most.
    pub lines: u64,
}

/// The suppliers of an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct SuppliersOfItem(pub i64);

/// The weeks of an item that were forecast and are over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct WeeksOf(pub WeeksKey);

/// A supplier by id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct SupplierById(pub i64);

/// A person's name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct UserById(pub i64);

/// A page of the lines that an import run refused or flagged.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct RejectsOfRun(pub RejectsKey);

/// How many lines of an import run were refused or flagged, by reason.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ReasonsOfRun(pub i64);

/// When the company began to forecast; there is one answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct FirstForecast;

/// The carrying cost that a KPI's member began with.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct FirstCarryingCost {
    pub dimension: KpiDimension,
    pub member: String,
}

/// Gives each answer its key back.
fn keyed<K: Eq + Hash, I: Eq + Hash, V>(answers: HashMap<I, V>, key: impl Fn(I) -> K) -> HashMap<K, V> {
    answers.into_iter().map(|(id, value)| (key(id), value)).collect()
}

impl Question for ItemById {
    type Answer = item::Model;

    fn ask(db: Database, keys: Vec<Self>) -> Answers<Self, Self::Answer> {
        let ids: Vec<i64> = keys.iter().map(|key| key.0).collect();
        async move { Ok(keyed(store::items::by_ids(&db, &ids).await?, Self)) }.boxed()
    }
}

impl Question for SiteById {
    type Answer = Site;

    fn ask(db: Database, keys: Vec<Self>) -> Answers<Self, Self::Answer> {
        let ids: Vec<i64> = keys.iter().map(|key| key.0).collect();
        async move { Ok(keyed(store::sites::by_ids(&db, &ids).await?, Self)) }.boxed()
    }
}

impl Question for SitesOfItem {
    type Answer = Vec<Site>;

    fn ask(db: Database, keys: Vec<Self>) -> Answers<Self, Self::Answer> {
        let ids: Vec<i64> = keys.iter().map(|key| key.0).collect();
        async move { Ok(keyed(store::sites::by_item_ids(&db, &ids).await?, Self)) }.boxed()
    }
}

impl Question for DemandOf {
    type Answer = Series;

    fn ask(db: Database, keys: Vec<Self>) -> Answers<Self, Self::Answer> {
        let keys: Vec<SeriesKey> = keys.into_iter().map(|key| key.0).collect();
        async move { Ok(keyed(store::demand::series(&db, &keys).await?, Self)) }.boxed()
    }
}

impl Question for ForecastOf {
    type Answer = Forecast;

    fn ask(db: Database, keys: Vec<Self>) -> Answers<Self, Self::Answer> {
        let keys: Vec<ForecastKey> = keys.into_iter().map(|key| key.0).collect();
        async move { Ok(keyed(store::forecasts::by_keys(&db, &keys).await?, Self)) }.boxed()
    }
}

impl Question for FeaturesOf {
    type Answer = Vec<StoredDay>;

    fn ask(db: Database, keys: Vec<Self>) -> Answers<Self, Self::Answer> {
        let keys: Vec<FeaturesKey> = keys.into_iter().map(|key| key.0).collect();
        async move { Ok(keyed(store::features::by_keys(&db, &keys).await?, Self)) }.boxed()
    }
}

impl Question for InventoryOf {
    type Answer = InventorySeries;

    fn ask(db: Database, keys: Vec<Self>) -> Answers<Self, Self::Answer> {
        let keys: Vec<InventoryKey> = keys.into_iter().map(|key| key.0).collect();
        async move { Ok(keyed(store::inventory::series(&db, &keys).await?, Self)) }.boxed()
    }
}

impl Question for StockOf {
    type Answer = Stock;

    fn ask(db: Database, keys: Vec<Self>) -> Answers<Self, Self::Answer> {
        let ids: Vec<i64> = keys.iter().map(|key| key.0).collect();
        async move { Ok(keyed(store::inventory::stock_by_items(&db, &ids).await?, Self)) }.boxed()
    }
}

impl Question for RecommendationsOfItem {
    type Answer = Vec<recommendation::Model>;

    fn ask(db: Database, keys: Vec<Self>) -> Answers<Self, Self::Answer> {
        let ids: Vec<i64> = keys.iter().map(|key| key.0).collect();
        async move { Ok(keyed(store::recommendations::by_item_ids(&db, &ids).await?, Self)) }.boxed()
    }
}

impl Question for AlertsOfItem {
    type Answer = Vec<Alert>;

    fn ask(db: Database, keys: Vec<Self>) -> Answers<Self, Self::Answer> {
        // A request has one viewer, so every key names the same person.
        let user_id = keys.first().map_or(0, |key| key.user_id);
        let ids: Vec<i64> = keys.iter().map(|key| key.item_id).collect();
        async move {
            let answers = store::alerts::by_item_ids(&db, user_id, &ids).await?;
            Ok(keyed(answers, |item_id| Self { user_id, item_id }))
        }
        .boxed()
    }
}

impl Question for OrdersOfItem {
    type Answer = Vec<order::Model>;

    fn ask(db: Database, keys: Vec<Self>) -> Answers<Self, Self::Answer> {
        let ids: Vec<i64> = keys.iter().map(|key| key.item_id).collect();
        // Two lengths in one request are one statement as well: the longer answers the shorter.
        let most = keys.iter().map(|key| key.lines).max().unwrap_or(0);
        async move {
            let lines = store::orders::by_items(&db, &ids, most).await?;
            let of =
                |key: &Self| lines.get(&key.item_id).map(|all| all.iter().take(key.lines as usize).cloned().collect());
            Ok(keys.iter().filter_map(|key| Some((*key, of(key)?))).collect())
        }
        .boxed()
    }
}

impl Question for SuppliersOfItem {
    type Answer = Vec<ItemSupplier>;

    fn ask(db: Database, keys: Vec<Self>) -> Answers<Self, Self::Answer> {
        let ids: Vec<i64> = keys.iter().map(|key| key.0).collect();
        async move { Ok(keyed(store::orders::suppliers_by_items(&db, &ids).await?, Self)) }.boxed()
    }
}

impl Question for WeeksOf {
    type Answer = Vec<JudgedWeek>;

    fn ask(db: Database, keys: Vec<Self>) -> Answers<Self, Self::Answer> {
        let keys: Vec<WeeksKey> = keys.into_iter().map(|key| key.0).collect();
        async move { Ok(keyed(store::forecasts::weeks_by_keys(&db, &keys).await?, Self)) }.boxed()
    }
}

impl Question for SupplierById {
    type Answer = supplier::Model;

    fn ask(db: Database, keys: Vec<Self>) -> Answers<Self, Self::Answer> {
        let ids: Vec<i64> = keys.iter().map(|key| key.0).collect();
        async move { Ok(keyed(store::suppliers::by_ids(&db, &ids).await?, Self)) }.boxed()
    }
}

impl Question for UserById {
    type Answer = String;

    fn ask(db: Database, keys: Vec<Self>) -> Answers<Self, Self::Answer> {
        let ids: Vec<i64> = keys.iter().map(|key| key.0).collect();
        async move {
            let people = store::users::by_ids(&db, &ids).await?;
            Ok(people.into_iter().map(|(id, person)| (Self(id), person.name)).collect())
        }
        .boxed()
    }
}

impl Question for RejectsOfRun {
    type Answer = Page<import_reject::Model>;

    fn ask(db: Database, keys: Vec<Self>) -> Answers<Self, Self::Answer> {
        let keys: Vec<RejectsKey> = keys.into_iter().map(|key| key.0).collect();
        async move { Ok(keyed(store::import_rejects::pages(&db, &keys).await?, Self)) }.boxed()
    }
}

impl Question for ReasonsOfRun {
    type Answer = Vec<ReasonCount>;

    fn ask(db: Database, keys: Vec<Self>) -> Answers<Self, Self::Answer> {
        let ids: Vec<i64> = keys.iter().map(|key| key.0).collect();
        async move { Ok(keyed(store::import_rejects::reasons(&db, &ids).await?, Self)) }.boxed()
    }
}

impl Question for FirstForecast {
    type Answer = NaiveDate;

    fn ask(db: Database, _keys: Vec<Self>) -> Answers<Self, Self::Answer> {
        async move { Ok(store::forecasts::first_origin(&db).await?.map(|origin| (Self, origin)).into_iter().collect()) }
            .boxed()
    }
}

impl Question for FirstCarryingCost {
    type Answer = f64;

    fn ask(db: Database, _keys: Vec<Self>) -> Answers<Self, Self::Answer> {
        let key = |(dimension, member)| Self { dimension, member };
        async move { Ok(keyed(store::kpis::first_carrying_costs(&db).await?, key)) }.boxed()
    }
}
