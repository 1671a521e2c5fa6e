//! A robot that posts into a group, as 钉钉 has it: a signed POST of an `actionCard`, answered by `{"errcode":0}`.

use super::carriers::CarrierError;
use super::message::{Failure, Outgoing, quoted};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use domain::UtcMillis;
use reqwest::header::CONTENT_TYPE;
use reqwest::{Client, Response, StatusCode, Url};
use ring::hmac;
use serde::Deserialize;
use serde_json::json;
use std::time::Duration;

/// From the connection to the end of the answer.
const PATIENCE: Duration = Duration::from_secs(10);

/// Of an answer no more is read. Bytes.
const ANSWER_MOST: usize = 64 * 1024;

/// The robot posts too much: it says so itself.
const TOO_OFTEN: i64 = 130_101;

/// A robot.
#[derive(Clone)]
pub(super) struct Webhook {
    client: Client,
    url: Url,
    secret: String,
    /// Host and port, without the secrets that an address holds.
    pub(super) host: String,
    pub(super) patience: Duration,
}

#[derive(Deserialize)]
struct Answer {
    errcode: i64,
    #[serde(default)]
    errmsg: String,
}

impl Webhook {
    pub(super) fn new(url: &str, secret: &str) -> Result<Self, CarrierError> {
        let url = Url::parse(url.trim()).map_err(|_| CarrierError::WebhookUrl)?;
        let host = url.host_str().filter(|_| matches!(url.scheme(), "http" | "https"));
        let host = host.ok_or(CarrierError::WebhookUrl)?;
        let host = url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"));
        if secret.trim().is_empty() {
            return Err(CarrierError::WebhookSecret);
        }
        // A second time it is set already, which is as good.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            // A connection each: one that the peer has closed meanwhile would cost an attempt.
            .pool_max_idle_per_host(0)
            .build()
            .map_err(|_| CarrierError::Tls)?;
        Ok(Self { client, url, secret: secret.trim().to_owned(), host, patience: PATIENCE })
    }

    /// Host, port, and whether TLS is spoken.
    pub(super) fn peer(&self) -> Option<(String, u16, bool)> {
        let host = self.url.host_str()?.trim_matches(['[', ']']).to_owned();
        Some((host, self.url.port_or_known_default()?, self.url.scheme() == "https"))
    }

    pub(super) async fn send(&self, message: &Outgoing<'_>) -> Result<(), Failure> {
        let request = self
            .client
            .post(self.signed(message.now))
            .timeout(self.patience)
            .header(CONTENT_TYPE, "application/json; charset=utf-8")
            .header("Idempotency-Key", message.id.to_string())
            .body(card(message).to_string());
        let answer = request.send().await.map_err(|error| self.broken(error))?;
        let status = answer.status();
        if !status.is_success() {
            return Err(refused(status));
        }
        judge(&self.body(answer).await?)
    }

    /// The address of one request, with its time and signature.
    fn signed(&self, now: UtcMillis) -> Url {
        let mut url = self.url.clone();
        url.query_pairs_mut()
            .append_pair("timestamp", &now.0.to_string())
            .append_pair("sign", &sign(&self.secret, now));
        url
    }

    async fn body(&self, mut answer: Response) -> Result<Vec<u8>, Failure> {
        let mut body = Vec::new();
        while let Some(piece) = answer.chunk().await.map_err(|error| self.broken(error))? {
            body.extend_from_slice(&piece);
            if body.len() > ANSWER_MOST {
                return Err(Failure::passing("对方的答复太长，不像是机器人的答复"));
            }
        }
        Ok(body)
    }

    fn broken(&self, error: reqwest::Error) -> Failure {
        let failure = if error.is_timeout() {
            Failure::passing(format!("对方在 {} 秒内没有答复", self.patience.as_secs().max(1)))
        } else if error.is_connect() {
            Failure::passing("连接不上对方")
        } else if error.is_body() || error.is_decode() {
            Failure::passing("对方的答复不完整")
        } else {
            Failure::passing("与对方的连接中断了")
        };
        // The address holds a token.
        failure.because(format!("{:?}", error.without_url()))
    }
}

/// base64(HMAC-SHA256(secret, timestamp LF secret)); it is url-encoded where it becomes part of the address.
fn sign(secret: &str, now: UtcMillis) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes());
    STANDARD.encode(hmac::sign(&key, format!("{}\n{secret}", now.0).as_bytes()))
}

fn card(message: &Outgoing<'_>) -> serde_json::Value {
    let (title, people) = (plain(&message.message.title), plain(&message.message.people.join("、")));
    let text = format!("### {title}\n\n通知：{people}\n\n{}", message.at.local_text());
    json!({
        "msgtype": "actionCard",
        "actionCard": { "title": title, "text": text, "singleTitle": "查看详情", "singleURL": message.url },
        // A repeat has the same one.
        "msgUuid": message.id,
    })
}

/// A name is no markup: what would be becomes its full-width twin.
fn plain(text: &str) -> String {
    let twin = |letter: char| match letter {
        '[' | ']' | '<' | '>' | '*' | '`' | '#' | '!' | '|' | '\\' | '~' => {
            char::from_u32(u32::from(letter) + 0xFEE0).unwrap_or(' ')
        }
        letter if letter.is_control() => ' ',
        letter => letter,
    };
    text.chars().map(twin).collect()
}

/// A request that is not understood will not be the next time. All else, as a proxy that wants a sign-in, passes with the fault of the
/// site.
fn refused(status: StatusCode) -> Failure {
    let sentence = format!("对方答复 HTTP {}", status.as_u16());
    let last = matches!(status, StatusCode::BAD_REQUEST | StatusCode::PAYLOAD_TOO_LARGE);
    if last { Failure::last(sentence) } else { Failure::passing(sentence) }
}

fn judge(body: &[u8]) -> Result<(), Failure> {
    match serde_json::from_slice::<Answer>(body) {
        Ok(Answer { errcode: 0, .. }) => Ok(()),
        Ok(Answer { errcode: TOO_OFTEN, .. }) => Err(Failure::passing("机器人发送太频繁，对方要求稍后再发")),
        Ok(Answer { errcode, errmsg }) => {
            Err(Failure::passing(format!("对方答复 errcode {errcode}：{}", quoted(&errmsg))))
        }
        Err(_) => Err(Failure::passing("对方的答复读不出来")),
    }
}

#[cfg(test)]
mod tests {
    use super::{Webhook, plain, sign};
    use crate::outbox::CarrierError;
    use domain::UtcMillis;

    /// Made with Python's hmac, base64 and urllib, as 钉钉's own example does.
    #[test]
    fn the_signature_is_dingtalks() {
        assert_eq!(sign("SEC-test", UtcMillis(1_795_478_400_000)), "ZkzpBrOZhNEKHGFZMnxnkemk2GeiVy7z8m2Nojqp6Uk=");
        let robot = Webhook::new("https://oapi.dingtalk.com/robot/send?access_token=t", "SEC-test").unwrap();
        let url = robot.signed(UtcMillis(1_795_478_400_000));
        assert_eq!(
            url.as_str(),
            "https://oapi.dingtalk.com/robot/send?access_token=t&timestamp=1795478400000&sign=ZkzpBrOZhNEKHGFZMnxnkemk2GeiVy7z8m2Nojqp6Uk%3D"
        );
        assert_eq!(robot.host, "oapi.dingtalk.com");
    }

    #[test]
    fn an_address_that_is_none_is_refused() {
        for bad in ["", "oapi.dingtalk.com", "ftp://a/b", "https://", "file:///etc/passwd"] {
            assert_eq!(Webhook::new(bad, "x").err(), Some(CarrierError::WebhookUrl), "{bad}");
        }
        assert_eq!(Webhook::new("https://a", " ").err(), Some(CarrierError::WebhookSecret));
    }

    #[test]
    fn a_name_is_no_markup() {
        assert_eq!(plain("[点我](http://evil) `x` a_1"), "［点我］(http://evil) ｀x｀ a_1");
    }
}
