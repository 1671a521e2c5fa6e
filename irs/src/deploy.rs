//! `irs deploy`: the checks, the upload, and with `--wait` what comes of it.

use crate::client::{Client, Host, NewVersion, Version};
use crate::kept::Kept;
use crate::pack::Packed;
use crate::unfinished::Unfinished;
use crate::{Failure, Outcome, check, pack, say, show};
use clap::Args;
use serde_json::json;
use std::path::{Path, PathBuf};
use std::time::Duration;
use uuid::Uuid;

/// Between two looks.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// What is uploaded.
#[derive(Args)]
pub(crate) struct Asked {
    /// zip 或文件夹
    path: PathBuf,
    /// 版本号：主.次.修订
    #[arg(long, value_name = "1.2.0")]
    number: String,
    /// 版本说明
    #[arg(long, default_value = "")]
    note: String,
    /// 外部域名和用途，可以写多次
    #[arg(long = "host", value_name = "域名=用途", value_parser = host)]
    hosts: Vec<Host>,
    /// 等到各阶段结束；没有通过时以 1 退出
    #[arg(long)]
    wait: bool,
    /// 通过后提交验收
    #[arg(long, requires = "wait")]
    submit: bool,
    /// 不先在本机检查
    #[arg(long)]
    no_check: bool,
}

fn host(text: &str) -> Result<Host, String> {
    let (host, purpose) = text.split_once('=').ok_or("要写成 域名=用途，例如 api.example.gov.cn=查询公交线路")?;
    Ok(Host { host: host.trim().to_owned(), purpose: purpose.trim().to_owned() })
}

/// `config` is where the login is kept; beside it lies what is known of an upload that was broken off.
pub(crate) async fn run(
    client: &Client,
    asked: &Asked,
    (config, kept): (&Path, &Kept),
    json: bool,
) -> Result<Outcome, Failure> {
    let packed = pack::package(&asked.path)?;
    if !asked.no_check {
        // Those of today; a token that may not read has those of its login.
        let rules = client.rules().await.ok().or_else(|| kept.rules.clone()).unwrap_or_default();
        let declared: Vec<String> = asked.hosts.iter().map(|host| host.host.clone()).collect();
        let checked = check::check(packed.zip.clone(), &rules, &declared)?;
        if checked.outcome() == Outcome::NotPassed {
            match json {
                true => say::line(json!({ "checked": checked }).to_string()),
                false => check::tell(&checked, &packed, true),
            }
            eprintln!("irs: 本机检查没有通过，没有上传");
            return Ok(Outcome::NotPassed);
        }
    }
    let unfinished = Unfinished::beside(config, client.address(), &packed);
    let upload = sent(client, &packed, &unfinished).await?;
    let new = NewVersion { number: asked.number.clone(), note: asked.note.clone(), hosts: asked.hosts.clone() };
    let id = client.finish(upload, &new).await?;
    unfinished.forget();
    if !asked.wait {
        match json {
            true => say::line(json!({ "id": id }).to_string()),
            false => say::line(format!("版本 {} 已上传，各阶段开始运行；查看：irs status", asked.number)),
        }
        return Ok(Outcome::Passed);
    }
    let version = waits(client, id).await?;
    let findings = if version.passed { Vec::new() } else { client.findings(id).await? };
    let submitted = match asked.submit && version.passed {
        true => Some(client.act(id, "submit").await?),
        false => None,
    };
    if json {
        say::line(json!({ "version": version, "findings": findings, "submitted": submitted }).to_string());
    } else {
        show::version(&version);
        show::findings(&findings);
        if let Some(submitted) = &submitted {
            say::line(format!("已提交验收：{}", submitted.state_word));
        }
    }
    Ok(if version.passed { Outcome::Passed } else { Outcome::NotPassed })
}

/// All parts, or those that are missing of an upload of this very file that was broken off.
async fn sent(client: &Client, packed: &Packed, unfinished: &Unfinished) -> Result<Uuid, Failure> {
    let known = match unfinished.id() {
        // One that the site does not know any more, or not for this token, is begun anew.
        Some(id) => client.upload(id).await.ok().filter(|known| known.size == packed.zip.len()),
        None => None,
    };
    let goes_on = known.as_ref().is_some_and(|known| !known.parts.is_empty());
    let upload = match known {
        Some(known) => known,
        None => client.begin(&packed.name, packed.zip.len()).await?,
    };
    unfinished.keep(upload.id);
    let size = upload.part_size.max(1);
    let parts = packed.zip.len().div_ceil(size);
    if goes_on {
        eprintln!("接着上次没有传完的上传：已有 {}/{parts} 段", upload.parts.len());
    }
    for (number, part) in packed.zip.chunks(size).enumerate().filter(|(number, _)| !upload.parts.contains(number)) {
        client.put_part(upload.id, number, part).await?;
        eprintln!("已上传 {}/{parts} 段", number + 1);
    }
    Ok(upload.id)
}

/// Looks until nothing runs or waits; says what changed.
async fn waits(client: &Client, id: Uuid) -> Result<Version, Failure> {
    let mut said = String::new();
    loop {
        let version = client.version(id).await?;
        let now = show::running(&version);
        if now != said {
            eprintln!("{now}");
            said = now;
        }
        if !version.under_way {
            return Ok(version);
        }
        tokio::time::sleep(LOOK_EVERY).await;
    }
}
