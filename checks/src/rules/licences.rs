//! 依赖与许可: rules over `package-lock.json` (versions 1 to 3), and over the lock files of pnpm and yarn.

use serde_json::{Map, Value};

use super::{Rule, Severities};
use crate::collector::FileFindings;
use crate::finding::Found;
use crate::locks::{self, MOST, Pinned};
use crate::shape::Lock;

/// Old lock files nest; deeper than this is not looked at.
const DEEPEST: u8 = 32;

/// Checks a lock file of npm.
pub(crate) fn lock(text: &str, severities: &Severities, out: &mut FileFindings) {
    let Ok(lock) = serde_json::from_str::<Value>(text) else {
        return out.push(Found::at(Rule::Syntax, 0..0, "package-lock.json"));
    };
    let mut places = Keys { text, at: 0, budget: text.len().saturating_mul(8), left: MOST.saturating_add(1) };
    if let Some(packages) = lock.get("packages").and_then(Value::as_object) {
        for (key, entry) in packages {
            let Some(entry) = entry.as_object() else { continue };
            if !places.one_more() {
                break;
            }
            // The project itself and its workspaces are no dependencies.
            if key.contains("node_modules/") {
                let name = key.rsplit("node_modules/").next().unwrap_or(key);
                package(name, key, entry, &mut places, severities, out);
            }
        }
    } else if let Some(dependencies) = lock.get("dependencies").and_then(Value::as_object) {
        nested(dependencies, DEEPEST, &mut places, severities, out);
    }
    if places.left == 0 {
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

fn nested(
    dependencies: &Map<String, Value>,
    depth: u8,
    places: &mut Keys<'_>,
    severities: &Severities,
    out: &mut FileFindings,
) {
    let Some(depth) = depth.checked_sub(1) else { return };
    for (name, entry) in dependencies {
        let Some(entry) = entry.as_object() else { continue };
        if !places.one_more() {
            return;
        }
        package(name, name, entry, places, severities, out);
        if let Some(inner) = entry.get("dependencies").and_then(Value::as_object) {
            nested(inner, depth, places, severities, out);
        }
    }
}

fn package(
    name: &str,
    key: &str,
    entry: &Map<String, Value>,
    places: &mut Keys<'_>,
    severities: &Severities,
    out: &mut FileFindings,
) {
    let is = |flag: &str| entry.get(flag).and_then(Value::as_bool) == Some(true);
    if is("link") || is("inBundle") || is("bundled") {
        return;
    }
    let version = entry.get("version").and_then(Value::as_str).unwrap_or_default();
    let resolved = entry.get("resolved").and_then(Value::as_str);
    let from = resolved.unwrap_or(version);
    let plain_version = version.starts_with(|c: char| c.is_ascii_digit());
    let outside = if resolved.is_some() { !inside(from, severities) } else { !plain_version };
    let mut rules = Vec::new();
    if outside {
        rules.push(Rule::OutsideRegistry);
    }
    if entry.get("integrity").and_then(Value::as_str).is_none_or(str::is_empty) {
        rules.push(Rule::NoIntegrity);
    }
    if is("hasInstallScript") {
        rules.push(Rule::InstallScript);
    }
    if rules.is_empty() {
        return;
    }
    let at = places.find(key);
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
    /// Entries that may still be looked at, and one more.
    left: usize,
}

impl Keys<'_> {
    /// Whether one more entry is looked at.
    fn one_more(&mut self) -> bool {
        self.left = self.left.saturating_sub(1);
        self.left > 0
    }

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
