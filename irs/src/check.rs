//! 源码检测 offline, and of a static package 外链检查: what the site would find, without sending anything.

use crate::kept::{Kept, Rules};
use crate::pack::{self, Packed};
use crate::{Failure, Outcome, sarif, say, show};
use checks::{AllowList, BadPackage, Report, ServedFile, Severity, Shape, Unwatched};
use clap::Args;
use serde::Serialize;
use std::io::Cursor;
use std::path::PathBuf;

/// Scripts that are nested deep are parsed deep. Bytes.
const STACK: usize = 512 * 1024 * 1024;

/// What is checked.
#[derive(Args)]
pub(crate) struct Asked {
    /// zip 或文件夹
    path: PathBuf,
    /// 输出 SARIF 2.1.0，供代码平台显示
    #[arg(long, conflicts_with = "json")]
    sarif: bool,
    /// 声明的外部域名，可以写多次
    #[arg(long = "host", value_name = "域名")]
    hosts: Vec<String>,
}

/// What came of it.
#[derive(Serialize)]
pub(crate) struct Checked {
    /// Or what is wrong with the package as such.
    pub(crate) report: Result<Report, String>,
    /// Of a static package: external hosts that are neither declared nor allowed.
    pub(crate) unknown_hosts: Vec<UnknownHost>,
}

/// An external host that would block.
#[derive(Debug, Serialize)]
pub(crate) struct UnknownHost {
    pub(crate) host: String,
    pub(crate) path: String,
    pub(crate) line: u32,
    pub(crate) column: u32,
}

impl Checked {
    pub(crate) fn outcome(&self) -> Outcome {
        let passes = self.report.as_ref().is_ok_and(Report::passes) && self.unknown_hosts.is_empty();
        if passes { Outcome::Passed } else { Outcome::NotPassed }
    }
}

/// `irs check`.
pub(crate) fn run(asked: &Asked, kept: &Kept, json: bool) -> Result<Outcome, Failure> {
    let packed = pack::package(&asked.path)?;
    let rules = kept.rules.clone().unwrap_or_default();
    let checked = check(packed.zip.clone(), &rules, &asked.hosts)?;
    if json {
        say::line(serde_json::json!(checked).to_string());
    } else if asked.sarif {
        say::line(sarif::of(&checked, &asked.path).to_string());
    } else {
        tell(&checked, &packed, kept.rules.is_some());
    }
    Ok(checked.outcome())
}

/// What the site would find.
pub(crate) fn check(zip: Vec<u8>, rules: &Rules, hosts: &[String]) -> Result<Checked, Failure> {
    let (rules, hosts) = (rules.clone(), hosts.to_vec());
    let work = move || {
        let watch = &mut Unwatched;
        let read = checks::read_package(Cursor::new(zip), &rules.settings.limits, watch);
        let checked = read.and_then(|mut package| {
            let report = checks::check_source(&mut package, &rules.settings.severities, watch)?;
            if report.shape != Shape::Static {
                return Ok((report, Vec::new()));
            }
            let files = package.files().to_vec();
            let served = files
                .iter()
                .map(|file| Ok::<_, BadPackage>(ServedFile { path: file.path.clone(), bytes: package.read(file)? }));
            let allowed = AllowList::new(hosts.iter().chain(&rules.allowed_hosts));
            let links = checks::check_links(served, &allowed)?;
            let unknown = links.hosts.into_iter().filter(|host| !host.allowed).filter_map(|host| {
                let place = host.places.into_iter().next()?;
                Some(UnknownHost { host: host.host, path: place.file, line: place.line, column: place.column })
            });
            Ok((report, unknown.collect()))
        });
        match checked {
            Ok((report, unknown_hosts)) => Checked { report: Ok(report), unknown_hosts },
            Err(bad) => Checked { report: Err(bad.to_string()), unknown_hosts: Vec::new() },
        }
    };
    let thread = std::thread::Builder::new().stack_size(STACK).spawn(work);
    let broken = || Failure::Said("检测中断了：程序包让检测程序崩溃，请把它发给平台管理员".to_owned());
    thread.map_err(|_| broken())?.join().map_err(|_| broken())
}

/// For people.
pub(crate) fn tell(checked: &Checked, packed: &Packed, of_the_site: bool) {
    if !packed.left.is_empty() {
        say::line(format!("打包时略去：{}", packed.left.join("、")));
    }
    let report = match &checked.report {
        Ok(report) => report,
        Err(bad) => return say::line(format!("程序包有问题：{bad}")),
    };
    for finding in &report.findings {
        let told = finding.explained();
        let word = if told.severity == Severity::Block { "阻断" } else { "警告" };
        let place = show::place(told.path, told.line, told.column);
        say::line(format!("{place} {word} {} [{}]", told.what, told.rule));
        for line in told.excerpt {
            say::line(format!("  {:>5} | {}", line.line, line.text));
        }
        say::line(format!("  为什么：{}\n  怎么改：{}", told.why, told.how));
    }
    for UnknownHost { host, path, line, column } in &checked.unknown_hosts {
        say::line(format!(
            "{path}:{line}:{column} 阻断 外部域名 {host} 没有声明：用 --host {host} 声明，上传时写明用途"
        ));
    }
    let by = if of_the_site { "按平台的规则" } else { "按默认规则（irs login 后用平台的规则）" };
    let hosts = checked.unknown_hosts.len();
    say::line(format!(
        "{by}检查 {} 个文件：阻断 {} 处，警告 {} 处，未声明的外部域名 {hosts} 个",
        report.files, report.blocks, report.warnings
    ));
}
