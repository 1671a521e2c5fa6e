//! Answers as they were published, and as they may come.

use super::*;
use serde_json::json;

fn read(answer: &Value) -> Result<Value, Error> {
    data(200, answer.to_string().as_bytes(), &["app_t"])
}

fn refused(by: By, code: &str, message: &str) -> Result<Value, Error> {
    Err(Error::Refused(Refusal { by, code: code.to_owned(), message: message.to_owned() }))
}

#[test]
fn both_flags_count() {
    let inner =
        |is_success: bool| json!({ "success": is_success, "responseCode": "7", "responseMessage": "no", "data": 1 });
    assert_eq!(read(&json!({ "success": true, "content": inner(true) })), Ok(json!(1)));
    assert_eq!(read(&json!({ "success": true, "content": inner(false) })), refused(By::Service, "7", "no"));
    assert_eq!(read(&json!({ "success": false, "content": inner(true) })), refused(By::Gateway, "7", "no"));
    let bare = json!({ "success": false, "errorCode": "401", "errorMsg": "sign not match", "content": null });
    assert_eq!(read(&bare), refused(By::Gateway, "401", "sign not match"));
    assert_eq!(read(&json!({ "success": "false" })), refused(By::Gateway, "", ""));
}

#[test]
fn content_may_be_a_string_of_json() {
    let content = json!({ "success": true, "responseCode": "0", "data": { "a": 1 } }).to_string();
    assert_eq!(read(&json!({ "success": true, "content": content })), Ok(json!({ "a": 1 })));
    let content = json!({ "success": false, "responseCode": 210_116, "responseMessage": "该手机号不存在" }).to_string();
    assert_eq!(read(&json!({ "success": true, "content": content })), refused(By::Service, "210116", "该手机号不存在"));
    let data = json!({ "accessToken": "app_t" }).to_string();
    let content = json!({ "success": true, "data": data });
    assert_eq!(read(&json!({ "success": true, "content": content })), Ok(json!({ "accessToken": "app_t" })));
}

/// Two published answers to a work notification, and one without any content.
#[test]
fn the_id_of_a_message_is_found() {
    let content = json!({ "success": true, "content": { "msgId": "aeb0" } }).to_string();
    assert_eq!(read(&json!({ "success": true, "content": content })), Ok(json!({ "msgId": "aeb0" })));
    assert_eq!(read(&json!({ "success": true, "content": "{\"msgId\":\"aeb0\"}" })), Ok(json!({ "msgId": "aeb0" })));
    assert_eq!(read(&json!({ "success": true, "content": "aeb0" })), Ok(json!("aeb0")));
    assert_eq!(read(&json!({ "success": true })), Ok(Value::Null));
    let content = json!({ "success": false, "errorMsg": "bizMsgId 重复" }).to_string();
    assert_eq!(read(&json!({ "success": true, "content": content })), refused(By::Service, "", "bizMsgId 重复"));
}

#[test]
fn without_an_inner_flag_the_code_decides() {
    let content = json!({ "responseMessage": "成功", "data": { "accountId": 93 }, "responseCode": "0" });
    assert_eq!(read(&json!({ "success": true, "content": content })), Ok(json!({ "accountId": 93 })));
    let content = json!({ "responseMessage": "不行", "data": null, "responseCode": "240132" });
    assert_eq!(read(&json!({ "success": true, "content": content })), refused(By::Service, "240132", "不行"));
}

#[test]
fn an_expired_token_is_known_wherever_it_is_said() {
    for answer in [
        json!({ "success": true, "content": { "success": false, "responseCode": "240133", "responseMessage": "x" } }),
        json!({ "success": true, "content": { "success": false, "responseCode": 240_133 } }),
        json!({ "success": true, "content": "{\"success\":false,\"responseCode\":\"240133\"}" }),
        json!({ "success": false, "bizErrorCode": "240133" }),
        json!({ "success": false, "errorCode": "0", "content": { "success": false, "responseCode": "240133" } }),
    ] {
        assert_eq!(read(&answer), Err(Error::TokenExpired), "{answer}");
    }
}

#[test]
fn what_is_no_envelope_is_nonsense_or_its_status() {
    for (body, what) in [
        ("<html>502 Bad Gateway</html>", "it is not JSON"),
        ("", "it is not JSON"),
        ("{\"success\":tr", "it is not JSON"),
        ("[1]", "it is no object"),
        ("{\"errcode\":0}", "it has no flag"),
    ] {
        assert_eq!(data(200, body.as_bytes(), &[]), Err(Error::Nonsense(what)), "{body}");
        assert_eq!(data(502, body.as_bytes(), &[]), Err(Error::Status(502)), "{body}");
    }
    let no = json!({ "success": false, "errorMsg": "too often" }).to_string();
    assert_eq!(
        data(429, no.as_bytes(), &[]),
        refused(By::Gateway, "", "too often"),
        "a refusal says more than its status"
    );
    assert_eq!(data(500, b"{\"success\":true}", &[]), Err(Error::Status(500)));
}

#[test]
fn what_is_said_is_hidden_and_masked() {
    let answer = json!({ "success": false, "errorMsg": "token app_t of 13812341234" });
    assert_eq!(read(&answer), refused(By::Gateway, "", "token … of 138****1234"));
}

/// As deep as it goes, it ends.
#[test]
fn a_deep_answer_is_read_to_the_deepest() {
    let mut answer = json!({ "success": true, "data": 1 });
    for _ in 0..5 {
        answer = json!({ "success": true, "content": answer });
    }
    assert_eq!(read(&answer).map(|data| data.is_object()), Ok(true));
}
