use entity::words::Role;
use serde_json::{Value, json};

use crate::server::Server;

const SAVE: &str = "mutation($name: String!, $page: String!, $query: String!, $shared: Boolean! = false) { \
    saveView(name: $name, page: $page, query: $query, shared: $shared) { view { id name page query shared own owner } userErrors { code path } } }";

async fn save(server: &Server, role: Role, view: Value) -> Value {
    let token = server.token(role).await;
    server.ask(Some(&token), SAVE, view).await.data()["saveView"].clone()
}

async fn names(server: &Server, role: Role, page: &str) -> Vec<String> {
    let token = server.token(role).await;
    let query = "query($page: String) { savedViews(page: $page) { name own } }";
    let page = if page.is_empty() { Value::Null } else { json!(page) };
    let views = server.ask(Some(&token), query, json!({ "page": page })).await.data()["savedViews"].clone();
    let word = |view: &Value| {
        format!("{}{}", view["name"].as_str().unwrap(), if view["own"] == json!(true) { "*" } else { "" })
    };
    views.as_array().unwrap().iter().map(word).collect()
}

#[tokio::test]
async fn everybody_has_views_of_their_own_and_sees_the_shared_ones() {
    let server = Server::start().await;
    let cables = json!({ "name": " Cables ", "page": "/materials", "query": "family=CABLES" });
    let saved = save(&server, Role::Viewer, cables).await["view"].clone();
    assert_eq!(
        (&saved["name"], &saved["query"], &saved["shared"], &saved["own"], &saved["owner"]),
        (&json!("Cables"), &json!("family=CABLES"), &json!(false), &json!(true), &json!("A VIEWER"))
    );
    let again = json!({ "name": "Cables", "page": "/materials", "query": "family=CABLES&sort=name" });
    let replaced = save(&server, Role::Viewer, again).await["view"].clone();
    assert_eq!((&replaced["id"], &replaced["query"]), (&saved["id"], &json!("family=CABLES&sort=name")));
    let shared = json!({ "name": "Late orders", "page": "/inventory", "query": "", "shared": true });
    let shared = save(&server, Role::Analyst, shared).await["view"].clone();
    assert_eq!(shared["shared"], true);
    save(&server, Role::Analyst, json!({ "name": "Mine", "page": "/materials", "query": "x=1" })).await;

    assert_eq!(names(&server, Role::Viewer, "").await, ["Late orders", "Cables*"]);
    assert_eq!(names(&server, Role::Analyst, "").await, ["Late orders*", "Mine*"]);
    assert_eq!(names(&server, Role::Viewer, "/materials").await, ["Cables*"]);
    assert_eq!(names(&server, Role::Viewer, "'; --\u{0}").await, Vec::<String>::new());

    let delete = |id: &Value| format!("mutation {{ deleteView(id: {id}) {{ deleted userErrors {{ code path }} }} }}");
    let refused = server.as_role(Role::Viewer, &delete(&shared["id"])).await.data();
    assert_eq!(
        refused["deleteView"],
        json!({ "deleted": false, "userErrors": [{ "code": "NOT_FOUND", "path": ["id"] }] })
    );
    let deleted = server.as_role(Role::Analyst, &delete(&shared["id"])).await.data();
    assert_eq!(deleted["deleteView"], json!({ "deleted": true, "userErrors": [] }));
    assert_eq!(names(&server, Role::Viewer, "").await, ["Cables*"]);
    assert_eq!((server.log("view.save").await.len(), server.log("view.delete").await.len()), (4, 1));
}

#[tokio::test]
async fn a_viewer_shares_nothing_and_a_bad_view_says_what_to_correct() {
    let server = Server::start().await;
    let token = server.token(Role::Viewer).await;
    let shared = json!({ "name": "x", "page": "/", "query": "", "shared": true });
    let refused = server.ask(Some(&token), SAVE, shared).await;
    assert_eq!((refused.json()["data"].clone(), refused.code()), (json!(null), "FORBIDDEN".to_owned()));
    let bad =
        save(&server, Role::Viewer, json!({ "name": " ", "page": "x".repeat(101), "query": "x".repeat(4_001) })).await;
    let at = |argument: &str| json!({ "code": "BAD_LENGTH", "path": [argument] });
    assert_eq!(bad, json!({ "view": null, "userErrors": [at("name"), at("page"), at("query")] }));
    assert!(names(&server, Role::Viewer, "").await.is_empty());
}
