//! Lock files of pnpm and yarn, line by line: what they pin, and where it comes from. The tools write them in one form, so that
//! no whole YAML has to be read; what stands in another form is passed over. Start at [`entries`]. npm's are JSON: [`npm`].

pub(crate) mod npm;
mod pnpm;
mod yarn;

use crate::dependencies::Dependency;
use crate::shape::Lock;
use std::borrow::Cow;
use std::collections::BTreeSet;

pub use yarn::from_one_registry;

/// Longer ones are not read. Bytes.
pub(crate) const LONGEST: usize = 20 * 1024 * 1024;

/// Of one lock file so many entries are looked at.
pub(crate) const MOST: usize = 20_000;

/// A package that is pinned. Texts are as they stand there.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Pinned<'t> {
    /// Where its key begins. Bytes.
    pub(crate) at: usize,
    pub(crate) name: &'t str,
    pub(crate) version: &'t str,
    /// It has a checksum, or needs none here.
    pub(crate) whole: bool,
    /// Where it comes from, if that is not simply the registry.
    pub(crate) from: Option<Cow<'t, str>>,
    /// It has an install script.
    pub(crate) script: bool,
    /// `package.json` names it, as far as the file says.
    pub(crate) direct: bool,
}

/// Which tool wrote a file of this name; a `yarn.lock` says which yarn.
pub(crate) fn written_by(name: &str, text: &str) -> Option<Lock> {
    match name {
        "pnpm-lock.yaml" => Some(Lock::Pnpm),
        "yarn.lock" if text.lines().any(|line| line.trim_end() == "__metadata:") => Some(Lock::YarnBerry),
        "yarn.lock" => Some(Lock::Yarn),
        _ => None,
    }
}

/// What a lock file of pnpm or yarn pins, in its order; of npm: nothing. One more than [`MOST`] says that there are more.
pub(crate) fn entries(lock: Lock, text: &str) -> Vec<Pinned<'_>> {
    match lock {
        _ if text.len() > LONGEST => Vec::new(),
        Lock::Npm => Vec::new(),
        Lock::Pnpm => pnpm::entries(text),
        Lock::Yarn => yarn::old(text),
        Lock::YarnBerry => yarn::berry(text),
    }
}

/// Why a lock file of pnpm or yarn can't be relied upon, if so: it says something, but not in its tool's form, or more than is looked
/// at. In words that stand behind its name; none are needed where the form is not the tool's.
pub(crate) fn doubt(lock: Lock, text: &str, found: &[Pinned<'_>]) -> Option<&'static str> {
    if text.len() > LONGEST {
        return Some("（超过 20 MB，没有检查）");
    }
    if found.len() > MOST {
        return Some("（只检查了前 20000 项）");
    }
    let regular = match lock {
        Lock::Npm => true,
        Lock::Pnpm => pnpm::is_regular(text, found),
        Lock::Yarn | Lock::YarnBerry => yarn::is_regular(text, found),
    };
    (!regular).then_some("")
}

/// The dependencies in the lock file of this tool, sorted, at most 20,000; none where it is not one. The lock of the old yarn does
/// not say which are direct.
pub fn dependencies_of(lock: Lock, text: &str) -> Vec<Dependency> {
    if lock == Lock::Npm {
        return crate::dependencies::dependencies(text);
    }
    let found: BTreeSet<Dependency> = entries(lock, text)
        .into_iter()
        .take(MOST)
        .map(|pinned| crate::dependencies::dependency(pinned.name, pinned.version, pinned.direct))
        .collect();
    found.into_iter().collect()
}

/// A line that says something.
struct Line<'t> {
    /// Where its text begins. Bytes.
    at: usize,
    /// Blanks before it.
    indent: usize,
    /// Without blanks around it.
    text: &'t str,
}

fn lines(text: &str) -> impl Iterator<Item = Line<'_>> {
    let mut at = 0_usize;
    text.split_inclusive('\n').filter_map(move |whole| {
        let start = at;
        at = at.saturating_add(whole.len());
        let line = whole.trim_end();
        let text = line.trim_start_matches(' ');
        let indent = line.len().saturating_sub(text.len());
        let says = !text.is_empty() && !text.starts_with('#');
        says.then_some(Line { at: start.saturating_add(indent), indent, text })
    })
}

/// `key: value` or `key:`, quotes taken off both; the key may hold colons if it is quoted, or if no blank follows them.
fn pair(text: &str) -> Option<(&str, &str)> {
    let quote = text.chars().next().filter(|first| matches!(first, '\'' | '"'));
    let (key, rest) = match quote {
        Some(quote) => text.get(1..)?.split_once(quote)?,
        None => match text.split_once(": ") {
            Some((key, value)) => return Some((key, bare(value))),
            None => (text.strip_suffix(':')?, ":"),
        },
    };
    Some((key, bare(rest.strip_prefix(':')?)))
}

fn bare(value: &str) -> &str {
    let value = value.trim();
    ['\'', '"']
        .iter()
        .find_map(|quote| value.strip_prefix(*quote).and_then(|rest| rest.strip_suffix(*quote)))
        .unwrap_or(value)
}

/// `@scope/name@rest` apart.
fn name_and_rest(text: &str) -> Option<(&str, &str)> {
    let after = text.get(1..)?.find('@')?.saturating_add(1);
    Some((text.get(..after)?, text.get(after.saturating_add(1)..)?))
}

#[cfg(test)]
mod tests;
