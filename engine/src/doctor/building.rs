//! What builds need: sandbox, limits, tools, registry.

use super::{Seen, Site, Verdict};
use crate::pipeline::{self, Enforced, Trouble};
use crate::workshop::Workshop;
use domain::UtcMillis;
use std::time::Duration;

/// The registry has so long to answer.
const PATIENCE: Duration = Duration::from_secs(10);

const NONE_HERE: (&str, &str) = ("nothing is built here (--builds 0)", "这台服务器不编译（--builds 0）");

/// What the registry answered, and when; `None`: it is not needed.
pub(super) type RegistryAnswer = Option<Result<Answered, String>>;

/// An answer.
pub(super) struct Answered {
    address: String,
    status: u16,
    pub(super) asked_at: UtcMillis,
    /// By its own clock.
    pub(super) at: Option<UtcMillis>,
}

fn builds(seen: &Seen<'_>) -> bool {
    seen.site.workshop.builds > 0
}

pub(super) async fn sandbox(seen: &Seen<'_>) -> Vec<Verdict> {
    if !builds(seen) {
        return vec![Verdict::skipped(NONE_HERE)];
    }
    vec![judge_sandbox(pipeline::trouble(&seen.site.workshop).await, &seen.site.workshop)]
}

pub(super) fn judge_sandbox(trouble: Option<Trouble>, workshop: &Workshop) -> Verdict {
    let (so, then) = if workshop.unsandboxed {
        (
            "source packages are built WITHOUT a sandbox, as --allow-unsandboxed-builds says: what strangers wrote runs on this machine",
            "按 --allow-unsandboxed-builds 的设置，源码包不在沙箱里编译：别人写的程序直接在这台机器上运行",
        )
    } else {
        ("source packages are refused", "源码包会被拒绝")
    };
    match trouble {
        None if workshop.unsandboxed => Verdict::note(
            (
                "bubblewrap makes namespaces and is used; but the day it does not, packages are built without a sandbox",
                "编译沙箱可用，也在用；但哪天不可用了，源码包会不在沙箱里编译",
            ),
            (
                "leave --allow-unsandboxed-builds (IRS_ALLOW_UNSANDBOXED_BUILDS) out",
                "去掉 --allow-unsandboxed-builds（IRS_ALLOW_UNSANDBOXED_BUILDS）",
            ),
        ),
        None => Verdict::fine(("bubblewrap makes namespaces", "编译沙箱可用（bubblewrap 能建立命名空间）")),
        Some(Trouble::NotInstalled(why)) => {
            let program = workshop.bubblewrap.display();
            Verdict::wrong(
                (format!("{program} cannot be run ({why}): {so}"), format!("{program} 不能运行（{why}），{then}")),
                (
                    "install the package bubblewrap (0.8 or later), or name the program with --bubblewrap (IRS_BUBBLEWRAP)",
                    "安装软件包 bubblewrap（0.8 以上），或者用 --bubblewrap（IRS_BUBBLEWRAP）指明程序的位置",
                ),
            )
        }
        Some(Trouble::NotAllowed(why)) => Verdict::wrong(
            (
                format!("the system does not allow namespaces ({why}): {so}"),
                format!("系统不允许建立命名空间（{why}），{then}"),
            ),
            (
                "allow them: sysctl kernel.unprivileged_userns_clone=1 user.max_user_namespaces=10000; on Ubuntu an AppArmor \
                 profile for bwrap; in a container --security-opt seccomp=unconfined; in a systemd unit without RestrictNamespaces, \
                 ProtectHostname and ProtectKernelTunables",
                "允许它：sysctl kernel.unprivileged_userns_clone=1 user.max_user_namespaces=10000；Ubuntu 上要给 bwrap 一份 AppArmor \
                 配置；在容器里要加 --security-opt seccomp=unconfined；systemd 的服务文件里不要有 RestrictNamespaces、ProtectHostname \
                 和 ProtectKernelTunables",
            ),
        ),
    }
}

pub(super) async fn limits(seen: &Seen<'_>) -> Vec<Verdict> {
    if !builds(seen) {
        return vec![Verdict::skipped(NONE_HERE)];
    }
    vec![judge_limits(pipeline::enforced(&seen.site.workshop.limits).await)]
}

pub(super) fn judge_limits(enforced: Enforced) -> Verdict {
    let remedy = (
        "run the server as the systemd service of deploy/irs.service, with Delegate=yes (cgroup v2); what counts is what 运行状况 of the \
         running server says, not a doctor started from a shell",
        "按 deploy/irs.service 用 systemd 运行服务（Delegate=yes，cgroup v2）",
    );
    match enforced {
        Enforced::Together { v2: true } => Verdict::fine((
            "memory and processes of a build by cgroup v2, delegated",
            "编译的内存和进程数由 cgroup v2 限制",
        )),
        Enforced::Together { v2: false } => {
            Verdict::fine(("memory and processes of a build by cgroup v1", "编译的内存和进程数由 cgroup v1 限制"))
        }
        Enforced::Half { memory } => {
            let (by, not) = if memory { ("memory", "processes") } else { ("processes", "memory") };
            let (chinese_by, chinese_not) = if memory { ("内存", "进程数") } else { ("进程数", "内存") };
            let english = format!("{by} of a build by cgroup, {not} by limits of each process and a watcher");
            let chinese = format!("编译的{chinese_by}由 cgroup 限制，{chinese_not}只能按单个进程限制，由看护程序补充");
            Verdict::note((english, chinese), remedy)
        }
        Enforced::Each => Verdict::note(
            (
                "there is no control group for us: builds are held by limits of each process and a watcher, which notices later",
                "没有可用的控制组：编译只能按单个进程限制，由看护程序补充，超限时发现得晚一些",
            ),
            remedy,
        ),
    }
}

pub(super) async fn tools(seen: &Seen<'_>) -> Vec<Verdict> {
    if !builds(seen) {
        return vec![Verdict::skipped(NONE_HERE)];
    }
    vec![judge_tools(pipeline::tools(&seen.site.workshop).await)]
}

/// By the versions of those that are there; `None`: node or npm is not.
pub(super) fn judge_tools(said: Option<String>) -> Verdict {
    match said {
        Some(said) => {
            let words = said.replace(", no ", "，没有 ").replace(", ", "，").replace(" or later", " 以上");
            Verdict::fine((said, words))
        }
        None => Verdict::wrong(
            ("node or npm is not installed: source packages are refused", "没有安装 node 或 npm，源码包会被拒绝"),
            (
                "install Node.js with npm below /usr, where the sandbox sees it (the packages nodejs and npm)",
                "把 Node.js 和 npm 安装到 /usr 下，沙箱才看得到（软件包 nodejs 和 npm）",
            ),
        ),
    }
}

/// Whether it starts. How it does with a page shows at every preview.
pub(super) async fn chromium(seen: &Seen<'_>) -> Vec<Verdict> {
    if !builds(seen) {
        return vec![Verdict::skipped(NONE_HERE)];
    }
    let Some(chromium) = &seen.site.workshop.chromium else {
        let why = ("none is set (--chromium): previews have no pictures", "没有设置（--chromium），预览没有截图");
        return vec![Verdict::skipped(why)];
    };
    vec![match tokio::time::timeout(PATIENCE, pipeline::asked(chromium, &["--version"])).await {
        Ok(Some(said)) => Verdict::fine((said.clone(), said)),
        Ok(None) | Err(_) => Verdict::wrong(
            (
                format!("{} cannot be run: previews have no pictures", chromium.display()),
                format!("{} 不能运行，预览没有截图", chromium.display()),
            ),
            (
                "install the package chromium, or name the program with --chromium (IRS_CHROMIUM)",
                "安装软件包 chromium，或者用 --chromium（IRS_CHROMIUM）指明程序的位置",
            ),
        ),
    }]
}

pub(super) async fn registry(seen: &Seen<'_>) -> Vec<Verdict> {
    let remedy = (
        "see that this machine reaches it (proxy, firewall), or set the site's own mirror with --npm-registry",
        "检查这台机器能否访问它（代理、防火墙），或者用 --npm-registry 设置本单位的镜像",
    );
    vec![match &seen.registry {
        None => Verdict::skipped(NONE_HERE),
        Some(Err(why)) => Verdict::wrong((why.clone(), format!("npm 仓库不能访问（{why}），源码包装不上依赖")), remedy),
        Some(Ok(answer)) if answer.status >= 500 => {
            let chinese = format!("npm 仓库 {} 出错（HTTP {}）", answer.address, answer.status);
            Verdict::wrong((format!("{} answers {}", answer.address, answer.status), chinese), remedy)
        }
        Some(Ok(answer)) => {
            Verdict::fine((format!("{} answers", answer.address), format!("npm 仓库 {} 可以访问", answer.address)))
        }
    }]
}

pub(super) async fn ask_registry(site: &Site) -> RegistryAnswer {
    if site.workshop.builds == 0 {
        return None;
    }
    let address = pipeline::registry_of(&site.workshop).await;
    Some(ask(site, &address).await)
}

async fn ask(site: &Site, address: &str) -> Result<Answered, String> {
    // A second time it is set already, which is as good.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let no_secrets = reqwest::Url::parse(address).map_err(|_| "its address is not one".to_owned())?;
    let address = no_secrets.host_str().unwrap_or_default().to_owned();
    let client = reqwest::Client::builder().timeout(PATIENCE).no_proxy().build().map_err(|error| error.to_string())?;
    let asked = client.get(no_secrets).send().await;
    let answer = asked.map_err(|error| format!("{address} does not answer: {}", cause(&error.without_url())))?;
    let asked_at = site.clock.now();
    let date = answer.headers().get(reqwest::header::DATE).and_then(|date| date.to_str().ok());
    Ok(Answered { address, status: answer.status().as_u16(), asked_at, at: date.and_then(of_http) })
}

/// The last cause: the first says only that something failed.
fn cause(error: &dyn std::error::Error) -> String {
    error.source().map_or_else(|| error.to_string(), cause)
}

/// `Tue, 24 Nov 2026 00:00:00 GMT`.
pub(super) fn of_http(date: &str) -> Option<UtcMillis> {
    const MONTHS: &str = "JanFebMarAprMayJunJulAugSepOctNovDec";
    let mut parts = date.split_once(", ")?.1.split(' ');
    let day: i64 = parts.next()?.parse().ok()?;
    let month = i64::try_from(MONTHS.find(parts.next()?)? / 3).ok()? + 1;
    let year: i64 = parts.next()?.parse().ok()?;
    let time: Vec<i64> = parts.next()?.split(':').map(str::parse).collect::<Result<_, _>>().ok()?;
    let [hours, minutes, seconds] = time.try_into().ok()?;
    // Days since 1970 of the civil calendar, with years that begin in March.
    let (year, month) = if month <= 2 { (year - 1, month + 9) } else { (year, month - 3) };
    let day_of_year = (153 * month + 2) / 5 + day - 1;
    let era = year.div_euclid(400);
    let of_era = year.rem_euclid(400);
    let days = era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + day_of_year - 719_468;
    Some(UtcMillis((((days * 24 + hours) * 60 + minutes) * 60 + seconds) * 1000))
}
