//! Every alert of a refresh: raised once when its line is crossed, not again while it lasts, resolved when its cause is gone.

use chrono::{Days, NaiveDate};
use entity::core::{item, site};
use entity::words::Role;
use pipeline::jobs::{RefreshOptions, refresh};
use sea_orm::{ActiveValue::Set, ConnectionTrait};
use testkit::TestDatabase;
use testkit::builders::{a_region, a_site, a_user, an_item, an_order, demand, stock};

use super::{THROUGH, a_company, forecast_all, number, options, through};

/// Refreshes twice; the second finds the same causes, and raises nothing.
async fn refreshed(db: &TestDatabase) {
    again(db).await;
    let rows = number(db, "SELECT count(*) FROM analytics.alerts").await;
    assert_eq!(again(db).await, 0, "a second refresh raised something");
    assert_eq!(number(db, "SELECT count(*) FROM analytics.alerts").await, rows);
}

/// How many alerts of a category are live after a refresh.
async fn live(db: &TestDatabase, category: &str) -> i64 {
    refreshed(db).await;
    standing(db, category).await
}

async fn standing(db: &TestDatabase, category: &str) -> i64 {
    let of = format!("SELECT count(*) FROM analytics.alerts WHERE resolved_at IS NULL AND category = '{category}'");
    number(db, &of).await
}

async fn again(db: &TestDatabase) -> u64 {
    refresh(db, &RefreshOptions { force: true, review_days: 7, ..options() }).await.unwrap().alerts_raised
}

async fn ever(db: &TestDatabase, category: &str) -> i64 {
    number(db, &format!("SELECT count(*) FROM analytics.alerts WHERE category = '{category}'")).await
}

#[tokio::test]
async fn stock_is_told_of_once_at_each_line_it_crosses() {
    let db = TestDatabase::new().await;
    let (cable, _, _, north) = a_company(&db).await;
    stock(&db, &cable, &north, THROUGH, "1000", Some("0")).await;
    forecast_all(&db).await.unwrap();
    let lines = ["STOCKOUT", "STOCKOUT_RISK", "BELOW_REORDER_POINT", "OVERSTOCK"];
    // Two a day, 14 days to deliver and 7 to review.
    for (on_hand, crossed) in
        [(100, None), (45, Some(2)), (5, Some(1)), (0, Some(0)), (45, Some(2)), (1000, Some(3)), (100, None)]
    {
        let set = format!("UPDATE core.fact_inventory_daily SET on_hand = {on_hand}");
        db.writer().execute_unprepared(&set).await.unwrap();
        refreshed(&db).await;
        for (at, line) in lines.iter().enumerate() {
            assert_eq!(standing(&db, line).await, i64::from(crossed == Some(at)), "{line} with {on_hand}");
        }
    }
    // It was below its reorder point twice, and each time was news.
    let told =
        [ever(&db, lines[0]).await, ever(&db, lines[1]).await, ever(&db, lines[2]).await, ever(&db, lines[3]).await];
    assert_eq!(told, [1, 1, 2, 1]);
}

#[tokio::test]
async fn an_order_is_late_until_it_has_come() {
    let db = TestDatabase::new().await;
    let (cable, _, _, north) = a_company(&db).await;
    stock(&db, &cable, &north, THROUGH, "100", None).await;
    an_order(&db, &cable, &north, "PO-7", "2026-03-01", |order| {
        order.expected_delivery = Set(Some(through()));
    })
    .await;
    forecast_all(&db).await.unwrap();
    assert_eq!(live(&db, "DELAYED_ORDER").await, 1);
    let came = "UPDATE core.fact_orders SET status = 'RECEIVED', actual_delivery = expected_delivery + 1";
    db.writer().execute_unprepared(came).await.unwrap();
    assert_eq!((live(&db, "DELAYED_ORDER").await, ever(&db, "DELAYED_ORDER").await), (0, 1));
}

/// Three materials of one family at one site of one region, of which CABLE is most, with demand until `ago` days before
/// the end.
async fn until(db: &TestDatabase, ago: u64) -> ([item::Model; 3], site::Model) {
    let region = a_region(db, "BA").await;
    let north = a_site(db, "NORTH", Some(&region)).await;
    let cable = an_item("CABLE").of_family("LINES").insert(db).await;
    let clamp = an_item("CLAMP").of_family("LINES").insert(db).await;
    let screw = an_item("SCREW").of_family("LINES").insert(db).await;
    for (item, most) in [(&cable, 40), (&clamp, 4), (&screw, 4)] {
        usual(db, item, &north, ago..300, most).await;
    }
    ([cable, clamp, screw], north)
}

/// Even demand of about `most` pieces on every day of these days ago.
async fn usual(db: &TestDatabase, item: &item::Model, site: &site::Model, ago: std::ops::Range<u64>, most: u64) {
    let on = |ago: u64| -> NaiveDate { through() - Days::new(ago) };
    let rows: Vec<(String, String)> = ago.map(|ago| (on(ago).to_string(), (most + ago * 7 % 5).to_string())).collect();
    let rows: Vec<(&str, &str)> = rows.iter().map(|(day, quantity)| (day.as_str(), quantity.as_str())).collect();
    demand(db, item, site, &rows).await;
}

#[tokio::test]
async fn demand_above_its_band_is_told_at_the_site_until_it_is_back() {
    let db = TestDatabase::new().await;
    let ([cable, clamp, screw], north) = until(&db, 10).await;
    forecast_all(&db).await.unwrap();
    usual(&db, &cable, &north, 0..10, 40).await;
    usual(&db, &screw, &north, 0..10, 4).await;
    usual(&db, &clamp, &north, 0..10, 60).await;
    assert_eq!(live(&db, "DEMAND_SPIKE").await, 1);
    let about = "SELECT count(*) FROM analytics.alerts WHERE key = 'DEMAND_SPIKE/CLAMP/NORTH' AND item_id IS NOT NULL AND site_id > 0";
    assert_eq!(number(&db, about).await, 1, "the site says it, and the item does not say it again");
    // Somebody had typed a wrong quantity.
    let mended =
        format!("UPDATE core.fact_demand_daily SET quantity = 5 WHERE item_id = {} AND quantity >= 60", clamp.id);
    db.writer().execute_unprepared(&mended).await.unwrap();
    assert_eq!((live(&db, "DEMAND_SPIKE").await, ever(&db, "DEMAND_SPIKE").await), (0, 1));
    assert_eq!(ever(&db, "FORECAST_DRIFT").await, 0, "ten days are too few to judge a forecast by");
}

#[tokio::test]
async fn demand_that_stays_away_and_the_forecasts_it_leaves_adrift_are_told_until_it_is_back() {
    let db = TestDatabase::new().await;
    let ([cable, clamp, screw], north) = until(&db, 30).await;
    forecast_all(&db).await.unwrap();
    usual(&db, &clamp, &north, 0..30, 4).await;
    usual(&db, &screw, &north, 0..30, 4).await;
    assert_eq!(live(&db, "DEMAND_COLLAPSE").await, 1);
    let key = "SELECT count(*) FROM analytics.alerts WHERE key = 'DEMAND_COLLAPSE/CABLE/NORTH'";
    assert_eq!(number(&db, key).await, 1);
    // The family, the region and the whole are mostly CABLE.
    assert_eq!(live(&db, "FORECAST_DRIFT").await, 3);
    let family =
        "SELECT count(*) FROM analytics.alerts WHERE key = 'FORECAST_DRIFT/FAMILY/LINES' AND level = 'WARNING'";
    assert_eq!(number(&db, family).await, 1);
    // Its file had only come late.
    usual(&db, &cable, &north, 0..30, 40).await;
    assert_eq!((live(&db, "DEMAND_COLLAPSE").await, live(&db, "FORECAST_DRIFT").await), (0, 0));
    assert_eq!((ever(&db, "DEMAND_COLLAPSE").await, ever(&db, "FORECAST_DRIFT").await), (1, 3));
    assert_eq!(ever(&db, "DEMAND_SPIKE").await, 0);
}

#[tokio::test]
async fn data_are_stale_until_newer_ones_come() {
    let db = TestDatabase::new().await;
    let (cable, _, _, north) = a_company(&db).await;
    let old = RefreshOptions { stale_days: 1, force: true, ..options() };
    let told = async || {
        refresh(&db, &old).await.unwrap();
        let raised = refresh(&db, &old).await.unwrap().alerts_raised;
        let live = "SELECT count(*) FROM analytics.alerts WHERE category = 'STALE_DATA' AND resolved_at IS NULL";
        (number(&db, live).await, raised)
    };
    // The company's last day is long ago or far ahead, as the clock of this machine has it: only newer data decide.
    let today = chrono::Utc::now().date_naive();
    let stale = i64::from((today - through()).num_days() > 1);
    assert_eq!(told().await, (stale, 0));
    demand(&db, &cable, &north, &[(today.to_string().as_str(), "1")]).await;
    assert_eq!(told().await, (0, 0));
    assert_eq!(ever(&db, "STALE_DATA").await, stale);
}

#[tokio::test]
async fn what_a_person_resolved_is_not_told_again_while_it_lasts() {
    let db = TestDatabase::new().await;
    let (cable, _, _, north) = a_company(&db).await;
    stock(&db, &cable, &north, THROUGH, "0", Some("0")).await;
    forecast_all(&db).await.unwrap();
    assert_eq!(live(&db, "STOCKOUT").await, 1);
    let ana = a_user(&db, "ana@example.com", Role::Analyst).await;
    let id = number(&db, "SELECT id FROM analytics.alerts WHERE category = 'STOCKOUT'").await;
    let entry = store::audit::NewEntry {
        at: chrono::Utc::now(),
        actor_id: Some(ana.id),
        actor: ana.email,
        action: "alerts.resolve".into(),
        entity: None,
        entity_id: None,
        details: serde_json::json!({}),
        address: None,
        agent: None,
    };
    store::alerts::resolve(&db, &[id], ana.id, chrono::Utc::now(), entry).await.unwrap();
    assert_eq!((live(&db, "STOCKOUT").await, ever(&db, "STOCKOUT").await), (0, 1), "the shelf is as empty as before");
    db.writer().execute_unprepared("UPDATE core.fact_inventory_daily SET on_hand = 100").await.unwrap();
    assert_eq!(live(&db, "STOCKOUT").await, 0);
    db.writer().execute_unprepared("UPDATE core.fact_inventory_daily SET on_hand = 0").await.unwrap();
    assert_eq!((live(&db, "STOCKOUT").await, ever(&db, "STOCKOUT").await), (1, 2), "empty again, it is news");
}
