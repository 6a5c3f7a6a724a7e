use axum::http::StatusCode;
use entity::words::Role;
use serde_json::{Value, json};

use super::sign_in::login;
use crate::server::{PASSWORD, Server, email};

const USERS: &str = "{ users { id email name role active demo createdAt lastLoginAt } }";
const CREATE: &str = "mutation($email: String!, $name: String!, $role: Role!, $password: String!) { \
    createUser(email: $email, name: $name, role: $role, password: $password) { user { id email name role active } userErrors { code path } } }";
const UPDATE: &str = "mutation($id: ID!, $name: String, $role: Role, $active: Boolean, $password: String) { \
    updateUser(id: $id, name: $name, role: $role, active: $active, password: $password) { user { name role active } userErrors { code path } } }";
const ME: &str = "{ viewer { id role } }";

async fn create(server: &Server, user: Value) -> Value {
    let token = server.token(Role::Admin).await;
    server.ask(Some(&token), CREATE, user).await.data()["createUser"].clone()
}

async fn update(server: &Server, change: Value) -> Value {
    let token = server.token(Role::Admin).await;
    server.ask(Some(&token), UPDATE, change).await.data()["updateUser"].clone()
}

async fn id_of(server: &Server, role: Role) -> Value {
    server.as_role(role, ME).await.data()["viewer"]["id"].clone()
}

#[tokio::test]
async fn an_admin_adds_somebody_who_then_signs_in() {
    let server = Server::start().await;
    let ana =
        json!({ "email": " Ana@Example.com ", "name": "Ana Lima", "role": "ANALYST", "password": "a long password" });
    let created = create(&server, ana.clone()).await;
    let user = &created["user"];
    assert_eq!(
        (&user["email"], &user["name"], &user["role"], &user["active"]),
        (&json!("ana@example.com"), &json!("Ana Lima"), &json!("ANALYST"), &json!(true))
    );
    let session = login(&server, "ana@example.com", "a long password").await.data()["login"].clone();
    let me = server.ask(session["accessToken"].as_str(), ME, json!({})).await.data()["viewer"].clone();
    assert_eq!(me, json!({ "id": user["id"], "role": "ANALYST" }));
    assert_eq!(create(&server, ana).await["userErrors"], json!([{ "code": "EMAIL_TAKEN", "path": ["email"] }]));
    let bad = json!({ "email": "ana example.com", "name": " ", "role": "VIEWER", "password": "short" });
    let faults = json!([
        { "code": "BAD_EMAIL", "path": ["email"] }, { "code": "BAD_NAME", "path": ["name"] }, { "code": "TOO_SHORT", "path": ["password"] },
    ]);
    assert_eq!(create(&server, bad).await, json!({ "user": null, "userErrors": faults }));

    let all = server.as_role(Role::Admin, USERS).await.data()["users"].clone();
    let emails: Vec<&str> = all.as_array().unwrap().iter().map(|user| user["email"].as_str().unwrap()).collect();
    assert_eq!(emails, ["admin@example.com", "ana@example.com", "analyst@example.com", "viewer@example.com"]);
    assert!(all[1]["lastLoginAt"].is_string() && all[0]["lastLoginAt"].is_null(), "{all}");
    let log = server.log("user.create").await;
    assert_eq!((log.len(), log[0].actor.as_str()), (1, "admin@example.com"));
    assert!(!log[0].details.to_string().contains("password"), "{}", log[0].details);
}

#[tokio::test]
async fn another_role_and_a_lock_out_count_from_the_next_request_on() {
    let server = Server::start().await;
    let id = id_of(&server, Role::Analyst).await;
    let session = login(&server, &email(Role::Analyst), PASSWORD).await;
    let token = session.data()["login"]["accessToken"].as_str().unwrap().to_owned();
    let status = async |token: &str| server.ask(Some(token), ME, json!({})).await.status;
    assert_eq!(status(&token).await, StatusCode::OK);

    let named = update(&server, json!({ "id": id, "name": "Bia" })).await;
    assert_eq!(named, json!({ "user": { "name": "Bia", "role": "ANALYST", "active": true }, "userErrors": [] }));
    let me = server.ask(Some(&token), "{ viewer { name } }", json!({})).await.data();
    assert_eq!(me["viewer"]["name"], "Bia", "a name ends no session, and is shown at once");

    let lowered = update(&server, json!({ "id": id, "role": "VIEWER" })).await;
    assert_eq!(lowered["user"]["role"], "VIEWER");
    assert_eq!(status(&token).await, StatusCode::UNAUTHORIZED, "signed for an analyst");
    let refresh = "mutation { refresh { accessToken viewer { role } } }";
    let renewed = server.ask_with(None, session.cookie(), refresh, json!({})).await.data()["refresh"].clone();
    assert_eq!(renewed["viewer"]["role"], "VIEWER");
    let token = renewed["accessToken"].as_str().unwrap().to_owned();
    assert_eq!(status(&token).await, StatusCode::OK);

    assert_eq!(update(&server, json!({ "id": id, "active": false })).await["user"]["active"], false);
    assert_eq!(status(&token).await, StatusCode::UNAUTHORIZED);
    let refused = login(&server, &email(Role::Analyst), PASSWORD).await.data();
    assert_eq!(refused["login"]["userErrors"][0]["code"], "INVALID_CREDENTIALS");
    assert_eq!(update(&server, json!({ "id": id, "active": true })).await["user"]["active"], true);
    let actions: Vec<Value> = server.log("user.update").await.into_iter().map(|entry| entry.details).collect();
    assert_eq!(
        actions,
        [json!({ "active": true }), json!({ "active": false }), json!({ "role": "VIEWER" }), json!({ "name": "Bia" })]
    );
}

#[tokio::test]
async fn a_password_that_an_admin_resets_ends_every_session() {
    let server = Server::start().await;
    let id = id_of(&server, Role::Viewer).await;
    let session = login(&server, &email(Role::Viewer), PASSWORD).await;
    let reset = update(&server, json!({ "id": id, "password": "quite another one" })).await;
    assert_eq!(reset["userErrors"], json!([]));
    let refresh =
        server.ask_with(None, session.cookie(), "mutation { refresh { accessToken } }", json!({})).await.data();
    assert_eq!(refresh["refresh"]["accessToken"], Value::Null);
    let signed_in = login(&server, &email(Role::Viewer), "quite another one").await.data();
    assert_eq!(signed_in["login"]["userErrors"], json!([]));
    assert_eq!(server.log("user.update").await[0].details, json!({ "password": true }));
    let own =
        update(&server, json!({ "id": id_of(&server, Role::Admin).await, "password": "quite another one" })).await;
    assert_eq!(own["userErrors"], json!([{ "code": "OWN_PASSWORD", "path": ["password"] }]));
    let short = update(&server, json!({ "id": id, "password": "short", "name": "" })).await;
    assert_eq!(
        short["userErrors"],
        json!([{ "code": "BAD_NAME", "path": ["name"] }, { "code": "TOO_SHORT", "path": ["password"] }])
    );
}

#[tokio::test]
async fn the_last_active_admin_stays_one() {
    let server = Server::start().await;
    let id = id_of(&server, Role::Admin).await;
    let refused = json!([{ "code": "LAST_ADMIN", "path": ["id"] }]);
    assert_eq!(update(&server, json!({ "id": id, "role": "ANALYST" })).await["userErrors"], refused);
    assert_eq!(update(&server, json!({ "id": id, "active": false })).await["userErrors"], refused);
    server.add_user("second@example.com", Role::Admin).await;
    assert_eq!(update(&server, json!({ "id": id, "role": "ANALYST" })).await["user"]["role"], "ANALYST");
    let unknown = api::graphql::ids::encode(api::graphql::ids::Kind::Viewer, 999);
    let second = store::users::by_email(server.db.db(), "second@example.com").await.unwrap().unwrap();
    let token = server.app.shared().auth.access_tokens.sign(second.id, second.version, server.now()).unwrap().0;
    for (id, code) in [(unknown.as_str(), "NOT_FOUND"), ("x", "BAD_ID")] {
        let answer = server.ask(Some(&token), UPDATE, json!({ "id": id, "name": "N" })).await.data();
        assert_eq!(answer["updateUser"]["userErrors"], json!([{ "code": code, "path": ["id"] }]));
    }
}

#[tokio::test]
async fn nobody_but_an_admin_sees_or_changes_people() {
    let server = Server::start().await;
    let change = format!(
        "mutation {{ updateUser(id: {}, role: ADMIN) {{ user {{ role }} }} }}",
        id_of(&server, Role::Analyst).await
    );
    let add =
        "mutation { createUser(email: \"x@y\", name: \"x\", role: ADMIN, password: \"long enough\") { user { id } } }";
    for role in [Role::Viewer, Role::Analyst] {
        let listed = server.as_role(role, USERS).await;
        assert_eq!((listed.json()["data"].clone(), listed.code()), (json!({ "users": null }), "FORBIDDEN".to_owned()));
        for mutation in [change.as_str(), add] {
            let answer = server.as_role(role, mutation).await;
            assert_eq!(
                (answer.json()["data"].clone(), answer.code()),
                (json!(null), "FORBIDDEN".to_owned()),
                "{mutation}"
            );
        }
    }
    assert_eq!(server.ask(None, USERS, json!({})).await.code(), "UNAUTHENTICATED");
    assert_eq!(store::users::all(server.db.db()).await.unwrap().len(), 3);
}
