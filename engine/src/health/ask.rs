//! One probe: of an application that we host, in this process; of an address elsewhere, over the network.

use super::address::is_public;
use crate::Engine;
use crate::error::Result;
use crate::hosting::{self, Found};
use domain::view::running::Outcome;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::redirect::Policy;
use reqwest::{Client, Url};
use std::error::Error as _;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;
use thiserror::Error;

/// From the question to the head of the answer.
const PATIENCE: Duration = Duration::from_secs(10);

const PRIVATE: &str = "地址指向内网，平台不检测内网地址";

/// Asks addresses. Cheap to clone.
#[derive(Clone)]
pub(super) struct Asker {
    pub(super) engine: Engine,
    /// `None`: the system has no certificates to trust.
    client: Option<Client>,
}

impl Asker {
    pub(super) fn new(engine: Engine) -> Self {
        // A second time it is set already, which is as good.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = Client::builder()
            .redirect(Policy::none())
            .no_proxy()
            .timeout(PATIENCE)
            // A connection each: the next question comes in minutes.
            .pool_max_idle_per_host(0)
            .dns_resolver(Arc::new(Looking { private: engine.workshop().probing.private }))
            .user_agent("irs-health")
            .build()
            .inspect_err(|error| tracing::error!(error = %error, "addresses elsewhere can't be probed"))
            .ok();
        Self { engine, client }
    }

    /// Asks an address.
    ///
    /// # Errors
    /// It is one of ours, and the store or the files fail.
    pub(super) async fn ask(&self, address: &str) -> Result<Outcome> {
        let url = Url::parse(address).ok().filter(|url| matches!(url.scheme(), "http" | "https"));
        let Some(url) = url else {
            return Ok(Outcome::NotAsked("地址不是有效的 http 或 https 地址".to_owned()));
        };
        match url.host_str().and_then(|host| self.engine.workshop().apps.label(host)) {
            Some(label) => self.ours(label, url.path()).await,
            None => Ok(self.elsewhere(url).await),
        }
    }

    /// A file of a label, through the same resolution as the host's: `*.localhost` does not resolve here.
    async fn ours(&self, label: &str, path: &str) -> Result<Outcome> {
        let Found::Site(site) = hosting::find(&self.engine, label, None).await? else {
            return Ok(Outcome::Failed("应用没有在平台上提供服务".to_owned()));
        };
        let Some(file) = site.resolve(path) else {
            return Ok(Outcome::Failed("没有这个文件".to_owned()));
        };
        let there = self.engine.files().has(&file.entry.sha256).await?;
        Ok(if there { Outcome::Answered } else { Outcome::Failed("文件的内容不在存储中".to_owned()) })
    }

    /// What it leads to is not followed.
    async fn elsewhere(&self, url: Url) -> Outcome {
        let Some(client) = &self.client else {
            return Outcome::NotAsked("平台的系统证书不可用，无法检测".to_owned());
        };
        // A number needs no resolver, which looks at all others.
        let number = url.host_str().and_then(|host| host.trim_matches(['[', ']']).parse::<IpAddr>().ok());
        if !self.engine.workshop().probing.private && number.is_some_and(|number| !is_public(number)) {
            return Outcome::NotAsked(PRIVATE.to_owned());
        }
        match client.get(url).send().await {
            Ok(answer) if answer.status().is_success() || answer.status().is_redirection() => Outcome::Answered,
            Ok(answer) => Outcome::Failed(format!("对方答复 HTTP {}", answer.status().as_u16())),
            Err(error) => why(&error),
        }
    }
}

/// Looks names up; where they lead into a network that is nobody's to look at, they lead nowhere. What it answers is what is asked.
struct Looking {
    private: bool,
}

#[derive(Debug, Clone, Copy, Error)]
enum NotFound {
    #[error("the name has no address")]
    Nowhere,
    #[error("the name leads into a private network")]
    Private,
}

impl Resolve for Looking {
    fn resolve(&self, name: Name) -> Resolving {
        let private = self.private;
        Box::pin(async move {
            // The port is the address's own.
            let found = tokio::net::lookup_host((name.as_str(), 0)).await.map_err(|_| NotFound::Nowhere)?;
            let found: Vec<SocketAddr> = found.collect();
            match found.first() {
                None => Err(NotFound::Nowhere.into()),
                Some(_) if !private && !found.iter().all(|address| is_public(address.ip())) => {
                    Err(NotFound::Private.into())
                }
                Some(_) => Ok(Box::new(found.into_iter()) as Addrs),
            }
        })
    }
}

fn why(error: &reqwest::Error) -> Outcome {
    let mut cause = error.source();
    while let Some(inner) = cause {
        match inner.downcast_ref::<NotFound>() {
            Some(NotFound::Private) => return Outcome::NotAsked(PRIVATE.to_owned()),
            Some(NotFound::Nowhere) => return Outcome::Failed("域名解析不到地址".to_owned()),
            None => cause = inner.source(),
        }
    }
    Outcome::Failed(if error.is_timeout() {
        format!("{} 秒内没有答复", PATIENCE.as_secs())
    } else if error.is_connect() {
        "连接不上".to_owned()
    } else {
        "连接中断了".to_owned()
    })
}
