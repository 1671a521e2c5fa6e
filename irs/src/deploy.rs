//! `irs deploy`: the checks, the upload, and with `--wait` what comes of it.

use crate::client::{Client, Host, NewVersion, Version};
use crate::kept::Kept;
use crate::{Failure, Outcome, check, pack, say, show};
use clap::Args;
use serde_json::json;
use std::path::PathBuf;
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

pub(crate) async fn run(client: &Client, asked: &Asked, kept: &Kept, json: bool) -> Result<Outcome, Failure> {
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
    let upload = client.begin(&packed.name, packed.zip.len()).await?;
    let parts = packed.zip.len().div_ceil(upload.part_size.max(1));
    for (number, part) in packed.zip.chunks(upload.part_size.max(1)).enumerate() {
        client.put_part(upload.id, number, part).await?;
        eprintln!("已上传 {}/{parts} 段", number + 1);
    }
    let new = NewVersion { number: asked.number.clone(), note: asked.note.clone(), hosts: asked.hosts.clone() };
    let id = client.finish(upload.id, &new).await?;
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
