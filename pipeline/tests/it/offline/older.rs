use std::fmt::Write as _;

use testkit::builders::day;

use super::{a_company, days, item_site, load, only, shown, text};

const HEADER: &str =
    "full_date,item_id,site_id,horizon_days,yhat,yhat_lower,yhat_upper,confidence_level,model_tag,computed_at\n";

#[tokio::test]
async fn given_bounds_are_those_quantiles_and_all_others_stay_absent() {
    let db = a_company().await;
    let lines = "2026-03-30,CABLE,NORTH,1,4.25,1,12,0.95,prophet,2026-03-29T22:00:00Z
2026-03-31,CABLE,NORTH,2,4.5,2,9,0.8,prophet,2026-03-29T22:00:00Z
2026-04-01,CABLE,NORTH,3,4.75,3,6,0.5,prophet,2026-03-29T22:00:00Z
2026-04-02,CABLE,NORTH,4,5,,,,prophet,2026-03-29T22:00:00Z\n";
    let report = load(&db, &[("forecasts.csv", &(HEADER.to_owned() + lines))]).await;
    let (file, rejects) = only(&report);
    assert_eq!((file.loaded, rejects.len()), (4, 0), "{:?}", file.rejects);
    assert_eq!((report.runs.len(), report.runs[0].origin), (1, day("2026-03-30")));
    let stored = shown(&db, item_site(&db, "CABLE", "NORTH").await, None).await.unwrap();
    assert_eq!(stored.means, [4.25, 4.5, 4.75, 5.0]);
    let only_at =
        |at: usize, value: f64| -> Vec<Option<f64>> { (0..4).map(|day| (day == at).then_some(value)).collect() };
    assert_eq!((stored.p025, stored.p975), (only_at(0, 1.0), only_at(0, 12.0)));
    assert_eq!((stored.p10, stored.p90), (only_at(1, 2.0), only_at(1, 9.0)));
    assert_eq!((stored.p25, stored.p75), (only_at(2, 3.0), only_at(2, 6.0)));
    assert_eq!((stored.p50, stored.model.as_str()), (vec![None; 4], "prophet"));
}

#[tokio::test]
async fn bands_of_two_levels_around_one_mean_are_one_forecast() {
    let db = a_company().await;
    let lines = "2026-03-30,CABLE,NORTH,1,4,1,12,0.95,m,2026-03-29
2026-03-30,CABLE,NORTH,1,4,2,9,0.8,m,2026-03-29
2026-03-30,CABLE,NORTH,1,5,3,6,0.5,m,2026-03-29
2026-03-30,CABLE,NORTH,1,4,0,20,0.5,m,2026-03-29\n";
    let report = load(&db, &[("forecasts.csv", &(HEADER.to_owned() + lines))]).await;
    let (file, rejects) = only(&report);
    assert_eq!((file.loaded, rejects), (2, vec!["4 CONFLICTING_LINE".to_owned(), "5 CROSSING_QUANTILES".into()]));
    let stored = shown(&db, item_site(&db, "CABLE", "NORTH").await, None).await.unwrap();
    assert_eq!(
        (stored.p025[0], stored.p10[0], stored.p90[0], stored.p975[0]),
        (Some(1.0), Some(2.0), Some(9.0), Some(12.0))
    );
}

#[tokio::test]
async fn several_horizons_of_a_day_are_so_many_runs_and_the_longest_counts() {
    let db = a_company().await;
    let mut lines = HEADER.to_owned();
    for horizon in [3, 6] {
        for ahead in 0..horizon {
            writeln!(lines, "2026-04-{:02},CABLE,NORTH,{horizon},{horizon}.5,0,9,0.8,m,2026-03-31 03:00:00", ahead + 1)
                .unwrap();
        }
    }
    let report = load(&db, &[("forecasts.csv", &lines)]).await;
    let runs: Vec<_> = report.runs.iter().map(|run| (run.origin, run.horizon, run.current)).collect();
    assert_eq!(runs, [(day("2026-04-01"), 3, false), (day("2026-04-01"), 6, true)]);
    assert_eq!(report.files[0].loaded, 9);
    let cable = item_site(&db, "CABLE", "NORTH").await;
    assert_eq!(shown(&db, cable.clone(), None).await.unwrap().means, [6.5; 6]);
    assert_eq!(shown(&db, cable, Some(report.runs[0].id)).await.unwrap().means, [3.5; 3]);
    assert!(!load(&db, &[("forecasts.csv", &lines)]).await.changed());
}

#[tokio::test]
async fn horizons_of_one_day_are_days_after_it_and_lone_leads_are_days_before_theirs() {
    let db = a_company().await;
    let cable = item_site(&db, "CABLE", "NORTH").await;
    let made =
        "2026-03-29,CABLE,NORTH,1,4,,,,m,\n2026-03-29,CABLE,NORTH,7,5,,,,m,\n2026-03-29,CABLE,NORTH,30,6,,,,m,\n";
    let report = load(&db, &[("forecasts.csv", &(HEADER.to_owned() + made))]).await;
    assert_eq!((report.runs.len(), report.runs[0].origin, report.runs[0].horizon), (1, day("2026-03-30"), 30));
    let stored = shown(&db, cable.clone(), None).await.unwrap();
    assert_eq!(stored.dates, days(&["2026-03-30", "2026-04-05", "2026-04-28"]));
    // A week of one day ahead each: no forecast of one day could reach that far, so each was made the day before.
    let mut lines = HEADER.to_owned();
    for at in 1..=5 {
        writeln!(lines, "2026-05-{at:02},CABLE,NORTH,1,{at},,,,m,\n2026-05-{:02},CABLE,NORTH,2,9,,,,m,", at + 1)
            .unwrap();
    }
    let report = load(&db, &[("forecasts.csv", &lines)]).await;
    let origins: Vec<_> = report.runs.iter().map(|run| (run.origin, run.horizon)).collect();
    assert_eq!(origins, [1, 2, 3, 4, 5].map(|at| (day(&format!("2026-05-{at:02}")), 2)));
    assert_eq!(shown(&db, cable, None).await.unwrap().means, [5.0, 9.0]);
}

#[tokio::test]
async fn codes_may_be_numbers_of_the_database_where_none_of_them_is_a_code() {
    let db = a_company().await;
    let id = item_site(&db, "CLAMP", "SOUTH").await;
    let line =
        format!("2026-03-30,{},{},1,4,,,,m,\n2026-03-30,999999,{},1,4,,,,m,\n", id.item_id, id.site_id, id.site_id);
    let report = load(&db, &[("forecasts.csv", &(HEADER.to_owned() + &line))]).await;
    let (file, rejects) = only(&report);
    assert_eq!((file.loaded, rejects), (1, vec!["3 UNKNOWN_ITEM".to_owned()]));
    assert_eq!(shown(&db, id, None).await.unwrap().means, [4.0]);
    // Beside a code, a number is a code that nobody knows.
    let mixed = "2026-03-30,CABLE,NORTH,1,4,,,,m,\n2026-03-30,1,NORTH,1,4,,,,m,\n";
    let report = load(&db, &[("forecasts.csv", &(HEADER.to_owned() + mixed))]).await;
    assert_eq!(only(&report).1, ["3 UNKNOWN_ITEM"]);
}

#[tokio::test]
async fn what_an_older_line_says_wrongly_is_rejected_and_a_bound_below_zero_is_zero() {
    let db = a_company().await;
    let lines = "2026-03-30,CABLE,NORTH,1,4,-2,12,0.95,m,
2026-03-31,CABLE,NORTH,2,4,1,12,0.9,m,
2026-04-01,CABLE,NORTH,3,4,9,2,0.95,m,
2026-04-02,CABLE,NORTH,4,4,1,12,,m,
2026-04-03,CABLE,NORTH,0,4,,,,m,
2026-04-03,CABLE,NORTH,400,4,,,,m,
2026-04-04,CABLE,NORTH,6,-1,,,,m,
2026-04-05,CABLE,NOWHERE,7,4,,,,m,
2026-04-06,CABLE,NORTH,8,4,-5,-1,0.8,m,
2026-04-07,CABLE,NORTH,9,inf,,,,m,\n";
    let report = load(&db, &[("forecasts.csv", &(HEADER.to_owned() + lines))]).await;
    let (file, mut rejects) = only(&report);
    rejects.sort_by_key(|reject| reject.split(' ').next().unwrap().parse::<u64>().unwrap());
    assert_eq!(
        rejects,
        [
            "3 UNSTORED_LEVEL",
            "4 CROSSING_QUANTILES",
            "5 MISSING_KEY",
            "6 UNKNOWN_VALUE",
            "7 UNKNOWN_VALUE",
            "8 NEGATIVE_QUANTITY",
            "9 UNKNOWN_SITE",
            "10 NEGATIVE_QUANTITY",
            "11 NOT_A_NUMBER",
        ]
    );
    assert_eq!((file.loaded, file.flagged, file.flags.clone()), (1, 1, vec![("IGNORED_VALUE".to_owned(), 1)]));
    let stored = shown(&db, item_site(&db, "CABLE", "NORTH").await, None).await.unwrap();
    assert_eq!((stored.p025[0], stored.p975[0]), (Some(0.0), Some(12.0)));
    assert_eq!(text(&db, "SELECT count(*) FROM support.import_rejects WHERE severity = 'FLAG'").await, "1");
}
