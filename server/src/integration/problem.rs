//! Why a request was not done: a status, a word for programs, a sentence for people.

use app::api::ApiError;
use axum::Json;
use axum::http::header::WWW_AUTHENTICATE;
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use domain::fields::FieldError;
use serde::Serialize;
use utoipa::{IntoResponses, ToSchema};

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
            (ApiError::Busy | ApiError::Away | ApiError::DiskFull, _) => "busy",
            _ => "internal",
        };
        let mut problem = Self::new(status, code, answer.to_string());
        if let ApiError::Forbidden = answer {
            problem.message = "令牌没有这个权限。请在开发者工作台创建有此权限的令牌。".to_owned();
        }
        if let ApiError::Invalid(errors) = answer {
            let field = |error: &FieldError| FieldProblem {
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
