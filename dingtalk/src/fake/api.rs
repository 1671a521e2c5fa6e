//! The calls of the gateway of the tests. Start at [`call`].

use super::desk::{Desk, Fails, Kind, Person, Sent, TOKEN_LIVES};
use super::door::Latch;
use super::gate::{self, Params};
use crate::envelope::EXPIRED;
use crate::message::MSG_MOST;
use crate::notify::RECEIVERS_MOST;
use crate::person::NO_SUCH_MOBILE;
use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{ConnectInfo, Request, State};
use axum::http::StatusCode;
use axum::http::header::{CONTENT_LENGTH, CONTENT_TYPE};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::{get, post};
use futures_util::{StreamExt, stream};
use serde_json::{Value, json};
use std::io;
use std::sync::Arc;

/// Of a call no more is read. Bytes.
const CALL_MOST: usize = 1024 * 1024;

pub(super) fn routes() -> Router<Arc<Desk>> {
    Router::new()
        .route("/gettoken.json", get(call))
        .route("/rpc/oauth2/getuserinfo_bycode.json", post(call))
        .route("/rpc/oauth2/dingtalk_app_user.json", post(call))
        .route("/mozi/employee/get_by_mobile", post(call))
        .route("/message/workNotification", post(call))
        .route("/message/revoke", post(call))
}

/// A refusal of the service: its code and its words.
struct No(&'static str, &'static str);

async fn call(State(desk): State<Arc<Desk>>, ConnectInfo(latch): ConnectInfo<Latch>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let Ok(body) = axum::body::to_bytes(body, CALL_MOST).await else {
        return StatusCode::BAD_REQUEST.into_response();
    };
    let fails = desk.arrives(parts.uri.path());
    match fails {
        Some(Fails::Http500) => {
            return (StatusCode::INTERNAL_SERVER_ERROR, Html("<h1>500 Internal Server Error</h1>")).into_response();
        }
        Some(Fails::Babbles) => return Html("<h1>请登录校园网</h1>").into_response(),
        Some(Fails::Resets) => {
            latch.fall();
            return ().into_response();
        }
        Some(Fails::GatewayRefuses) => return answer(&gateway_refusal("1001", "没有权限调用")),
        Some(Fails::ServiceRefuses) => return answer(&refusal(&No("1002", "不行 13812341234"))),
        Some(Fails::ServiceIsBusy) => return answer(&refusal(&No("1003", "系统繁忙，请稍后再试"))),
        Some(Fails::ExpiredToken) => return answer(&refusal(&No(EXPIRED, "access_token 已过期"))),
        Some(Fails::Hangs | Fails::HalfAnswers) | None => {}
    }
    let said = match gate::admit(&desk, &parts, &body) {
        Ok(params) => served(&desk, parts.uri.path(), &params).unwrap_or_else(|no| {
            desk.note_refusal(no.1);
            refusal(&no)
        }),
        Err(wrong) => {
            desk.note_refusal(wrong);
            gateway_refusal("1000", wrong)
        }
    };
    match fails {
        // Until the other side ends it.
        Some(Fails::Hangs) => std::future::pending().await,
        Some(Fails::HalfAnswers) => half(&said),
        _ => answer(&said),
    }
}

/// The whole answer to a call that was let in.
fn served(desk: &Desk, path: &str, params: &Params) -> Result<Value, No> {
    match path {
        "/gettoken.json" => token(desk, params).map(|data| success(desk, &data)),
        "/rpc/oauth2/getuserinfo_bycode.json" => who(desk, params, "code", Kind::Qr).map(|data| success(desk, &data)),
        "/rpc/oauth2/dingtalk_app_user.json" => {
            who(desk, params, "auth_code", Kind::InApp).map(|data| success(desk, &data))
        }
        "/mozi/employee/get_by_mobile" => by_mobile(desk, params).map(|data| success(desk, &data)),
        "/message/workNotification" => notify(desk, params),
        _ => revoke(desk, params).map(|data| success(desk, &data)),
    }
}

fn token(desk: &Desk, params: &Params) -> Result<Value, No> {
    let setup = &desk.setup;
    let is_ours = params.get("appkey") == Some(&setup.app_key) && params.get("appsecret") == Some(&setup.app_secret);
    if !is_ours {
        return Err(No("240101", "appkey 或 appsecret 不对"));
    }
    Ok(json!({ "expiresIn": TOKEN_LIVES, "accessToken": desk.new_token() }))
}

fn who(desk: &Desk, params: &Params, name: &'static str, kind: Kind) -> Result<Value, No> {
    if !params.get("access_token").is_some_and(|token| desk.is_token(token)) {
        return Err(No(EXPIRED, "access_token 已过期"));
    }
    let code = params.get(name).ok_or(No("240140", "没有授权码"))?;
    let person = desk.use_code(code, kind).ok_or(No("240141", "授权码无效或已使用"))?;
    let Person { account_id, name, .. } = person;
    let tenant: i64 = desk.setup.tenant_id.parse().unwrap_or_default();
    Ok(json!({
        "account": format!("fake-{account_id}"), "accountId": account_id, "clientId": desk.setup.client_id,
        "employeeCode": person.employee_code(), "lastName": name, "namespace": "local", "nickNameCn": name,
        "realmId": tenant, "realmName": "测试租户", "tenantUserId": format!("{tenant}${account_id}"),
    }))
}

fn by_mobile(desk: &Desk, params: &Params) -> Result<Value, No> {
    is_of_tenant(desk, params)?;
    if params.get("namespace") != Some("local") {
        return Err(No("1010", "namespace 不对"));
    }
    let (area, mobile) = (params.get("areaCode"), params.get("mobile"));
    let mut people = desk.setup.people.iter();
    let found = people.find(|person| area == Some(&person.area_code) && mobile == Some(&person.mobile));
    let person = found.ok_or(No(NO_SUCH_MOBILE, "该手机号不存在"))?;
    Ok(json!({ "accountId": person.account_id, "employeeCode": person.employee_code() }))
}

/// The answer has a string of JSON for its content, as published.
fn notify(desk: &Desk, params: &Params) -> Result<Value, No> {
    is_of_tenant(desk, params)?;
    let biz_msg_id = params.get("bizMsgId").filter(|id| !id.is_empty()).ok_or(No("1011", "没有 bizMsgId"))?;
    let receivers = params.get("receiverIds").ok_or(No("1012", "没有接收人"))?;
    let receivers: Result<Vec<i64>, _> = receivers.split(',').map(str::parse).collect();
    let receivers = receivers.map_err(|_| No("1012", "接收人不是 accountId"))?;
    if receivers.len() > RECEIVERS_MOST {
        return Err(No("1013", "接收人超过 1000 个"));
    }
    let text = params.get("msg").ok_or(No("1014", "没有 msg"))?;
    if text.len() > MSG_MOST {
        return Err(No("1015", "msg 超过 2048 个字节"));
    }
    let msg = message(text).ok_or(No("1016", "msg 不完整"))?;
    let said = words(&msg).to_owned();
    let mut taken = true;
    desk.sent.send_modify(|sent| {
        taken = !sent.iter().any(|known| known.biz_msg_id == biz_msg_id);
        if taken {
            let is_told = |id: &i64| desk.person(*id).is_some() && desk.is_news(*id, &said);
            let (reached, withheld) = receivers.into_iter().partition(is_told);
            let biz_msg_id = biz_msg_id.to_owned();
            sent.push(Sent { biz_msg_id, reached, withheld, msg, at: desk.now(), is_revoked: false });
        }
    });
    if !taken {
        return Err(No("1017", "bizMsgId 重复"));
    }
    let content = json!({ "success": true, "content": { "msgId": format!("fake-msg-{}", desk.number()) } });
    Ok(json!({ "success": true, "content": content.to_string() }))
}

/// A message with all that its kind needs.
fn message(text: &str) -> Option<Value> {
    let msg: Value = serde_json::from_str(text).ok()?;
    let needs: &[&str] = match msg["msgtype"].as_str()? {
        "text" => &["/text/content"],
        "action_card" => &[
            "/action_card/title",
            "/action_card/markdown",
            "/action_card/single_title",
            "/action_card/single_url",
            "/action_card/single_pc_url",
        ],
        _ => return None,
    };
    needs.iter().all(|path| msg.pointer(path).is_some_and(Value::is_string)).then_some(msg)
}

/// Its text, which counts alone: neither a title nor an address makes of what a person was told today another message.
fn words(msg: &Value) -> &str {
    let texts = ["/action_card/markdown", "/text/content"];
    texts.iter().find_map(|path| msg.pointer(path)?.as_str()).unwrap_or_default()
}

fn revoke(desk: &Desk, params: &Params) -> Result<Value, No> {
    is_of_tenant(desk, params)?;
    if params.get("msgType") != Some("workNotification") || params.get("msgApp") != Some(&desk.setup.client_id) {
        return Err(No("1018", "msgType 或 msgApp 不对"));
    }
    let biz_msg_id = params.get("bizMsgId").ok_or(No("1011", "没有 bizMsgId"))?;
    let mut is_there = false;
    desk.sent.send_modify(|sent| {
        for known in sent.iter_mut().filter(|known| known.biz_msg_id == biz_msg_id) {
            is_there = true;
            known.is_revoked = true;
        }
    });
    // A text, as published.
    Ok(json!(is_there.to_string()))
}

fn is_of_tenant(desk: &Desk, params: &Params) -> Result<(), No> {
    if params.get("tenantId") == Some(&desk.setup.tenant_id) { Ok(()) } else { Err(No("1019", "tenantId 不对")) }
}

fn success(desk: &Desk, data: &Value) -> Value {
    let request_id = format!("fake-request-{}", desk.number());
    let content = json!({
        "data": data, "success": true, "requestId": request_id, "responseMessage": "OK", "responseCode": "0", "bizErrorCode": "0",
    });
    json!({ "success": true, "content": content, "bizErrorCode": "0" })
}

fn refusal(no: &No) -> Value {
    let No(code, words) = no;
    json!({ "success": true, "content": { "success": false, "responseCode": code, "responseMessage": words, "data": null } })
}

fn gateway_refusal(code: &str, words: &str) -> Value {
    json!({ "success": false, "errorCode": code, "errorMsg": words, "errorLevel": "error", "content": null })
}

fn answer(said: &Value) -> Response {
    ([(CONTENT_TYPE, "application/json;charset=UTF-8")], said.to_string()).into_response()
}

/// Half of it goes out, then the connection ends.
fn half(said: &Value) -> Response {
    let whole = Bytes::from(said.to_string());
    let length = whole.len().to_string();
    let first = stream::iter([Ok(whole.slice(..whole.len() / 2))]);
    let end = stream::once(async {
        // In between, what was written is sent.
        tokio::task::yield_now().await;
        Err(io::Error::from(io::ErrorKind::ConnectionAborted))
    });
    let head = [(CONTENT_TYPE, "application/json;charset=UTF-8".to_owned()), (CONTENT_LENGTH, length)];
    (head, Body::from_stream(first.chain(end))).into_response()
}
