//! What `irs login` keeps: the address, the token, and the rules of the site, so that the checks are the same offline.

use crate::client::Client;
use crate::{Failure, Outcome, say};
use checks::{Limits, Settings, Severities};
use serde::{Deserialize, Serialize};
use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};

/// As it stands in the file.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Kept {
    /// The site.
    pub(crate) address: Option<String>,
    /// The API token.
    pub(crate) token: Option<String>,
    /// What the checks go by.
    pub(crate) rules: Option<Rules>,
}

/// What the checks of a site go by.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Rules {
    /// Limits and severities.
    pub(crate) settings: Settings,
    /// External hosts that every application may use.
    pub(crate) allowed_hosts: Vec<String>,
}

impl Default for Rules {
    fn default() -> Self {
        let settings = Settings { limits: Limits::default(), severities: Severities::default() };
        Self { settings, allowed_hosts: Vec::new() }
    }
}

impl Kept {
    /// Nothing is kept before the first `irs login`.
    pub(crate) fn read(file: &Path) -> Result<Self, Failure> {
        let text = match std::fs::read_to_string(file) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Self::default()),
            Err(cause) => return Err(Failure::File { path: file.display().to_string(), cause }),
        };
        let unreadable = |_| Failure::Said(format!("{} 不是 irs 的配置文件，请删除后重新 irs login", file.display()));
        serde_json::from_str(&text).map_err(unreadable)
    }

    /// Only the person may read it.
    fn write(&self, file: &Path) -> Result<(), Failure> {
        let failed = |cause| Failure::File { path: file.display().to_string(), cause };
        if let Some(folder) = file.parent() {
            std::fs::create_dir_all(folder).map_err(failed)?;
        }
        let mut options = std::fs::OpenOptions::new();
        options.write(true).create(true).truncate(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let text = serde_json::json!(self).to_string();
        let mut out = options.open(file).map_err(failed)?;
        // One that was there before may have been readable to others.
        #[cfg(unix)]
        out.set_permissions(std::os::unix::fs::PermissionsExt::from_mode(0o600)).map_err(failed)?;
        out.write_all(text.as_bytes()).map_err(failed)
    }
}

/// Where it is kept.
pub(crate) fn file(chosen: Option<PathBuf>) -> Result<PathBuf, Failure> {
    let home = || std::env::home_dir().map(|home| home.join(".config/irs/config.json"));
    chosen.or_else(home).ok_or_else(|| Failure::Said("找不到个人目录，请用 --config 指定保存登录信息的文件".to_owned()))
}

/// Keeps address and token once the site knows the token.
pub(crate) async fn login(file: &Path, mut kept: Kept) -> Result<Outcome, Failure> {
    if kept.address.is_none() {
        return Err(Failure::Said("请写明平台地址：irs login --address https://…".to_owned()));
    }
    // On standard input it stands in no shell's history.
    if kept.token.is_none() {
        if std::io::stdin().is_terminal() {
            eprint!("粘贴 API 令牌，然后按回车：");
        }
        let mut typed = String::new();
        let read = std::io::stdin().read_line(&mut typed);
        read.map_err(|cause| Failure::File { path: "标准输入".to_owned(), cause })?;
        kept.token = Some(typed.trim().to_owned()).filter(|typed| !typed.is_empty());
    }
    let client = Client::of(&kept)?;
    let publication = client.publication().await?;
    kept.rules = Some(client.rules().await?);
    kept.write(file)?;
    say::line(format!("已登录：{}（{}，{}）", publication.name, publication.service_id, publication.state_word));
    Ok(Outcome::Passed)
}
