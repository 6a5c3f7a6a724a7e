use entity::words::Role;
use sea_orm::ConnectionTrait;
use serde_json::{Value, json};

use crate::server::{Server, email};

const LOG: &str = "query($filter: AuditFilter, $first: Int, $after: String) { auditLog(filter: $filter, first: $first, after: $after) { \
    totalCount nodes { number at userId actor action entity entityId details address agent hash } pageInfo { hasNextPage endCursor } } }";
const VERDICT: &str = "{ auditVerdict { intact entries brokenAt fault } }";

async fn log(server: &Server, variables: Value) -> Value {
    server.app.shared().trail.flush().await;
    let token = server.token(Role::Admin).await;
    server.ask(Some(&token), LOG, variables).await.data()["auditLog"].clone()
}

#[tokio::test]
async fn an_admin_reads_the_log_a_page_at_a_time_and_by_who_did_what() {
    let server = Server::start().await;
    let read =
        "mutation { markAlertsRead(ids: [\"x\"]) { userErrors { code } } createApiToken(name: \"BI\") { token } }";
    server.as_role(Role::Analyst, read).await.data();
    server.as_role(Role::Viewer, "{ importRuns { totalCount } }").await;
    let all = log(&server, json!({})).await;
    // The test adds three people.
    assert_eq!(all["totalCount"], 5);
    let actions: Vec<&str> =
        all["nodes"].as_array().unwrap().iter().map(|node| node["action"].as_str().unwrap()).collect();
    assert_eq!(actions, ["read.refused", "token.create", "user.add", "user.add", "user.add"]);

    let (mut numbers, mut after) = (Vec::new(), Value::Null);
    loop {
        let page = log(&server, json!({ "first": 2, "after": after })).await;
        numbers.extend(page["nodes"].as_array().unwrap().iter().map(|node| node["number"].as_i64().unwrap()));
        after = page["pageInfo"]["endCursor"].clone();
        if page["pageInfo"]["hasNextPage"] == json!(false) {
            break;
        }
    }
    assert_eq!(numbers, [5, 4, 3, 2, 1]);

    let analyst = server.as_role(Role::Analyst, "{ viewer { id } }").await.data()["viewer"]["id"].clone();
    let hers = log(&server, json!({ "filter": { "userId": analyst } })).await;
    assert_eq!(hers["totalCount"], 1);
    let entry = &hers["nodes"][0];
    assert_eq!(
        (&entry["actor"], &entry["entity"], &entry["entityId"], &entry["userId"]),
        (&json!(email(Role::Analyst)), &json!("api_token"), &json!("1"), &analyst)
    );
    let details: Value = serde_json::from_str(entry["details"].as_str().unwrap()).unwrap();
    assert_eq!(details["name"], "BI");
    assert_eq!(entry["hash"].as_str().map(str::len), Some(64));
    for (filter, count) in [
        (json!({ "action": "read.refused" }), 1),
        (json!({ "action": "'; DROP TABLE support.audit_logs; --\u{0}" }), 0),
        (json!({ "entity": "api_token", "entityId": "1" }), 1),
        (json!({ "to": "2020-01-01T00:00:00Z" }), 0),
        (json!({ "from": "2020-01-01T00:00:00Z" }), 5),
    ] {
        assert_eq!(log(&server, json!({ "filter": filter })).await["totalCount"], count, "{filter}");
    }
}

#[tokio::test]
async fn a_changed_entry_is_named_by_the_verdict() {
    let server = Server::start().await;
    let intact = server.as_role(Role::Admin, VERDICT).await.data();
    assert_eq!(intact["auditVerdict"], json!({ "intact": true, "entries": 3, "brokenAt": null, "fault": null }));
    let forged = "UPDATE support.audit_logs SET actor = 'nobody' WHERE id = 2";
    server.db.writer().execute_unprepared(forged).await.unwrap();
    let broken = server.as_role(Role::Admin, VERDICT).await.data();
    assert_eq!(broken["auditVerdict"], json!({ "intact": false, "entries": null, "brokenAt": 2, "fault": "CHANGED" }));
}

#[tokio::test]
async fn nobody_but_an_admin_reads_the_log() {
    let server = Server::start().await;
    for query in ["{ auditLog { totalCount } }", VERDICT] {
        for role in [Role::Viewer, Role::Analyst] {
            let answer = server.as_role(role, query).await;
            assert_eq!(answer.code(), "FORBIDDEN", "{query}");
            assert!(answer.json()["data"].as_object().unwrap().values().all(Value::is_null), "{query}");
        }
        assert_eq!(server.ask(None, query, json!({})).await.code(), "UNAUTHENTICATED");
    }
}
