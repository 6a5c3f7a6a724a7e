//! Clients that go away in the middle.

use std::time::Duration;

use api::app::AppParts;
use entity::words::Role;
use futures::{StreamExt as _, stream};
use serde_json::json;
use store::audit::Verdict;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use super::listening::listening;
use crate::{company, idle};

const CLIENTS: u64 = 1_000;
const AT_ONCE: usize = 40;
/// Longer than any wait that a passing test has.
const LONG: Duration = Duration::from_secs(30);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_thousand_clients_that_hang_up_at_random_leave_no_connection_in_a_transaction() {
    let listening = listening(AppParts::default()).await;
    let (server, address) = (&listening.server, listening.address);
    if server.db.url().is_none() {
        eprintln!("skipped: the embedded engine has one session, and tells of no other");
        return;
    }
    company::with_items(&server.db, 20).await;
    let token = server.token(Role::Analyst).await;
    let request = |n: u64| {
        let query = if n.is_multiple_of(2) {
            format!(
                "mutation {{ saveView(name: \"{}\", page: \"/materials\", query: \"\") {{ view {{ name }} }} }}",
                n % 50
            )
        } else {
            "{ items(first: 20) { totalCount nodes { sku recommendations { id } alerts { id } } } }".to_owned()
        };
        let body = json!({ "query": query }).to_string();
        format!(
            "POST /graphql HTTP/1.1\r\nHost: {address}\r\nContent-Type: application/json\r\nAuthorization: Bearer {token}\r\n\
             Content-Length: {}\r\n\r\n{body}",
            body.len()
        )
    };
    let answered = stream::iter(0..CLIENTS)
        .map(|n| {
            let request = request(n);
            async move {
                let mut stream = TcpStream::connect(address).await.unwrap();
                stream.write_all(request.as_bytes()).await.unwrap();
                // Some hang up at once, some later, and one in five when the answer begins.
                let patience =
                    if n.is_multiple_of(5) { LONG } else { Duration::from_micros(rand::random_range(0..100_000)) };
                tokio::time::timeout(patience, stream.read_u8()).await.is_ok()
            }
        })
        .buffer_unordered(AT_ONCE)
        .filter(|&answered| std::future::ready(answered))
        .count()
        .await;
    assert!((200..1_000).contains(&answered), "{answered} of {CLIENTS} got an answer");
    idle::none_in_transaction(&server.db).await;
    let verdict = store::audit::verify(&server.db).await.unwrap();
    assert!(matches!(verdict, Verdict::Intact { entries } if entries > 3), "{verdict:?}");
    assert_eq!(server.as_role(Role::Viewer, "{ items { totalCount } }").await.data()["items"]["totalCount"], 20);
}
