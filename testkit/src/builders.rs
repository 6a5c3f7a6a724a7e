//! Builders that read like sentences: `an_item("010825").named("CONEXÃO").insert(&db)`.
//!
//! They write rows as a load would: partitions are made, and the rollups of touched cells agree with the facts.

use chrono::{DateTime, NaiveDate, Utc};
use entity::core::{item, order, region, site, supplier};
use entity::support::user;
use entity::words::{AbcClass, ItemKind, OrderStatus, Role, SiteType, SupplierType, XyzClass};
use rust_decimal::Decimal;
use sea_orm::ActiveValue::Set;
use sea_orm::{ActiveModelTrait, ConnectionTrait, DbBackend, Statement, Value};
use store::Database;
use store::partitions::{self, Partitioned};

/// The day written `2025-01-31`.
pub fn day(text: &str) -> NaiveDate {
    text.parse().unwrap_or_else(|_| panic!("{text} is no day"))
}

/// The instant written `2025-01-31T12:00:00Z`.
pub fn instant(text: &str) -> DateTime<Utc> {
    text.parse().unwrap_or_else(|_| panic!("{text} is no instant"))
}

/// The number written `12.5`.
pub fn number(text: &str) -> Decimal {
    text.parse().unwrap_or_else(|_| panic!("{text} is no number"))
}

/// An item about to be inserted; a material in pieces unless told otherwise.
#[derive(Debug, Clone)]
pub struct ItemBuilder(item::ActiveModel);

/// An active material with this sku, named by it.
pub fn an_item(sku: &str) -> ItemBuilder {
    ItemBuilder(item::ActiveModel {
        sku: Set(sku.to_owned()),
        name: Set(sku.to_owned()),
        kind: Set(ItemKind::Material),
        unit: Set("UN".to_owned()),
        ..Default::default()
    })
}

impl ItemBuilder {
    /// Called so.
    #[must_use]
    pub fn named(mut self, name: &str) -> Self {
        self.0.name = Set(name.to_owned());
        self
    }

    /// Of this family.
    #[must_use]
    pub fn of_family(mut self, family: &str) -> Self {
        self.0.family = Set(Some(family.to_owned()));
        self
    }

    /// Of this ABC class.
    #[must_use]
    pub fn of_class(mut self, class: AbcClass) -> Self {
        self.0.abc_class = Set(Some(class));
        self
    }

    /// Of this XYZ class.
    #[must_use]
    pub fn varying(mut self, class: XyzClass) -> Self {
        self.0.xyz_class = Set(Some(class));
        self
    }

    /// A service, which is not stocked.
    #[must_use]
    pub fn as_service(mut self) -> Self {
        self.0.kind = Set(ItemKind::Service);
        self
    }

    /// No longer in use.
    #[must_use]
    pub fn retired(mut self) -> Self {
        self.0.active = Set(false);
        self
    }

    /// At this cost a unit.
    #[must_use]
    pub fn costing(mut self, cost: &str) -> Self {
        self.0.unit_cost = Set(Some(number(cost)));
        self
    }

    /// Writes it, with its folded columns.
    pub async fn insert(mut self, db: &Database) -> item::Model {
        let name = self.0.name.clone().unwrap();
        self.0.name_folded = Set(store::fold(&name));
        self.0.search_folded = Set(store::fold(&format!("{} {name}", self.0.sku.clone().unwrap())));
        self.0.insert(db.writer()).await.unwrap_or_else(|error| panic!("no item: {error}"))
    }
}

/// A region with this code.
pub async fn a_region(db: &Database, code: &str) -> region::Model {
    let row = region::ActiveModel {
        code: Set(code.to_owned()),
        name: Set(format!("Region {code}")),
        name_folded: Set(store::fold(&format!("Region {code}"))),
        ..Default::default()
    };
    row.insert(db.writer()).await.unwrap_or_else(|error| panic!("no region: {error}"))
}

/// An active warehouse with this code, in a region or in none.
pub async fn a_site(db: &Database, code: &str, region: Option<&region::Model>) -> site::Model {
    let row = site::ActiveModel {
        code: Set(code.to_owned()),
        name: Set(code.to_owned()),
        name_folded: Set(store::fold(code)),
        kind: Set(SiteType::Warehouse),
        region_id: Set(region.map(|region| region.id)),
        ..Default::default()
    };
    row.insert(db.writer()).await.unwrap_or_else(|error| panic!("no site: {error}"))
}

/// A domestic supplier with this code.
pub async fn a_supplier(db: &Database, code: &str) -> supplier::Model {
    let row = supplier::ActiveModel {
        code: Set(code.to_owned()),
        name: Set(code.to_owned()),
        name_folded: Set(store::fold(code)),
        kind: Set(SupplierType::Domestic),
        ..Default::default()
    };
    row.insert(db.writer()).await.unwrap_or_else(|error| panic!("no supplier: {error}"))
}

/// A person with this e-mail, whose password nobody knows.
pub async fn a_user(db: &Database, email: &str, role: Role) -> user::Model {
    let row = user::ActiveModel {
        email: Set(email.to_owned()),
        name: Set(email.to_owned()),
        role: Set(role),
        password_hash: Set("!".to_owned()),
        ..Default::default()
    };
    row.insert(db.writer()).await.unwrap_or_else(|error| panic!("no user: {error}"))
}

/// Demand of an item at a site, day by day; a quantity written `-` is a day out of stock.
pub async fn demand(db: &Database, item: &item::Model, site: &site::Model, days: &[(&str, &str)]) {
    let (Some(first), Some(last)) =
        (days.iter().map(|(text, _)| day(text)).min(), days.iter().map(|(text, _)| day(text)).max())
    else {
        return;
    };
    partitions::ensure(db, Partitioned::DemandDaily, first, last)
        .await
        .unwrap_or_else(|error| panic!("no partition: {error}"));
    let dates: Vec<NaiveDate> = days.iter().map(|(text, _)| day(text)).collect();
    let quantities: Vec<Decimal> =
        days.iter().map(|(_, text)| if *text == "-" { Decimal::ZERO } else { number(text) }).collect();
    let out: Vec<bool> = days.iter().map(|(_, text)| *text == "-").collect();
    run(
        db,
        "INSERT INTO core.fact_demand_daily (item_id, site_id, full_date, quantity, unit_cost, stocked_out) \
         SELECT $1, $2, d, q, $3, s FROM unnest($4::date[], $5::numeric[], $6::bool[]) AS u(d, q, s)",
        vec![item.id.into(), site.id.into(), item.unit_cost.into(), dates.into(), quantities.into(), out.into()],
    )
    .await;
    for (table, bucket) in [("demand_weekly", "week"), ("demand_monthly", "month")] {
        run(
            db,
            &format!("DELETE FROM core.{table} WHERE item_id = $1 AND site_id = $2"),
            vec![item.id.into(), site.id.into()],
        )
        .await;
        run(
            db,
            &format!(
                "INSERT INTO core.{table} SELECT item_id, site_id, date_trunc('{bucket}', full_date)::date, sum(quantity), sum(total_cost), \
                 count(*) FILTER (WHERE quantity > 0), count(*) FILTER (WHERE stocked_out) \
                 FROM core.fact_demand_daily WHERE item_id = $1 AND site_id = $2 GROUP BY 1, 2, 3"
            ),
            vec![item.id.into(), site.id.into()],
        )
        .await;
    }
}

/// Stock of an item at a site on a day.
pub async fn stock(
    db: &Database,
    item: &item::Model,
    site: &site::Model,
    on: &str,
    on_hand: &str,
    on_order: Option<&str>,
) {
    partitions::ensure(db, Partitioned::InventoryDaily, day(on), day(on))
        .await
        .unwrap_or_else(|error| panic!("no partition: {error}"));
    run(
        db,
        "INSERT INTO core.fact_inventory_daily (item_id, site_id, full_date, on_hand, on_order) VALUES ($1, $2, $3, $4, $5)",
        vec![item.id.into(), site.id.into(), day(on).into(), number(on_hand).into(), on_order.map(number).into()],
    )
    .await;
}

/// A replenishment order line of one piece, placed on a day; `edit` says what is different.
pub async fn an_order(
    db: &Database,
    item: &item::Model,
    site: &site::Model,
    id: &str,
    on: &str,
    edit: impl FnOnce(&mut order::ActiveModel),
) {
    partitions::ensure(db, Partitioned::Orders, day(on), day(on))
        .await
        .unwrap_or_else(|error| panic!("no partition: {error}"));
    let mut row = order::ActiveModel {
        item_id: Set(item.id),
        order_id: Set(id.to_owned()),
        line_no: Set(1),
        order_date: Set(day(on)),
        site_id: Set(site.id),
        quantity: Set(Decimal::ONE),
        status: Set(OrderStatus::Placed),
        source_file: Set("test".to_owned()),
        ..Default::default()
    };
    edit(&mut row);
    row.insert(db.writer()).await.unwrap_or_else(|error| panic!("no order: {error}"));
}

/// Any statement with values, for what no builder says.
pub async fn run(db: &Database, sql: &str, values: Vec<Value>) {
    let statement = Statement::from_sql_and_values(DbBackend::Postgres, sql, values);
    db.writer().execute_raw(statement).await.unwrap_or_else(|error| panic!("{sql}: {error}"));
}
