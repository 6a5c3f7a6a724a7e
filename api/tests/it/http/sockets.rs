//! Subscriptions over real sockets: what is told, and what closes one.

use std::time::Duration;

use api::app::AppParts;
use api::http::socket::Times;
use entity::words::{AlertCategory, AlertLevel, Role};
use futures::{SinkExt as _, StreamExt as _};
use planning::policy::{Message as Sentence, MessageCode};
use serde_json::{Value as Json, json};
use store::Notice;
use store::alerts::NewAlert;
use store::recommendations::NewStatus;
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;
use tokio_tungstenite::tungstenite::protocol::Message;
use tokio_tungstenite::tungstenite::{Error, http::StatusCode};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

use super::listening::{Listening, listening};
use crate::company;
use crate::server::Server;

/// Longer than any wait that a passing test has.
const LONG: Duration = Duration::from_secs(20);
const SHORT: Duration = Duration::from_millis(300);
const PROTOCOL: (&str, &str) = ("sec-websocket-protocol", "graphql-transport-ws");

async fn a_server(times: Times) -> Listening {
    listening(AppParts { socket_times: times, ..AppParts::default() }).await
}

/// One end of a socket.
struct Socket(WebSocketStream<MaybeTlsStream<TcpStream>>);

impl Socket {
    async fn try_open(at: &Listening, headers: &[(&'static str, &str)]) -> Result<Self, Error> {
        let mut request = format!("ws://{}/graphql", at.address).into_client_request()?;
        for (name, value) in headers {
            request.headers_mut().insert(*name, value.parse().unwrap());
        }
        Ok(Self(connect_async(request).await?.0))
    }

    async fn open(at: &Listening) -> Self {
        Self::try_open(at, &[PROTOCOL]).await.unwrap()
    }

    /// Opens, and says who it is.
    async fn signed_in(at: &Listening, role: Role) -> Self {
        let mut socket = Self::open(at).await;
        socket.init(&at.server.token(role).await).await;
        assert_eq!(socket.hear().await["type"], "connection_ack");
        socket
    }

    async fn init(&mut self, token: &str) {
        self.say(json!({ "type": "connection_init", "payload": { "authorization": format!("Bearer {token}") } })).await;
    }

    async fn subscribe(&mut self, id: &str, query: &str) {
        self.say(json!({ "type": "subscribe", "id": id, "payload": { "query": query } })).await;
    }

    async fn say(&mut self, message: Json) {
        self.0.send(Message::text(message.to_string())).await.unwrap();
    }

    /// The next message of the protocol.
    async fn hear(&mut self) -> Json {
        loop {
            match tokio::time::timeout(LONG, self.0.next()).await.expect("nothing is heard").unwrap().unwrap() {
                Message::Text(text) => return serde_json::from_str(&text).unwrap(),
                Message::Ping(_) => {}
                other => panic!("heard {other:?}"),
            }
        }
    }

    /// With which code the socket is closed, and why.
    async fn closed(mut self) -> (u16, String) {
        loop {
            match tokio::time::timeout(LONG, self.0.next()).await.expect("it stays open") {
                Some(Ok(Message::Close(Some(frame)))) => return (frame.code.into(), frame.reason.to_string()),
                Some(Ok(_)) => {}
                other => panic!("ended by {other:?}"),
            }
        }
    }

    /// Nothing was waiting: the answer to a ping comes next.
    async fn is_silent(&mut self) {
        self.say(json!({ "type": "ping" })).await;
        assert_eq!(self.hear().await["type"], "pong");
    }
}

fn an_alert(key: &str, level: AlertLevel) -> NewAlert {
    NewAlert {
        key: key.into(),
        level,
        category: AlertCategory::Stockout,
        item_id: Some(1),
        site_id: None,
        message: serde_json::to_value(Sentence::new(MessageCode::Stockout)).unwrap(),
        inputs: json!({}),
    }
}

async fn raise(server: &Server, key: &str, level: AlertLevel) {
    store::alerts::raise(server.db.db(), an_alert(key, level), server.now()).await.unwrap().expect("it is new");
}

/// Waits until a subscription has begun: what is asked after it is answered after it.
async fn begun(socket: &mut Socket) {
    socket.is_silent().await;
}

#[tokio::test]
async fn an_alert_is_told_to_those_who_asked_for_its_level_with_what_their_role_may_read() {
    let at = a_server(Times::default()).await;
    company::with_items(&at.server.db, 1).await;
    let mut analyst = Socket::signed_in(&at, Role::Analyst).await;
    let mut viewer = Socket::signed_in(&at, Role::Viewer).await;
    let query = "subscription { alertRaised(minLevel: WARNING) { level category readAt item { sku unitCost } } }";
    for socket in [&mut analyst, &mut viewer] {
        socket.subscribe("1", query).await;
        begun(socket).await;
    }
    raise(&at.server, "low", AlertLevel::Normal).await;
    raise(&at.server, "high", AlertLevel::Critical).await;
    let told = analyst.hear().await;
    assert_eq!((&told["type"], &told["id"]), (&json!("next"), &json!("1")), "{told}");
    assert_eq!(told["payload"].get("errors"), None, "{told}");
    let alert = &told["payload"]["data"]["alertRaised"];
    assert_eq!((&alert["level"], &alert["readAt"]), (&json!("CRITICAL"), &Json::Null), "{alert}");
    assert_eq!(alert["item"]["sku"], "000000");
    assert!(alert["item"]["unitCost"].is_number(), "{alert}");

    let told = viewer.hear().await;
    assert_eq!(told["payload"]["data"]["alertRaised"]["item"]["unitCost"], Json::Null, "{told}");
    let errors = told["payload"]["errors"].as_array().unwrap();
    assert_eq!((errors.len(), &errors[0]["extensions"]["code"]), (1, &json!("FORBIDDEN")), "{told}");
    assert_eq!(at.server.log("read.refused").await.len(), 1, "once a subscription");
    for socket in [&mut analyst, &mut viewer] {
        socket.is_silent().await;
    }
}

#[tokio::test]
async fn decisions_and_refreshed_data_are_told_to_who_asked_and_an_ended_subscription_hears_nothing() {
    let at = a_server(Times::default()).await;
    let (server, db) = (&at.server, at.server.db.db());
    let new = company::a_recommendation();
    company::with_items(&server.db, 1).await;
    store::recommendations::sync(db, vec![new], server.now()).await.unwrap();
    let mut socket = Socket::signed_in(&at, Role::Viewer).await;
    socket.subscribe("decided", "subscription { recommendationChanged { status acknowledgedBy } }").await;
    socket.subscribe("fresh", "subscription S { dataRefreshed { at freshness { kind } } }").await;
    begun(&mut socket).await;
    let id =
        server.as_role(Role::Analyst, "{ recommendations { nodes { id } } }").await.data()["recommendations"]["nodes"]
            [0]["id"]
            .clone();
    let query = format!("mutation {{ acknowledgeRecommendations(ids: [{id}]) {{ userErrors {{ code }} }} }}");
    server.as_role(Role::Analyst, &query).await.data();
    let told = socket.hear().await;
    assert_eq!(told["id"], "decided");
    assert_eq!(
        told["payload"]["data"]["recommendationChanged"],
        json!({ "status": "ACKNOWLEDGED", "acknowledgedBy": "A ANALYST" })
    );
    db.tell(Notice::DataRefreshed).await;
    let told = socket.hear().await;
    assert_eq!((&told["id"], &told["payload"]["data"]["dataRefreshed"]["freshness"]), (&json!("fresh"), &json!([])));

    socket.say(json!({ "type": "complete", "id": "decided" })).await;
    assert_eq!(socket.hear().await, json!({ "type": "complete", "id": "decided" }));
    let numbers = [1];
    let entry = server.entry("recommendations.reopen");
    store::recommendations::set_status(db, &numbers, NewStatus::Reopened, 1, server.now(), entry).await.unwrap();
    db.tell(Notice::DataRefreshed).await;
    assert_eq!(socket.hear().await["id"], "fresh");
    // Its id is free again.
    socket.subscribe("decided", "subscription { recommendationChanged { status } }").await;
    begun(&mut socket).await;
}

#[tokio::test]
async fn a_subscription_that_is_wrong_is_answered_and_the_socket_stays() {
    let at = a_server(Times::default()).await;
    let mut socket = Socket::signed_in(&at, Role::Viewer).await;
    for (query, says) in [
        ("subscription { alertRaised { nonsense } }", "nonsense"),
        ("subscription { alertRaised(minLevel: LOUD) { id } }", "LOUD"),
        ("subscription { alertRaised { id } dataRefreshed { at } }", "one root field, not 2"),
        ("subscription { ...A } fragment A on Subscription { alertRaised { id } dataRefreshed { at } }", "not 2"),
        ("subscription {", "expected"),
    ] {
        socket.subscribe("1", query).await;
        let told = socket.hear().await;
        let message = told["payload"]["errors"][0]["message"].as_str().unwrap_or_default();
        assert!(message.contains(says), "{query}: {told}");
        assert!(told["payload"]["errors"][0]["extensions"]["code"].is_string(), "{told}");
        assert_eq!(socket.hear().await, json!({ "type": "complete", "id": "1" }), "{query}");
    }
    socket.subscribe("1", "subscription { alertRaised { id } }").await;
    begun(&mut socket).await;
}

#[tokio::test]
async fn who_breaks_the_rules_is_closed_with_the_protocols_code() {
    let at = a_server(Times::default()).await;
    let alerts = "subscription { alertRaised { id } }";
    let is = async |socket: Socket, code: u16| {
        let (found, reason) = socket.closed().await;
        assert_eq!(found, code, "{reason}");
        assert!(!reason.is_empty());
    };
    let mut early = Socket::open(&at).await;
    early.subscribe("1", alerts).await;
    is(early, 4401).await;

    let mut forged = Socket::open(&at).await;
    forged.init("forged").await;
    is(forged, 4403).await;
    assert_eq!(at.server.log("token.refused").await.len(), 1);

    let mut nobody = Socket::open(&at).await;
    nobody.say(json!({ "type": "connection_init" })).await;
    is(nobody, 4401).await;

    let mut twice = Socket::signed_in(&at, Role::Viewer).await;
    twice.init(&at.server.token(Role::Viewer).await).await;
    is(twice, 4429).await;

    for query in ["mutation { markAllAlertsRead { count } }", "{ viewer { id } }"] {
        let mut writer = Socket::signed_in(&at, Role::Viewer).await;
        writer.subscribe("1", query).await;
        is(writer, 4400).await;
    }

    let mut same = Socket::signed_in(&at, Role::Viewer).await;
    same.subscribe("1", alerts).await;
    same.subscribe("1", alerts).await;
    is(same, 4409).await;

    let mut greedy = Socket::signed_in(&at, Role::Viewer).await;
    for id in 0..20 {
        greedy.subscribe(&id.to_string(), alerts).await;
        begun(&mut greedy).await;
    }
    greedy.subscribe("20", alerts).await;
    is(greedy, 4429).await;

    let mut long = Socket::signed_in(&at, Role::Viewer).await;
    long.say(json!({ "type": "ping", "payload": "x".repeat(65 * 1024) })).await;
    is(long, 1009).await;

    for rubbish in ["", "[]", "{\"type\": 1}", "{\"type\": \"shout\"}", "{\"type\": \"subscribe\", \"payload\": {}}"] {
        let mut mumbling = Socket::signed_in(&at, Role::Viewer).await;
        mumbling.0.send(Message::text(rubbish)).await.unwrap();
        is(mumbling, 4400).await;
    }
    let mut binary = Socket::signed_in(&at, Role::Viewer).await;
    binary.0.send(Message::binary(vec![1, 2, 3])).await.unwrap();
    is(binary, 4400).await;
}

#[tokio::test]
async fn a_page_of_another_site_and_the_old_protocol_get_no_socket() {
    let at = a_server(Times::default()).await;
    let refused = async |headers: &[(&'static str, &str)]| match Socket::try_open(&at, headers).await {
        Err(Error::Http(response)) => response.status(),
        other => panic!("{:?}", other.map(|_| "it opened")),
    };
    assert_eq!(refused(&[PROTOCOL, ("origin", "https://evil.example")]).await, StatusCode::FORBIDDEN);
    assert_eq!(refused(&[("sec-websocket-protocol", "graphql-ws")]).await, StatusCode::BAD_REQUEST);
    assert_eq!(refused(&[]).await, StatusCode::BAD_REQUEST);
    let own = format!("http://{}", at.address);
    Socket::try_open(&at, &[PROTOCOL, ("origin", &own)]).await.unwrap();
    let both = ("sec-websocket-protocol", "graphql-ws, graphql-transport-ws");
    let mut socket = Socket::try_open(&at, &[both]).await.unwrap();
    socket.init(&at.server.token(Role::Viewer).await).await;
    assert_eq!(socket.hear().await["type"], "connection_ack");
}

#[tokio::test]
async fn who_never_says_who_they_are_is_closed_after_a_while() {
    let at = a_server(Times { init: SHORT, ..Times::default() }).await;
    let silent = Socket::open(&at).await;
    let mut pinging = Socket::open(&at).await;
    pinging.say(json!({ "type": "ping" })).await;
    assert_eq!(silent.closed().await.0, 4408);
    assert_eq!(pinging.closed().await.0, 4408, "a ping does not put it off");
    // Who has said so stays.
    let mut known = Socket::signed_in(&at, Role::Viewer).await;
    tokio::time::sleep(SHORT * 2).await;
    known.is_silent().await;
}

#[tokio::test]
async fn a_token_that_ends_or_a_user_who_is_disabled_closes_the_socket() {
    let at = a_server(Times { check: SHORT, ..Times::default() }).await;
    let socket = Socket::signed_in(&at, Role::Analyst).await;
    at.server.pass(24 * 3_600);
    assert_eq!(socket.closed().await.0, 4403);

    let at = a_server(Times::default()).await;
    let (socket, mut other) = (Socket::signed_in(&at, Role::Viewer).await, Socket::signed_in(&at, Role::Analyst).await);
    let user = store::users::by_email(at.server.db.db(), "viewer@example.com").await.unwrap().unwrap();
    store::users::set_active(at.server.db.db(), user.id, false, at.server.entry("user.disable")).await.unwrap();
    at.server.app.shared().user_changed(user.id).await;
    assert_eq!(socket.closed().await.0, 4403, "at once, not at the next look");
    other.is_silent().await;
}

#[tokio::test]
async fn who_answers_no_ping_is_gone_and_who_answers_stays() {
    let at = a_server(Times { ping: SHORT, write: SHORT, ..Times::default() }).await;
    let mut answering = Socket::signed_in(&at, Role::Viewer).await;
    // A client answers while it reads, and this one does not.
    let deaf = Socket::signed_in(&at, Role::Viewer).await;
    assert_eq!(at.server.app.shared().sockets.count(), 2);
    let _ = tokio::time::timeout(SHORT * 8, async { while answering.0.next().await.is_some() {} }).await;
    assert_eq!(at.server.app.shared().sockets.count(), 1);
    answering.is_silent().await;
    drop(deaf);
}

#[tokio::test]
async fn a_server_that_leaves_says_so_on_every_socket() {
    let at = a_server(Times::default()).await;
    let sockets = [Socket::signed_in(&at, Role::Viewer).await, Socket::open(&at).await];
    assert_eq!(at.server.app.shared().sockets.count(), 2);
    at.stop.send(()).unwrap();
    for socket in sockets {
        assert_eq!(socket.closed().await.0, 1001);
    }
    tokio::time::timeout(LONG, at.serving).await.expect("the server waits for its sockets").unwrap();
}

#[tokio::test]
async fn a_thousand_who_listen_are_all_told() {
    let at = a_server(Times::default()).await;
    company::with_items(&at.server.db, 1).await;
    let mut sockets = Vec::new();
    for _ in 0..1_000 {
        let mut socket = Socket::signed_in(&at, Role::Viewer).await;
        socket.subscribe("1", "subscription { alertRaised { id message item { sku } } }").await;
        sockets.push(socket);
    }
    for socket in &mut sockets {
        begun(socket).await;
    }
    raise(&at.server, "k", AlertLevel::Critical).await;
    for socket in &mut sockets {
        assert_eq!(socket.hear().await["payload"]["data"]["alertRaised"]["item"]["sku"], "000000");
    }
}
