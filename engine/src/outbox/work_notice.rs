//! Work notifications of 浙政钉: a card for each person, and its withdrawal (identity.md, Work notifications).

use super::message::{Failure, Outgoing};
use crate::outside::DingTalk;
use dingtalk::{ActionCard, By, Client, Error};
use reqwest::Url;
use std::time::Duration;

/// The address of a page for a phone in the app: whoever opens it is signed in without a page (server, `dingtalk.rs`).
pub(super) fn entrance(console: &str, path: &str) -> String {
    match Url::parse_with_params(&format!("{console}/dingtalk/enter"), [("next", path)]) {
        Ok(url) => url.into(),
        // The setting is no address; then it is at least the page.
        Err(_) => format!("{console}{path}"),
    }
}

/// Whoever takes them.
#[derive(Clone)]
pub(super) struct WorkNotices {
    client: Client,
    /// Host and port.
    pub(super) host: String,
    /// Host, port, and whether TLS is spoken.
    pub(super) peer: (String, u16, bool),
}

impl WorkNotices {
    pub(super) fn new(dingtalk: &DingTalk) -> Self {
        let client = dingtalk.client().clone();
        let url = Url::parse(&client.settings().address).ok();
        let host = url.as_ref().and_then(Url::host_str).unwrap_or_default().trim_matches(['[', ']']).to_owned();
        let port = url.as_ref().and_then(Url::port_or_known_default).unwrap_or(443);
        let shown = url.as_ref().and_then(Url::port).map_or_else(|| host.clone(), |port| format!("{host}:{port}"));
        Self { client, host: shown, peer: (host, port, url.is_some_and(|url| url.scheme() == "https")) }
    }

    pub(super) fn patience(&self) -> Duration {
        self.client.settings().timeout
    }

    pub(super) async fn send(&self, message: &Outgoing<'_>) -> Result<(), Failure> {
        if let Some(id) = message.revokes {
            // Nothing to withdraw is as good.
            return self.client.revoke(&id.to_string()).await.map(drop).map_err(failure);
        }
        let account = message.address.and_then(|address| address.parse().ok());
        let account: i64 = account.ok_or_else(|| Failure::last("收件人的浙政钉账号不正确"))?;
        let text = format!("{} {}", message.message.lead, message.message.title);
        let card = ActionCard {
            title: &message.message.title,
            text: text.trim_start(),
            single_url: &message.entrance,
            single_pc_url: &message.url,
        };
        let msg =
            card.fitted().map_err(|error| Failure::last("详情的地址太长，消息放不下").because(error.to_string()))?;
        let sent = self.client.work_notification(&[account], &message.id.to_string(), &msg).await;
        // One that the gateway has already, sent when its answer was lost, is as good.
        sent.map(drop).map_err(failure)
    }
}

fn failure(error: Error) -> Failure {
    let sentence = match &error {
        Error::Unreachable(_) => "连接不上浙政钉网关".to_owned(),
        Error::Timeout(patience) => format!("浙政钉网关在 {} 秒内没有答复", patience.as_secs().max(1)),
        Error::Broken(_) => "与浙政钉网关的连接中断了".to_owned(),
        Error::Status(status) => format!("浙政钉网关答复 HTTP {status}"),
        Error::Nonsense(_) => "浙政钉网关的答复读不出来".to_owned(),
        Error::Refused(refusal) if refusal.by == By::Gateway => {
            format!("浙政钉网关不受理：{} {}", refusal.code, refusal.message)
        }
        Error::Refused(refusal) => format!("浙政钉拒绝：{} {}", refusal.code, refusal.message),
        Error::TokenExpired => "浙政钉网关不接受本应用的访问令牌".to_owned(),
        Error::Receivers(_) => "收件人的浙政钉账号不正确".to_owned(),
    };
    let failure = Failure { is_last: !error.is_retryable(), ..Failure::passing(sentence) };
    failure.because(error.to_string())
}
