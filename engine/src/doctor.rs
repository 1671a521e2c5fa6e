//! `server doctor`: looks at a site from outside, beside whoever serves, and says in words what is wrong and what to do.
//!
//! It changes nothing but a file that it makes in the data folder and takes away, and sends nothing to anybody: the gateway of 浙政钉 is asked for
//! a token. The screen of the system administrator has the same, of the server that answers ([`report`]). Start reading at
//! [`CHECKS`]. Each check looks, and leaves the judging to a function of values (`judge_…`).

mod backup;
mod building;
mod database;
mod live;
#[cfg(test)]
mod live_tests;
mod machine;
mod network;
#[cfg(test)]
mod outside_tests;
#[cfg(test)]
mod tests;

use crate::clock::Clock;
use crate::entropy::Entropy;
use crate::files::Files;
use crate::pipeline;
use crate::workshop::Workshop;
use domain::UtcMillis;
use futures_util::future::join_all;
use std::fmt;
use std::path::PathBuf;
use std::pin::Pin;
use std::time::Duration;

pub(crate) use live::Rounds;
pub use live::{begin, report, swept};

/// A check has so long. What takes longer is wrong by that alone.
const AT_MOST: Duration = Duration::from_secs(30);

/// A site: its settings.
#[derive(Clone)]
pub struct Site {
    /// The data folder.
    pub data: PathBuf,
    /// The database's address.
    pub database: String,
    /// The bucket, where files are not in the data folder.
    pub bucket: Option<Files>,
    /// Where people reach it.
    pub public_url: Option<String>,
    /// It is a demo: nobody from outside reaches it.
    pub demo: bool,
    /// The rest.
    pub workshop: Workshop,
    /// The time.
    pub clock: Clock,
    /// A name that nobody has.
    pub entropy: Entropy,
}

/// What a check found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// It is as it should be.
    Fine(Said),
    /// It was not looked at, and why.
    Skipped(Said),
    /// It works, but could be better.
    Note(Finding),
    /// It is wrong.
    Wrong(Finding),
}

/// What is so, and what to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// In words.
    pub what: Said,
    /// In words, too.
    pub remedy: Said,
}

/// A sentence in both languages: for the operator's terminal, and for the administrator's screen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    /// As `server doctor` prints it.
    pub english: String,
    /// As 运行状况 shows it.
    pub chinese: String,
}

impl<E: Into<String>, C: Into<String>> From<(E, C)> for Said {
    fn from((english, chinese): (E, C)) -> Self {
        Self { english: english.into(), chinese: chinese.into() }
    }
}

/// A check, and what it found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnosis {
    /// The check's name.
    pub check: &'static str,
    /// The same on the screen.
    pub title: &'static str,
    /// What it found.
    pub verdict: Verdict,
}

/// The whole list.
#[rustfmt::skip]
const CHECKS: &[Check] = &[
    Check { name: "data folder", title: "数据目录", look: |s| Box::pin(machine::data_folder(s)) },
    Check { name: "disk space", title: "磁盘空间", look: |s| Box::pin(machine::disk(s)) },
    Check { name: "object store", title: "对象存储", look: |s| Box::pin(network::object_store(s)) },
    Check { name: "database", title: "数据库", look: |s| Box::pin(database::reachable(s)) },
    Check { name: "database settings", title: "数据库设置", look: |s| Box::pin(database::settings(s)) },
    Check { name: "schema", title: "数据表版本", look: |s| Box::pin(database::schema(s)) },
    Check { name: "audit log", title: "审计日志", look: |s| Box::pin(database::audit_log(s)) },
    Check { name: "daily backup", title: "每日备份", look: |s| Box::pin(backup::daily(s)) },
    Check { name: "clock", title: "时钟", look: |s| Box::pin(machine::clock(s)) },
    Check { name: "build sandbox", title: "编译沙箱", look: |s| Box::pin(building::sandbox(s)) },
    Check { name: "build limits", title: "编译限制", look: |s| Box::pin(building::limits(s)) },
    Check { name: "Node.js and npm", title: "Node.js 和 npm", look: |s| Box::pin(building::tools(s)) },
    Check { name: "npm registry", title: "npm 仓库", look: |s| Box::pin(building::registry(s)) },
    Check { name: "Chromium", title: "试运行浏览器", look: |s| Box::pin(building::chromium(s)) },
    Check { name: "apps domain", title: "应用域名", look: |s| Box::pin(network::apps_domain(s)) },
    Check { name: "public address", title: "平台地址", look: |s| Box::pin(network::public_address(s)) },
    Check { name: "webhook", title: "群机器人", look: |s| Box::pin(network::webhook(s)) },
    Check { name: "mail server", title: "邮件服务器", look: |s| Box::pin(network::mail_server(s)) },
    Check { name: "dingtalk gateway", title: "浙政钉网关", look: |s| Box::pin(network::dingtalk(s)) },
    Check { name: "OpenID provider", title: "OpenID 提供方", look: |s| Box::pin(network::oidc(s)) },
];

/// One of it.
struct Check {
    name: &'static str,
    title: &'static str,
    look: for<'s> fn(&'s Seen<'s>) -> Look<'s>,
}

/// A check at work.
type Look<'s> = Pin<Box<dyn Future<Output = Vec<Verdict>> + Send + 's>>;

/// The site, and what several checks look at, asked once.
struct Seen<'s> {
    site: &'s Site,
    database: database::Asked,
    registry: building::RegistryAnswer,
    now: UtcMillis,
}

/// Makes all checks at once, and answers in their order.
pub async fn examine(site: &Site) -> Vec<Diagnosis> {
    pipeline::settle(&site.workshop);
    let (database, registry) = tokio::join!(Box::pin(database::ask(site)), Box::pin(building::ask_registry(site)));
    let seen = Seen { site, database, registry, now: site.clock.now() };
    let found = join_all(CHECKS.iter().map(|check| make(check, &seen))).await;
    found.into_iter().flatten().collect()
}

/// Makes one, for as long as it may take.
async fn make(check: &Check, seen: &Seen<'_>) -> Vec<Diagnosis> {
    let verdicts = tokio::time::timeout(AT_MOST, (check.look)(seen)).await;
    let verdicts = verdicts.unwrap_or_else(|_| {
        vec![Verdict::wrong(
            (
                format!("it did not come to an end within {} s", AT_MOST.as_secs()),
                format!("{} 秒内没有检查完", AT_MOST.as_secs()),
            ),
            ("see what holds it up: disk, network, processes", "看看是什么卡住了：磁盘、网络或进程"),
        )]
    });
    verdicts.into_iter().map(|verdict| Diagnosis { check: check.name, title: check.title, verdict }).collect()
}

impl Verdict {
    fn fine(what: impl Into<Said>) -> Self {
        Self::Fine(what.into())
    }

    fn skipped(why: impl Into<Said>) -> Self {
        Self::Skipped(why.into())
    }

    fn note(what: impl Into<Said>, remedy: impl Into<Said>) -> Self {
        Self::Note(Finding { what: what.into(), remedy: remedy.into() })
    }

    fn wrong(what: impl Into<Said>, remedy: impl Into<Said>) -> Self {
        Self::Wrong(Finding { what: what.into(), remedy: remedy.into() })
    }

    /// Whether something has to be done.
    pub fn is_wrong(&self) -> bool {
        matches!(self, Self::Wrong(_))
    }
}

impl fmt::Display for Diagnosis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (word, what, remedy) = match &self.verdict {
            Verdict::Fine(what) => ("ok", what, None),
            Verdict::Skipped(why) => ("-", why, None),
            Verdict::Note(found) => ("note", &found.what, Some(&found.remedy)),
            Verdict::Wrong(found) => ("WRONG", &found.what, Some(&found.remedy)),
        };
        write!(f, "{word:<6}{}: {}", self.check, what.english)?;
        remedy.map_or(Ok(()), |remedy| write!(f, "\n      → {}", remedy.english))
    }
}

/// All that is wrong of several things, or that all is well.
fn all(wrong: Vec<Verdict>, else_fine: impl FnOnce() -> Said) -> Vec<Verdict> {
    if wrong.is_empty() { vec![Verdict::Fine(else_fine())] } else { wrong }
}
