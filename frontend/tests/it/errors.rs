use frontend::graphql::error::{ApiError, judge};
use serde_json::json;

#[test]
fn a_refused_field_is_not_a_failed_answer() {
    let body = r#"{"data":{"item":{"unitCost":null}},"errors":[{"message":"no","path":["item","unitCost"],"extensions":{"code":"FORBIDDEN"}}]}"#;
    assert_eq!(judge(200, body), Ok(json!({ "item": { "unitCost": null } })));
}

#[test]
fn an_ended_session_is_known_by_status_and_by_code() {
    assert_eq!(judge(401, ""), Err(ApiError::Unauthenticated));
    let body = r#"{"errors":[{"message":"who?","extensions":{"code":"UNAUTHENTICATED"}}]}"#;
    assert_eq!(judge(200, body), Err(ApiError::Unauthenticated));
}

#[test]
fn an_internal_error_keeps_its_request_id() {
    let body =
        r#"{"data":null,"errors":[{"message":"internal error","extensions":{"code":"INTERNAL","requestId":"r-1"}}]}"#;
    let expected = ApiError::Server { message: "internal error".to_owned(), request_id: Some("r-1".to_owned()) };
    assert_eq!(judge(200, body), Err(expected));
}

#[test]
fn a_proxy_s_page_is_not_taken_for_an_answer() {
    assert_eq!(judge(502, "<html>"), Err(ApiError::Busy));
    assert_eq!(judge(200, "<html>"), Err(ApiError::Unreadable));
}

#[test]
fn an_answer_of_refusals_alone_is_a_refusal() {
    let body = r#"{"data":null,"errors":[{"message":"no","extensions":{"code":"FORBIDDEN"}}]}"#;
    assert_eq!(judge(200, body), Err(ApiError::Forbidden));
}
