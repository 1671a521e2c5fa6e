//! `pnpm-lock.yaml`, versions 5 (pnpm 5 to 7), 6 (pnpm 8) and 9 (pnpm 9 and later).

use super::{Line, MOST, Pinned, bare, lines, name_and_rest, pair};
use std::collections::BTreeSet;

/// What `package.json` names stands under these.
const DIRECT: [&str; 3] = ["dependencies", "devDependencies", "optionalDependencies"];

pub(super) fn entries(text: &str) -> Vec<Pinned<'_>> {
    let (mut found, mut direct) = (Vec::new(), Named::default());
    let mut section = "";
    for line in lines(text) {
        if line.indent == 0 {
            section = pair(line.text).map_or("", |(key, _)| key);
            direct.begins(section);
            continue;
        }
        match section {
            "packages" if found.len() > MOST => break,
            "packages" => package(&line, &mut found),
            "importers" => direct.line(&line, 4),
            _ => direct.line(&line, 0),
        }
    }
    for pinned in &mut found {
        pinned.direct = direct.all.contains(&(pinned.name, pinned.version));
    }
    found
}

/// Whether it is in the form that pnpm writes, as is one without dependencies: what it pins in another was not found.
pub(super) fn is_regular(text: &str, found: &[Pinned<'_>]) -> bool {
    let (mut says, mut head, mut lists) = (false, false, false);
    let mut section = "";
    for line in lines(text) {
        says = true;
        if line.indent > 0 {
            lists |= section == "packages";
            continue;
        }
        match pair(line.text) {
            // The next document, or a list.
            None if line.text.starts_with('-') => {}
            None => return false,
            // All in one line, or by an anchor.
            Some(("packages", value)) if !matches!(value, "" | "{}") => return false,
            Some((key, _)) => {
                section = key;
                head |= key == "lockfileVersion";
            }
        }
    }
    let lost = lists && found.is_empty();
    !says || (head && !lost)
}

/// A line of `packages`: a key, or what it says of the last one.
fn package<'t>(line: &Line<'t>, found: &mut Vec<Pinned<'t>>) {
    let Some((key, value)) = pair(line.text) else { return };
    if line.indent == 2 {
        found.extend(named(key, line.at));
        return;
    }
    let Some(last) = found.last_mut() else { return };
    match (line.indent, key) {
        (4, "resolution") => {
            let inside = value.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')).unwrap_or_default();
            for (key, value) in inside.split(", ").filter_map(pair) {
                resolution(key, value, last);
            }
        }
        (4, "requiresBuild") => last.script = value == "true",
        (4, "name") => last.name = value,
        (4, "version") => last.version = value,
        (6, key) => resolution(key, value, last),
        _ => {}
    }
}

fn resolution<'t>(key: &str, value: &'t str, of: &mut Pinned<'t>) {
    match key {
        "integrity" => of.whole = !value.is_empty(),
        "tarball" | "repo" | "directory" => of.from = Some(value.into()),
        _ => {}
    }
}

/// `@vue/shared@3.5.0`, `/@vue/shared@3.3.0(a@1.0.0)`, `/@vue/shared/3.2.0_a@1.0.0`, `github.com/a/b/<commit>`, `a@https://…`.
fn named(key: &str, at: usize) -> Option<Pinned<'_>> {
    let plain = key.strip_prefix('/').unwrap_or(key);
    let plain = plain.split('(').next().unwrap_or(plain);
    let (name, version) = match name_and_rest(plain) {
        Some((name, version)) if name.matches('/').count() == usize::from(name.starts_with('@')) => (name, version),
        _ => plain.rsplit_once('/')?,
    };
    let version = without_peers(version);
    // What has no number for its version says by it where it comes from.
    let from = (!version.starts_with(|c: char| c.is_ascii_digit())).then_some(version.into());
    Some(Pinned { at, name, version, from, ..Pinned::default() })
}

/// `3.3.0(a@1.0.0)`, `3.2.0_a@1.0.0`.
fn without_peers(version: &str) -> &str {
    let version = bare(version).split('(').next().unwrap_or_default();
    if version.starts_with(|c: char| c.is_ascii_digit()) {
        version.split('_').next().unwrap_or_default()
    } else {
        version
    }
}

/// What `package.json` names, with the version that was chosen.
#[derive(Default)]
struct Named<'t> {
    all: BTreeSet<(&'t str, &'t str)>,
    under: bool,
    name: &'t str,
}

impl<'t> Named<'t> {
    /// A section of the top: before version 9 also one of the lists.
    fn begins(&mut self, section: &str) {
        self.under = DIRECT.contains(&section);
    }

    fn keep(&mut self, name: &'t str, version: &'t str) {
        if self.all.len() < MOST {
            self.all.insert((name, without_peers(version)));
        }
    }

    /// A line of a list, or, below `importers`, of what holds the lists.
    fn line(&mut self, line: &Line<'t>, deeper: usize) {
        let Some((key, value)) = pair(line.text) else { return };
        match line.indent.saturating_sub(deeper) {
            0 if deeper > 0 => self.under = line.indent == deeper && DIRECT.contains(&key),
            2 if self.under => {
                self.name = key;
                if !value.is_empty() {
                    self.keep(key, value);
                }
            }
            4 if self.under && key == "version" => {
                self.keep(self.name, value);
            }
            _ => {}
        }
    }
}
