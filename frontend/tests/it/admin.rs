use frontend::graphql::error::{Refusal, complaint};
use frontend::graphql::queries::enums::ImportStatus;
use frontend::i18n::Lang;
use frontend::state::admin::{AuditState, ImportsState};
use frontend::state::filters::Cursor;
use frontend::state::{Pairs, UrlState};
use serde_json::json;

fn read<S: UrlState>(address: &str) -> S {
    S::read(&Pairs::parse(address.split_once('?').map_or(address, |(_, query)| query)))
}

#[test]
fn a_copied_address_restores_the_audit_log() {
    let state = AuditState {
        who: Some("dXNlcjox+/=".to_owned()),
        action: Some("login.refused".to_owned()),
        from: Some("2025-10-01".parse().unwrap()),
        to: Some("2025-10-31".parse().unwrap()),
        cursor: Cursor::After("MTc=".to_owned()),
    };
    let address = state.href("/admin/audit");
    assert_eq!(
        address,
        "/admin/audit?who=dXNlcjox%2B%2F%3D&action=login.refused&from=2025-10-01&to=2025-10-31&after=MTc%3D"
    );
    assert_eq!(read::<AuditState>(&address), state);
    assert_eq!(AuditState::default().href("/admin/audit"), "/admin/audit");
    assert_eq!(read::<AuditState>("who=&action=&from=2025-13-01&to=never"), AuditState::default());
}

#[test]
fn a_copied_address_restores_the_imports_and_the_lines_of_one() {
    let state = ImportsState {
        statuses: vec![ImportStatus::Failed, ImportStatus::Interrupted],
        run: Some("cnVuOjE=".to_owned()),
        reason: Some("FUTURE_DATE".to_owned()),
        cursor: Cursor::Start,
    };
    let address = state.href("/admin/imports");
    assert_eq!(address, "/admin/imports?status=failed,interrupted&run=cnVuOjE%3D&reason=FUTURE_DATE");
    assert_eq!(read::<ImportsState>(&address), state);
    assert_eq!(
        read::<ImportsState>("reason=FUTURE_DATE&status=nonsense"),
        ImportsState::default(),
        "a reason is of a run"
    );
}

#[test]
fn a_change_that_was_refused_says_why_whichever_it_is() {
    assert_eq!(complaint(&json!({ "createUser": { "user": {}, "userErrors": [] } })), None);
    assert_eq!(complaint(&json!({ "logout": null })), None);
    let refusal = complaint(&json!({ "updateUser": { "userErrors": [
        { "message": "This is the last active ADMIN.", "code": "LAST_ADMIN" }, { "message": "x", "code": "X" },
    ] } }));
    let refusal = refusal.unwrap();
    assert!(matches!(&refusal, Refusal::Refused { code, .. } if code == "LAST_ADMIN"));
    assert!(refusal.sentence(Lang::PtBr).contains("última pessoa ativa"), "{refusal:?}");
    let unknown = Refusal::Refused { message: "Something new.".to_owned(), code: "NEW".to_owned() };
    assert_eq!(unknown.sentence(Lang::PtBr), "Something new.");
}
