//! Users and their tokens.

use entity::words::Role;
use store::audit::{self, Verdict};
use store::tokens::{self, Keep, NewApiToken, NewRefreshToken, Rotation, Successor};
use store::users::{self, ChangeError, CreateError, NewUser, UserChange};
use testkit::TestDatabase;
use testkit::builders::{a_user, instant};

use crate::an_entry;

const NOW: &str = "2025-06-30T12:00:00Z";
/// After the grace that a spent token has.
const SOON: &str = "2025-06-30T12:00:11Z";
const LATER: &str = "2025-06-30T20:00:00Z";

fn new_user(email: &str) -> NewUser {
    NewUser {
        email: email.into(),
        name: "Ana".into(),
        role: Role::Viewer,
        password_hash: "$argon2id$".into(),
        demo: false,
        at: instant(NOW),
    }
}

#[tokio::test]
async fn an_email_is_taken_whatever_its_case() {
    let db = TestDatabase::new().await;
    let ana = users::create(&db, new_user(" Ana@Example.com"), an_entry("user.create")).await.unwrap();
    assert_eq!(ana.email, "ana@example.com");
    let twin = users::create(&db, new_user("ANA@example.com"), an_entry("user.create")).await;
    assert!(matches!(twin, Err(CreateError::EmailTaken { email }) if email == "ana@example.com"));
    assert_eq!(users::by_email(&db, "ANA@EXAMPLE.COM").await.unwrap(), Some(ana.clone()));
    assert_eq!(users::all(&db).await.unwrap().len(), 1);
    assert_eq!(audit::verify(&db).await.unwrap(), Verdict::Intact { entries: 1 });
    assert!(!format!("{ana:?}").contains("argon2"), "a hash is never printed");
}

#[tokio::test]
async fn only_changes_that_must_end_sessions_make_the_version_grow() {
    let db = TestDatabase::new().await;
    a_user(&db, "root@example.com", Role::Admin).await;
    let ana = users::create(&db, new_user("ana@example.com"), an_entry("user.create")).await.unwrap();
    assert_eq!(
        users::set_role(&db, ana.id, Role::Viewer, an_entry("role")).await.unwrap().unwrap().version,
        1,
        "the same role"
    );
    assert_eq!(users::set_role(&db, ana.id, Role::Admin, an_entry("role")).await.unwrap().unwrap().version, 2);
    assert_eq!(
        users::set_password(&db, ana.id, "new".into(), None, an_entry("password")).await.unwrap().unwrap().version,
        3
    );
    assert_eq!(users::set_active(&db, ana.id, false, an_entry("active")).await.unwrap().unwrap().version, 4);
    users::touch_login(&db, ana.id, instant(LATER)).await.unwrap();
    let ana = users::by_id(&db, ana.id).await.unwrap().unwrap();
    assert_eq!((ana.version, ana.role, ana.active, ana.password_hash.as_str()), (4, Role::Admin, false, "new"));
    assert_eq!(ana.last_login_at, Some(instant(LATER)));
    assert_eq!(users::set_role(&db, 999, Role::Admin, an_entry("role")).await.unwrap(), None);
    let named = UserChange { name: Some("Ana Lima".into()), ..UserChange::default() };
    let named = users::update(&db, ana.id, named, an_entry("name")).await.unwrap().unwrap();
    assert_eq!((named.name.as_str(), named.version), ("Ana Lima", 4), "a name ends no session");
    let same = UserChange { name: Some("Ana Lima".into()), active: Some(false), ..UserChange::default() };
    users::update(&db, ana.id, same, an_entry("name")).await.unwrap();
    assert_eq!(audit::verify(&db).await.unwrap(), Verdict::Intact { entries: 5 });
}

#[tokio::test]
async fn the_last_active_admin_stays_one_also_when_two_remove_each_other_at_once() {
    let db = TestDatabase::new().await;
    let (ana, bia) =
        (a_user(&db, "ana@example.com", Role::Admin).await, a_user(&db, "bia@example.com", Role::Admin).await);
    let carl = a_user(&db, "carl@example.com", Role::Admin).await;
    users::set_active(&db, carl.id, false, an_entry("active")).await.unwrap();
    let removed = |id| users::set_role(&db, id, Role::Viewer, an_entry("role"));
    let (one, other) = tokio::join!(removed(ana.id), removed(bia.id));
    assert!(one.is_ok() != other.is_ok(), "{one:?} {other:?}");
    let last = if one.is_ok() { bia.id } else { ana.id };
    for change in [
        UserChange { role: Some(Role::Analyst), ..UserChange::default() },
        UserChange { active: Some(false), ..UserChange::default() },
        UserChange { role: Some(Role::Admin), active: Some(false), ..UserChange::default() },
    ] {
        let refused = users::update(&db, last, change, an_entry("update")).await;
        assert!(matches!(refused, Err(ChangeError::LastAdmin)), "{refused:?}");
    }
    let kept = users::by_id(&db, last).await.unwrap().unwrap();
    assert_eq!((kept.role, kept.active, kept.version), (Role::Admin, true, 1));
    // Who is no active ADMIN may change as before, and with a second ADMIN the first may go.
    users::set_role(&db, carl.id, Role::Viewer, an_entry("role")).await.unwrap();
    users::set_role(&db, carl.id, Role::Admin, an_entry("role")).await.unwrap();
    users::set_active(&db, carl.id, true, an_entry("active")).await.unwrap();
    users::set_active(&db, last, false, an_entry("active")).await.unwrap().unwrap();
}

#[tokio::test]
async fn another_password_ends_every_session_but_the_kept_one() {
    let db = TestDatabase::new().await;
    let (ana, bia) =
        (a_user(&db, "ana@example.com", Role::Viewer).await, a_user(&db, "bia@example.com", Role::Viewer).await);
    for (user, family, token) in
        [(ana.id, "laptop", 1), (ana.id, "phone", 2), (ana.id, "tablet", 3), (bia.id, "hers", 4)]
    {
        signed_in(&db, user, family, token).await;
    }
    users::set_password(&db, ana.id, "new".into(), Some(Keep(vec![1])), an_entry("password")).await.unwrap();
    assert!(matches!(rotate(&db, 1, 11, NOW).await, Rotation::Rotated { .. }));
    assert_eq!((rotate(&db, 2, 12, NOW).await, rotate(&db, 3, 13, NOW).await), (Rotation::Refused, Rotation::Refused));
    assert!(matches!(rotate(&db, 4, 14, NOW).await, Rotation::Rotated { .. }), "somebody else's");
    users::set_password(&db, ana.id, "newer".into(), None, an_entry("password")).await.unwrap();
    assert_eq!(rotate(&db, 11, 21, NOW).await, Rotation::Refused);
}

async fn signed_in(db: &TestDatabase, user_id: i64, family: &str, token: u8) {
    let new = NewRefreshToken {
        user_id,
        family: family.into(),
        token_hash: vec![token],
        created_at: instant(NOW),
        expires_at: instant(LATER),
    };
    tokens::insert_refresh(db, new).await.unwrap();
}

async fn rotate(db: &TestDatabase, from: u8, to: u8, at: &str) -> Rotation {
    tokens::rotate_refresh(db, &[from], Successor { token_hash: vec![to], expires_at: instant(LATER) }, instant(at))
        .await
        .unwrap()
}

#[tokio::test]
async fn a_token_used_twice_revokes_its_family_and_no_other() {
    let db = TestDatabase::new().await;
    let ana = a_user(&db, "ana@example.com", Role::Viewer).await;
    signed_in(&db, ana.id, "laptop", 1).await;
    signed_in(&db, ana.id, "phone", 100).await;
    let Rotation::Rotated { user, successor } = rotate(&db, 1, 2, NOW).await else { panic!("a fresh token rotates") };
    assert_eq!((user.id, successor.family.as_str(), successor.user_id), (ana.id, "laptop", ana.id));
    assert!(matches!(rotate(&db, 2, 3, NOW).await, Rotation::Rotated { .. }));
    assert_eq!(rotate(&db, 1, 9, SOON).await, Rotation::Reused { user_id: ana.id, family: "laptop".into() });
    assert_eq!(rotate(&db, 3, 9, NOW).await, Rotation::Refused, "the thief's and the owner's tokens are dead");
    assert!(matches!(rotate(&db, 100, 101, NOW).await, Rotation::Rotated { .. }));
    assert_eq!(rotate(&db, 77, 9, NOW).await, Rotation::Refused);
    assert_eq!(rotate(&db, 101, 9, LATER).await, Rotation::Refused, "expired");
    assert_eq!(tokens::revoke_refresh(&db, &[101], instant(NOW)).await.unwrap(), Some(ana.id));
    assert_eq!(rotate(&db, 101, 9, NOW).await, Rotation::Refused, "signed out");
}

#[tokio::test]
async fn a_person_locked_out_rotates_nothing() {
    let db = TestDatabase::new().await;
    let ana = a_user(&db, "ana@example.com", Role::Viewer).await;
    signed_in(&db, ana.id, "laptop", 1).await;
    users::set_active(&db, ana.id, false, an_entry("active")).await.unwrap();
    assert_eq!(rotate(&db, 1, 2, NOW).await, Rotation::Refused);
    users::set_active(&db, ana.id, true, an_entry("active")).await.unwrap();
    assert_eq!(tokens::revoke_user(&db, ana.id, instant(NOW)).await.unwrap(), 1);
    assert_eq!(rotate(&db, 1, 2, NOW).await, Rotation::Refused);
}

#[tokio::test]
async fn two_requests_with_one_token_at_once_both_go_on_and_a_later_third_ends_the_family() {
    let db = TestDatabase::new().await;
    let ana = a_user(&db, "ana@example.com", Role::Viewer).await;
    signed_in(&db, ana.id, "laptop", 1).await;
    let (one, other) = tokio::join!(rotate(&db, 1, 2, NOW), rotate(&db, 1, 3, NOW));
    assert!(matches!((one, other), (Rotation::Rotated { .. }, Rotation::Rotated { .. })));
    assert!(matches!(rotate(&db, 1, 4, SOON).await, Rotation::Reused { .. }));
    assert_eq!(rotate(&db, 2, 5, SOON).await, Rotation::Refused);
}

#[tokio::test]
async fn api_tokens_are_made_found_and_revoked_once() {
    let db = TestDatabase::new().await;
    let (ana, bia) =
        (a_user(&db, "ana@example.com", Role::Analyst).await, a_user(&db, "bia@example.com", Role::Analyst).await);
    let new = NewApiToken {
        user_id: ana.id,
        name: "Power BI".into(),
        prefix: "cor_ab".into(),
        token_hash: vec![7; 32],
        role: Role::Viewer,
        created_at: instant(NOW),
        expires_at: None,
    };
    let token = tokens::create_api(&db, new, an_entry("token.create")).await.unwrap();
    let (found, owner) = tokens::api_by_hash(&db, &[7; 32]).await.unwrap().unwrap();
    assert_eq!((found.id, owner.id), (token.id, ana.id));
    assert!(tokens::api_by_hash(&db, &[8; 32]).await.unwrap().is_none());
    for at in [NOW, "2025-06-30T12:00:30Z", "2025-06-30T12:01:00Z"] {
        tokens::touch_api(&db, token.id, instant(at)).await.unwrap();
    }
    assert_eq!(
        tokens::list_api(&db, Some(ana.id)).await.unwrap()[0].last_used_at,
        Some(instant("2025-06-30T12:01:00Z"))
    );
    assert_eq!(
        tokens::revoke_api(&db, token.id, Some(bia.id), instant(NOW), an_entry("revoke")).await.unwrap(),
        None,
        "not hers"
    );
    for _ in 0..2 {
        let revoked =
            tokens::revoke_api(&db, token.id, Some(ana.id), instant(NOW), an_entry("revoke")).await.unwrap().unwrap();
        assert_eq!(revoked.revoked_at, Some(instant(NOW)));
    }
    assert_eq!(tokens::list_api(&db, None).await.unwrap().len(), 1);
    let log = audit::page(
        &db,
        &audit::AuditFilter::default(),
        &store::page::PageArgs::first(9).window(audit::LogOrder).unwrap(),
    )
    .await
    .unwrap();
    assert_eq!(log.rows.iter().map(|row| row.action.as_str()).collect::<Vec<_>>(), ["revoke", "token.create"]);
    assert_eq!(log.rows[1].entity_id, Some(token.id.to_string()));
}
