//! `server doctor`: looks at a site from outside, beside whoever serves, and says in words what is wrong and what to do.
//!
//! It changes nothing but a file that it makes in the data folder and takes away, and sends nothing to anybody: the gateway of 浙政钉 is asked for
//! a token. Start reading at
//! [`CHECKS`]. Each check looks, and leaves the judging to a function of values (`judge_…`).

mod building;
mod database;
mod machine;
mod network;
#[cfg(test)]
mod tests;

use crate::clock::Clock;
use crate::entropy::Entropy;
use crate::files::Files;
use crate::workshop::Workshop;
use domain::UtcMillis;
use std::fmt;
use std::path::PathBuf;
use std::pin::Pin;

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
    Fine(String),
    /// It was not looked at, and why.
    Skipped(String),
    /// It works, but could be better.
    Note(Finding),
    /// It is wrong.
    Wrong(Finding),
}

/// What is so, and what to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// In words.
    pub what: String,
    /// In words, too.
    pub remedy: String,
}

/// A check, and what it found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnosis {
    /// The check's name.
    pub check: &'static str,
    /// What it found.
    pub verdict: Verdict,
}

/// The whole list.
#[rustfmt::skip]
const CHECKS: &[Check] = &[
    Check { name: "data folder",       look: |s| Box::pin(machine::data_folder(s)) },
    Check { name: "disk space",        look: |s| Box::pin(machine::disk(s)) },
    Check { name: "object store",      look: |s| Box::pin(network::object_store(s)) },
    Check { name: "database",          look: |s| Box::pin(database::reachable(s)) },
    Check { name: "database settings", look: |s| Box::pin(database::settings(s)) },
    Check { name: "schema",            look: |s| Box::pin(database::schema(s)) },
    Check { name: "audit log",         look: |s| Box::pin(database::audit_log(s)) },
    Check { name: "clock",             look: |s| Box::pin(machine::clock(s)) },
    Check { name: "build sandbox",     look: |s| Box::pin(building::sandbox(s)) },
    Check { name: "build limits",      look: |s| Box::pin(building::limits(s)) },
    Check { name: "Node.js and npm",   look: |s| Box::pin(building::tools(s)) },
    Check { name: "npm registry",      look: |s| Box::pin(building::registry(s)) },
    Check { name: "apps domain",       look: |s| Box::pin(network::apps_domain(s)) },
    Check { name: "public address",    look: |s| Box::pin(network::public_address(s)) },
    Check { name: "webhook",           look: |s| Box::pin(network::webhook(s)) },
    Check { name: "mail server",       look: |s| Box::pin(network::mail_server(s)) },
    Check { name: "dingtalk gateway",  look: |s| Box::pin(network::dingtalk(s)) },
    Check { name: "OpenID provider",   look: |s| Box::pin(network::oidc(s)) },
];

/// One of it.
struct Check {
    name: &'static str,
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

/// Makes all checks, in their order.
pub async fn examine(site: &Site) -> Vec<Diagnosis> {
    let (database, registry) = tokio::join!(Box::pin(database::ask(site)), Box::pin(building::ask_registry(site)));
    let seen = Seen { site, database, registry, now: site.clock.now() };
    let mut found = Vec::new();
    for Check { name, look } in CHECKS {
        let verdicts = look(&seen).await;
        found.extend(verdicts.into_iter().map(|verdict| Diagnosis { check: name, verdict }));
    }
    found
}

impl Verdict {
    fn fine(what: impl Into<String>) -> Self {
        Self::Fine(what.into())
    }

    fn skipped(why: impl Into<String>) -> Self {
        Self::Skipped(why.into())
    }

    fn note(what: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self::Note(Finding { what: what.into(), remedy: remedy.into() })
    }

    fn wrong(what: impl Into<String>, remedy: impl Into<String>) -> Self {
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
        write!(f, "{word:<6}{}: {what}", self.check)?;
        remedy.map_or(Ok(()), |remedy| write!(f, "\n      → {remedy}"))
    }
}

/// All that is wrong of several things, or that all is well.
fn all(wrong: Vec<Verdict>, else_fine: impl FnOnce() -> String) -> Vec<Verdict> {
    if wrong.is_empty() { vec![Verdict::Fine(else_fine())] } else { wrong }
}
