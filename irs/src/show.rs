//! How things are, for people; and what is done with a version.

use crate::client::{Client, Finding, Stage, Version};
use crate::{Failure, Outcome, say};
use clap::Args;
use serde_json::json;
use std::time::Duration;
use uuid::Uuid;

/// Between two looks at a log.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// The stages, in the order in which they run.
const STAGES: [(&str, &str); 4] =
    [("source_check", "源码检测"), ("build", "代码编译"), ("link_check", "外链检查"), ("deploy_test", "部署测试环境")];

/// Which version.
#[derive(Args)]
pub(crate) struct Which {
    /// 版本号；不写则是最新上传的
    number: Option<String>,
}

/// Which log.
#[derive(Args)]
pub(crate) struct Logs {
    #[command(flatten)]
    which: Which,
    /// 阶段：source_check、build、link_check 或 deploy_test
    #[arg(long, default_value = "build")]
    stage: String,
    /// 跟着输出，直到阶段结束
    #[arg(long, short)]
    follow: bool,
}

async fn find(client: &Client, which: &Which) -> Result<Option<Uuid>, Failure> {
    let versions = client.versions().await?;
    let Some(number) = &which.number else { return Ok(versions.first().map(|line| line.id)) };
    let found = versions.iter().find(|line| line.number == *number).map(|line| line.id);
    found.map(Some).ok_or_else(|| Failure::Said(format!("没有版本 {number}")))
}

async fn one(client: &Client, which: &Which) -> Result<Uuid, Failure> {
    find(client, which).await?.ok_or_else(|| Failure::Said("还没有上传过版本".to_owned()))
}

/// `irs status`.
pub(crate) async fn status(client: &Client, which: &Which, json: bool) -> Result<Outcome, Failure> {
    let publication = client.publication().await?;
    let of = match find(client, which).await? {
        Some(id) => Some(client.version(id).await?),
        None => None,
    };
    if json {
        say::line(json!({ "publication": publication, "version": of }).to_string());
        return Ok(Outcome::Passed);
    }
    say::line(format!("{}（{}）：{}", publication.name, publication.service_id, publication.state_word));
    if let Some(address) = &publication.live_address {
        say::line(format!("线上地址：{address}"));
    }
    for action in publication.actions.iter().filter(|action| !action.possible) {
        say::line(action.why_not.as_deref().unwrap_or_default());
    }
    match &of {
        Some(of) => version(of),
        None => say::line("还没有上传过版本"),
    }
    Ok(Outcome::Passed)
}

/// `irs logs`.
pub(crate) async fn logs(client: &Client, logs: &Logs) -> Result<Outcome, Failure> {
    let id = one(client, &logs.which).await?;
    let mut after = -1;
    loop {
        let part = client.log(id, &logs.stage, after).await?;
        let more = part.next != after;
        say::write(&part.text);
        if part.over || (!more && !logs.follow) {
            return Ok(Outcome::Passed);
        }
        after = part.next;
        if !more {
            tokio::time::sleep(LOOK_EVERY).await;
        }
    }
}

/// `irs submit` and `irs configure`.
pub(crate) async fn act(client: &Client, which: &Which, action: &str, json: bool) -> Result<Outcome, Failure> {
    let id = one(client, which).await?;
    let changed = client.act(id, action).await?;
    match json {
        true => say::line(json!(changed).to_string()),
        false => say::line(format!("现在是：{}", changed.state_word)),
    }
    Ok(Outcome::Passed)
}

/// The version and its stages.
pub(crate) fn version(of: &Version) {
    let live = if of.live { "，线上" } else { "" };
    say::line(format!("版本 {}{live}", of.number));
    for Stage { stage, status, sentence, blocks, warnings } in &of.stages {
        let counts = match (blocks, warnings) {
            (0, 0) => String::new(),
            _ => format!("（阻断 {blocks}，警告 {warnings}）"),
        };
        say::line(format!("  {} {}{counts} {sentence}", stage_word(stage), status_word(status)));
    }
    if let Some(address) = &of.preview_address {
        say::line(format!("预览：{address}"));
    }
}

/// What runs now, in a line.
pub(crate) fn running(of: &Version) -> String {
    let running = of.stages.iter().find(|stage| stage.status == "running");
    match (running, of.ahead) {
        (Some(stage), _) => format!("{}……", stage_word(&stage.stage)),
        (None, Some(ahead)) => format!("排队，前面还有 {ahead} 个"),
        (None, None) if of.under_way => "等待运行……".to_owned(),
        (None, None) => "已结束".to_owned(),
    }
}

/// What the stages found.
pub(crate) fn findings(all: &[Finding]) {
    for finding in all {
        let place = place(&finding.path, finding.line, finding.column);
        let word = if finding.severity == "block" { "阻断" } else { "警告" };
        say::line(format!("{place} {word} {} [{}]\n  怎么改：{}", finding.what, finding.rule, finding.how));
    }
}

/// Where a finding is.
pub(crate) fn place(path: &str, line: Option<u32>, column: Option<u32>) -> String {
    match (line, column) {
        (Some(line), Some(column)) => format!("{path}:{line}:{column}"),
        _ => path.to_owned(),
    }
}

fn stage_word(id: &str) -> &str {
    STAGES.iter().find(|(known, _)| *known == id).map_or(id, |(_, word)| word)
}

fn status_word(id: &str) -> &str {
    match id {
        "waiting" => "未开始",
        "running" => "进行中",
        "passed" => "已完成",
        "failed" => "未通过",
        "cancelled" => "已取消",
        other => other,
    }
}
