//! The one error that crosses the wire.

use leptos::server_fn::codec::JsonEncoding;
use leptos::server_fn::error::{FromServerFnError, ServerFnErrorErr};
use serde::{Deserialize, Serialize};

/// Why a call did not do what was asked. Its `Display` is the sentence that a person reads; the cause stays in the log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum ApiError {
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

impl FromServerFnError for ApiError {
    type Encoder = JsonEncoding;

    fn from_server_fn_error(_: ServerFnErrorErr) -> Self {
        Self::Transport
    }
}
