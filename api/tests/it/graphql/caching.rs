//! What is remembered: for whom, until when, and how much it spares.

use std::time::Duration;

use api::app::AppParts;
use api::config::Config;
use entity::words::Role;
use serde_json::json;
use store::Notice;

use crate::company;
use crate::server::Server;

const DEMAND: &str = "{ demand { total cost } }";

/// A server that remembers, with ten of the first item asked for in January.
async fn remembering() -> Server {
    let mut config = Config::for_tests();
    (config.cache.kpis, config.cache.forecasts) = (Duration::from_mins(5), Duration::from_mins(5));
    let server = Server::with(config, AppParts::default()).await;
    company::with_items(&server.db, 1).await;
    company::with_demand(&server.db, 0, &[("2025-01-10", 10)]).await;
    assert!(server.app.shared().live.hears(Duration::from_secs(20)).await);
    server
}

async fn total(server: &Server, role: Role) -> serde_json::Value {
    server.as_role(role, DEMAND).await.json()["data"]["demand"][0]["total"].clone()
}

/// Waits until everything was forgotten.
async fn forgotten(server: &Server) {
    let before = server.app.shared().caches.counts();
    server.db.db().tell(Notice::DataRefreshed).await;
    for _ in 0..200 {
        tokio::time::sleep(Duration::from_millis(20)).await;
        total(server, Role::Viewer).await;
        if server.app.shared().caches.counts()[1].2 > before[1].2 {
            return;
        }
    }
    panic!("nothing is forgotten");
}

#[tokio::test]
async fn an_answer_is_remembered_until_data_are_refreshed() {
    let server = remembering().await;
    assert_eq!(total(&server, Role::Viewer).await, json!(10.0));
    company::with_demand(&server.db, 0, &[("2025-01-11", 5)]).await;
    let token = server.token(Role::Viewer).await;
    let (_, hits, misses) = server.app.shared().caches.counts()[1];
    // Once a second somebody is looked at anew, whatever they ask; not each time. A busy machine may need a second for an answer.
    let (mut least, mut asked) = (u64::MAX, 0);
    while least > 0 && asked < 30 {
        asked += 1;
        let statements = server.db.statements();
        let again = server.ask(Some(&token), DEMAND, json!({})).await.json();
        assert_eq!(again["data"]["demand"][0]["total"], json!(10.0), "remembered");
        least = least.min(server.db.statements() - statements);
    }
    assert_eq!(least, 0, "without a statement");
    let (_, now_hits, now_misses) = server.app.shared().caches.counts()[1];
    assert_eq!((now_hits - hits, now_misses - misses), (asked, 0), "the database was not asked");
    forgotten(&server).await;
    assert_eq!(total(&server, Role::Viewer).await, json!(15.0));
}

#[tokio::test]
async fn roles_never_share_an_entry_and_costs_stay_the_analysts() {
    let server = remembering().await;
    let (_, _, before) = server.app.shared().caches.counts()[1];
    let asked = async |role| server.as_role(role, DEMAND).await.json();
    let analyst = asked(Role::Analyst).await;
    assert_eq!(analyst.get("errors"), None, "{analyst}");
    for _ in 0..2 {
        let viewer = asked(Role::Viewer).await;
        assert_eq!(viewer["data"]["demand"][0], json!({ "total": 10.0, "cost": null }));
        assert_eq!(viewer["errors"][0]["extensions"]["code"], "FORBIDDEN");
    }
    let (_, hits, misses) = server.app.shared().caches.counts()[1];
    assert_eq!((hits, misses - before), (1, 2), "each role asks for itself");
}

#[tokio::test]
async fn an_error_is_not_remembered_and_many_at_once_ask_once() {
    let server = remembering().await;
    let shared = server.app.shared();
    let answers = futures::future::join_all((0..20).map(|_| total(&server, Role::Viewer))).await;
    assert!(answers.iter().all(|total| *total == json!(10.0)));
    let (_, hits, misses) = shared.caches.counts()[1];
    assert_eq!((hits, misses), (19, 1));

    let run = async |sql: &str| {
        use sea_orm::ConnectionTrait as _;
        server.db.writer().execute_unprepared(sql).await.unwrap();
    };
    run("ALTER TABLE analytics.kpis_daily RENAME TO gone").await;
    let kpis = "{ kpis { date } }";
    assert_eq!(server.as_role(Role::Viewer, kpis).await.code(), "INTERNAL");
    run("ALTER TABLE analytics.gone RENAME TO kpis_daily").await;
    assert_eq!(server.as_role(Role::Viewer, kpis).await.data()["kpis"], json!([]));
}

#[tokio::test]
async fn a_morning_of_fifty_people_is_mostly_remembered() {
    let server = remembering().await;
    // What a dashboard asks for: the same for all, apart from what a few have chosen.
    for person in 0..50 {
        let role = [Role::Viewer, Role::Viewer, Role::Analyst][person % 3];
        let days = ["2024-10-01", "2025-01-01"][usize::from(person % 10 == 0)];
        for query in [
            "{ kpis { date stockoutRate } }".to_owned(),
            format!("{{ kpis(from: \"{days}\", to: \"2025-01-31\") {{ date stockoutRate }} }}"),
            format!("{{ demand(filter: {{ from: \"{days}\" }}, granularity: MONTH) {{ quantities }} }}"),
            "{ forecast(level: ALL, horizon: 90) { model } }".to_owned(),
        ] {
            server.as_role(role, &query).await.data();
        }
    }
    let (hits, misses) = server
        .app
        .shared()
        .caches
        .counts()
        .iter()
        .fold((0, 0), |sum, (_, hits, misses)| (sum.0 + hits, sum.1 + misses));
    assert_eq!(hits + misses, 200);
    assert!(hits * 100 > 80 * 200, "{hits} of 200");
}
