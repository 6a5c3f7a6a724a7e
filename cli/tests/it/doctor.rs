use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt as _;
use std::process::Command;

use serde_json::Value;

use crate::binary::{Run, SMALL_DEMO, command, corrente, report, run};

/// The verdict on a check; the worst one where it was made several times.
fn verdict(run: &Run, name: &str) -> String {
    let report = report(run);
    let checks = report["checks"].as_array().unwrap();
    let verdicts = checks.iter().filter(|check| check["name"] == name).map(|check| check["verdict"].as_str().unwrap());
    verdicts.max_by_key(|verdict| ["OK", "WARN", "FAIL"].iter().position(|known| known == verdict)).unwrap().to_owned()
}

#[test]
fn a_healthy_company_passes_every_check() {
    let home = tempfile::tempdir().unwrap();
    let data = home.path().join("data");
    assert_eq!(corrente(&data, &SMALL_DEMO).code, 0);
    assert_eq!(corrente(&data, &["refresh"]).code, 0);
    let doctor = corrente(&data, &["doctor", "--json"]);
    assert_eq!(doctor.code, 0, "{doctor:?}");
    for name in
        ["connection", "migrations", "partitions", "indexes", "audit", "orphans", "rollups", "directory", "disk"]
    {
        assert_eq!(verdict(&doctor, name), "OK", "{name}: {doctor:?}");
    }
    assert_eq!(report(&doctor)["rows"]["core.dim_item"], Value::from(12), "{doctor:?}");
}

#[test]
fn what_is_wrong_with_the_machine_is_told_with_what_to_do() {
    let home = tempfile::tempdir().unwrap();
    let data = home.path().join("data");
    assert_eq!(corrente(&data, &["migrate", "up"]).code, 0);
    for (mode, expected) in [(0o755, (0, "WARN")), (0o770, (1, "FAIL"))] {
        fs::set_permissions(&data, Permissions::from_mode(mode)).unwrap();
        let open = corrente(&data, &["doctor", "--json"]);
        assert_eq!((open.code, verdict(&open, "directory").as_str()), expected, "{open:?}");
        assert!(open.out.contains("do: chmod 700"), "{open:?}");
    }
    fs::set_permissions(&data, Permissions::from_mode(0o700)).unwrap();

    // Fewer files than a server needs, which the shell can arrange.
    let binary = command(&data);
    let mut few = Command::new("sh");
    few.args(["-c", "ulimit -n 512 && exec \"$0\" doctor --json"]).arg(binary.get_program());
    few.env("CORRENTE_DATA_DIR", &data);
    let few = run(few);
    assert_eq!((few.code, verdict(&few, "files").as_str()), (0, "WARN"), "{few:?}");

    assert_eq!(corrente(&data, &["migrate", "down", "--yes"]).code, 0);
    let behind = corrente(&data, &["doctor", "--json"]);
    assert_eq!((behind.code, verdict(&behind, "migrations").as_str()), (1, "FAIL"), "{behind:?}");
    assert!(behind.out.contains("run `corrente migrate up`"), "{behind:?}");
}
