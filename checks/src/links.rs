//! 外链检查, on what will be served: every absolute or protocol-relative address, found by parsing, its
//! host compared with the allow-list. Start at [`check_links`].

mod address;
mod allow_list;
mod mentions;
mod walk;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::limits::PLACES_KEPT;
use crate::text::Places;

pub use allow_list::AllowList;

/// One file of what will be served.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServedFile {
    /// The path, with `/`.
    pub path: String,
    /// The content.
    pub bytes: Vec<u8>,
}

/// The result of 外链检查.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LinkReport {
    /// Each host, sorted.
    pub hosts: Vec<HostUse>,
    /// Addresses whose host is put together at run time: the check cannot decide them, the policy of the
    /// served application will. At most 50 are kept.
    pub undecided: Vec<Place>,
    /// How many those are.
    pub undecided_count: u32,
    /// Scripts that could not be parsed; their text was searched instead.
    pub unparsed: Vec<String>,
    /// How many files were looked at.
    pub files: u32,
}

/// A host and where it appears.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HostUse {
    /// Lower case, punycode, without a port.
    pub host: String,
    /// Whether the list has it.
    pub allowed: bool,
    /// In the order of path and place; at most 50 are kept.
    pub places: Vec<Place>,
    /// How often it appears.
    pub count: u32,
}

/// Where an address stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// The path.
    pub file: String,
    /// From 1.
    pub line: u32,
    /// From 1, in characters.
    pub column: u32,
    /// The address, at most 100 characters.
    pub address: String,
}

impl LinkReport {
    /// 未通过 or 已完成: unknown hosts block.
    pub fn passes(&self) -> bool {
        self.hosts.iter().all(|host| host.allowed)
    }

    /// The hosts that the list does not have.
    pub fn unknown(&self) -> impl Iterator<Item = &HostUse> {
        self.hosts.iter().filter(|host| !host.allowed)
    }
}

/// Checks files one after the other. They should come sorted by path: the result lists them as they came.
///
/// # Errors
/// Whatever `files` answers when a file cannot be read.
pub fn check_links<E>(
    files: impl IntoIterator<Item = Result<ServedFile, E>>,
    allowed: &AllowList,
) -> Result<LinkReport, E> {
    let mut check = Check::default();
    for file in files {
        let file = file?;
        check.file(&file.path, &file.bytes);
    }
    Ok(check.finish(allowed))
}

/// Whether the content of the file of this path says anything to the check; of the others it may come empty.
pub fn looks_into(path: &str) -> bool {
    crate::file_kind::kind(path) != crate::file_kind::FileKind::Other
}

/// The same, for those who hand over files instead of being asked for them.
#[derive(Debug, Default)]
pub struct Check {
    hosts: BTreeMap<String, (Vec<Place>, u32)>,
    undecided: Vec<Place>,
    undecided_count: u32,
    unparsed: Vec<String>,
    files: u32,
}

impl Check {
    /// One more file.
    pub fn file(&mut self, path: &str, bytes: &[u8]) {
        self.files = self.files.saturating_add(1);
        let kind = crate::file_kind::kind(path);
        if kind == crate::file_kind::FileKind::Other {
            return;
        }
        let text = crate::text::decode(bytes);
        let mut found = walk::Links::default();
        walk::file(&text, kind, &mut found);
        if found.unparsed && self.unparsed.len() < PLACES_KEPT {
            self.unparsed.push(path.to_owned());
        }
        found.links.sort();
        found.links.dedup_by(|a, b| a.at == b.at && a.host == b.host);
        let mut places = Places::new(&text);
        for link in found.links {
            let spot = places.spot(link.at);
            let file = path.to_owned();
            let place =
                Place { file, line: spot.line, column: spot.column, address: crate::text::short(&link.address) };
            match link.host {
                Some(host) => {
                    let (places, count) = self.hosts.entry(host).or_default();
                    keep(places, count, place);
                }
                None => keep(&mut self.undecided, &mut self.undecided_count, place),
            }
        }
    }

    /// The result.
    pub fn finish(self, allowed: &AllowList) -> LinkReport {
        let Check { hosts, undecided, undecided_count, unparsed, files } = self;
        let hosts = hosts
            .into_iter()
            .map(|(host, (places, count))| HostUse { allowed: allowed.has(&host), host, places, count })
            .collect();
        LinkReport { hosts, undecided, undecided_count, unparsed, files }
    }
}

fn keep(places: &mut Vec<Place>, count: &mut u32, place: Place) {
    *count = count.saturating_add(1);
    if places.len() < PLACES_KEPT {
        places.push(place);
    }
}
