//! What differs between two versions of a publication: what the developer sees before 提交验收, staff at 验收, reviewers on the order.

use crate::Engine;
use crate::access;
use crate::ctx::Ctx;
use crate::error::{Error, Result};
use crate::hosting::manifest::{self, Manifest, without_hash};
use crate::store::version::{self, VersionRecord};
use crate::store::{Conn, StoreResult, stage, version_facts};
use domain::VersionId;
use domain::view::difference::{DependencyChange, FileChange, FileDifference, FindingChange, MOST, VersionDifference};
use domain::view::version::Dependency;
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// Compares a version with another of its publication; without one, with the one that was live before it (of those uploaded earlier). `None`: nothing was.
///
/// # Errors
/// [`Error::Forbidden`], [`Error::NotFound`] (also: the other is of another publication); the store fails.
pub async fn difference(
    engine: &Engine,
    ctx: &Ctx,
    id: VersionId,
    with: Option<VersionId>,
) -> Result<Option<VersionDifference>> {
    let mut conn = engine.db().reader().await?;
    let (after, granted) = access::version(&mut conn, ctx, id).await?;
    let with = match with {
        Some(with) => Some(with.0),
        None => version_facts::live_before(&mut conn, after.publication_id, after.id).await?,
    };
    let Some(with) = with else { return Ok(None) };
    let before = version::of(&mut conn, with).await?.filter(|before| before.publication_id == after.publication_id);
    let before = before.ok_or(Error::NotFound)?;
    between(engine, conn, (&before, &after), granted.of.live_version).await.map(Some)
}

/// What 配置完成 makes live, beside what was approved.
///
/// # Errors
/// [`Error::NotFound`]: one of them is not there; the store fails.
pub(crate) async fn to_approved(engine: &Engine, approved: Uuid, configured: Uuid) -> Result<VersionDifference> {
    let mut conn = engine.db().reader().await?;
    let before = version::of(&mut conn, approved).await?.ok_or(Error::NotFound)?;
    let after = version::of(&mut conn, configured).await?.ok_or(Error::NotFound)?;
    between(engine, conn, (&before, &after), None).await
}

async fn between(
    engine: &Engine,
    mut conn: Conn,
    (before, after): (&VersionRecord, &VersionRecord),
    live: Option<Uuid>,
) -> Result<VersionDifference> {
    let (found_before, found_after) = (Found::of(&mut conn, before).await?, Found::of(&mut conn, after).await?);
    drop(conn);
    let (served_before, served_after) = (served(engine, before).await?, served(engine, after).await?);
    let (dependencies, dependencies_changed) = dependencies(&found_before.dependencies, &found_after.dependencies);
    let only = |some: &BTreeSet<String>, others: &BTreeSet<String>| some.difference(others).cloned().collect();
    Ok(VersionDifference {
        with: VersionId(before.id),
        number: before.number(),
        live: live == Some(before.id),
        files: served_before.zip(served_after).map(|(before, after)| files(&before, &after)),
        hosts_added: only(&found_after.hosts, &found_before.hosts),
        hosts_removed: only(&found_before.hosts, &found_after.hosts),
        dependencies,
        dependencies_changed,
        findings: findings(&found_before.findings, &found_after.findings),
    })
}

async fn served(engine: &Engine, version: &VersionRecord) -> Result<Option<Manifest>> {
    match &version.bundle {
        Some(bundle) => Ok(manifest::of(engine.files(), bundle).await?),
        None => Ok(None),
    }
}

/// What the stages of a version found.
#[derive(Default)]
struct Found {
    hosts: BTreeSet<String>,
    dependencies: Vec<Dependency>,
    /// By rule: what is wrong, and how often.
    findings: BTreeMap<String, (String, u32)>,
}

impl Found {
    async fn of(conn: &mut Conn, version: &VersionRecord) -> StoreResult<Self> {
        let mut all = Self::default();
        for row in stage::of_version(conn, version.id).await? {
            let outcome = row.outcome();
            all.hosts.extend(outcome.hosts.into_iter().map(|host| host.host));
            all.dependencies.extend(outcome.dependencies);
            for finding in outcome.findings {
                all.findings.entry(finding.rule).or_insert((finding.what, 0)).1 += 1;
            }
        }
        Ok(all)
    }
}

fn files(before: &Manifest, after: &Manifest) -> FileDifference {
    let sum = |of: &Manifest| of.files.values().map(|file| file.size).sum();
    let mut found = FileDifference { bytes_before: sum(before), bytes_after: sum(after), ..FileDifference::default() };
    let mut gone: BTreeMap<&str, u64> = BTreeMap::new();
    for (path, file) in &before.files {
        match after.files.get(path) {
            Some(now) if now.sha256 == file.sha256 => found.same += 1,
            Some(now) => found.files.push(change(path, Some(file.size), Some(now.size))),
            None => {
                gone.insert(path, file.size);
            }
        }
    }
    // What a build tool names by its content is the same file, changed.
    let mut renamed: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for path in gone.keys().rev() {
        renamed.entry(without_hash(path).unwrap_or_default()).or_default().push(path);
    }
    for (path, file) in after.files.iter().filter(|(path, _)| !before.files.contains_key(*path)) {
        let same = without_hash(path).and_then(|plain| renamed.get_mut(&plain)?.pop());
        found.files.push(change(path, same.and_then(|path| gone.remove(path)), Some(file.size)));
    }
    found.files.extend(gone.into_iter().map(|(path, size)| change(path, Some(size), None)));
    found.files.sort_by(|a, b| a.path.cmp(&b.path));
    for file in &found.files {
        match (file.before, file.after) {
            (None, _) => found.added += 1,
            (_, None) => found.removed += 1,
            _ => found.changed += 1,
        }
    }
    found.files.truncate(MOST);
    found
}

fn change(path: &str, before: Option<u64>, after: Option<u64>) -> FileChange {
    FileChange { path: path.to_owned(), before, after }
}

/// Those with other versions, and how many there are.
fn dependencies(before: &[Dependency], after: &[Dependency]) -> (Vec<DependencyChange>, u32) {
    let (before, after) = (by_name(before), by_name(after));
    let names: BTreeSet<&str> = before.keys().chain(after.keys()).copied().collect();
    let versions =
        |of: &BTreeMap<&str, (bool, Vec<&str>)>, name| of.get(name).map(|it| it.1.join("、")).unwrap_or_default();
    let mut changes: Vec<DependencyChange> = names
        .into_iter()
        .map(|name| DependencyChange {
            direct: after.get(name).or_else(|| before.get(name)).is_some_and(|it| it.0),
            before: versions(&before, name),
            after: versions(&after, name),
            name: name.to_owned(),
        })
        .filter(|change| change.before != change.after)
        .collect();
    changes.sort_by_key(|change| !change.direct);
    let all = u32::try_from(changes.len()).unwrap_or(u32::MAX);
    changes.truncate(MOST);
    (changes, all)
}

/// Whether `package.json` names it, and its versions.
fn by_name(of: &[Dependency]) -> BTreeMap<&str, (bool, Vec<&str>)> {
    let mut names: BTreeMap<&str, (bool, Vec<&str>)> = BTreeMap::new();
    for dependency in of {
        let entry = names.entry(&dependency.name).or_default();
        entry.0 |= dependency.direct;
        if !entry.1.contains(&dependency.version.as_str()) {
            entry.1.push(&dependency.version);
        }
    }
    names
}

fn findings(before: &BTreeMap<String, (String, u32)>, after: &BTreeMap<String, (String, u32)>) -> Vec<FindingChange> {
    let rules: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    let count = |of: &BTreeMap<String, (String, u32)>, rule| of.get(rule).map_or(0, |it| it.1);
    let what = |rule| after.get(rule).or_else(|| before.get(rule)).map(|it| it.0.clone()).unwrap_or_default();
    rules
        .into_iter()
        .map(|rule| FindingChange {
            what: what(rule),
            before: count(before, rule),
            after: count(after, rule),
            rule: rule.clone(),
        })
        .filter(|change| change.before != change.after)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{dependencies, files};
    use crate::hosting::manifest::{Entry, Manifest};
    use domain::view::version::Dependency;

    fn served(paths: &[(&str, &str, u64)]) -> Manifest {
        let entry =
            |content: &str, size| Entry { sha256: content.to_owned(), size, mime: String::new(), gzip: None, br: None };
        Manifest {
            files: paths.iter().map(|(path, content, size)| ((*path).to_owned(), entry(content, *size))).collect(),
            ..Manifest::default()
        }
    }

    #[test]
    fn files_are_new_changed_gone_or_the_same_and_a_hash_in_a_name_is_no_new_file() {
        let before = served(&[
            ("index.html", "1", 10),
            ("same.css", "2", 5),
            ("gone.png", "3", 7),
            ("assets/index-BX3kd9_a.js", "4", 100),
            ("assets/page-BX3kd9_b.js", "5", 20),
        ]);
        let after = served(&[
            ("index.html", "1a", 12),
            ("same.css", "2", 5),
            ("new.png", "6", 8),
            ("assets/index-CY4le0-c.js", "4a", 110),
            ("assets/other-CY4le0-d.js", "7", 30),
        ]);
        let found = files(&before, &after);
        assert_eq!((found.added, found.changed, found.removed, found.same), (2, 2, 2, 1));
        assert_eq!((found.bytes_before, found.bytes_after), (142, 165));
        let lines: Vec<_> = found.files.iter().map(|file| (file.path.as_str(), file.before, file.after)).collect();
        assert_eq!(
            lines,
            [
                ("assets/index-CY4le0-c.js", Some(100), Some(110)),
                ("assets/other-CY4le0-d.js", None, Some(30)),
                ("assets/page-BX3kd9_b.js", Some(20), None),
                ("gone.png", Some(7), None),
                ("index.html", Some(10), Some(12)),
                ("new.png", None, Some(8)),
            ]
        );
        assert!(files(&before, &before).files.is_empty());
    }

    #[test]
    fn those_of_package_json_come_first_and_several_versions_are_one_line() {
        let of = |name: &str, version: &str, direct| Dependency {
            name: name.to_owned(),
            version: version.to_owned(),
            direct,
        };
        let before = [of("a", "1.0.0", false), of("vue", "3.4.0", true), of("same", "1.0.0", true)];
        let after =
            [of("a", "1.0.0", false), of("a", "2.0.0", false), of("b", "1.0.0", false), of("vue", "3.5.0", true)];
        let (changes, all) = dependencies(&before, &after);
        let lines: Vec<_> = changes.iter().map(|c| format!("{} {}→{}", c.name, c.before, c.after)).collect();
        assert_eq!(lines, ["same 1.0.0→", "vue 3.4.0→3.5.0", "a 1.0.0→1.0.0、2.0.0", "b →1.0.0"]);
        assert_eq!(all, 4);
    }
}
