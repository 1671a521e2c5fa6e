//! Which hosts an application may name.

use serde::{Deserialize, Serialize};

/// Exact hosts, and `*.` before a host for everything below it (the host itself is not meant).
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(from = "Vec<String>", into = "Vec<String>")]
pub struct AllowList {
    hosts: Vec<String>,
}

impl AllowList {
    /// Takes hosts as people write them; those that are none are left out.
    pub fn new<S: AsRef<str>>(hosts: impl IntoIterator<Item = S>) -> Self {
        let mut hosts: Vec<String> = hosts.into_iter().filter_map(|host| AllowList::entry(host.as_ref())).collect();
        hosts.sort();
        hosts.dedup();
        AllowList { hosts }
    }

    /// One entry, lower case and punycode; nothing if it is no host (or a `*` over a whole top level).
    pub fn entry(written: &str) -> Option<String> {
        let written = written.trim();
        match written.strip_prefix("*.") {
            Some(host) => super::address::host(host).filter(|host| host.contains('.')).map(|host| format!("*.{host}")),
            None => super::address::host(written),
        }
    }

    /// Whether the host (lower case, punycode) is on the list.
    pub fn has(&self, host: &str) -> bool {
        self.hosts.iter().any(|entry| match entry.strip_prefix('*') {
            Some(end) => host.len() > end.len() && host.ends_with(end),
            None => entry == host,
        })
    }

    /// The entries, sorted.
    pub fn hosts(&self) -> &[String] {
        &self.hosts
    }
}

impl From<Vec<String>> for AllowList {
    fn from(hosts: Vec<String>) -> Self {
        AllowList::new(hosts)
    }
}

impl From<AllowList> for Vec<String> {
    fn from(list: AllowList) -> Self {
        list.hosts
    }
}
