//! What a lock file of npm pins: for the difference between two packages.

use serde::Deserialize;
use serde::de::IgnoredAny;
use std::collections::{BTreeMap, BTreeSet};

/// Longer lock files are not read for this. Bytes.
const LONGEST: usize = 10 * 1024 * 1024;

/// Names and versions are cut after so many characters.
const WIDEST: usize = 214;

/// A package that a package is built with.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Dependency {
    /// As in the registry: `@vue/shared`.
    pub name: String,
    /// The one that was chosen.
    pub version: String,
    /// `package.json` names it; else another dependency brings it.
    pub direct: bool,
}

/// The dependencies in a `package-lock.json` (versions 1 to 3), sorted; none where it is not one, or is longer than 10 MB. A lock of
/// version 1 does not say which are direct.
pub fn dependencies(lock: &str) -> Vec<Dependency> {
    if lock.len() > LONGEST {
        return Vec::new();
    }
    let Ok(lock) = serde_json::from_str::<LockFile>(lock) else { return Vec::new() };
    let mut found = BTreeSet::new();
    let own = lock.packages.get("");
    let direct = |name: &str| own.is_some_and(|own| own.names(name));
    for (place, entry) in &lock.packages {
        let Some((above, name)) = place.rsplit_once("node_modules/") else { continue };
        if let Some(version) = entry.version.as_ref().filter(|_| !entry.link) {
            found.insert(dependency(name, version, above.is_empty() && direct(name)));
        }
    }
    if lock.packages.is_empty() {
        nested(&lock.dependencies, &mut found);
    }
    found.into_iter().collect()
}

/// As deep as serde_json reads: 128 levels.
fn nested(of: &BTreeMap<String, Nested>, found: &mut BTreeSet<Dependency>) {
    for (name, entry) in of {
        if let Some(version) = &entry.version {
            found.insert(dependency(name, version, false));
        }
        nested(&entry.dependencies, found);
    }
}

pub(crate) fn dependency(name: &str, version: &str, direct: bool) -> Dependency {
    let cut = |text: &str| text.chars().take(WIDEST).collect();
    Dependency { name: cut(name), version: cut(version), direct }
}

#[derive(Deserialize)]
struct LockFile {
    #[serde(default)]
    packages: BTreeMap<String, Entry>,
    #[serde(default)]
    dependencies: BTreeMap<String, Nested>,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Entry {
    version: Option<String>,
    link: bool,
    dependencies: BTreeMap<String, IgnoredAny>,
    dev_dependencies: BTreeMap<String, IgnoredAny>,
    optional_dependencies: BTreeMap<String, IgnoredAny>,
}

impl Entry {
    fn names(&self, name: &str) -> bool {
        [&self.dependencies, &self.dev_dependencies, &self.optional_dependencies].iter().any(|of| of.contains_key(name))
    }
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Nested {
    version: Option<String>,
    dependencies: BTreeMap<String, Nested>,
}

#[cfg(test)]
mod tests {
    use super::dependencies;

    fn shown(lock: &str) -> Vec<String> {
        let word = |direct| if direct { "!" } else { "" };
        dependencies(lock).iter().map(|d| format!("{}@{}{}", d.name, d.version, word(d.direct))).collect()
    }

    #[test]
    fn each_name_and_version_once_and_whether_package_json_names_it() {
        let lock = r#"{ "lockfileVersion": 3, "packages": {
            "": { "name": "x", "dependencies": { "vue": "^3" }, "devDependencies": { "vite": "^7", "local": "file:l" } },
            "l": { "version": "1.0.0" },
            "node_modules/local": { "link": true, "resolved": "l" },
            "node_modules/vue": { "version": "3.5.0", "dependencies": { "@vue/shared": "3.5.0" } },
            "node_modules/@vue/shared": { "version": "3.5.0", "dev": false },
            "node_modules/vite": { "version": "7.1.0" },
            "node_modules/vite/node_modules/vue": { "version": "2.7.0" },
            "node_modules/a/node_modules/@vue/shared": { "version": "3.5.0" } } }"#;
        assert_eq!(shown(lock), ["@vue/shared@3.5.0", "vite@7.1.0!", "vue@2.7.0", "vue@3.5.0!"]);
    }

    #[test]
    fn old_lock_files_nest() {
        let lock = r#"{ "lockfileVersion": 1, "dependencies": {
            "a": { "version": "1.0.0", "requires": { "b": "2" }, "dependencies": { "b": { "version": "2.0.0" } } } } }"#;
        assert_eq!(shown(lock), ["a@1.0.0", "b@2.0.0"]);
    }

    #[test]
    fn what_is_no_lock_file_has_none() {
        let deep = format!("{{\"dependencies\":{}", "{\"a\":{\"dependencies\":".repeat(10_000));
        for lock in ["", "[]", "{}", r#"{"packages": 3}"#, r#"{"packages": {"node_modules/a": {"version": 3}}}"#, &deep]
        {
            assert!(dependencies(lock).is_empty());
        }
    }
}
