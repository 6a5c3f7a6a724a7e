use std::sync::Arc;
use std::time::Duration;

use api::app::{AppParts, Jobs};
use api::config::Config;
use entity::words::Role;
use futures::FutureExt as _;
use futures::future::BoxFuture;
use serde_json::{Value, json};
use tokio::sync::{Notify, Semaphore};

use crate::server::Server;

/// A refresh that begins, waits until it may end, and ends as it is told to.
#[derive(Debug)]
struct Slow {
    begun: Notify,
    /// How many may end.
    may_end: Semaphore,
    outcome: Result<(), String>,
}

impl Slow {
    fn new(may_end: usize, outcome: Result<(), String>) -> Arc<Self> {
        Arc::new(Self { begun: Notify::new(), may_end: Semaphore::new(may_end), outcome })
    }
}

/// The graph's handle of it.
#[derive(Debug)]
struct Handle(Arc<Slow>);

impl Jobs for Handle {
    fn refresh(&self) -> BoxFuture<'static, Result<(), String>> {
        let slow = Arc::clone(&self.0);
        async move {
            slow.begun.notify_one();
            slow.may_end.acquire().await.map_err(|closed| closed.to_string())?.forget();
            slow.outcome.clone()
        }
        .boxed()
    }
}

const REFRESH: &str = "mutation { refreshData { finished freshness { kind } userErrors { code message } } }";

async fn with(slow: &Arc<Slow>, edit: impl FnOnce(&mut Config)) -> Server {
    let mut config = Config::for_tests();
    config.data_refresh_endpoint_enabled = true;
    edit(&mut config);
    Server::with(config, AppParts { jobs: Some(Arc::new(Handle(Arc::clone(slow)))), ..AppParts::default() }).await
}

async fn refresh(server: &Server) -> Value {
    server.as_role(Role::Admin, REFRESH).await.data()["refreshData"].clone()
}

#[tokio::test]
async fn an_admin_refreshes_the_data_one_at_a_time_and_each_is_audited() {
    let slow = Slow::new(0, Ok(()));
    let server = with(&slow, |_| {}).await;
    let (first, second) = tokio::join!(refresh(&server), async {
        slow.begun.notified().await;
        let second = refresh(&server).await;
        slow.may_end.add_permits(1);
        second
    });
    assert_eq!((&first["finished"], &first["userErrors"]), (&json!(true), &json!([])), "{first}");
    assert_eq!((&second["finished"], &second["userErrors"][0]["code"]), (&json!(false), &json!("BUSY")), "{second}");
    slow.may_end.add_permits(1);
    assert_eq!(refresh(&server).await["finished"], true, "the first has made room");
    let log = server.log("data.refresh").await;
    assert_eq!(log.len(), 2, "what was refused is no refresh");
    assert_eq!((log[0].actor.as_str(), log[0].entity.as_deref()), ("admin@example.com", Some("data")));
}

#[tokio::test]
async fn a_refresh_that_one_server_runs_keeps_out_that_of_another() {
    let (slow, other) = (Slow::new(0, Ok(())), Slow::new(9, Ok(())));
    let server = with(&slow, |_| {}).await;
    let parts = AppParts { jobs: Some(Arc::new(Handle(Arc::clone(&other)))), ..AppParts::default() };
    let config = Config { data_refresh_endpoint_enabled: true, ..Config::for_tests() };
    let Some(beside) = server.beside(config, parts).await else {
        eprintln!("skipped: only one process can have the embedded engine open");
        return;
    };
    let token = server.token(Role::Admin).await;
    let there = async || {
        let question = Server::question(Some(&token), "", REFRESH, &json!({}));
        Server::send_to(&beside, question).await.data()["refreshData"].clone()
    };
    let (here, kept_out) = tokio::join!(refresh(&server), async {
        slow.begun.notified().await;
        let kept_out = there().await;
        slow.may_end.add_permits(1);
        kept_out
    });
    assert_eq!(here["finished"], true, "{here}");
    assert_eq!(kept_out["userErrors"][0]["code"], "BUSY", "{kept_out}");
    assert_eq!(other.may_end.available_permits(), 9, "nothing began there");
    assert_eq!(there().await["finished"], true, "the first has made room");
    slow.may_end.add_permits(1);
    assert_eq!(refresh(&server).await["finished"], true, "and so has the second");
    assert_eq!(server.log("data.refresh").await.len(), 3);
}

#[tokio::test]
async fn a_refresh_that_fails_says_why_and_a_long_one_goes_on_behind_the_answer() {
    let broken = Slow::new(1, Err("there is no demand yet".into()));
    let server = with(&broken, |_| {}).await;
    let failed = json!([{ "code": "FAILED", "message": "there is no demand yet" }]);
    assert_eq!(refresh(&server).await["userErrors"], failed);

    let long = Slow::new(0, Ok(()));
    let server = with(&long, |config| config.limits.request_timeout = Duration::from_millis(400)).await;
    let answer = refresh(&server).await;
    assert_eq!((&answer["finished"], &answer["userErrors"]), (&json!(false), &json!([])), "{answer}");
    assert_eq!(refresh(&server).await["userErrors"][0]["code"], "BUSY", "it goes on");
}

#[tokio::test]
async fn nobody_but_an_admin_refreshes_and_nobody_where_it_is_not_allowed() {
    let slow = Slow::new(9, Ok(()));
    let server = with(&slow, |_| {}).await;
    for role in [Role::Viewer, Role::Analyst] {
        assert_eq!(server.as_role(role, REFRESH).await.code(), "FORBIDDEN", "{role:?}");
    }
    let server = with(&slow, |config| config.data_refresh_endpoint_enabled = false).await;
    assert_eq!(refresh(&server).await["userErrors"][0]["code"], "DISABLED");
    let enabled = Config { data_refresh_endpoint_enabled: true, ..Config::for_tests() };
    let server = Server::with(enabled, AppParts::default()).await;
    assert_eq!(refresh(&server).await["userErrors"][0]["code"], "DISABLED", "there is nobody to do it");
    assert_eq!(slow.may_end.available_permits(), 9, "nothing began");
    assert!(server.log("data.refresh").await.is_empty());
}
