//! How the server is reached: proxies in front of it, TLS by itself, and the address for operators alone.

use super::{WrongSetting, set};
use crate::proxies::{Network, Trusted};
use crate::tls::Pair;
use clap::Args;
use std::net::SocketAddr;
use std::str::FromStr;

/// Beside `--listen`.
#[derive(Debug, Clone, Args)]
pub struct NetworkSettings {
    /// Address and port of `/metrics`, for Prometheus; never one that the public reaches. Without it there are none.
    #[arg(long, env = "IRS_METRICS_LISTEN")]
    pub metrics_listen: Option<SocketAddr>,

    /// The proxies in front of this server, whose `X-Forwarded-For` is believed: addresses and networks, with commas between:
    /// `10.1.2.3,10.1.2.8/29`. Without it nobody's is.
    #[arg(long, env = "IRS_TRUSTED_PROXIES")]
    pub trusted_proxies: Option<Networks>,

    /// TLS without a proxy: the certificate's PEM file, with those between it and the root.
    #[arg(long, env = "IRS_TLS_CERTIFICATE")]
    pub tls_certificate: Option<String>,

    /// The certificate's private key, a PEM file that only the server's account reads.
    #[arg(long, env = "IRS_TLS_KEY")]
    pub tls_key: Option<String>,
}

const TLS: [&str; 2] = ["--tls-certificate (IRS_TLS_CERTIFICATE)", "--tls-key (IRS_TLS_KEY)"];

impl NetworkSettings {
    /// The files of TLS, if the server does it by itself.
    ///
    /// # Errors
    /// [`WrongSetting::Alone`].
    pub fn tls(&self) -> Result<Option<Pair>, WrongSetting> {
        match (set(&self.tls_certificate), set(&self.tls_key)) {
            (None, None) => Ok(None),
            (Some(certificate), Some(key)) => Ok(Some(Pair { certificate: certificate.into(), key: key.into() })),
            (Some(_), None) => Err(WrongSetting::Alone(TLS[0], TLS[1])),
            (None, Some(_)) => Err(WrongSetting::Alone(TLS[1], TLS[0])),
        }
    }

    /// Whose word about addresses counts.
    pub fn trusted(&self) -> Trusted {
        Trusted::new(self.trusted_proxies.as_ref().map_or(&[], |networks| &networks.0))
    }
}

/// Addresses and networks, with commas between.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Networks(Vec<Network>);

impl FromStr for Networks {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let parts = text.split(',').map(str::trim).filter(|part| !part.is_empty());
        let networks = parts.map(|part| part.parse().map_err(|why| format!("{part}: {why}")));
        networks.collect::<Result<_, _>>().map(Self)
    }
}
