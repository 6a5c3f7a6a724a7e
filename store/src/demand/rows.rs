//! All daily demand as columns, and the filter that facts share.

use chrono::NaiveDate;
use entity::core::{demand, item, site};
use entity::words::{AbcClass, ItemKind, XyzClass};
use rust_decimal::Decimal;
use sea_orm::sea_query::{Condition, Expr, ExprTrait as _};
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, QuerySelect, QueryTrait as _};
use serde_json::{Value as Json, json};

use crate::flat::{Flat, flat};
use crate::page::{Direction, KeyKind, SortColumn, Sorted, Window, among, names};
use crate::{Database, Result};

/// Which facts of items, sites and days; `None` does not restrict, an empty list matches nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct FactFilter {
    /// The first day, included.
    pub from: Option<NaiveDate>,
    /// The last day, included.
    pub to: Option<NaiveDate>,
    pub item_ids: Option<Vec<i64>>,
    pub site_ids: Option<Vec<i64>>,
    pub region_ids: Option<Vec<i64>>,
    pub families: Option<Vec<String>>,
    pub categories: Option<Vec<String>>,
    pub abc_classes: Option<Vec<AbcClass>>,
    pub xyz_classes: Option<Vec<XyzClass>>,
    pub kind: Option<ItemKind>,
}

impl FactFilter {
    /// The condition on a fact's item, site and day.
    pub(crate) fn condition(&self, item: &Expr, site: &Expr, day: &Expr) -> Condition {
        let regions = self.region_ids.clone().map(|regions| {
            let sites = site::Entity::find().select_only().column(site::Column::Id);
            let sites = sites.filter(among(site::Column::RegionId.into_expr(), regions));
            site.clone().in_subquery(sites.into_query())
        });
        Condition::all()
            .add_option(self.from.map(|from| day.clone().gte(from)))
            .add_option(self.to.map(|to| day.clone().lte(to)))
            .add_option(self.item_ids.clone().map(|items| among(item.clone(), items)))
            .add_option(self.site_ids.clone().map(|sites| among(site.clone(), sites)))
            .add_option(regions)
            .add_option(self.items().map(|items| item.clone().in_subquery(items)))
    }

    /// The items meant by what items are; `None` where that plays no part.
    fn items(&self) -> Option<sea_orm::sea_query::SelectStatement> {
        use item::Column;
        let abc = self.abc_classes.as_deref().map(|classes| names(classes, AbcClass::as_str));
        let xyz = self.xyz_classes.as_deref().map(|classes| names(classes, XyzClass::as_str));
        let condition = Condition::all()
            .add_option(self.families.clone().map(|families| among(Column::Family.into_expr(), families)))
            .add_option(self.categories.clone().map(|categories| among(Column::Category.into_expr(), categories)))
            .add_option(abc.map(|classes| among(Column::AbcClass.into_expr(), classes)))
            .add_option(xyz.map(|classes| among(Column::XyzClass.into_expr(), classes)))
            .add_option(self.kind.map(|kind| Column::Kind.eq(kind)));
        let items = item::Entity::find().select_only().column(Column::Id);
        (!condition.is_empty()).then(|| items.filter(condition).into_query())
    }
}

/// The rows' one ordering: by day, item and site. By day first, so that what the next load brings comes last, and a
/// page is read from one partition.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct DemandRowOrder;

impl Sorted for DemandRowOrder {
    type Row = demand::Model;

    fn tag(&self) -> String {
        "demand.rows".into()
    }

    fn columns(&self) -> Vec<SortColumn> {
        let column = |column: demand::Column, kind| SortColumn {
            expr: column.into_expr(),
            kind,
            direction: Direction::Ascending,
            nullable: false,
        };
        vec![column(demand::Column::FullDate, KeyKind::Date), column(demand::Column::ItemId, KeyKind::Integer)]
    }

    fn id_column(&self) -> Expr {
        demand::Column::SiteId.into_expr()
    }

    fn values(&self, row: &demand::Model) -> Vec<Json> {
        vec![json!(row.full_date), json!(row.item_id)]
    }

    fn id(&self, row: &demand::Model) -> i64 {
        row.site_id
    }
}

/// Daily demand; the columns are of one length. A day without a row is zero, and not among them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DemandColumns {
    pub item_ids: Vec<i64>,
    pub site_ids: Vec<i64>,
    pub dates: Vec<NaiveDate>,
    pub quantities: Vec<Decimal>,
    pub unit_costs: Vec<Option<Decimal>>,
    pub total_costs: Vec<Option<Decimal>>,
    pub stocked_out: Vec<bool>,
}

/// The next rows that match.
pub async fn rows(db: &Database, filter: &FactFilter, window: &Window<DemandRowOrder>) -> Result<Flat<DemandColumns>> {
    use demand::Column;
    let [item, site, day] = [Column::ItemId, Column::SiteId, Column::FullDate].map(sea_orm::ColumnTrait::into_expr);
    let mut select = demand::Entity::find().filter(filter.condition(&item, &site, &day));
    window.apply(QuerySelect::query(&mut select));
    let found = select.all(db.reader()).await?;
    Ok(flat(window, found, |columns: &mut DemandColumns, row: demand::Model| {
        columns.item_ids.push(row.item_id);
        columns.site_ids.push(row.site_id);
        columns.dates.push(row.full_date);
        columns.quantities.push(row.quantity);
        columns.unit_costs.push(row.unit_cost);
        columns.total_costs.push(row.total_cost);
        columns.stocked_out.push(row.stocked_out);
    }))
}
