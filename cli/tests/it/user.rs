//! People, added and changed from the command line.

use crate::binary::{Run, command, corrente, run};

fn with_password(data: &std::path::Path, arguments: &[&str], password: &str) -> Run {
    let mut command = command(data);
    command.args(arguments).env("CORRENTE_PASSWORD", password);
    run(command)
}

#[test]
fn people_are_added_changed_and_locked_out_but_for_the_last_admin() {
    let home = tempfile::tempdir().unwrap();
    let data = home.path();
    let root = "root@example.com";
    assert_eq!(with_password(data, &["user", "add", root, "--role", "admin"], "a long password").code, 0);
    let short = with_password(data, &["user", "add", "x@example.com"], "short");
    assert!(short.code == 1 && short.sentence().contains("shorter than 8 characters"), "{short:?}");
    for refused in [vec!["user", "disable", root], vec!["user", "set-role", root, "viewer"]] {
        let run = corrente(data, &refused);
        assert!(run.code == 1 && run.sentence().contains("the last active ADMIN"), "{run:?}");
    }
    assert_eq!(with_password(data, &["user", "add", "two@example.com", "--role", "admin"], "a long password").code, 0);
    let done = [vec!["user", "disable", root], vec!["user", "enable", root], vec!["user", "set-role", root, "viewer"]];
    for arguments in done {
        let run = corrente(data, &arguments);
        assert_eq!(run.code, 0, "{run:?}");
    }
    assert_eq!(with_password(data, &["user", "set-password", root], "another password").code, 0);
    let listed = corrente(data, &["user", "list"]);
    let line = listed.out.lines().find(|line| line.contains(root)).unwrap();
    assert!(line.contains("VIEWER") && line.contains(" active "), "{listed:?}");
    let verified = corrente(data, &["verify-audit"]);
    assert!(verified.out.contains("intact: 6 entries"), "{verified:?}");
}
