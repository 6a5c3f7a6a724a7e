//! Real connections: half a header, many requests on one connection, and the end of the server.

use std::time::{Duration, Instant};

use api::app::AppParts;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use super::listening::listening;

/// Longer than any wait that a passing test has.
const LONG: Duration = Duration::from_secs(20);
const LIMIT: Duration = Duration::from_millis(400);

fn with(header_time: Duration) -> AppParts {
    AppParts { header_time, ..AppParts::default() }
}

/// Asks on an open connection, and answers the status line.
async fn ask(stream: &mut TcpStream) -> String {
    stream.write_all(b"GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n").await.unwrap();
    let mut answer = Vec::new();
    // The body ends the answer; it says how long it is.
    loop {
        let mut bytes = [0; 1_024];
        let read = tokio::time::timeout(LONG, stream.read(&mut bytes)).await.unwrap().unwrap();
        assert_ne!(read, 0, "closed in the middle of an answer");
        answer.extend_from_slice(&bytes[..read]);
        let told = String::from_utf8_lossy(&answer).to_lowercase();
        if let Some((head, body)) = told.split_once("\r\n\r\n") {
            let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")).unwrap();
            if body.len() == length.parse::<usize>().unwrap() {
                return head.lines().next().unwrap().to_owned();
            }
        }
    }
}

/// Everything until the other end closes.
async fn rest(stream: &mut TcpStream) -> String {
    let mut rest = Vec::new();
    // A reset is as closed as an end.
    let _ = tokio::time::timeout(LONG, stream.read_to_end(&mut rest)).await.expect("the connection stays open");
    String::from_utf8_lossy(&rest).into_owned()
}

#[tokio::test]
async fn a_client_that_sends_half_a_header_is_closed_after_the_limit() {
    let listening = listening(with(LIMIT)).await;
    let mut stream = TcpStream::connect(listening.address).await.unwrap();
    stream.write_all(b"GET /health/live HTTP/1.1\r\nHost: localhost\r\nX-Slow: ").await.unwrap();
    let started = Instant::now();
    let rest = rest(&mut stream).await;
    assert!(!rest.contains("200"), "{rest}");
    assert!(started.elapsed() >= LIMIT / 2, "closed after {:?}", started.elapsed());
}

#[tokio::test]
async fn many_requests_go_over_one_connection_each_with_a_limit_of_its_own() {
    let listening = listening(with(LIMIT)).await;
    let mut stream = TcpStream::connect(listening.address).await.unwrap();
    let started = Instant::now();
    while started.elapsed() < LIMIT * 2 {
        assert_eq!(ask(&mut stream).await, "http/1.1 200 ok");
    }
    assert_eq!(rest(&mut stream).await, "", "an idle connection is closed without a word");
}

#[tokio::test]
async fn the_server_ends_while_clients_keep_idle_connections() {
    let listening = listening(with(LONG * 10)).await;
    let mut stream = TcpStream::connect(listening.address).await.unwrap();
    assert_eq!(ask(&mut stream).await, "http/1.1 200 ok");
    listening.stop.send(()).unwrap();
    tokio::time::timeout(LONG, listening.serving).await.expect("the server waits for an idle client").unwrap();
    assert_eq!(rest(&mut stream).await, "");
    TcpStream::connect(listening.address).await.expect_err("nobody listens any more");
}
