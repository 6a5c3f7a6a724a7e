//! The database goes away while people ask, and comes back.

use std::collections::HashSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use api::app::AppParts;
use api::config::Config;
use axum::http::StatusCode;
use entity::words::Role;
use serde_json::{Value, json};
use testkit::TestDatabase;
use tokio::sync::mpsc;
use tokio::task::{JoinSet, block_in_place};

use crate::company;
use crate::idle;
use crate::server::Server;

const CLIENTS: usize = 8;
/// Longer than any wait that a passing test has.
const LONG: Duration = Duration::from_secs(30);
/// Every other time something is changed, so that transactions are cut off as well.
const QUESTIONS: [&str; 2] = [
    "{ items(first: 5) { totalCount nodes { sku } } }",
    "mutation { saveView(name: \"Mine\", page: \"/materials\", query: \"a=1\") { view { name } } }",
];

/// What one client got.
#[derive(Debug)]
struct Asked {
    client: usize,
    begun: Instant,
    took: Duration,
    status: StatusCode,
    retry_after: String,
    body: Value,
}

/// Clients that ask on and on, each the next question when the last is answered.
struct Load {
    answers: mpsc::UnboundedReceiver<Asked>,
    clients: JoinSet<()>,
    all: Vec<Asked>,
}

impl Load {
    fn start(server: &Arc<Server>, token: &str, stop: &Arc<AtomicBool>) -> Self {
        let (told, answers) = mpsc::unbounded_channel();
        let mut clients = JoinSet::new();
        for client in 0..CLIENTS {
            let (server, token, told, stop) = (Arc::clone(server), token.to_owned(), told.clone(), Arc::clone(stop));
            clients.spawn(async move {
                for question in QUESTIONS.iter().cycle() {
                    if stop.load(Ordering::Relaxed) {
                        break;
                    }
                    let begun = Instant::now();
                    let answer = server.ask(Some(&token), question, json!({})).await;
                    let (status, body) = (answer.status, answer.json());
                    let retry_after = answer.header("retry-after").to_owned();
                    told.send(Asked { client, begun, took: begun.elapsed(), status, retry_after, body }).unwrap();
                }
            });
        }
        Self { answers, clients, all: Vec::new() }
    }

    /// Until every client was answered with this status what it asked after `since`.
    async fn until_all_get(&mut self, status: StatusCode, since: Instant) {
        let mut missing: HashSet<usize> = (0..CLIENTS).collect();
        while !missing.is_empty() {
            let asked = tokio::time::timeout(LONG, self.answers.recv()).await;
            let asked = asked.unwrap_or_else(|_| panic!("{missing:?} never got {status}: {:?}", self.all.last()));
            let asked = asked.unwrap();
            if asked.begun >= since && asked.status == status {
                missing.remove(&asked.client);
            }
            self.all.push(asked);
        }
    }

    /// Everything that was answered, once nobody asks any more.
    async fn end(mut self) -> Vec<Asked> {
        while let Some(client) = self.clients.join_next().await {
            client.unwrap();
        }
        while let Ok(asked) = self.answers.try_recv() {
            self.all.push(asked);
        }
        self.all
    }
}

/// Until the server says of itself that it is ready, or that it is not.
async fn until_ready_says(server: &Server, status: StatusCode) {
    let mut rounds = tokio::time::interval(Duration::from_millis(20));
    while server.get("/health/ready").await.status != status {
        rounds.tick().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_database_that_stops_under_load_is_told_of_and_is_served_again_when_it_is_back() {
    let config = Config::for_tests();
    let Some((db, mut postgres)) = Box::pin(TestDatabase::with_a_server(&config.pool_options())).await else {
        eprintln!("skipped: nothing can stop the embedded engine");
        return;
    };
    let server = Arc::new(Server::over(db, config, AppParts::default()).await);
    company::with_items(&server.db, 20).await;
    let token = server.token(Role::Analyst).await;
    let stop = Arc::new(AtomicBool::new(false));
    let living = tokio::spawn({
        let (server, stop) = (Arc::clone(&server), Arc::clone(&stop));
        async move {
            let mut rounds = tokio::time::interval(Duration::from_millis(5));
            while !stop.load(Ordering::Relaxed) {
                rounds.tick().await;
                let begun = Instant::now();
                assert_eq!(server.get("/health/live").await.status, StatusCode::OK);
                assert!(begun.elapsed() < Duration::from_secs(1), "alive after {:?}", begun.elapsed());
            }
        }
    });
    let mut load = Load::start(&server, &token, &stop);
    load.until_all_get(StatusCode::OK, Instant::now()).await;

    let stopping = Instant::now();
    block_in_place(|| postgres.stop()).unwrap();
    let stopped = Instant::now();
    until_ready_says(&server, StatusCode::SERVICE_UNAVAILABLE).await;
    assert!(stopping.elapsed() < Duration::from_secs(5), "ready for {:?} without a database", stopping.elapsed());
    // Who comes with no token of ours needs no database to be refused, and is told of when there is one.
    let refused = server.ask(Some("no token"), QUESTIONS[0], json!({})).await;
    assert_eq!(refused.code(), "UNAUTHENTICATED");
    // Twice, because the first may have begun a moment after the end.
    load.until_all_get(StatusCode::SERVICE_UNAVAILABLE, stopped).await;
    load.until_all_get(StatusCode::SERVICE_UNAVAILABLE, Instant::now()).await;

    let starting = Instant::now();
    postgres.start().unwrap();
    until_ready_says(&server, StatusCode::OK).await;
    load.until_all_get(StatusCode::OK, starting).await;
    let back = Instant::now();
    assert!(back - starting < Duration::from_secs(10), "whole again after {:?}", back - starting);
    load.until_all_get(StatusCode::OK, back).await;
    stop.store(true, Ordering::Relaxed);
    let all = load.end().await;
    living.await.unwrap();

    for asked in &all {
        let ended = asked.begun + asked.took;
        match asked.status {
            StatusCode::OK => {
                assert!(asked.body.get("errors").is_none(), "{asked:?}");
                assert!(asked.begun < stopped || ended >= starting, "there was no database to ask: {asked:?}");
            }
            StatusCode::SERVICE_UNAVAILABLE => {
                assert!(ended >= stopping && asked.begun < back, "there was a database: {asked:?}");
                assert!(asked.took <= Duration::from_secs(3), "{asked:?}");
                assert!(asked.retry_after.parse::<u64>().is_ok_and(|seconds| seconds > 0), "{asked:?}");
                assert_eq!(asked.body["errors"][0]["extensions"]["code"], "UNAVAILABLE", "{asked:?}");
            }
            _ => panic!("neither answered nor sent away: {asked:?}"),
        }
    }
    idle::none_in_transaction(&server.db).await;
    assert_eq!(server.log("token.refused").await.len(), 1);
    let verdict = store::audit::verify(&server.db).await.unwrap();
    assert!(matches!(verdict, store::audit::Verdict::Intact { .. }), "{verdict:?}");
}
