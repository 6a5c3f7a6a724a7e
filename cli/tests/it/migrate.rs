use crate::binary::{SMALL_DEMO, corrente};

#[test]
fn a_way_back_that_loses_rows_is_taken_only_when_somebody_says_so() {
    let home = tempfile::tempdir().unwrap();
    let data = &home.path().join("data");
    // Nothing is lost where nothing is.
    assert_eq!(corrente(data, &["migrate", "up"]).code, 0);
    let empty = corrente(data, &["migrate", "fresh"]);
    assert_eq!(empty.code, 0, "{empty:?}");
    assert!(empty.out.contains("step(s) applied"), "{empty:?}");

    let demo = corrente(data, &SMALL_DEMO);
    assert_eq!(demo.code, 0, "{demo:?}");
    let refused = corrente(data, &["migrate", "fresh"]);
    assert_eq!(refused.code, 1, "{refused:?}");
    let sentence = refused.sentence();
    assert!(sentence.contains("of core.fact_demand_daily") && sentence.contains("12 of core.dim_item"), "{sentence}");
    assert!(sentence.contains("--yes"), "{sentence}");
    let doctor = corrente(data, &["doctor"]);
    assert_eq!(doctor.code, 0, "nothing was lost yet: {doctor:?}");

    let fresh = corrente(data, &["migrate", "fresh", "--yes"]);
    assert_eq!(fresh.code, 0, "{fresh:?}");
    assert!(fresh.out.contains("rows are gone"), "{fresh:?}");
    assert!(corrente(data, &["doctor"]).out.contains("nothing is loaded yet"));
    // All the way down and up again.
    for _ in 0..migration_steps(data) {
        assert_eq!(corrente(data, &["migrate", "down", "--yes"]).code, 0);
    }
    assert!(corrente(data, &["migrate", "down"]).out.contains("no step is applied"));
    assert_eq!(corrente(data, &["migrate", "up"]).code, 0);
}

fn migration_steps(data: &std::path::Path) -> usize {
    corrente(data, &["migrate", "status"]).out.lines().filter(|line| line.starts_with("applied")).count()
}
