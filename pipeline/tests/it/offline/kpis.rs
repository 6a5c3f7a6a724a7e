use super::{a_company, load, only, text};

const HEADER: &str = "date,dimension,member,total_demand,stockout_rate\n";

#[tokio::test]
async fn key_figures_go_to_their_day_and_member_and_other_columns_stay() {
    let db = a_company().await;
    let lines = "2024-12-31,ALL,,1250,0.031\n2024-12-31,FAMILY,LINES,800,\n2024-12-31,REGION,BA,700,0.1\n2024-12-31,ABC_CLASS,A,600,0\n";
    let report = load(&db, &[("kpis.csv", &(HEADER.to_owned() + lines))]).await;
    assert_eq!((only(&report).0.loaded, only(&report).1.len()), (4, 0), "{report:?}");
    let more = "date,dimension,member,fill_rate\n2024-12-31,ALL,,0.97\n";
    assert_eq!(only(&load(&db, &[("kpis.csv", more)]).await).0.loaded, 1);
    let row = "SELECT concat_ws(' ', total_demand, stockout_rate, fill_rate, turnover) FROM analytics.mv_kpis_latest WHERE dimension = 'ALL'";
    assert_eq!(text(&db, row).await, "1250 0.031 0.97");
    let family = "SELECT concat_ws(' ', member, total_demand, stockout_rate) FROM analytics.kpis_daily WHERE dimension = 'FAMILY'";
    assert_eq!(text(&db, family).await, "LINES 800");
    let again = load(&db, &[("kpis.csv", &(HEADER.to_owned() + lines))]).await;
    assert_eq!((again.changed(), only(&again).0.unchanged), (false, 4));
}

#[tokio::test]
async fn key_figures_that_cannot_be_are_rejected() {
    let db = a_company().await;
    let lines = "2024-12-31,ALL,,1250,3.1
2024-12-31,GALAXY,,1,
2024-12-31,FAMILY,ROPES,1,
2024-12-31,ABC_CLASS,D,1,
2099-12-31,ALL,,1,
2024-12-30,ALL,,-1,
2024-12-29,ALL,,5,
2024-12-29,ALL,,5,
2024-12-29,ALL,,6,\n";
    let report = load(&db, &[("kpis.csv", &(HEADER.to_owned() + lines))]).await;
    let expected = [
        "2 UNKNOWN_VALUE",
        "3 UNKNOWN_VALUE",
        "4 UNKNOWN_REFERENCE",
        "5 UNKNOWN_REFERENCE",
        "6 FUTURE_DATE",
        "7 NEGATIVE_QUANTITY",
        "9 DUPLICATE_LINE",
        "10 CONFLICTING_LINE",
    ];
    let (file, rejects) = only(&report);
    assert_eq!((file.loaded, rejects), (1, expected.map(str::to_owned).to_vec()));
}
