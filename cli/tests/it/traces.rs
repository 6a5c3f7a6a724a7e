//! Traces, from the binary to a collector of the test's own.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::mpsc::{self, Receiver};

use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::tonic::common::v1::{KeyValue, any_value::Value};
use opentelemetry_proto::tonic::trace::v1::Span;
use prost::Message as _;

use crate::binary::{Server, command, corrente, run};
use crate::control::sign_in;

/// The trace that the test's client is in, and its own span there.
const TRACE: &str = "0af7651916cd43dd8448eb211c80319c";
const CALLER: &str = "b7ad6b7169203331";

/// A collector that takes one POST after the other, and what came.
struct Collector {
    endpoint: String,
    came: Receiver<(String, ExportTraceServiceRequest)>,
}

impl Collector {
    fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let endpoint = format!("http://{}", listener.local_addr().unwrap());
        let (tell, came) = mpsc::channel();
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let mut stream = stream.unwrap();
                // The test has ended when nobody listens to what came.
                if tell.send(taken(&stream)).is_err() {
                    return;
                }
                // Who sent it goes on only now, so that what is sent before an end has come by then.
                stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n").unwrap();
            }
        });
        Self { endpoint, came }
    }
}

/// Reads one POST: where it went, and what it said.
fn taken(stream: &TcpStream) -> (String, ExportTraceServiceRequest) {
    let mut reader = BufReader::new(stream);
    let (mut head, mut length) = (String::new(), 0);
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).unwrap();
        if let Some(told) = line.to_lowercase().strip_prefix("content-length: ") {
            length = told.trim().parse().unwrap();
        }
        if line.trim().is_empty() {
            break;
        }
        head.push_str(&line);
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).unwrap();
    (head, ExportTraceServiceRequest::decode(&body[..]).unwrap())
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |told, byte| format!("{told}{byte:02x}"))
}

fn text(attributes: &[KeyValue], name: &str) -> Option<String> {
    let found = attributes.iter().find(|attribute| attribute.key == name)?;
    match found.value.as_ref()?.value.as_ref()? {
        Value::StringValue(text) => Some(text.clone()),
        Value::IntValue(number) => Some(number.to_string()),
        other => panic!("{name} is {other:?}"),
    }
}

/// Asks for the items, inside the trace of the test.
fn ask(address: &str, token: &str) -> String {
    let body = r#"{"query":"query Shelf($search: String) { items(filter: { search: $search }) { totalCount nodes { sku } } }","variables":{"search":"a secret of the asker"}}"#;
    let mut stream = TcpStream::connect(address).unwrap();
    write!(
        stream,
        "POST /graphql HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\nContent-Type: application/json\r\n\
         traceparent: 00-{TRACE}-{CALLER}-01\r\nX-Request-Id: the-request-of-a-test\r\nAuthorization: Bearer {token}\r\n\
         Content-Length: {}\r\n\r\n{body}",
        body.len()
    )
    .unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

fn with_a_planner() -> tempfile::TempDir {
    let home = tempfile::tempdir().unwrap();
    let mut add = command(home.path());
    add.args(["user", "add", "planner@example.com", "--role", "viewer"]).env("CORRENTE_PASSWORD", "a long password");
    assert_eq!(run(add).code, 0);
    home
}

#[test]
fn a_request_its_operation_and_its_statements_come_to_the_collector_in_the_trace_of_who_asks() {
    let collector = Collector::start();
    let home = with_a_planner();
    let server = Server::start_with(home.path(), &[("OTEL_EXPORTER_OTLP_ENDPOINT", collector.endpoint.as_str())]);
    let token = sign_in(&server.address);
    let answer = ask(&server.address, &token);
    assert!(answer.starts_with("HTTP/1.1 200") && answer.contains("\"totalCount\":0"), "{answer}");
    // Before the spans' five seconds are over: what is sent now is sent because the server ends.
    assert_eq!(server.stop(), Some(0));

    let (heads, sent): (Vec<_>, Vec<_>) = collector.came.try_iter().unzip();
    assert!(heads.iter().all(|head| head.starts_with("POST /v1/traces HTTP/1.1")), "{heads:?}");
    let told = format!("{sent:?}");
    assert!(!told.contains("a secret of the asker") && !told.contains("a long password"), "{told}");
    let resources: Vec<_> = sent.into_iter().flat_map(|request| request.resource_spans).collect();
    let service = resources[0].resource.as_ref().and_then(|resource| text(&resource.attributes, "service.name"));
    assert_eq!(service.as_deref(), Some("corrente"));
    let spans = resources.into_iter().flat_map(|resource| resource.scope_spans).flat_map(|scope| scope.spans);
    let (ours, others): (Vec<Span>, Vec<Span>) = spans.partition(|span| hex(&span.trace_id) == TRACE);
    assert!(others.iter().any(|span| span.name == "mutation"), "signing in is a trace of its own: {others:?}");

    let named = |name: &str| {
        ours.iter().find(|span| span.name == name).unwrap_or_else(|| panic!("there is no span {name}: {ours:?}"))
    };
    let request = named("POST /graphql");
    assert_eq!(hex(&request.parent_span_id), CALLER);
    for (name, value) in [
        ("http.request.method", "POST"),
        ("http.route", "/graphql"),
        ("http.response.status_code", "200"),
        ("corrente.request_id", "the-request-of-a-test"),
    ] {
        assert_eq!(text(&request.attributes, name).as_deref(), Some(value), "{request:?}");
    }
    let operation = named("query Shelf");
    assert_eq!(operation.parent_span_id, request.span_id);
    for (name, value) in [
        ("graphql.operation.type", "query"),
        ("graphql.operation.name", "Shelf"),
        ("corrente.role", "VIEWER"),
        ("corrente.errors", "0"),
    ] {
        assert_eq!(text(&operation.attributes, name).as_deref(), Some(value), "{operation:?}");
    }
    let statements: Vec<&Span> = ours.iter().filter(|span| span.parent_span_id == operation.span_id).collect();
    let of_items = statements.iter().filter(|span| {
        let statement = text(&span.attributes, "db.statement").unwrap_or_default();
        statement.contains("dim_item") && statement.contains("$1")
    });
    assert_eq!(of_items.count(), 2, "the items and their count: {ours:?}");
    for span in statements {
        assert_eq!(text(&span.attributes, "db.system").as_deref(), Some("postgresql"), "{span:?}");
        assert!(span.end_time_unix_nano >= span.start_time_unix_nano, "{span:?}");
    }
}

#[test]
fn without_a_collector_named_nothing_is_sent_and_a_wrong_one_stops_the_start() {
    let collector = Collector::start();
    let home = with_a_planner();
    // The SDK's own variable is not enough.
    let server =
        Server::start_with(home.path(), &[("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", collector.endpoint.as_str())]);
    let token = sign_in(&server.address);
    assert!(ask(&server.address, &token).starts_with("HTTP/1.1 200"));
    assert_eq!(server.stop(), Some(0));
    assert_eq!(collector.came.try_iter().count(), 0);

    let mut wrong = command(home.path());
    wrong.arg("serve").env("OTEL_EXPORTER_OTLP_ENDPOINT", "https://collector.example.com");
    let wrong = run(wrong);
    assert_eq!(wrong.code, 1, "{wrong:?}");
    assert!(wrong.sentence().contains("OTEL_EXPORTER_OTLP_ENDPOINT is \"https://collector.example.com\""), "{wrong:?}");
    // Other commands need no collector, and a collector that is away keeps nobody from serving.
    assert_eq!(corrente(home.path(), &["user", "list"]).code, 0);
    let away = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let endpoint = format!("http://{away}");
    let server = Server::start_with(home.path(), &[("OTEL_EXPORTER_OTLP_ENDPOINT", endpoint.as_str())]);
    assert!(ask(&server.address, &sign_in(&server.address)).starts_with("HTTP/1.1 200"));
    assert_eq!(server.stop(), Some(0));
}
