//! 外链检查: on what will be served, in a child process.

use super::bundle;
use super::line::Step;
use super::outcome::{Verdict, of_hosts};
use crate::child::{self, Checked};
use crate::error::{Error, Result};
use checks::{AllowList, HostUse, LinkReport, Place};

/// Hosts that the sentence names.
const NAMED: usize = 5;

/// Runs it.
pub(super) async fn run(step: &Step) -> Result<Verdict> {
    let missing = || Error::Work("the bundle is not kept".to_owned());
    let bundle = step.version.bundle.as_deref().ok_or_else(missing)?;
    let built = bundle::of(step, bundle).await?.ok_or_else(missing)?;
    let declared = step.version.hosts();
    let system = step.engine.workshop().hosts.iter().map(String::as_str);
    let allowed = AllowList::new(declared.iter().map(|d| d.host.as_str()).chain(system));
    let files = built.files.into_iter().map(|(path, file)| (path, file.sha256));
    Ok(match child::check_links(&step.engine, &allowed, files).await? {
        Checked::Said(report) => judged(step, report, &declared),
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

fn judged(step: &Step, report: LinkReport, declared: &[domain::fields::HostDraft]) -> Verdict {
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
    let unknown: Vec<&HostUse> = report.unknown().collect();
    let verdict = if unknown.is_empty() {
        Verdict::passed(match report.hosts.len() {
            0 => "没有外部链接。".to_owned(),
            n => format!("用到 {n} 个外部域名，都已声明。"),
        })
    } else {
        let more = if unknown.len() > NAMED { "等" } else { "" };
        let names = unknown.iter().take(NAMED).map(named).collect::<Vec<_>>().join("、");
        let n = unknown.len();
        Verdict::failed(format!(
            "有 {n} 个外部域名没有声明：{names}{more}。请从代码中去掉，或在上传时填写其用途后重新上传。"
        ))
    };
    verdict.with(of_hosts(report.hosts, declared))
}
