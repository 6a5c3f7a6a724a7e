use crate::binary::corrente;

#[test]
fn schema_prints_the_sdl_and_opens_no_database() {
    let home = tempfile::tempdir().unwrap();
    let data = home.path().join("data");
    let run = corrente(&data, &["schema"]);
    assert_eq!(run.code, 0, "{run:?}");
    assert!(run.out.contains("type Query") && run.out.contains("freshness"), "{}", run.out);
    assert!(!data.exists());
}

#[test]
fn an_unknown_command_is_wrong_usage() {
    let home = tempfile::tempdir().unwrap();
    assert_eq!(corrente(home.path(), &["sing"]).code, 2);
    assert_eq!(corrente(home.path(), &["import"]).code, 2);
    assert_eq!(corrente(home.path(), &["--help"]).code, 0);
}
