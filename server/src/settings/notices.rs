//! What carries notices out of the product: a group's robot, a mail server.

use super::{WrongSetting, set};
use clap::Args;
use engine::{CarrierError, Carriers};

/// Each needs both of its settings, or neither.
#[derive(Debug, Clone, Args)]
pub struct NoticeSettings {
    /// A robot that posts what people are told into a group, as 钉钉 has it: the address with its access token.
    #[arg(long, env = "IRS_WEBHOOK_URL", hide_env_values = true)]
    pub webhook_url: Option<String>,

    /// The robot's secret (加签), which signs every message.
    #[arg(long, env = "IRS_WEBHOOK_SECRET", hide_env_values = true)]
    pub webhook_secret: Option<String>,

    /// The mail server: `smtps://user:password@host`, or `smtp://user:password@host:587?tls=required`.
    #[arg(long, env = "IRS_SMTP_URL", hide_env_values = true)]
    pub smtp_url: Option<String>,

    /// Who the mail is from: `应用发布 <no-reply@example.gov.cn>`.
    #[arg(long, env = "IRS_MAIL_FROM")]
    pub mail_from: Option<String>,
}

const WEBHOOK: [&str; 2] = ["--webhook-url (IRS_WEBHOOK_URL)", "--webhook-secret (IRS_WEBHOOK_SECRET)"];
const EMAIL: [&str; 2] = ["--smtp-url (IRS_SMTP_URL)", "--mail-from (IRS_MAIL_FROM)"];

impl NoticeSettings {
    /// What carries notices out of the product.
    ///
    /// # Errors
    /// [`WrongSetting`].
    pub fn carriers(&self) -> Result<Carriers, WrongSetting> {
        let mut carriers = Carriers::default();
        if let Some((url, secret)) = both(&self.webhook_url, &self.webhook_secret, WEBHOOK)? {
            carriers = carriers.with_webhook(url, secret).map_err(|cause| of(cause, WEBHOOK))?;
        }
        if let Some((url, from)) = both(&self.smtp_url, &self.mail_from, EMAIL)? {
            carriers = carriers.with_email(url, from).map_err(|cause| of(cause, EMAIL))?;
        }
        Ok(carriers)
    }
}

fn of(cause: CarrierError, [first, second]: [&'static str; 2]) -> WrongSetting {
    match cause {
        CarrierError::WebhookSecret | CarrierError::MailFrom => WrongSetting::Carrier(second, cause),
        CarrierError::WebhookUrl | CarrierError::SmtpUrl | CarrierError::Tls => WrongSetting::Carrier(first, cause),
    }
}

fn both<'s>(
    first: &'s Option<String>,
    second: &'s Option<String>,
    names: [&'static str; 2],
) -> Result<Option<(&'s str, &'s str)>, WrongSetting> {
    match (set(first), set(second)) {
        (None, None) => Ok(None),
        (Some(first), Some(second)) => Ok(Some((first, second))),
        (Some(_), None) => Err(WrongSetting::Alone(names[0], names[1])),
        (None, Some(_)) => Err(WrongSetting::Alone(names[1], names[0])),
    }
}
