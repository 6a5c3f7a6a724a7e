//! Questions about items: lists, searches, families.

use std::collections::HashMap;

use entity::core::item;
use entity::words::{AbcClass, ItemKind, XyzClass};
use sea_orm::sea_query::{Expr, ExprTrait as _, SelectStatement};
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, QuerySelect as _, QueryTrait as _};
use serde_json::{Value as Json, json};

use crate::counts::counted;
use crate::fold::{like_prefix, like_word_start, like_words, search_terms};
use crate::page::{Direction, KeyKind, Page, SortColumn, Sorted, Window, among, bytewise, names};
use crate::{Database, Result};

/// Which items; `None` does not restrict, an empty list matches nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct ItemFilter {
    /// Words that must all appear in sku or name, whatever their case and accents.
    pub search: Option<String>,
    pub kind: Option<ItemKind>,
    pub families: Option<Vec<String>>,
    pub abc_classes: Option<Vec<AbcClass>>,
    pub xyz_classes: Option<Vec<XyzClass>>,
    /// Items with demand or stock at one of these sites.
    pub site_ids: Option<Vec<i64>>,
    pub active: Option<bool>,
}

/// What items are sorted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum ItemSort {
    #[default]
    Sku,
    /// By folded name.
    Name,
    Family,
    AbcClass,
}

/// An ordering of items.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct ItemOrder {
    pub by: ItemSort,
    pub direction: Direction,
}

impl Sorted for ItemOrder {
    type Row = item::Model;

    fn tag(&self) -> String {
        format!("items.{:?}.{:?}", self.by, self.direction)
    }

    fn columns(&self) -> Vec<SortColumn> {
        let (expr, nullable) = match self.by {
            ItemSort::Sku => (item::Column::Sku.into_expr(), false),
            ItemSort::Name => (item::Column::NameFolded.into_expr(), false),
            ItemSort::Family => (bytewise(r#""dim_item"."family""#), true),
            ItemSort::AbcClass => (bytewise(r#""dim_item"."abc_class""#), true),
        };
        vec![SortColumn { expr, kind: KeyKind::Text, direction: self.direction, nullable }]
    }

    fn id_column(&self) -> Expr {
        item::Column::Id.into_expr()
    }

    fn values(&self, row: &item::Model) -> Vec<Json> {
        vec![match self.by {
            ItemSort::Sku => json!(row.sku),
            ItemSort::Name => json!(row.name_folded),
            ItemSort::Family => json!(row.family),
            ItemSort::AbcClass => json!(row.abc_class),
        }]
    }

    fn id(&self, row: &item::Model) -> i64 {
        row.id
    }
}

/// An ordering of the items found by a search: those whose sku begins with it first, then those whose name does, then
/// those with a word that begins like its first word, then the rest; by sku within each.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Relevance {
    /// Folded.
    search: String,
}

impl Relevance {
    /// The relevance to what a person typed.
    pub fn of(search: &str) -> Self {
        Self { search: search_terms(search).join(" ") }
    }

    fn first_word(&self) -> &str {
        self.search.split(' ').next().unwrap_or_default()
    }

    fn rank(&self, row: &item::Model) -> i32 {
        if row.search_folded.starts_with(&self.search) {
            0
        } else if row.name_folded.starts_with(&self.search) {
            1
        } else if row.search_folded.contains(&format!(" {}", self.first_word())) {
            2
        } else {
            3
        }
    }
}

impl Sorted for Relevance {
    type Row = item::Model;

    fn tag(&self) -> String {
        format!("items.relevance.{}", self.search)
    }

    fn columns(&self) -> Vec<SortColumn> {
        let rank = Expr::case(item::Column::SearchFolded.like(like_prefix(&self.search)), 0)
            .case(item::Column::NameFolded.like(like_prefix(&self.search)), 1)
            .case(item::Column::SearchFolded.like(like_word_start(self.first_word())), 2)
            .finally(3);
        let column = |expr, kind| SortColumn { expr, kind, direction: Direction::Ascending, nullable: false };
        vec![column(rank.into(), KeyKind::Integer), column(item::Column::Sku.into_expr(), KeyKind::Text)]
    }

    fn id_column(&self) -> Expr {
        item::Column::Id.into_expr()
    }

    fn values(&self, row: &item::Model) -> Vec<Json> {
        vec![json!(self.rank(row)), json!(row.sku)]
    }

    fn id(&self, row: &item::Model) -> i64 {
        row.id
    }
}

/// One page of the items that match, in any ordering of items.
pub async fn page<O>(db: &Database, filter: &ItemFilter, window: &Window<O>) -> Result<Page<item::Model>>
where
    O: Sorted<Row = item::Model>,
{
    let mut select = filtered(filter);
    window.apply(sea_orm::QuerySelect::query(&mut select));
    Ok(window.page(select.all(db.reader()).await?))
}

/// How many items match; counted once per filter and version of the data.
pub async fn count(db: &Database, filter: &ItemFilter) -> Result<u64> {
    let select = filtered(filter).select_only().column(item::Column::Id).into_query();
    counted(db, "items", filter, &select).await
}

/// Items by id; absent ids are absent from the answer.
pub async fn by_ids(db: &Database, ids: &[i64]) -> Result<HashMap<i64, item::Model>> {
    let rows = item::Entity::find().filter(among(item::Column::Id.into_expr(), ids.to_vec())).all(db.reader()).await?;
    Ok(rows.into_iter().map(|row| (row.id, row)).collect())
}

/// Items by sku; absent skus are absent from the answer.
pub async fn by_skus(db: &Database, skus: &[String]) -> Result<HashMap<String, item::Model>> {
    let rows =
        item::Entity::find().filter(among(item::Column::Sku.into_expr(), skus.to_vec())).all(db.reader()).await?;
    Ok(rows.into_iter().map(|row| (row.sku.clone(), row)).collect())
}

/// The unit of every item, by sku; a load never changes them.
pub async fn units(db: &Database) -> Result<HashMap<String, String>> {
    let rows: Vec<(String, String)> = item::Entity::find()
        .select_only()
        .column(item::Column::Sku)
        .column(item::Column::Unit)
        .into_tuple()
        .all(db.reader())
        .await?;
    Ok(rows.into_iter().collect())
}

/// The sku of every item by id.
pub async fn skus(db: &Database) -> Result<HashMap<i64, String>> {
    let rows = item::Entity::find().select_only().column(item::Column::Id).column(item::Column::Sku);
    let rows: Vec<(i64, String)> = rows.into_tuple().all(db.reader()).await?;
    Ok(rows.into_iter().collect())
}

/// Every family, sorted by bytes.
pub async fn families(db: &Database) -> Result<Vec<String>> {
    let rows: Vec<Option<String>> = item::Entity::find()
        .select_only()
        .column(item::Column::Family)
        .filter(item::Column::Family.is_not_null())
        .group_by(item::Column::Family)
        .into_tuple()
        .all(db.reader())
        .await?;
    let mut families: Vec<String> = rows.into_iter().flatten().collect();
    families.sort_unstable();
    Ok(families)
}

fn filtered(filter: &ItemFilter) -> sea_orm::Select<item::Entity> {
    item::Entity::find()
        .apply_if(filter.search.as_deref(), |select, search| {
            like_words(search)
                .into_iter()
                .fold(select, |select, pattern| select.filter(item::Column::SearchFolded.like(pattern)))
        })
        .apply_if(filter.kind, |select, kind| select.filter(item::Column::Kind.eq(kind)))
        .apply_if(filter.active, |select, active| select.filter(item::Column::Active.eq(active)))
        .apply_if(filter.families.clone(), |select, families| {
            select.filter(among(item::Column::Family.into_expr(), families))
        })
        .apply_if(filter.abc_classes.as_deref(), |select, classes| {
            select.filter(among(item::Column::AbcClass.into_expr(), names(classes, AbcClass::as_str)))
        })
        .apply_if(filter.xyz_classes.as_deref(), |select, classes| {
            select.filter(among(item::Column::XyzClass.into_expr(), names(classes, XyzClass::as_str)))
        })
        .apply_if(filter.site_ids.clone(), |select, sites| select.filter(at_sites(&sites)))
}

/// True of items that have demand or stock at one of the sites.
fn at_sites(sites: &[i64]) -> Expr {
    use entity::core::{demand_month, inventory};
    let demand: SelectStatement = demand_month::Entity::find()
        .select_only()
        .column(demand_month::Column::ItemId)
        .filter(among(demand_month::Column::SiteId.into_expr(), sites.to_vec()))
        .into_query();
    let stock: SelectStatement = inventory::Entity::find()
        .select_only()
        .column(inventory::Column::ItemId)
        .filter(among(inventory::Column::SiteId.into_expr(), sites.to_vec()))
        .into_query();
    item::Column::Id.in_subquery(demand).or(item::Column::Id.in_subquery(stock))
}

/// The skus of items by id; absent ids are absent from the answer.
pub async fn skus_of(db: &Database, ids: &[i64]) -> Result<HashMap<i64, String>> {
    let select = item::Entity::find().select_only().columns([item::Column::Id, item::Column::Sku]);
    let select = select.filter(among(item::Column::Id.into_expr(), ids.to_vec()));
    Ok(select.into_tuple::<(i64, String)>().all(db.reader()).await?.into_iter().collect())
}
