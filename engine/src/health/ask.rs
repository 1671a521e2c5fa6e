//! One probe: of an application that we host, in this process; of an address elsewhere, over the network.

use super::address::is_public;
use crate::Engine;
use crate::error::Result;
use crate::hosting::{self, Found};
use reqwest::redirect::Policy;
use reqwest::{Client, Url};
use std::net::SocketAddr;
use std::time::Duration;

/// From the question to the head of the answer.
const PATIENCE: Duration = Duration::from_secs(10);

/// Answered, or why not, in a sentence.
type Answer = std::result::Result<(), String>;

/// Asks an address.
///
/// # Errors
/// It is one of ours, and the store or the files fail.
pub(super) async fn ask(engine: &Engine, address: &str) -> Result<Answer> {
    let url = Url::parse(address).ok().filter(|url| matches!(url.scheme(), "http" | "https"));
    let Some(url) = url else { return Ok(Err("地址不是有效的 http 或 https 地址".to_owned())) };
    match url.host_str().and_then(|host| engine.workshop().apps.label(host)) {
        Some(label) => ours(engine, label, url.path()).await,
        None => Ok(elsewhere(url, engine.workshop().probing.private).await),
    }
}

/// A file of a label, through the same resolution as the host's: `*.localhost` does not resolve here.
async fn ours(engine: &Engine, label: &str, path: &str) -> Result<Answer> {
    let Found::Site(site) = hosting::find(engine, label).await? else {
        return Ok(Err("应用没有在平台上提供服务".to_owned()));
    };
    let Some(file) = site.manifest.resolve(path) else { return Ok(Err("没有这个文件".to_owned())) };
    let there = engine.files().has(&file.entry.sha256).await?;
    Ok(if there { Ok(()) } else { Err("文件的内容不在存储中".to_owned()) })
}

/// What it leads to is not followed. `private`: also addresses of the site's own network.
async fn elsewhere(url: Url, private: bool) -> Answer {
    let (host, to) = resolve(&url).await?;
    if !private && !to.iter().all(|address| is_public(address.ip())) {
        return Err("地址指向内网，平台不检测内网地址".to_owned());
    }
    // A second time it is set already, which is as good.
    let _ = rustls::crypto::ring::default_provider().install_default();
    // What was looked at is what is asked: a second look-up could lead elsewhere.
    let client = Client::builder()
        .redirect(Policy::none())
        .no_proxy()
        .timeout(PATIENCE)
        .resolve_to_addrs(&host, &to)
        .user_agent("irs-health")
        .build()
        .map_err(|_| "系统证书不可用，无法检测 https 地址")?;
    let answer = client.get(url).send().await.map_err(|error| why(&error))?;
    let status = answer.status();
    if status.is_success() || status.is_redirection() {
        return Ok(());
    }
    Err(format!("对方答复 HTTP {}", status.as_u16()))
}

async fn resolve(url: &Url) -> std::result::Result<(String, Vec<SocketAddr>), String> {
    let host = url.host_str().ok_or("地址里没有域名")?.trim_matches(['[', ']']).to_owned();
    let port = url.port_or_known_default().unwrap_or(80);
    let looking = tokio::time::timeout(PATIENCE, tokio::net::lookup_host((host.as_str(), port)));
    let found: Vec<SocketAddr> = match looking.await {
        Ok(Ok(found)) => found.collect(),
        _ => Vec::new(),
    };
    if found.is_empty() {
        return Err("域名解析不到地址".to_owned());
    }
    Ok((host, found))
}

fn why(error: &reqwest::Error) -> String {
    if error.is_timeout() {
        format!("{} 秒内没有答复", PATIENCE.as_secs())
    } else if error.is_connect() {
        "连接不上".to_owned()
    } else {
        "连接中断了".to_owned()
    }
}
