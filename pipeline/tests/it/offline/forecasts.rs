use store::forecasts::SeriesId;
use testkit::TestDatabase;
use testkit::builders::day;

use super::{a_company, days, directory, item_site, load, only, shown, state, text, try_load};

const HEADER: &str = "level,sku,site,member,origin,target_date,lead,mean,p025,p10,p50,p90,p975,model\n";

/// Every level, two days each.
fn whole() -> String {
    let series = ["ITEM_SITE,CABLE,NORTH,", "ITEM,CABLE,,", "FAMILY,,,LINES", "REGION,,,BA", "ALL,,,"];
    let lines = series.iter().flat_map(|series| {
        [1, 2].map(|lead| format!("{series},2026-03-30,2026-03-{},{lead},4.{lead}25,0,0,4,9,12,TSB\n", 29 + lead))
    });
    HEADER.to_owned() + &lines.collect::<String>()
}

#[tokio::test]
async fn a_loaded_run_is_current_where_there_was_none_and_keeps_what_was_given() {
    let db = a_company().await;
    let report = load(&db, &[("forecasts.csv", &whole())]).await;
    let (file, rejects) = only(&report);
    assert_eq!((file.read, file.loaded, rejects.len()), (10, 10, 0), "{:?}", file.rejects);
    let run = &report.runs[0];
    assert_eq!((run.origin, run.horizon, run.series), (day("2026-03-30"), 2, 5));
    assert!(run.complete && run.current && !run.unchanged);
    let stored =
        "SELECT concat_ws(' ', source, status, data_through, models, backtest, seed) FROM analytics.forecast_runs";
    assert_eq!(text(&db, stored).await, "LOADED READY 2026-03-29 {\"TSB\": 5} {} 0");
    let cable = shown(&db, item_site(&db, "CABLE", "NORTH").await, None).await.unwrap();
    assert_eq!(cable.dates, days(&["2026-03-30", "2026-03-31"]));
    assert_eq!((cable.means.clone(), cable.p90.clone()), (vec![4.125, 4.225], vec![Some(9.0); 2]));
    // What was not given stays absent.
    assert_eq!((cable.p25.clone(), cable.p75.clone()), (vec![None; 2], vec![None; 2]));
    assert_eq!((cable.model.as_str(), cable.demand_class.as_str()), ("TSB", "INTERMITTENT"));
    for total in [SeriesId::family("LINES"), SeriesId::region("BA"), SeriesId::all()] {
        assert_eq!(shown(&db, total.clone(), None).await.unwrap().p975, [Some(12.0); 2], "{total:?}");
    }
    assert_eq!(text(&db, "SELECT count(*) FROM analytics.mv_forecasts_latest").await, "4");
    let fresh = "SELECT concat_ws(' ', data_through, stale) FROM support.freshness WHERE kind = 'FORECASTS'";
    assert_eq!(text(&db, fresh).await, "2026-03-29 f");
    let audit = "SELECT concat_ws(' ', actor, action, entity, details ->> 'kind', details ->> 'loaded') FROM support.audit_logs";
    assert_eq!(text(&db, audit).await, "test load import_run FORECASTS 10");
}

#[tokio::test]
async fn loading_a_directory_twice_changes_nothing_whatever_its_format() {
    let db = a_company().await;
    let first = load(&db, &[("forecasts.csv", &whole())]).await;
    let before = state(&db).await;
    let objects: Vec<serde_json::Value> = whole()
        .lines()
        .skip(1)
        .map(|line| {
            let cells = HEADER.trim().split(',').zip(line.split(','));
            let cell = |(name, text): (&str, &str)| {
                let number = text.parse::<f64>().ok().filter(|_| name != "sku").map(serde_json::Value::from);
                (
                    name.to_owned(),
                    number.unwrap_or_else(|| if text.is_empty() { serde_json::Value::Null } else { text.into() }),
                )
            };
            serde_json::Value::Object(cells.map(cell).collect())
        })
        .collect();
    let list = serde_json::to_string(&objects).unwrap();
    let lines = objects.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n");
    for (name, content) in [("forecasts.csv", whole()), ("forecasts.json", list), ("forecasts-1.jsonl", lines)] {
        let report = load(&db, &[(name, &content)]).await;
        let (file, _) = only(&report);
        assert_eq!((file.read, file.unchanged), (10, 10), "{name}: {:?}", file.rejects);
        assert!(report.runs[0].unchanged && report.runs[0].id == first.runs[0].id && !report.changed());
        assert_eq!(state(&db).await, before, "{name}");
    }
    assert_eq!(text(&db, "SELECT count(*) FROM support.import_runs WHERE status = 'DONE'").await, "4");
    let other = whole().replace("4.125", "5");
    let report = load(&db, &[("forecasts.csv", &other)]).await;
    assert!(!report.runs[0].unchanged && report.runs[0].current && report.runs[0].id > first.runs[0].id);
}

#[tokio::test]
async fn a_run_that_lacks_series_counts_for_its_own_and_an_older_one_for_none() {
    let db = a_company().await;
    let first = load(&db, &[("forecasts.csv", &whole())]).await;
    let some =
        "sku,site,origin,target_date,mean\nCABLE,NORTH,2026-03-30,2026-03-30,7\nCLAMP,,2026-03-30,2026-03-31,8\n";
    let report = load(&db, &[("forecasts.csv", some)]).await;
    let run = &report.runs[0];
    assert_eq!((run.complete, run.current, run.series), (false, false, 2));
    let cable = item_site(&db, "CABLE", "NORTH").await;
    assert_eq!(shown(&db, cable.clone(), None).await.unwrap().means, [7.0]);
    assert_eq!(shown(&db, cable.clone(), Some(first.runs[0].id)).await.unwrap().means, [4.125, 4.225]);
    assert_eq!(shown(&db, SeriesId::all(), None).await.unwrap().run_id, first.runs[0].id);
    assert_eq!(
        shown(&db, SeriesId::item(item_site(&db, "CLAMP", "NORTH").await.item_id), None).await.unwrap().model,
        "EXTERNAL"
    );
    let older = whole().replace("2026-03-30,2026-03-3", "2026-02-01,2026-02-0").replace("2026-02-00", "2026-02-01");
    let report = load(&db, &[("forecasts.csv", &older.replace(",lead,", ",step,"))]).await;
    assert!(!report.runs[0].current, "{report:?}");
    assert_eq!(shown(&db, cable, None).await.unwrap().means, [7.0]);
}

#[tokio::test]
async fn what_cannot_be_used_is_rejected_with_its_reason_and_the_rest_is_loaded() {
    let db = a_company().await;
    let lines = [
        "ITEM_SITE,CABLE,NORTH,,2026-03-30,2026-03-30,1,4,0,1,4,9,12,M",
        "ITEM_SITE,NOTHING,NORTH,,2026-03-30,2026-03-30,1,4,,,,,,M",
        "ITEM_SITE,CABLE,NOWHERE,,2026-03-30,2026-03-31,2,4,,,,,,M",
        "FAMILY,,,ROPES,2026-03-30,2026-03-30,1,4,,,,,,M",
        "REGION,,,XX,2026-03-30,2026-03-30,1,4,,,,,,M",
        "GALAXY,,,,2026-03-30,2026-03-30,1,4,,,,,,M",
        "ITEM_SITE,CABLE,NORTH,,2026-03-30,2026-03-31,2,-4,,,,,,M",
        "ITEM_SITE,CABLE,NORTH,,2026-03-30,2026-04-01,3,4,,-1,,,,M",
        "ITEM_SITE,CABLE,NORTH,,2026-03-30,2026-04-02,4,NaN,,,,,,M",
        "ITEM_SITE,CABLE,NORTH,,2026-03-30,2026-04-03,5,4,0,5,4,9,12,M",
        "ITEM_SITE,CABLE,NORTH,,2026-03-30,2026-03-29,,4,,,,,,M",
        "ITEM_SITE,CABLE,NORTH,,2026-03-30,2027-03-31,,4,,,,,,M",
        "ITEM_SITE,CABLE,NORTH,,2026-03-30,2026-04-04,5,4,,,,,,M",
        "ITEM_SITE,CABLE,NORTH,,2026-03-30,2026-03-30,1,4,0,1,4,9,12,M",
        "ITEM_SITE,CABLE,NORTH,,2026-03-30,2026-03-30,1,5,0,1,4,9,12,M",
        "ITEM_SITE,CABLE,NORTH,,2026-03-30,2026-04-05,7,,,,,,,M",
        "ITEM_SITE,CABLE,NORTH,,,2026-04-06,8,4,,,,,,M",
        "ITEM_SITE,,NORTH,,2026-03-30,2026-04-06,8,4,,,,,,M",
        "ITEM_SITE,CABLE,NORTH,,2026-03-30,2026-02-30,8,4,,,,,,M",
    ];
    let report = load(&db, &[("forecasts.csv", &(HEADER.to_owned() + &lines.join("\n")))]).await;
    let (file, mut rejects) = only(&report);
    rejects.sort_by_key(|reject| reject.split(' ').next().unwrap().parse::<u64>().unwrap());
    assert_eq!(
        rejects,
        [
            "3 UNKNOWN_ITEM",
            "4 UNKNOWN_SITE",
            "5 UNKNOWN_REFERENCE",
            "6 UNKNOWN_REFERENCE",
            "7 UNKNOWN_VALUE",
            "8 NEGATIVE_QUANTITY",
            "9 NEGATIVE_QUANTITY",
            "10 NOT_A_NUMBER",
            "11 CROSSING_QUANTILES",
            "12 BEFORE_ORIGIN",
            "13 BEYOND_HORIZON",
            "14 UNKNOWN_VALUE",
            "15 DUPLICATE_LINE",
            "16 CONFLICTING_LINE",
            "17 MISSING_KEY",
            "18 MISSING_KEY",
            "19 MISSING_KEY",
            "20 IMPOSSIBLE_DATE",
        ]
    );
    assert_eq!((file.read, file.loaded), (19, 1));
    let crossing = file.rejects.iter().find(|reject| reject.contains("CROSSING")).unwrap();
    assert!(
        crossing.contains("line 11, p50")
            && crossing.contains("\"4\"")
            && crossing.contains("at least 5, the value of p10"),
        "{crossing}"
    );
    assert_eq!(text(&db, "SELECT count(*) FROM support.import_rejects WHERE severity = 'REJECT'").await, "18");
}

#[tokio::test]
async fn a_directory_is_loaded_as_a_whole_or_not_at_all() {
    let db = a_company().await;
    let before = state(&db).await;
    let made = directory(&[("forecasts.csv", &whole()), ("kpis.csv", "a;b\n1;2\n")]);
    let error = try_load(&db, made.path()).await.unwrap_err().to_string();
    assert!(error.contains("kpis.csv"), "{error}");
    assert_eq!(state(&db).await, before);
    assert_eq!(text(&db, "SELECT count(*) FROM support.import_runs").await, "0");
    let features = "sku,site,date,schema_version,lag_7\nCABLE,NORTH,2026-03-29,1,3\n";
    let kpis = "date,dimension,total_demand\n2024-01-31,ALL,1000\n";
    let report =
        load(&db, &[("forecasts.csv", &whole()), ("features.csv", features), ("kpis.csv", kpis), ("notes.txt", "")])
            .await;
    let kinds: Vec<(&str, u64)> = report.files.iter().map(|file| (file.kind.as_str(), file.loaded)).collect();
    assert_eq!(kinds, [("FORECASTS", 10), ("FEATURES", 1), ("KPIS", 1)]);
    assert_eq!(report.left, ["notes.txt"]);
}

#[tokio::test]
async fn a_line_in_another_file_of_the_directory_is_the_same_line() {
    let db = TestDatabase::new().await;
    testkit::builders::an_item("CABLE").insert(&db).await;
    let one = "sku,origin,target_date,mean\nCABLE,2026-03-30,2026-03-30,7\nCABLE,2026-03-30,2026-03-31,7\n";
    let two = "sku,origin,target_date,mean\nCABLE,2026-03-30,2026-03-31,7\nCABLE,2026-03-30,2026-04-01,7\n";
    let report = load(&db, &[("forecasts-1.csv", one), ("forecasts-2.csv", two)]).await;
    let loaded: Vec<(u64, u64)> = report.files.iter().map(|file| (file.loaded, file.rejected)).collect();
    assert_eq!(loaded, [(2, 0), (1, 1)]);
    assert!(report.files[1].rejects[0].contains("line 3 of forecasts-1.csv"), "{:?}", report.files[1].rejects);
    assert_eq!((report.runs.len(), report.runs[0].horizon), (1, 3));
}
