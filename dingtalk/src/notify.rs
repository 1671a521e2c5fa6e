//! Work notifications, and their withdrawal (identity.md, Work notifications).

use crate::client::{Carries, Client};
use crate::error::{By, Error, Refusal};
use crate::message::Msg;
use serde_json::Value;

/// A notification has no more receivers.
pub const RECEIVERS_MOST: usize = 1_000;

/// The word of a refusal for an id that was there before: no code for it is published.
const REPEATED: &str = "重复";

/// What became of a notification that the gateway has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Delivery {
    /// It was taken.
    Taken {
        /// The gateway's id of it, if it says one.
        msg_id: Option<String>,
    },
    /// It had been taken before, under the same id.
    Repeated,
}

impl Client {
    /// Sends a message to these people (their `accountId`s). `biz_msg_id` is the caller's: what was sent once with it is not sent again,
    /// so that a call whose answer was lost can be repeated. The same text reaches the same person once a day, and nothing says
    /// so where it does not.
    ///
    /// # Errors
    /// [`Error`]; [`Error::Receivers`]: none, or more than [`RECEIVERS_MOST`].
    pub async fn work_notification(&self, receivers: &[i64], biz_msg_id: &str, msg: &Msg) -> Result<Delivery, Error> {
        if receivers.is_empty() || receivers.len() > RECEIVERS_MOST {
            return Err(Error::Receivers(receivers.len()));
        }
        let receivers = receivers.iter().map(i64::to_string).collect::<Vec<_>>().join(",");
        let params = [
            ("receiverIds", receivers.as_str()),
            ("tenantId", &self.settings().tenant_id),
            ("bizMsgId", biz_msg_id),
            ("msg", msg.as_json()),
        ];
        match self.post("/message/workNotification", &params, Carries::Nothing).await {
            Ok(data) => Ok(Delivery::Taken { msg_id: msg_id(&data) }),
            Err(Error::Refused(refusal)) if says_repeated(&refusal) => Ok(Delivery::Repeated),
            Err(error) => Err(error),
        }
    }

    /// Withdraws what was sent with this id. `false`: the gateway has nothing to withdraw.
    ///
    /// # Errors
    /// [`Error`].
    pub async fn revoke(&self, biz_msg_id: &str) -> Result<bool, Error> {
        let settings = self.settings();
        let params = [
            ("msgType", "workNotification"),
            ("msgApp", &settings.client_id),
            ("tenantId", &settings.tenant_id),
            ("bizMsgId", biz_msg_id),
        ];
        let data = self.post("/message/revoke", &params, Carries::Nothing).await?;
        Ok(!matches!(&data, Value::Bool(false)) && data.as_str() != Some("false"))
    }
}

/// The id was there before; not that the gateway has seen this request, or its nonce.
fn says_repeated(refusal: &Refusal) -> bool {
    let of_request = ["nonce", "Nonce", "请求"].iter().any(|word| refusal.message.contains(word));
    refusal.message.contains(REPEATED) && (refusal.by == By::Service || !of_request)
}

fn msg_id(data: &Value) -> Option<String> {
    data.as_str().or_else(|| data["msgId"].as_str()).filter(|id| !id.is_empty()).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_repeated_id_is_told_from_a_repeated_request() {
        let says = |by, words: &str| says_repeated(&Refusal::new(by, "", words, &[]));
        assert!(says(By::Service, "重复") && says(By::Service, "请求重复") && says(By::Gateway, "bizMsgId重复"));
        assert!(!says(By::Gateway, "请求重复") && !says(By::Gateway, "Nonce 重复"), "nobody was told");
        assert!(!says(By::Service, "消息不完整"));
    }
}
