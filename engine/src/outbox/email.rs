//! E-mail: plain text to one person, by the site's own mail server.

use super::carriers::CarrierError;
use super::message::{Failure, Outgoing, quoted};
use lettre::message::header::{ContentType, HeaderName, HeaderValue};
use lettre::message::{Mailbox, Message};
use lettre::transport::smtp::extension::ClientId;
use lettre::transport::smtp::response::Code;
use lettre::transport::smtp::{AsyncSmtpTransportBuilder, Error as SmtpError, PoolConfig};
use lettre::{AsyncSmtpTransport, AsyncTransport, Tokio1Executor};
use std::borrow::Cow;
use std::error::Error as _;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, UNIX_EPOCH};

/// From the connection to the server's acceptance: some look a sender up first.
const PATIENCE: Duration = Duration::from_secs(30);

/// A mail server, and who writes.
#[derive(Clone)]
pub(super) struct Email {
    builder: AsyncSmtpTransportBuilder,
    transport: Arc<Mutex<AsyncSmtpTransport<Tokio1Executor>>>,
    from: Mailbox,
    /// Without user and password.
    pub(super) host: String,
    /// Host, port, and whether TLS is spoken from the first byte.
    pub(super) peer: (String, u16, bool),
    pub(super) shows_password: bool,
    pub(super) patience: Duration,
}

impl Email {
    pub(super) fn new(url: &str, from: &str) -> Result<Self, CarrierError> {
        let from: Mailbox = from.trim().parse().map_err(|_| CarrierError::MailFrom)?;
        let parsed = reqwest::Url::parse(url.trim()).map_err(|_| CarrierError::SmtpUrl)?;
        let host = parsed.host_str().filter(|_| matches!(parsed.scheme(), "smtp" | "smtps"));
        let host = host.ok_or(CarrierError::SmtpUrl)?;
        let tls = parsed.scheme() == "smtps";
        // As the transport chooses it.
        let known = if parsed.query().is_some_and(|query| query.contains("tls=")) { 587 } else { 25 };
        let port = parsed.port().unwrap_or(if tls { 465 } else { known });
        let peer = (host.trim_matches(['[', ']']).to_owned(), port, tls);
        // Opportunistic encryption is none against who is in the middle.
        let sure = |(name, value): (Cow<'_, str>, Cow<'_, str>)| name == "tls" && value != "opportunistic";
        let encrypted = parsed.scheme() == "smtps" || parsed.query_pairs().any(sure);
        let host = parsed.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"));
        // A second time it is set already, which is as good.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let builder = AsyncSmtpTransport::<Tokio1Executor>::from_url(url.trim()).map_err(|_| CarrierError::SmtpUrl)?;
        let builder = builder
            .hello_name(ClientId::Domain(from.email.domain().to_owned()))
            .timeout(Some(PATIENCE))
            // With a pool, sending ends with the acceptance; without, with a farewell that may hang.
            .pool_config(PoolConfig::new().max_size(1));
        let transport = Arc::new(Mutex::new(builder.clone().build()));
        let shows_password = parsed.password().is_some() && !encrypted;
        Ok(Self { builder, transport, from, host, peer, shows_password, patience: PATIENCE })
    }

    pub(super) async fn send(&self, message: &Outgoing<'_>) -> Result<(), Failure> {
        let mail = self.mail(message)?;
        let transport = self.transport().clone();
        match tokio::time::timeout(self.patience, transport.send(mail)).await {
            Ok(Ok(_)) => Ok(()),
            Ok(Err(error)) => Err(self.refused(&error)),
            Err(_) => {
                // Its connection may still get the answer to this mail, and would take it for that to the next one.
                *self.transport() = self.builder.clone().build();
                Err(self.silent())
            }
        }
    }

    fn transport(&self) -> MutexGuard<'_, AsyncSmtpTransport<Tokio1Executor>> {
        self.transport.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn mail(&self, message: &Outgoing<'_>) -> Result<Message, Failure> {
        let nobody = || Failure::last("收件人的电子邮件地址不正确");
        let address = message.address.and_then(|address| address.trim().parse().ok()).ok_or_else(nobody)?;
        let name = message.message.people.first().cloned();
        let greeting = name.as_deref().map(|name| format!("{name}，你好：\n\n")).unwrap_or_default();
        let title = &message.message.title;
        let text = format!(
            "{greeting}{title}。\n\n查看详情：{}\n\n这是应用发布系统自动发送的邮件，请不要回复。\n",
            message.url
        );
        let automatic = HeaderValue::new(HeaderName::new_from_ascii_str("Auto-Submitted"), "auto-generated".to_owned());
        Message::builder()
            .message_id(Some(format!("<{}@{}>", message.id, self.from.email.domain())))
            .date(UNIX_EPOCH + Duration::from_millis(message.at.0.unsigned_abs()))
            .from(self.from.clone())
            .to(Mailbox::new(name, address))
            .subject(title.clone())
            .raw_header(automatic)
            .header(ContentType::TEXT_PLAIN)
            .body(text)
            .map_err(|error| Failure::last("这封邮件写不出来").because(error.to_string()))
    }

    fn silent(&self) -> Failure {
        Failure::passing(format!("邮件服务器在 {} 秒内没有答复", self.patience.as_secs().max(1)))
    }

    /// The server's words are quoted; what breaks below them is said in ours.
    fn refused(&self, error: &SmtpError) -> Failure {
        let said = || error.source().map(|source| quoted(&source.to_string())).unwrap_or_default();
        let failure = match error.status() {
            Some(code) if is_about_the_mail(code) => Failure::last(format!("邮件服务器拒收：{code} {}", said())),
            Some(code) if error.is_permanent() => Failure::passing(format!("邮件服务器不接受：{code} {}", said())),
            Some(code) => Failure::passing(format!("邮件服务器要求稍后再试：{code} {}", said())),
            None if error.is_timeout() => self.silent(),
            None if error.is_tls() => Failure::passing("与邮件服务器不能建立加密连接"),
            None if error.is_client() => Failure::passing("邮件服务器不支持所需的登录或加密方式"),
            None if error.is_response() => Failure::passing("邮件服务器的答复读不出来"),
            None => Failure::passing("连接不上邮件服务器，或连接中断了"),
        };
        failure.because(quoted(&error.to_string()))
    }
}

/// No mailbox, or not this mail for it. All else, as a password that was changed, passes with the fault of the site.
fn is_about_the_mail(code: Code) -> bool {
    matches!(u16::from(code), 501 | 550..=553)
}

#[cfg(test)]
mod tests {
    use super::Email;
    use crate::outbox::CarrierError;

    #[tokio::test]
    async fn settings_that_are_none_are_refused() {
        for bad in ["", "mail.example.gov.cn", "https://mail", "smtp://", "smtp://h?tls=perhaps"] {
            assert_eq!(Email::new(bad, "a@b.cn").err(), Some(CarrierError::SmtpUrl), "{bad}");
        }
        assert_eq!(Email::new("smtp://h", "nobody").err(), Some(CarrierError::MailFrom));
        let email = Email::new("smtps://u:p%40ss@mail.example.gov.cn", "应用发布 <a@example.gov.cn>").unwrap();
        assert_eq!((email.host.as_str(), email.shows_password), ("mail.example.gov.cn", false));
        for open in ["", "?tls=opportunistic"] {
            let url = format!("smtp://u:p@mail.example.gov.cn{open}");
            assert!(Email::new(&url, "a@example.gov.cn").unwrap().shows_password, "{open}");
        }
    }
}
