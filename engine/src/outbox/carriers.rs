//! What carries messages out: as the settings say, checked once at the start.

use super::email::Email;
use super::message::{Failure, Outgoing};
use super::webhook::Webhook;
use super::work_notice::WorkNotices;
use crate::outside::DingTalk;
use domain::view::outbox::Carrier;
use std::fmt;
use std::time::Duration;
use thiserror::Error;

/// Why a carrier's settings are no good. What was set is not repeated: it holds secrets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum CarrierError {
    /// The webhook's address.
    #[error("the webhook's address is not one: it begins with https:// (or http://) and names a host")]
    WebhookUrl,
    /// The webhook's secret.
    #[error("the webhook's secret is empty: every message is signed with it")]
    WebhookSecret,
    /// The mail server's address.
    #[error("the mail server's address is not one: smtps://user:password@host, or smtp://host:port?tls=required")]
    SmtpUrl,
    /// Who the mail is from.
    #[error("the sender's address is not one: 应用发布 <no-reply@example.gov.cn>")]
    MailFrom,
    /// TLS can't be had.
    #[error("the system's certificates can't be used")]
    Tls,
}

/// The carriers that there are; by default none.
#[derive(Clone, Default)]
pub struct Carriers {
    webhook: Option<Webhook>,
    email: Option<Email>,
    dingtalk: Option<WorkNotices>,
}

impl Carriers {
    /// Adds a robot: its address, and the secret that signs.
    ///
    /// # Errors
    /// [`CarrierError`].
    pub fn with_webhook(self, url: &str, secret: &str) -> Result<Self, CarrierError> {
        Ok(Self { webhook: Some(Webhook::new(url, secret)?), ..self })
    }

    /// Adds e-mail: the server's address with its credentials, and who writes.
    ///
    /// # Errors
    /// [`CarrierError`].
    pub fn with_email(self, url: &str, from: &str) -> Result<Self, CarrierError> {
        Ok(Self { email: Some(Email::new(url, from)?), ..self })
    }

    /// Adds 浙政钉, if the site has it.
    pub fn with_dingtalk(self, dingtalk: Option<&DingTalk>) -> Self {
        Self { dingtalk: dingtalk.map(WorkNotices::new), ..self }
    }

    /// Gives up sooner.
    #[cfg(test)]
    pub(super) fn with_patience(mut self, patience: Duration) -> Self {
        if let Some(webhook) = &mut self.webhook {
            webhook.patience = patience;
        }
        if let Some(email) = &mut self.email {
            email.patience = patience;
        }
        self
    }

    pub(super) fn has(&self, carrier: Carrier) -> bool {
        self.host(carrier).is_some()
    }

    pub(super) fn configured(&self) -> impl Iterator<Item = Carrier> {
        Carrier::ALL.into_iter().filter(|carrier| self.has(*carrier))
    }

    /// To whom messages are handed.
    pub(super) fn host(&self, carrier: Carrier) -> Option<&str> {
        match carrier {
            Carrier::Webhook => self.webhook.as_ref().map(|webhook| webhook.host.as_str()),
            Carrier::Email => self.email.as_ref().map(|email| email.host.as_str()),
            Carrier::DingTalk => self.dingtalk.as_ref().map(|dingtalk| dingtalk.host.as_str()),
        }
    }

    /// Where messages are handed over: host, port, and whether TLS is spoken from the first byte.
    pub(crate) fn peer(&self, carrier: Carrier) -> Option<(String, u16, bool)> {
        match carrier {
            Carrier::Webhook => self.webhook.as_ref().and_then(Webhook::peer),
            Carrier::Email => self.email.as_ref().map(|email| email.peer.clone()),
            Carrier::DingTalk => self.dingtalk.as_ref().map(|dingtalk| dingtalk.peer.clone()),
        }
    }

    /// Sending one message takes no longer.
    pub(super) fn patience(&self, carrier: Carrier) -> Duration {
        match carrier {
            Carrier::Webhook => self.webhook.as_ref().map(|webhook| webhook.patience),
            Carrier::Email => self.email.as_ref().map(|email| email.patience),
            Carrier::DingTalk => self.dingtalk.as_ref().map(WorkNotices::patience),
        }
        .unwrap_or_default()
    }

    /// The mail server's password travels unencrypted.
    pub(crate) fn shows_password(&self) -> bool {
        self.email.as_ref().is_some_and(|email| email.shows_password)
    }

    /// Hands it over; `Ok`: the peer has it.
    pub(super) async fn send(&self, carrier: Carrier, message: &Outgoing<'_>) -> Result<(), Failure> {
        let missing = || Failure::passing("没有配置");
        match carrier {
            Carrier::Webhook => self.webhook.as_ref().ok_or_else(missing)?.send(message).await,
            Carrier::Email => self.email.as_ref().ok_or_else(missing)?.send(message).await,
            Carrier::DingTalk => self.dingtalk.as_ref().ok_or_else(missing)?.send(message).await,
        }
    }
}

/// Hosts only.
impl fmt::Debug for Carriers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let hosts = Carrier::ALL.iter().filter_map(|carrier| Some((carrier.id(), self.host(*carrier)?)));
        f.debug_map().entries(hosts).finish()
    }
}
