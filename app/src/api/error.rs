//! The one error that crosses the wire.

use super::json::JsonText;
use domain::fields::FieldErrors;
use domain::view::oidc::OidcRefusal;
use domain::view::person::OutsideRefusal;
use leptos::server_fn::error::{FromServerFnError, ServerFnErrorErr};
use serde::{Deserialize, Serialize};

/// Why a call did not do what was asked. Its `Display` is the sentence that a person reads; the cause stays in the log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum ApiError {
    /// Sign in first.
    #[error("请先登录。")]
    NotSignedIn,
    /// The role lacks the function.
    #[error("你的角色不能使用这个功能。如果需要，请联系安全管理员。")]
    Forbidden,
    /// There is no such object within reach.
    #[error("没有找到，可能已经删除，或者不在你的权限范围内。")]
    NotFound,
    /// The rules refuse; the sentence is the rules' own.
    #[error("{0}")]
    Refused(String),
    /// The form has errors.
    #[error("请按提示修改后再提交。")]
    Invalid(FieldErrors),
    /// A file is not what its field takes.
    #[error("{0}")]
    InvalidFile(String),
    /// More than is taken.
    #[error("内容太多，没有保存。请缩短后再试。")]
    TooLarge,
    /// Account or password.
    #[error("账号、密码或动态验证码不正确。请检查大小写后重新输入。")]
    WrongCredentials,
    /// Too many tries.
    #[error("尝试次数过多，请在 {} 后再试。", minutes(*.wait_ms))]
    TooOften {
        /// Milliseconds still to wait.
        wait_ms: i64,
    },
    /// The code for signing in.
    #[error("二维码已过期或已经用过。请在电脑上刷新二维码后重新扫描。")]
    CodeOver,
    /// Whom 浙政钉 knows.
    #[error("{}", domain::words::outside_refusal(*.0))]
    Outside(OutsideRefusal),
    /// Who came from the OpenID provider.
    #[error("{}", domain::words::oidc_refusal(*.0))]
    Oidc(OidcRefusal),
    /// A link of the first start or of an activation.
    #[error("这个链接已经用过或已过期。请让服务器的维护人员用 server init 重新生成。")]
    LinkOver,
    /// What was offered to be bound as an authenticator.
    #[error("这次绑定已经完成或已过期。请重新登录，或者从“我的”里的“动态口令”重新开始。")]
    OfferOver,
    /// An authenticator that cannot be taken off.
    #[error("登录策略要求这个账号使用动态口令，不能关闭。换手机请用“重新绑定”。")]
    Demanded,
    /// An administrator without an authenticator.
    #[error("管理员账号要先绑定身份验证器。请让服务器的维护人员用 server init 重新生成激活链接。")]
    NotActivated,
    /// Another administrator's account.
    #[error(
        "管理员的账号不能在这里更改。请先由安全管理员收回角色；激活链接由服务器的维护人员用 server init --account 生成。"
    )]
    OfAdministrator,
    /// Nothing can be done with it.
    #[error("账号已停用。请先启用。")]
    Stopped,
    /// The password is too old.
    #[error("密码已经过期。请设置新密码后再登录。")]
    PasswordOver,
    /// Too many at once.
    #[error("现在用的人太多，请过几秒再试。")]
    Busy,
    /// A disk of the server is full.
    #[error("服务器的磁盘已满，没有存下。请稍后再试；如果一再出现，请联系系统管理员清理磁盘。")]
    DiskFull,
    /// The database is away for the moment.
    #[error("系统暂时没有应答。请过几秒再试。")]
    Away,
    /// Somebody else changed it meanwhile.
    #[error("内容刚刚被别人修改过。请刷新后再操作。")]
    Conflict,
    /// The server failed; the log has the cause under this id.
    #[error("服务器出了问题，没有完成。请稍后再试；如果一再出现，请把编号 {request_id} 告诉管理员。")]
    Internal {
        /// The request id.
        request_id: String,
    },
    /// The answer did not arrive, or could not be read.
    #[error("没有连上服务器。请检查网络后再试。")]
    Transport,
}

fn minutes(wait_ms: i64) -> String {
    let seconds = (wait_ms + 999) / 1000;
    if seconds < 60 { format!("{seconds} 秒") } else { format!("{} 分钟", (seconds + 59) / 60) }
}

impl FromServerFnError for ApiError {
    type Encoder = JsonText;

    fn from_server_fn_error(_: ServerFnErrorErr) -> Self {
        // Without its text, which may have in it what was typed.
        #[cfg(feature = "ssr")]
        tracing::warn!("what was sent to a server function could not be read, or its answer not be made");
        Self::Transport
    }
}

impl ApiError {
    /// Whether the same may be answered when it is asked once more: what is shown may stay meanwhile.
    pub fn is_passing(&self) -> bool {
        matches!(self, Self::Transport | Self::Away | Self::DiskFull | Self::Internal { .. })
    }
}

#[cfg(feature = "ssr")]
impl ApiError {
    /// The status of a page that shows nothing but this; the others have it from the call that failed.
    pub(crate) fn page_status(&self) -> Option<axum::http::StatusCode> {
        use axum::http::StatusCode;
        match self {
            Self::NotSignedIn => Some(StatusCode::UNAUTHORIZED),
            Self::Forbidden => Some(StatusCode::FORBIDDEN),
            Self::NotFound => Some(StatusCode::NOT_FOUND),
            Self::Away => Some(StatusCode::SERVICE_UNAVAILABLE),
            // The page is as it should be: it says why there is no form.
            Self::Refused(_) | Self::CodeOver | Self::LinkOver | Self::OfferOver => Some(StatusCode::OK),
            _ => None,
        }
    }

    /// What the engine answers, for people, and the answer's true status; the cause of a failure goes to the log.
    pub fn of(error: engine::Error, request_id: &str) -> (axum::http::StatusCode, Self) {
        use axum::http::StatusCode;
        use engine::Error;
        match error {
            error if error.is_disk_full() => {
                tracing::error!(error = %error, request.id = request_id, "a request found the disk full");
                (StatusCode::SERVICE_UNAVAILABLE, Self::DiskFull)
            }
            Error::NotSignedIn => (StatusCode::UNAUTHORIZED, Self::NotSignedIn),
            Error::Forbidden => (StatusCode::FORBIDDEN, Self::Forbidden),
            Error::NotFound => (StatusCode::NOT_FOUND, Self::NotFound),
            Error::Refused(refusal) => (StatusCode::UNPROCESSABLE_ENTITY, Self::Refused(refusal.sentence())),
            Error::OrderOver { status, by, at } => {
                (StatusCode::CONFLICT, Self::Refused(domain::words::order_over(status, &by, at)))
            }
            Error::Urge(refusal) => {
                (StatusCode::UNPROCESSABLE_ENTITY, Self::Refused(domain::words::urge_refusal(refusal)))
            }
            Error::Rollout(refusal) => {
                (StatusCode::UNPROCESSABLE_ENTITY, Self::Refused(domain::words::rollout_refusal(&refusal)))
            }
            Error::Invalid(errors) => (StatusCode::UNPROCESSABLE_ENTITY, Self::Invalid(errors)),
            Error::InvalidFile(sentence) => (StatusCode::UNPROCESSABLE_ENTITY, Self::InvalidFile(sentence)),
            Error::TooLarge => (StatusCode::PAYLOAD_TOO_LARGE, Self::TooLarge),
            Error::WrongCredentials => (StatusCode::UNPROCESSABLE_ENTITY, Self::WrongCredentials),
            Error::TooOften { wait_ms } => (StatusCode::TOO_MANY_REQUESTS, Self::TooOften { wait_ms }),
            Error::Outside(refusal) => (StatusCode::UNPROCESSABLE_ENTITY, Self::Outside(refusal)),
            Error::Oidc(refusal) => (StatusCode::UNPROCESSABLE_ENTITY, Self::Oidc(refusal)),
            Error::CodeOver => (StatusCode::UNPROCESSABLE_ENTITY, Self::CodeOver),
            Error::LinkOver => (StatusCode::UNPROCESSABLE_ENTITY, Self::LinkOver),
            Error::OfferOver => (StatusCode::UNPROCESSABLE_ENTITY, Self::OfferOver),
            Error::Demanded => (StatusCode::UNPROCESSABLE_ENTITY, Self::Demanded),
            Error::NotActivated => (StatusCode::UNPROCESSABLE_ENTITY, Self::NotActivated),
            Error::OfAdministrator => (StatusCode::UNPROCESSABLE_ENTITY, Self::OfAdministrator),
            Error::Stopped => (StatusCode::UNPROCESSABLE_ENTITY, Self::Stopped),
            Error::PasswordOver => (StatusCode::UNPROCESSABLE_ENTITY, Self::PasswordOver),
            Error::Busy => (StatusCode::SERVICE_UNAVAILABLE, Self::Busy),
            Error::Conflict => (StatusCode::CONFLICT, Self::Conflict),
            Error::Away(_) => {
                tracing::error!(error = %error, request.id = request_id, "a request found no database");
                (StatusCode::SERVICE_UNAVAILABLE, Self::Away)
            }
            Error::OtherInstallation { .. } | Error::Work(_) | Error::Store(_) | Error::Files(_) => {
                tracing::error!(error = %error, request.id = request_id, "a request failed");
                (StatusCode::INTERNAL_SERVER_ERROR, Self::Internal { request_id: request_id.to_owned() })
            }
        }
    }
}

/// In a server function, where the context knows the request.
#[cfg(feature = "ssr")]
impl From<engine::Error> for ApiError {
    fn from(error: engine::Error) -> Self {
        let request_id = super::context::request().map(|(_, ctx)| ctx.request_id.to_string()).unwrap_or_default();
        let (status, answer) = Self::of(error, &request_id);
        super::context::set_status(status);
        if answer == Self::Forbidden {
            super::context::set_forbade();
        }
        answer
    }
}

#[cfg(test)]
mod tests {
    use super::ApiError;

    #[test]
    fn a_wait_is_said_in_seconds_or_rounded_up_to_minutes() {
        let said = |wait_ms| ApiError::TooOften { wait_ms }.to_string();
        assert_eq!(said(1_200), "尝试次数过多，请在 2 秒 后再试。");
        assert_eq!(said(60_000), "尝试次数过多，请在 1 分钟 后再试。");
        assert_eq!(said(61_000), "尝试次数过多，请在 2 分钟 后再试。");
    }
}
