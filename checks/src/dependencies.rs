//! What a lock file of npm pins: for the difference between two packages.

use crate::locks::{LONGEST, npm};
use std::collections::BTreeSet;

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

/// The dependencies in a `package-lock.json` (versions 1 to 3), sorted, of its first 20,000 entries; none where it is not one, or is
/// longer than 20 MB. A lock of version 1 does not say which are direct.
pub fn dependencies(lock: &str) -> Vec<Dependency> {
    if lock.len() > LONGEST {
        return Vec::new();
    }
    let Ok(lock) = npm::read(lock) else { return Vec::new() };
    let Some((entries, is_old)) = lock.entries() else { return Vec::new() };
    let mut found = BTreeSet::new();
    for entry in &entries.found {
        let place = entry.key.rsplit_once("node_modules/").or(is_old.then_some(("", entry.key.as_str())));
        if let (Some((above, name)), Some(version)) = (place, entry.version.as_ref().filter(|_| !entry.link)) {
            let direct = !is_old && above.is_empty() && lock.direct.contains(name);
            found.insert(dependency(name, version, direct));
        }
    }
    found.into_iter().collect()
}

pub(crate) fn dependency(name: &str, version: &str, direct: bool) -> Dependency {
    let cut = |text: &str| text.chars().take(WIDEST).collect();
    Dependency { name: cut(name), version: cut(version), direct }
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
