use entity::words::{ImportStatus, RejectSeverity, Role};
use serde_json::{Value, json};
use store::import_runs::{FinishedImportRun, NewImportRun, NewReject};

use crate::server::Server;

/// A run of a file with this many refused lines of alternating reasons, and one flagged line.
async fn a_run(server: &Server, file: &str, refused: i64) -> i64 {
    let db = server.db.db();
    let new = NewImportRun {
        kind: "ORDERS".into(),
        file: file.into(),
        checksum: Some("abc".into()),
        actor: "a test".into(),
        started_at: server.now(),
    };
    let run = store::import_runs::start(db, new).await.unwrap().id;
    let line = |line, severity, reason: &str| NewReject {
        severity,
        sheet: Some("Sheet".into()),
        line,
        column_name: Some("quantity".into()),
        reason: reason.into(),
        value: Some("-3".into()),
        expected: Some("a quantity of zero or more".into()),
    };
    let mut lines: Vec<NewReject> = (1..=refused)
        .map(|at| line(at, RejectSeverity::Reject, if at % 3 == 0 { "FUTURE_DATE" } else { "NEGATIVE_QUANTITY" }))
        .collect();
    lines.push(line(refused + 1, RejectSeverity::Flag, "LATE_PURCHASE"));
    store::import_runs::insert_rejects(db, run, &lines).await.unwrap();
    let finished = FinishedImportRun {
        status: ImportStatus::Done,
        read_lines: refused + 10,
        loaded_lines: 7,
        unchanged_lines: 3,
        rejected_lines: refused,
        flagged_lines: 1,
        finished_at: server.now(),
        seconds: 1.25,
        message: None,
    };
    store::import_runs::finish(db, run, finished).await.unwrap();
    run
}

const RUNS: &str = "query($first: Int!) { importRuns(first: $first) { totalCount nodes { file kind checksum status actor \
    readLines loadedLines unchangedLines rejectedLines flaggedLines seconds message startedAt finishedAt \
    rejectReasons { severity reason lines } all: rejects(first: 2) { totalCount nodes { file line } } \
    future: rejects(reason: \"FUTURE_DATE\") { totalCount nodes { line } } flags: rejects(severity: FLAG) { totalCount nodes { reason } } } } }";

#[tokio::test]
async fn an_admin_sees_each_run_with_its_lines_and_reasons() {
    let server = Server::start().await;
    a_run(&server, "orders.xlsx", 4).await;
    let token = server.token(Role::Admin).await;
    let data = server.ask(Some(&token), RUNS, json!({ "first": 5 })).await.data();
    let run = &data["importRuns"]["nodes"][0];
    assert_eq!(data["importRuns"]["totalCount"], 1);
    assert_eq!(
        [&run["file"], &run["kind"], &run["checksum"], &run["status"]],
        ["orders.xlsx", "ORDERS", "abc", "DONE"]
    );
    let counts = ["readLines", "loadedLines", "unchangedLines", "rejectedLines", "flaggedLines"];
    assert_eq!(counts.map(|count| run[count].as_i64().unwrap()), [14, 7, 3, 4, 1]);
    assert_eq!(run["seconds"], 1.25);
    assert_eq!(
        run["rejectReasons"],
        json!([
            { "severity": "REJECT", "reason": "NEGATIVE_QUANTITY", "lines": 3 },
            { "severity": "REJECT", "reason": "FUTURE_DATE", "lines": 1 },
            { "severity": "FLAG", "reason": "LATE_PURCHASE", "lines": 1 },
        ])
    );
    assert_eq!(run["all"]["totalCount"], 5);
    assert_eq!(run["all"]["nodes"][1], json!({ "file": "orders.xlsx", "line": 2 }));
    assert_eq!(run["future"], json!({ "totalCount": 1, "nodes": [{ "line": 3 }] }));
    assert_eq!(run["flags"], json!({ "totalCount": 1, "nodes": [{ "reason": "LATE_PURCHASE" }] }));
}

#[tokio::test]
async fn refused_lines_page_without_a_gap_and_say_what_would_be_right() {
    let server = Server::start().await;
    a_run(&server, "a.csv", 7).await;
    let token = server.token(Role::Admin).await;
    let id =
        server.as_role(Role::Admin, "{ importRuns { nodes { id } } }").await.data()["importRuns"]["nodes"][0]["id"]
            .clone();
    let query = "query($id: ID!, $after: String) { importRun(id: $id) { rejects(first: 3, after: $after, severity: REJECT) { \
        nodes { sheet line column reason value expected } pageInfo { hasNextPage endCursor } } } }";
    let (mut lines, mut after) = (Vec::new(), Value::Null);
    loop {
        let data = server.ask(Some(&token), query, json!({ "id": id, "after": after })).await.data();
        let page = &data["importRun"]["rejects"];
        lines.extend(page["nodes"].as_array().unwrap().iter().map(|node| node["line"].as_i64().unwrap()));
        if lines.len() == 3 {
            let first = json!({
                "sheet": "Sheet", "line": 1, "column": "quantity", "reason": "NEGATIVE_QUANTITY", "value": "-3",
                "expected": "a quantity of zero or more",
            });
            assert_eq!(page["nodes"][0], first);
        }
        if page["pageInfo"]["hasNextPage"] == json!(false) {
            break;
        }
        after = page["pageInfo"]["endCursor"].clone();
    }
    assert_eq!(lines, [1, 2, 3, 4, 5, 6, 7]);
}

#[tokio::test]
async fn nobody_but_an_admin_sees_runs_on_any_way() {
    let server = Server::start().await;
    a_run(&server, "secret.xlsx", 1).await;
    let id =
        server.as_role(Role::Admin, "{ importRuns { nodes { id } } }").await.data()["importRuns"]["nodes"][0]["id"]
            .as_str()
            .unwrap()
            .to_owned();
    let ways = [
        "{ importRuns { totalCount } }".to_owned(),
        "{ runs: importRuns { edges { node { file } } } }".into(),
        "{ ...R } fragment R on Query { importRuns { nodes { rejects { nodes { value } } } } }".into(),
        format!("{{ importRun(id: \"{id}\") {{ file }} }}"),
    ];
    for way in ways {
        for role in [Role::Viewer, Role::Analyst] {
            let body = server.as_role(role, &way).await.json();
            assert_eq!(body["errors"][0]["extensions"]["code"], "FORBIDDEN", "{way}: {body}");
            assert_eq!(body["errors"].as_array().map(Vec::len), Some(1), "{way}: {body}");
            let data = body["data"].as_object().unwrap();
            assert!(data.values().all(Value::is_null), "{way}: {body}");
        }
        assert_eq!(server.ask(None, &way, json!({})).await.code(), "UNAUTHENTICATED");
    }
    let node = server.as_role(Role::Viewer, &format!("{{ node(id: \"{id}\") {{ id }} }}")).await.data();
    assert_eq!(node, json!({ "node": null }));
}

#[tokio::test]
async fn statements_do_not_grow_with_runs() {
    let server = Server::start().await;
    for at in 0..12 {
        a_run(&server, &format!("{at}.csv"), at).await;
    }
    let token = server.token(Role::Admin).await;
    let statements = async |first: i32| {
        let mut least = u64::MAX;
        for _ in 0..3 {
            let before = server.db.statements();
            let data = server.ask(Some(&token), RUNS, json!({ "first": first })).await.data();
            assert_eq!(data["importRuns"]["nodes"].as_array().map(Vec::len), Some(first as usize));
            least = least.min(server.db.statements() - before);
        }
        least
    };
    let (few, many) = (statements(2).await, statements(12).await);
    assert_eq!(few, many);
    // Who asks, the page, its count, the reasons, and one statement for the three pages of rejects of every run.
    assert!(many <= 5, "{many} statements");
}

#[tokio::test]
async fn runs_are_filtered_and_strings_made_to_hurt_find_nothing() {
    let server = Server::start().await;
    a_run(&server, "orders.csv", 1).await;
    let count = async |filter: &str| {
        let query = format!("{{ importRuns(filter: {filter}) {{ totalCount nodes {{ file }} }} }}");
        let data = server.as_role(Role::Admin, &query).await.data();
        assert_eq!(
            data["importRuns"]["nodes"].as_array().map(Vec::len),
            data["importRuns"]["totalCount"].as_u64().map(|count| count as usize)
        );
        data["importRuns"]["totalCount"].as_u64().unwrap()
    };
    assert_eq!(count("{ statuses: [DONE], kinds: [\"ORDERS\"] }").await, 1);
    assert_eq!(count("{ statuses: [FAILED, RUNNING, INTERRUPTED] }").await, 0);
    assert_eq!(count("{ kinds: [] }").await, 0);
    let token = server.token(Role::Admin).await;
    for text in ["'; DROP TABLE support.import_runs; --", "", "%", "\u{0}", "a\u{0}"] {
        let query = "query($t: String!) { importRuns { nodes { rejects(reason: $t) { totalCount nodes { line } } } } }";
        let data = server.ask(Some(&token), query, json!({ "t": text })).await.data();
        assert_eq!(data["importRuns"]["nodes"][0]["rejects"], json!({ "totalCount": 0, "nodes": [] }), "{text:?}");
    }
}
