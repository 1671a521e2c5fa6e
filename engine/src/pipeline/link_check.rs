//! 外链检查: on what will be served, in a child process.

use super::bundle;
use super::line::Step;
use super::outcome::{Verdict, of_hosts};
use crate::child::{self, Checked};
use crate::error::{Error, Result};
use crate::system_host::Decided;
use checks::{HostUse, LinkReport, Place};
use domain::fields::HostDraft;

/// Hosts that the sentence names.
const NAMED: usize = 5;

/// Runs it.
pub(super) async fn run(step: &Step) -> Result<Verdict> {
    let missing = || Error::Work("the bundle is not kept".to_owned());
    let bundle = step.version.bundle.as_deref().ok_or_else(missing)?;
    let built = bundle::of(step, bundle).await?.ok_or_else(missing)?;
    let declared = step.version.hosts();
    let decided = Decided::read(&mut step.engine.db().reader().await?).await?;
    let allowed = decided.with(&declared);
    let files = built.files.into_iter().map(|(path, file)| (path, file.sha256));
    Ok(match child::check_links(&step.engine, &allowed, files).await? {
        Checked::Said(report) => judged(step, report, &declared, &decided),
        Checked::Died => Verdict::failed(
            "外链检查程序异常结束，多半是某个脚本嵌套过深或过于庞大。请去掉这样的脚本，或改用其正式发布的版本，再重新打包上传。",
        ),
    })
}

/// A host, and where it stands first.
fn named(host: &&HostUse) -> String {
    host.places.first().map_or_else(|| host.host.clone(), |place| format!("{}（{}）", host.host, at(place)))
}

fn at(place: &Place) -> String {
    format!("{}:{}:{}", place.file, place.line, place.column)
}

fn judged(step: &Step, report: LinkReport, declared: &[HostDraft], decided: &Decided) -> Verdict {
    for host in &report.hosts {
        let word = if host.allowed { "已声明" } else { "未声明" };
        step.log.line(&format!("[{word}] {}（{} 处）", host.host, host.count));
        for place in &host.places {
            step.log.line(&format!("    {}：{}", at(place), place.address));
        }
    }
    if report.undecided_count > 0 {
        let n = report.undecided_count;
        step.log.line(&format!("有 {n} 处地址到运行时才知道，由浏览器按已声明的域名限制"));
    }
    let (forbidden, unknown): (Vec<&HostUse>, Vec<&HostUse>) =
        report.unknown().partition(|host| decided.forbids(&host.host).is_some());
    let names = |hosts: &[&HostUse]| {
        let more = if hosts.len() > NAMED { "等" } else { "" };
        format!("{}{more}", hosts.iter().take(NAMED).map(named).collect::<Vec<_>>().join("、"))
    };
    let verdict = if !forbidden.is_empty() {
        let (n, names) = (forbidden.len(), names(&forbidden));
        Verdict::failed(format!("有 {n} 个外部域名被平台禁止：{names}。请从代码中去掉后重新上传。"))
    } else if unknown.is_empty() {
        Verdict::passed(match report.hosts.len() {
            0 => "没有外部链接。".to_owned(),
            n => format!("用到 {n} 个外部域名，都已声明。"),
        })
    } else {
        let (n, names) = (unknown.len(), names(&unknown));
        Verdict::failed(format!("有 {n} 个外部域名没有声明：{names}。请从代码中去掉，或在上传时填写其用途后重新上传。"))
    };
    verdict.with(of_hosts(report.hosts, declared, decided))
}
