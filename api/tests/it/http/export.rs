//! Whole tables as files.

use std::io::Cursor;

use axum::body::{Body, Bytes, to_bytes};
use axum::http::{Request, StatusCode, header};
use calamine::{Data, Reader as _, Xlsx};
use entity::analytics::kpi;
use entity::words::{AbcClass, KpiDimension, Priority, RecommendationType, Role};
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use sea_orm::ActiveValue::Set;
use sea_orm::{ActiveModelTrait as _, ConnectionTrait as _};
use serde_json::{Value, json};
use store::recommendations::NewRecommendation;
use testkit::builders::{a_site, a_supplier, an_item, an_order, day, demand, number, run, stock};
use tower::ServiceExt as _;

use crate::company::{Foreseen, with_forecast};
use crate::server::{Answer, Server};

/// Cable at 2.50 with demand on two days, a stock record and an order; and an item whose name would be a formula.
async fn with_facts(server: &Server) {
    let site = a_site(&server.db, "S1", None).await;
    let cable = an_item("010825").named("Cabo; \"6 mm\"").of_family("CABOS").of_class(AbcClass::A).costing("2.5");
    let cable = cable.insert(&server.db).await;
    an_item("9").named("=HYPERLINK(\"x\")").insert(&server.db).await;
    demand(&server.db, &cable, &site, &[("2025-03-01", "1234.5"), ("2025-03-02", "-")]).await;
    stock(&server.db, &cable, &site, "2025-03-02", "0", Some("12")).await;
    let supplier = a_supplier(&server.db, "ACME").await;
    an_order(&server.db, &cable, &site, "PO-1", "2025-03-02", |line| {
        line.supplier_id = Set(Some(supplier.id));
        line.quantity = Set(number("12"));
        line.unit_price = Set(Some(number("2.4")));
    })
    .await;
}

async fn export(server: &Server, role: Role, path: &str) -> Answer {
    let token = server.token(role).await;
    let request = Request::get(format!("/export/{path}")).header(header::AUTHORIZATION, format!("Bearer {token}"));
    server.send(request.body(Body::empty()).unwrap()).await
}

async fn text(server: &Server, role: Role, path: &str) -> String {
    let answer = export(server, role, path).await;
    assert_eq!(answer.status, StatusCode::OK, "{path}: {}", String::from_utf8_lossy(&answer.body));
    String::from_utf8(answer.body).unwrap()
}

fn sheet(answer: &Answer) -> Vec<Vec<Data>> {
    let mut workbook: Xlsx<_> = Xlsx::new(Cursor::new(answer.body.as_slice())).unwrap();
    let range = workbook.worksheet_range_at(0).unwrap().unwrap();
    range.rows().map(<[Data]>::to_vec).collect()
}

#[tokio::test]
async fn demand_as_csv_is_for_programs_or_for_brazilian_spreadsheets() {
    let server = Server::start().await;
    with_facts(&server).await;
    let answer = export(&server, Role::Analyst, "demand.csv").await;
    assert_eq!(answer.header("content-type"), "text/csv; charset=utf-8");
    assert_eq!(answer.header("content-disposition"), "attachment; filename=\"demand.csv\"");
    assert_eq!(
        String::from_utf8(answer.body).unwrap(),
        "date,sku,site,quantity,stocked_out,unit_cost,total_cost\r\n\
         2025-03-01,010825,S1,1234.5,false,2.5,3086.25\r\n\
         2025-03-02,010825,S1,0,true,2.5,0\r\n"
    );
    assert_eq!(
        text(&server, Role::Analyst, "demand.csv?locale=pt-BR&to=2025-03-01").await,
        "\u{feff}date;sku;site;quantity;stocked_out;unit_cost;total_cost\r\n\
         01/03/2025;010825;S1;1234,5;false;2,5;3086,25\r\n"
    );
}

#[tokio::test]
async fn what_a_viewer_may_not_read_is_no_column_of_any_file() {
    let server = Server::start().await;
    with_facts(&server).await;
    for (table, hidden) in [
        ("demand", vec!["unit_cost", "total_cost"]),
        ("orders", vec!["unit_price", "total_price"]),
        ("items", vec!["unit_cost"]),
        ("recommendations", vec!["value_at_risk"]),
        ("kpis", vec!["demand_value", "inventory_value", "carrying_cost"]),
        ("inventory", vec![]),
        ("forecasts", vec![]),
        ("alerts", vec![]),
    ] {
        let heads = async |role| {
            let text = text(&server, role, &format!("{table}.csv")).await;
            text.lines().next().unwrap().split(',').map(str::to_owned).collect::<Vec<_>>()
        };
        let (viewer, analyst) = (heads(Role::Viewer).await, heads(Role::Analyst).await);
        assert_eq!(analyst, [viewer.clone(), hidden.iter().map(ToString::to_string).collect()].concat(), "{table}");
        assert!(viewer.len() > 3, "{table}: {viewer:?}");
    }
    let json = text(&server, Role::Viewer, "demand.json").await;
    assert!(!json.contains("cost"), "{json}");
}

#[tokio::test]
async fn the_same_rows_come_as_json_parquet_and_a_workbook() {
    let server = Server::start().await;
    with_facts(&server).await;
    let rows: Value = serde_json::from_str(&text(&server, Role::Viewer, "demand.json").await).unwrap();
    assert_eq!(
        rows,
        json!([
            { "date": "2025-03-01", "sku": "010825", "site": "S1", "quantity": 1234.5, "stocked_out": false },
            { "date": "2025-03-02", "sku": "010825", "site": "S1", "quantity": 0.0, "stocked_out": true },
        ])
    );
    let nothing = text(&server, Role::Viewer, "demand.json?to=2020-01-01").await;
    assert_eq!(serde_json::from_str::<Value>(&nothing).unwrap(), json!([]));

    let answer = export(&server, Role::Analyst, "demand.parquet").await;
    assert_eq!(answer.header("content-type"), "application/vnd.apache.parquet");
    let file = ParquetRecordBatchReaderBuilder::try_new(Bytes::from(answer.body)).unwrap();
    let batches: Vec<_> = file.build().unwrap().map(Result::unwrap).collect();
    let whole = arrow::compute::concat_batches(&batches[0].schema(), &batches).unwrap();
    let quantities = whole.column_by_name("quantity").unwrap().as_any();
    let quantities = quantities.downcast_ref::<arrow::array::Float64Array>().unwrap();
    assert_eq!(quantities.values().to_vec(), [1234.5, 0.0]);
    assert!(whole.column_by_name("total_cost").is_some());

    let rows = sheet(&export(&server, Role::Viewer, "demand.xlsx").await);
    assert_eq!(rows[0][3], Data::String("quantity".into()));
    assert_eq!((&rows[1][1], &rows[1][3]), (&Data::String("010825".into()), &Data::Float(1234.5)));
    assert_eq!((rows.len(), &rows[2][4]), (3, &Data::Bool(true)));
    assert!(matches!(rows[1][0], Data::DateTime(_)), "{:?}", rows[1][0]);
}

#[tokio::test]
async fn no_cell_is_a_formula_and_separators_are_quoted() {
    let server = Server::start().await;
    with_facts(&server).await;
    let csv = text(&server, Role::Viewer, "items.csv").await;
    assert!(csv.contains("010825,\"Cabo; \"\"6 mm\"\"\",MATERIAL,CABOS,"), "{csv}");
    assert!(csv.contains("9,\"'=HYPERLINK(\"\"x\"\")\",MATERIAL,"), "{csv}");
    for start in ["=", "+", "-", "@", "\t", "\r"] {
        an_item(&format!("X{start:?}")).named(&format!("{start}1+1")).insert(&server.db).await;
        let csv = text(&server, Role::Viewer, "items.csv?locale=pt-BR").await;
        assert!(csv.contains(&format!("'{start}1+1")), "{start:?}: {csv}");
    }
    let rows = sheet(&export(&server, Role::Viewer, "items.xlsx").await);
    let names: Vec<&Data> = rows.iter().map(|row| &row[1]).collect();
    assert!(names.contains(&&Data::String("'=HYPERLINK(\"x\")".into())), "{names:?}");
    let rows: Value = serde_json::from_str(&text(&server, Role::Viewer, "items.json").await).unwrap();
    assert_eq!(rows[1]["name"], json!("=HYPERLINK(\"x\")"), "no spreadsheet opens JSON");
}

#[tokio::test]
async fn rows_are_restricted_by_the_filters_of_the_graph_and_a_misspelt_one_is_refused() {
    let server = Server::start().await;
    with_facts(&server).await;
    let lines = async |path: &str| text(&server, Role::Viewer, path).await.lines().count() - 1;
    assert_eq!(lines("demand.csv?skus=010825&siteCodes=S1&families=CABOS&abcClasses=A&abcClasses=B").await, 2);
    assert_eq!(lines("demand.csv?from=2025-03-02").await, 1);
    assert_eq!(lines("demand.csv?skus=9").await, 0);
    assert_eq!(lines("orders.csv?statuses=PLACED&countsAsDemand=false").await, 1);
    assert_eq!(lines("orders.csv?statuses=RECEIVED").await, 0);
    assert_eq!(lines("items.csv?search=cabo").await, 1);
    let item = server.as_role(Role::Viewer, "{ item(sku: \"9\") { id } }").await.data();
    assert_eq!(lines(&format!("items.csv?search={}", "9")).await, 1);
    assert_eq!(lines(&format!("demand.csv?itemIds={}", item["item"]["id"].as_str().unwrap())).await, 0);
    for (wrong, told) in [
        ("demand.csv?family=CABOS", "families"),
        ("demand.csv?from=01/03/2025", "2025-03-31"),
        ("demand.csv?skus=nothing", "nothing"),
        ("demand.csv?abcClasses=Z", "abcClasses"),
        ("demand.csv?locale=fr", "locale"),
        ("demand.csv?itemIds=rubbish", "rubbish"),
        ("forecasts.csv?overAllSites=true&overAllSites=false", "once"),
    ] {
        let refused = export(&server, Role::Viewer, wrong).await;
        assert_eq!((refused.status, refused.code().as_str()), (StatusCode::BAD_REQUEST, "BAD_USER_INPUT"), "{wrong}");
        assert!(refused.json()["errors"][0]["message"].as_str().unwrap().contains(told), "{wrong}");
    }
    for unknown in ["nothing.csv", "demand.exe", "demand"] {
        assert_eq!(export(&server, Role::Viewer, unknown).await.status, StatusCode::NOT_FOUND, "{unknown}");
    }
}

#[tokio::test]
async fn every_table_comes_in_every_format() {
    let server = Server::start().await;
    with_facts(&server).await;
    let foreseen =
        Foreseen { origin: day("2025-03-03"), days: 3, mean: 1.5, quantiles: [Some(1.0); 7], cumulative: json!([]) };
    with_forecast(&server.db, &[(1, 0)], &foreseen).await;
    let found = NewRecommendation {
        item_id: 1,
        site_id: 0,
        kind: RecommendationType::Reorder,
        priority: Priority::High,
        quantity: Some(number("5")),
        act_by: day("2025-03-09"),
        message: json!({ "pt": "Peça", "en": "Order" }),
        explanation: json!({}),
        value_at_risk: Some(99.5),
        run_id: None,
    };
    store::recommendations::sync(&server.db, vec![found], server.now()).await.unwrap();
    for date in ["2025-01-01", "2025-03-01"] {
        let kpi = kpi::ActiveModel {
            full_date: Set(day(date)),
            dimension: Set(KpiDimension::All),
            member: Set(String::new()),
            total_demand: Set(Some(7.0)),
            computed_at: Set(server.now()),
            ..Default::default()
        };
        kpi.insert(server.db.writer()).await.unwrap();
    }
    for (table, rows) in [
        ("demand", 2),
        ("forecasts", 3),
        ("inventory", 1),
        ("orders", 1),
        ("items", 2),
        ("recommendations", 1),
        ("alerts", 0),
        ("kpis", 2),
    ] {
        let csv = text(&server, Role::Analyst, &format!("{table}.csv")).await;
        assert_eq!(csv.lines().count(), rows + 1, "{table}: {csv}");
        let json: Value = serde_json::from_str(&text(&server, Role::Analyst, &format!("{table}.json")).await).unwrap();
        assert_eq!(json.as_array().unwrap().len(), rows, "{table}");
        let file = export(&server, Role::Analyst, &format!("{table}.parquet")).await;
        let file = ParquetRecordBatchReaderBuilder::try_new(Bytes::from(file.body)).unwrap();
        assert_eq!(file.metadata().file_metadata().num_rows(), rows as i64, "{table}");
        assert_eq!(sheet(&export(&server, Role::Analyst, &format!("{table}.xlsx")).await).len(), rows + 1, "{table}");
    }
    let told = text(&server, Role::Viewer, "recommendations.csv?locale=pt-BR&priorities=HIGH").await;
    assert!(told.contains("Peça"), "{told}");
}

#[tokio::test]
async fn only_who_is_signed_in_exports_and_each_export_is_one_entry_of_the_audit_log() {
    let server = Server::start().await;
    with_facts(&server).await;
    let nobody = server.get("/export/demand.csv").await;
    assert_eq!((nobody.status, nobody.code().as_str()), (StatusCode::UNAUTHORIZED, "UNAUTHENTICATED"));
    let forged = Request::get("/export/demand.csv").header(header::AUTHORIZATION, "Bearer rubbish");
    assert_eq!(server.send(forged.body(Body::empty()).unwrap()).await.status, StatusCode::UNAUTHORIZED);
    text(&server, Role::Analyst, "demand.csv?families=CABOS").await;
    server.app.shared().trail.flush().await;
    let entries = sea_orm::Statement::from_string(
        sea_orm::DbBackend::Postgres,
        "SELECT actor, entity, details::text AS details FROM support.audit_logs WHERE action = 'export'",
    );
    let entries = server.db.writer().query_all_raw(entries).await.unwrap();
    assert_eq!(entries.len(), 1);
    let told = |name: &str| entries[0].try_get::<String>("", name).unwrap();
    assert_eq!((told("actor").as_str(), told("entity").as_str()), ("analyst@example.com", "demand"));
    let details: Value = serde_json::from_str(&told("details")).unwrap();
    assert_eq!(details, json!({ "format": "csv", "costs": true, "filters": { "families": ["CABOS"] } }));
}

#[tokio::test]
async fn a_ticket_is_good_for_one_link_within_a_minute_and_worth_what_its_asker_was() {
    let server = Server::start().await;
    with_facts(&server).await;
    let ticket = async |role| {
        let query = "mutation { createExportTicket { ticket expiresAt userErrors { code } } }";
        let made = server.as_role(role, query).await.data()["createExportTicket"].clone();
        made["ticket"].as_str().unwrap().to_owned()
    };
    let good = ticket(Role::Viewer).await;
    let path = format!("/export/demand.csv?ticket={good}&families=CABOS");
    let file = server.get(&path).await;
    assert_eq!(file.status, StatusCode::OK, "{}", String::from_utf8_lossy(&file.body));
    let (viewers, analysts) = (String::from_utf8(file.body).unwrap(), text(&server, Role::Analyst, "demand.csv").await);
    assert!(analysts.contains("cost") && !viewers.contains("cost"), "{viewers}");
    let again = server.get(&path).await;
    assert_eq!((again.status, again.code().as_str()), (StatusCode::UNAUTHORIZED, "UNAUTHENTICATED"));

    let late = ticket(Role::Analyst).await;
    server.pass(61);
    assert_eq!(server.get(&format!("/export/demand.csv?ticket={late}")).await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(server.get("/export/demand.csv?ticket=").await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(server.log("ticket.refused").await.len(), 3);
    let exported = server.log("export").await;
    assert_eq!(exported.len(), 2);
    assert!(exported.iter().all(|entry| !entry.details.to_string().contains(&good)), "a ticket is in no log");

    let disabled = ticket(Role::Viewer).await;
    let user = store::users::by_email(server.db.db(), "viewer@example.com").await.unwrap().unwrap();
    store::users::set_active(server.db.db(), user.id, false, server.entry("user.disable")).await.unwrap();
    server.app.shared().user_changed(user.id).await;
    assert_eq!(server.get(&format!("/export/demand.csv?ticket={disabled}")).await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn an_export_goes_on_for_many_pages_and_one_that_fails_midway_breaks_off() {
    let server = Server::start().await;
    let (item, site) = (an_item("1").insert(&server.db).await, a_site(&server.db, "S1", None).await);
    demand(&server.db, &item, &site, &[("2025-03-01", "1")]).await;
    // More pages than may wait for the other end.
    run(
        &server.db,
        "INSERT INTO core.fact_demand_daily (item_id, site_id, full_date, quantity, stocked_out) \
         SELECT 1000 + n, $1, '2025-03-02', n, false FROM generate_series(1, 60000) n",
        vec![site.id.into()],
    )
    .await;
    let whole = text(&server, Role::Viewer, "demand.csv").await;
    assert_eq!(whole.lines().count(), 60_002);
    assert!(whole.ends_with("\r\n") && whole.contains("2025-03-02,,S1,60000,false"));

    let token = server.token(Role::Viewer).await;
    for format in ["csv", "json", "parquet"] {
        let request =
            Request::get(format!("/export/demand.{format}")).header(header::AUTHORIZATION, format!("Bearer {token}"));
        let response = server.app.router().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
        assert_eq!(response.status(), StatusCode::OK);
        run(&server.db, "ALTER TABLE core.fact_demand_daily RENAME TO gone", Vec::new()).await;
        let body = to_bytes(response.into_body(), usize::MAX).await;
        run(&server.db, "ALTER TABLE core.gone RENAME TO fact_demand_daily", Vec::new()).await;
        assert!(body.is_err(), "{format}: a short file that looks whole");
    }
    run(&server.db, "ALTER TABLE core.fact_demand_daily RENAME TO gone", Vec::new()).await;
    let refused = export(&server, Role::Viewer, "demand.csv").await;
    assert_eq!((refused.status, refused.code().as_str()), (StatusCode::INTERNAL_SERVER_ERROR, "INTERNAL"));
}
