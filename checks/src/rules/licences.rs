//! 依赖与许可: rules over `package-lock.json` (versions 1 to 3), and over the lock files of pnpm and yarn.

use super::{Rule, Severities};
use crate::collector::FileFindings;
use crate::finding::Found;
use crate::locks::npm::{self, Entry};
use crate::locks::{self, LONGEST, MOST, Pinned};
use crate::shape::Lock;

/// Checks a lock file of npm.
pub(crate) fn lock(text: &str, severities: &Severities, out: &mut FileFindings) {
    if text.len() > LONGEST {
        return out.push(Found::at(Rule::Syntax, 0..0, "package-lock.json（超过 20 MB，没有检查）"));
    }
    let Ok(lock) = npm::read(text) else {
        return out.push(Found::at(Rule::Syntax, 0..0, "package-lock.json"));
    };
    let Some((entries, is_old)) = lock.entries() else { return };
    let mut places = Keys { text, at: 0, budget: text.len().saturating_mul(8) };
    for entry in &entries.found {
        // The project itself and its workspaces are no dependencies.
        if is_old || entry.key.contains("node_modules/") {
            package(entry, &mut places, severities, out);
        }
    }
    if entries.more {
        out.push(Found::at(Rule::Syntax, 0..0, format!("package-lock.json（只检查了前 {MOST} 项）")));
    }
}

/// Checks a lock file of pnpm or yarn.
pub(crate) fn other_lock(lock: Lock, text: &str, severities: &Severities, out: &mut FileFindings) {
    let found = locks::entries(lock, text);
    if let Some(doubt) = locks::doubt(lock, text, &found) {
        out.push(Found::at(Rule::Syntax, 0..0, format!("{}{doubt}", lock.file())));
    }
    for pinned in found.into_iter().take(MOST) {
        let Pinned { at, name, version, .. } = pinned;
        let one = format!("{name}@{version}");
        if let Some(from) = pinned.from.filter(|from| !inside(from, severities)) {
            out.push(Found::at(Rule::OutsideRegistry, at..at, format!("{name}: {from}")));
        }
        if !pinned.whole {
            out.push(Found::at(Rule::NoIntegrity, at..at, one.clone()));
        }
        if pinned.script {
            out.push(Found::at(Rule::InstallScript, at..at, one));
        }
    }
}

fn inside(from: &str, severities: &Severities) -> bool {
    severities.registries.iter().any(|registry| from.starts_with(registry.as_str()))
}

fn package(entry: &Entry, places: &mut Keys<'_>, severities: &Severities, out: &mut FileFindings) {
    if entry.brings_nothing() {
        return;
    }
    let name = entry.key.rsplit("node_modules/").next().unwrap_or(&entry.key);
    let version = entry.version.as_deref().unwrap_or_default();
    let from = entry.resolved.as_deref().unwrap_or(version);
    let plain_version = version.starts_with(|c: char| c.is_ascii_digit());
    let outside = if entry.resolved.is_some() { !inside(from, severities) } else { !plain_version };
    let mut rules = Vec::new();
    if outside {
        rules.push(Rule::OutsideRegistry);
    }
    if !entry.whole {
        rules.push(Rule::NoIntegrity);
    }
    if entry.script {
        rules.push(Rule::InstallScript);
    }
    if rules.is_empty() {
        return;
    }
    let at = places.find(&entry.key);
    for rule in rules {
        let subject =
            if rule == Rule::OutsideRegistry { format!("{name}: {from}") } else { format!("{name}@{version}") };
        out.push(Found::at(rule, at..at, subject));
    }
}

/// Where keys stand in the text. They are asked for in the order of the file or nearly so.
struct Keys<'t> {
    text: &'t str,
    at: usize,
    /// Bytes that may still be searched: a file whose keys stand in no order must not take for ever.
    budget: usize,
}

impl Keys<'_> {
    fn find(&mut self, key: &str) -> usize {
        if self.budget == 0 {
            return 0;
        }
        let quoted = format!("\"{key}\": ");
        let ahead = self.text.get(self.at..).and_then(|rest| rest.find(&quoted)).map(|at| self.at.saturating_add(at));
        let found = ahead.or_else(|| self.text.find(&quoted)).unwrap_or_default();
        let walked = if ahead.is_some() { found.saturating_sub(self.at) } else { self.text.len() };
        self.budget = self.budget.saturating_sub(walked);
        self.at = found;
        found
    }
}
