//! What crosses the wire. Types of their own: the screens' may change with the screens.

use app::api::ApiError;
use axum::Json;
use axum::http::header::{ALLOW, WWW_AUTHENTICATE};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use domain::UtcMillis;
use domain::fields::HostDraft;
use domain::view::version::{FindingSeverity, FindingView, StageView};
use serde::{Deserialize, Serialize};
use utoipa::{IntoResponses, ToSchema};
use uuid::Uuid;

/// Why a request was not done.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Problem {
    #[serde(skip)]
    #[schema(ignore)]
    status: StatusCode,
    /// For programs: `not_authorised`, `forbidden`, `not_found`, `refused`, `invalid`, `conflict`, `too_large`, `busy`, `bad_request`,
    /// `internal`.
    #[schema(example = "refused")]
    code: &'static str,
    /// A Chinese sentence for people.
    message: String,
    /// Of `invalid`: every error of the form.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    fields: Vec<FieldProblem>,
}

/// One error of a form.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct FieldProblem {
    /// The field's label.
    #[schema(example = "版本号")]
    field: &'static str,
    /// Of a list: which entry, from 0.
    #[serde(skip_serializing_if = "Option::is_none")]
    item: Option<u16>,
    /// A Chinese sentence for people.
    message: String,
}

impl Problem {
    pub(crate) fn new(status: StatusCode, code: &'static str, message: impl Into<String>) -> Self {
        Self { status, code, message: message.into(), fields: Vec::new() }
    }

    pub(crate) fn not_authorised() -> Self {
        let message =
            "没有令牌，或令牌已过期、已吊销。请在开发者工作台创建 API 令牌，放在请求头 Authorization: Bearer 中。";
        Self::new(StatusCode::UNAUTHORIZED, "not_authorised", message)
    }

    pub(crate) fn not_found() -> Self {
        Self::new(StatusCode::NOT_FOUND, "not_found", "没有找到，或者不属于这个令牌的应用。")
    }

    pub(crate) fn method_not_allowed() -> Self {
        Self::new(StatusCode::METHOD_NOT_ALLOWED, "bad_request", "这个地址不支持这种请求方法。")
    }

    pub(crate) fn bad_request(message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "bad_request", message)
    }

    /// What the engine answers; the cause of a failure goes to the log.
    pub(crate) fn of(error: engine::Error, request_id: &str) -> Self {
        let (status, answer) = ApiError::of(error, request_id);
        let code = match (&answer, status) {
            (ApiError::NotSignedIn, _) => return Self::not_authorised(),
            (ApiError::Forbidden, _) => "forbidden",
            (ApiError::NotFound, _) => return Self::not_found(),
            (ApiError::Refused(_), _) => "refused",
            (ApiError::Invalid(_) | ApiError::InvalidFile(_), _) => "invalid",
            (ApiError::TooLarge, _) => "too_large",
            (_, StatusCode::CONFLICT) => "conflict",
            (ApiError::Busy, _) => "busy",
            _ => "internal",
        };
        let mut problem = Self::new(status, code, answer.to_string());
        if let ApiError::Forbidden = answer {
            problem.message = "令牌没有这个权限。请在开发者工作台创建有此权限的令牌。".to_owned();
        }
        if let ApiError::Invalid(errors) = answer {
            let field = |error: &domain::fields::FieldError| FieldProblem {
                field: error.field.label(),
                item: error.item,
                message: error.text.clone(),
            };
            problem.fields = errors.iter().map(field).collect();
        }
        problem
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = self.status;
        let mut response = (status, Json(self)).into_response();
        if status == StatusCode::UNAUTHORIZED {
            response.headers_mut().insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        if status == StatusCode::METHOD_NOT_ALLOWED && !response.headers().contains_key(ALLOW) {
            response.headers_mut().insert(ALLOW, HeaderValue::from_static("GET, POST, PUT"));
        }
        response
    }
}

/// What every request may be answered.
#[derive(IntoResponses)]
#[expect(dead_code, reason = "it is read by its derive alone")]
pub(crate) enum Refusals {
    /// The request can't be read.
    #[response(status = 400)]
    BadRequest(Problem),
    /// No token, or it holds no longer.
    #[response(status = 401)]
    NotAuthorised(Problem),
    /// The token lacks the scope.
    #[response(status = 403)]
    Forbidden(Problem),
    /// There is no such thing, or it is not of the token's publication.
    #[response(status = 404)]
    NotFound(Problem),
    /// Somebody else was faster.
    #[response(status = 409)]
    Conflict(Problem),
    /// More than is taken.
    #[response(status = 413)]
    TooLarge(Problem),
    /// The body is no JSON.
    #[response(status = 415)]
    NoJson(Problem),
    /// The rules or the form refuse.
    #[response(status = 422)]
    Refused(Problem),
    /// The server failed; its log has the cause.
    #[response(status = 500)]
    Internal(Problem),
    /// Too many at once; again in a moment.
    #[response(status = 503)]
    Busy(Problem),
}

/// The token's publication.
#[derive(Serialize, ToSchema)]
pub(crate) struct PublicationState {
    /// 服务ID.
    #[schema(example = "SV-00000001")]
    pub(crate) service_id: String,
    /// 服务名称.
    pub(crate) name: String,
    /// The state, for programs.
    #[schema(example = "preparing")]
    pub(crate) state: &'static str,
    /// The state, for people.
    #[schema(example = "部署准备中")]
    pub(crate) state_word: &'static str,
    /// Where it is live.
    pub(crate) live_address: Option<String>,
    /// What may be done now.
    pub(crate) actions: Vec<ActionState>,
}

/// Whether an action is possible now.
#[derive(Serialize, ToSchema)]
pub(crate) struct ActionState {
    /// `upload`, `submit_for_acceptance`, `complete_configuration`.
    pub(crate) action: &'static str,
    /// It is possible.
    pub(crate) possible: bool,
    /// Why not, for people.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) why_not: Option<String>,
}

/// What the checks go by, so that they are the same on another machine.
#[derive(Serialize, ToSchema)]
pub(crate) struct CheckRules {
    /// Limits and severities, as the program `irs` reads them.
    #[schema(value_type = Object)]
    pub(crate) settings: serde_json::Value,
    /// External hosts that every application may use.
    pub(crate) allowed_hosts: Vec<String>,
}

/// What is about to be uploaded.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewUpload {
    /// The name of the zip.
    #[schema(example = "dist.zip")]
    pub(crate) file_name: String,
    /// Bytes.
    #[schema(minimum = 1)]
    pub(crate) size: i64,
}

/// An upload under way.
#[derive(Serialize, ToSchema)]
pub(crate) struct UploadProgress {
    /// Its id.
    pub(crate) id: Uuid,
    /// Bytes of the whole.
    pub(crate) size: i64,
    /// Bytes of every part but the last.
    pub(crate) part_size: i64,
    /// Numbers of the parts that are here.
    pub(crate) parts: Vec<i64>,
    /// After this it is swept away (RFC 3339).
    pub(crate) expires_at: String,
}

/// What becomes of an upload.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewVersion {
    /// 版本号: 主.次.修订.
    #[schema(example = "1.2.0")]
    pub(crate) number: String,
    /// 版本说明.
    #[serde(default)]
    pub(crate) note: String,
    /// External hosts that the version uses.
    #[serde(default)]
    pub(crate) hosts: Vec<DeclaredHost>,
}

/// An external host that a version uses.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct DeclaredHost {
    /// The host.
    #[schema(example = "api.example.gov.cn")]
    pub(crate) host: String,
    /// What for.
    pub(crate) purpose: String,
}

impl From<DeclaredHost> for HostDraft {
    fn from(host: DeclaredHost) -> Self {
        Self { host: host.host, purpose: host.purpose }
    }
}

/// What was made.
#[derive(Serialize, ToSchema)]
pub(crate) struct Made {
    /// Its id.
    pub(crate) id: Uuid,
}

/// The publication after a change.
#[derive(Serialize, ToSchema)]
pub(crate) struct Changed {
    /// Its state, for programs.
    pub(crate) state: &'static str,
    /// Its state, for people.
    pub(crate) state_word: &'static str,
}

/// One line of the list of versions.
#[derive(Serialize, ToSchema)]
pub(crate) struct VersionLine {
    /// Its id.
    pub(crate) id: Uuid,
    /// 版本号.
    #[schema(example = "1.2.0")]
    pub(crate) number: String,
    /// 版本说明.
    pub(crate) note: String,
    /// RFC 3339.
    pub(crate) uploaded_at: String,
    /// It is live.
    pub(crate) live: bool,
    /// All stages are 已完成.
    pub(crate) passed: bool,
}

/// How far a version is.
#[derive(Serialize, ToSchema)]
pub(crate) struct VersionState {
    /// Its id.
    pub(crate) id: Uuid,
    /// 版本号.
    pub(crate) number: String,
    /// Stages run, or wait for their turn.
    pub(crate) under_way: bool,
    /// All stages are 已完成.
    pub(crate) passed: bool,
    /// Versions that run or come before, while it waits.
    pub(crate) ahead: Option<i64>,
    /// SHA-256 of what is served, once built.
    pub(crate) bundle: Option<String>,
    /// Where it can be looked at, for a while.
    pub(crate) preview_address: Option<String>,
    /// It is live.
    pub(crate) live: bool,
    /// In the order in which they run.
    pub(crate) stages: Vec<StageState>,
}

/// How far a stage is.
#[derive(Serialize, ToSchema)]
pub(crate) struct StageState {
    /// `source_check`, `build`, `link_check`, `deploy_test`.
    pub(crate) stage: &'static str,
    /// `waiting`, `running`, `passed`, `failed`, `cancelled`.
    pub(crate) status: &'static str,
    /// RFC 3339.
    pub(crate) started_at: Option<String>,
    /// RFC 3339.
    pub(crate) ended_at: Option<String>,
    /// What came of it, for people.
    pub(crate) sentence: String,
    /// Findings that block.
    pub(crate) blocks: usize,
    /// Findings that warn.
    pub(crate) warnings: usize,
}

impl From<&StageView> for StageState {
    fn from(of: &StageView) -> Self {
        let count = |severity| of.findings.iter().filter(|finding| finding.severity == severity).count();
        Self {
            stage: of.stage.id(),
            status: of.status.id(),
            started_at: of.started_at.map(UtcMillis::rfc3339),
            ended_at: of.ended_at.map(UtcMillis::rfc3339),
            sentence: of.sentence.clone(),
            blocks: count(FindingSeverity::Block),
            warnings: count(FindingSeverity::Warn),
        }
    }
}

/// One finding.
#[derive(Serialize, ToSchema)]
pub(crate) struct FindingLine {
    /// The stage that found it.
    pub(crate) stage: &'static str,
    /// The rule's id.
    #[schema(example = "code/eval")]
    pub(crate) rule: String,
    /// `block` or `warn`.
    pub(crate) severity: &'static str,
    /// The path in the package.
    pub(crate) path: String,
    /// From 1.
    pub(crate) line: Option<u32>,
    /// From 1, in characters.
    pub(crate) column: Option<u32>,
    /// What it is about.
    pub(crate) subject: String,
    /// What is wrong.
    pub(crate) what: String,
    /// Why it matters.
    pub(crate) why: String,
    /// How to mend it.
    pub(crate) how: String,
}

impl FindingLine {
    pub(crate) fn of(stage: &'static str, finding: FindingView) -> Self {
        Self {
            stage,
            severity: match finding.severity {
                FindingSeverity::Block => "block",
                FindingSeverity::Warn => "warn",
            },
            rule: finding.rule,
            path: finding.path,
            line: finding.line,
            column: finding.column,
            subject: finding.subject,
            what: finding.what,
            why: finding.why,
            how: finding.how,
        }
    }
}

/// What of a log is new.
#[derive(Serialize, ToSchema)]
pub(crate) struct LogPart {
    /// As the tools wrote it, with their colours.
    pub(crate) text: String,
    /// What to ask `after` next.
    pub(crate) next: i64,
    /// The stage is over and nothing follows.
    pub(crate) over: bool,
}
