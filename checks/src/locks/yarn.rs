//! `yarn.lock`: of the old yarn (1), in a form of its own, and of yarn 2 and later, in YAML.

use super::{Line, MOST, Pinned, bare, lines, name_and_rest, pair};
use std::borrow::Cow;
use std::collections::BTreeSet;

/// The old one's.
pub(super) fn old(text: &str) -> Vec<Pinned<'_>> {
    let mut found: Vec<Pinned<'_>> = Vec::new();
    for line in lines(text) {
        if found.len() > MOST {
            break;
        }
        match line.indent {
            0 => found.extend(key(&line).map(|(name, range)| {
                let elsewhere = ["file:", "link:", "git", "http:", "https:"].iter().any(|way| range.starts_with(way));
                Pinned { at: line.at, name, from: elsewhere.then_some(range.into()), ..Pinned::default() }
            })),
            2 => {
                let (Some(last), Some((word, value))) = (found.last_mut(), line.text.split_once(' ')) else { continue };
                match word {
                    "version" => last.version = bare(value),
                    "resolved" => last.from = Some(bare(value).into()),
                    "integrity" => last.whole = true,
                    _ => {}
                }
            }
            _ => {}
        }
    }
    found
}

/// Of yarn 2 and later: workspaces and links, which are no dependencies, are left out.
pub(super) fn berry(text: &str) -> Vec<Pinned<'_>> {
    let mut found: Vec<(Pinned<'_>, &str)> = Vec::new();
    let mut named: BTreeSet<(&str, &str)> = BTreeSet::new();
    let (mut own, mut list) = (false, false);
    for line in lines(text) {
        if found.len() > MOST {
            break;
        }
        match line.indent {
            0 => {
                own = line.text.contains("@workspace:");
                let keys = line.text.trim_end_matches(':');
                let pinned = key(&line).map(|(name, _)| Pinned { at: line.at, name, ..Pinned::default() });
                found.extend(pinned.filter(|pinned| !own && pinned.name != "__metadata").map(|pinned| (pinned, keys)));
            }
            2 => {
                let Some((word, value)) = pair(line.text) else { continue };
                list = word == "dependencies";
                if let Some((last, _)) = found.last_mut().filter(|_| !own) {
                    said(word, value, last);
                }
            }
            4 if own && list && named.len() < MOST => named.extend(pair(line.text)),
            _ => {}
        }
    }
    let direct = |name: &str, keys: &str| {
        bare(keys)
            .split(", ")
            .filter_map(name_and_rest)
            .any(|(key, range)| key == name && named.contains(&(key, range)))
    };
    found.into_iter().map(|(pinned, keys)| Pinned { direct: direct(pinned.name, keys), ..pinned }).collect()
}

/// Whether it is in the form that one of the two writes, as is one without dependencies: what it pins in another was not found.
pub(super) fn is_regular(text: &str, found: &[Pinned<'_>]) -> bool {
    let (mut says, mut begins, mut new, mut lists) = (false, false, false, false);
    for line in lines(text) {
        says = true;
        if line.indent > 0 {
            continue;
        }
        begins = true;
        new |= line.text == "__metadata:";
        // The new one has its longest keys behind a question mark.
        let key = line.text.ends_with(':') || (new && line.text.starts_with("? "));
        if !key {
            return false;
        }
        lists |= line.text != "__metadata:" && !line.text.contains("@workspace:");
    }
    let lost = lists && found.iter().all(|pinned| pinned.version.is_empty());
    !says || (begins && !lost)
}

fn said<'t>(word: &str, value: &'t str, of: &mut Pinned<'t>) {
    match word {
        "version" => of.version = value,
        "checksum" => of.whole = true,
        // What this machine does not need has no checksum.
        "conditions" => of.whole = true,
        "resolution" => {
            let way = name_and_rest(value).map_or(value, |(_, way)| way);
            let of_registry = way.starts_with("npm:") || way.starts_with("patch:");
            of.from = match way.split_once("__archiveUrl=") {
                Some((_, address)) => Some(Cow::Owned(address.replace("%3A", ":").replace("%2F", "/"))),
                None => (!of_registry).then_some(way.into()),
            };
        }
        _ => {}
    }
}

/// `"@vue/shared@^3.5.0", "@vue/shared@npm:3.5.0":`: the name and the range of the first.
fn key<'t>(line: &Line<'t>) -> Option<(&'t str, &'t str)> {
    let keys = line.text.strip_suffix(':')?;
    let first = match keys.strip_prefix('"') {
        Some(quoted) => quoted.split(['"', ',']).next()?,
        None => keys.split(',').next()?,
    };
    name_and_rest(first).or(Some((first, "")))
}

/// The lock file of the old yarn, with the tarballs of registries (`…/name-1.0.0.tgz`) at this one, whose address ends with a slash:
/// yarn goes to the very address that stands there. The rest stays as it is.
pub fn from_one_registry(lock: &str, registry: &str) -> String {
    let mut text = String::with_capacity(lock.len());
    let mut version = "";
    for whole in lock.split_inclusive('\n') {
        let line = whole.trim_end();
        if let Some(said) = line.strip_prefix("  version ") {
            version = bare(said);
        }
        let tarball = line.strip_prefix("  resolved ").and_then(|said| tarball(bare(said), version, registry));
        match tarball {
            Some(address) => text.push_str(&format!("  resolved \"{address}\"\n")),
            None => text.push_str(whole),
        }
    }
    text
}

/// `https://host/…/@scope/name/-/name-1.0.0.tgz#hash` at this registry; as `…/name/download/…`, too, as one of them had it.
fn tarball(address: &str, version: &str, registry: &str) -> Option<String> {
    let (place, _) = address.split_once('#').unwrap_or((address, ""));
    let path = place.strip_prefix("https://").or_else(|| place.strip_prefix("http://"))?;
    let (package, file) = path.split_once("/-/").or_else(|| path.split_once("/download/"))?;
    let file = file.rsplit('/').next().filter(|_| !version.is_empty())?;
    let own = file.strip_suffix(&format!("-{version}.tgz"))?;
    let mut parts = package.rsplit('/');
    parts.next().filter(|last| *last == own)?;
    let scope =
        parts.next().filter(|scope| scope.starts_with('@')).map(|scope| format!("{scope}/")).unwrap_or_default();
    let hash = address.get(place.len()..).unwrap_or_default();
    Some(format!("{registry}{scope}{own}/-/{file}{hash}"))
}
