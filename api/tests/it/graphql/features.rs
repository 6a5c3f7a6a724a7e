use entity::words::Role;
use serde_json::json;
use store::features::{FeatureDay, replace};
use testkit::builders::{a_site, an_item, demand};

use crate::server::Server;

#[tokio::test]
async fn features_are_columns_of_one_version_for_analysts_only() {
    let server = Server::start().await;
    let (cable, site) = (an_item("CABLE").insert(&server.db).await, a_site(&server.db, "S1", None).await);
    an_item("CLAMP").insert(&server.db).await;
    demand(&server.db, &cable, &site, &[("2025-06-01", "3")]).await;
    let row = |on: &str, features: &str| FeatureDay {
        item_id: cable.id,
        site_id: site.id,
        full_date: on.parse().unwrap(),
        features: features.into(),
    };
    let days = [
        row("2025-06-01", r#"{"mean_7": 1.5, "is_weekend": true, "season": "rain"}"#),
        row("2025-06-02", r#"{"lag_1": 3, "is_weekend": false}"#),
    ];
    replace(&server.db, 2, &days).await.unwrap();
    replace(&server.db, 1, &[row("2025-06-01", r#"{"mean_7": 9}"#)]).await.unwrap();
    let site = server.as_role(Role::Viewer, "{ item(sku: \"CABLE\") { sites { id } } }").await.data();
    let site = site["item"]["sites"][0]["id"].as_str().unwrap().to_owned();
    let ask = |from: &str| {
        format!(
            "{{ items {{ nodes {{ features(siteId: \"{site}\"{from}) {{ schemaVersion dates columns {{ name values }} }} }} }} }}"
        )
    };
    let seen = server.as_role(Role::Analyst, &ask("")).await.data();
    assert_eq!(
        seen["items"]["nodes"],
        json!([
            { "features": { "schemaVersion": 2, "dates": ["2025-06-01", "2025-06-02"], "columns": [
                { "name": "is_weekend", "values": [1.0, 0.0] },
                { "name": "lag_1", "values": [null, 3.0] },
                { "name": "mean_7", "values": [1.5, null] },
                { "name": "season", "values": [null, null] },
            ] } },
            { "features": null },
        ])
    );
    let later = server.as_role(Role::Analyst, &ask(", from: \"2025-06-02\"")).await.data();
    assert_eq!(later["items"]["nodes"][0]["features"]["dates"], json!(["2025-06-02"]));
    let refused = server.as_role(Role::Viewer, &ask("")).await.json();
    assert_eq!(refused["data"]["items"]["nodes"][0]["features"], json!(null));
    assert_eq!(refused["errors"][0]["extensions"]["code"], "FORBIDDEN");
    assert_eq!(refused["errors"].as_array().unwrap().len(), 1);
}
