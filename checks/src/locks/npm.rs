//! `package-lock.json`, versions 1 (npm 5 and 6: entries in each other) to 3: read once from its beginning to its end, of which
//! [`MOST`] entries are kept and the rest is passed over. Start at [`read`].

use super::MOST;
use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use std::collections::BTreeSet;
use std::fmt;

/// Entries of old files that are deeper in each other are not looked at.
const DEEPEST: u8 = 32;

/// Where the project itself names what it depends on.
const NAMES: [&str; 3] = ["dependencies", "devDependencies", "optionalDependencies"];

/// What a file says.
#[derive(Debug, Default)]
pub(crate) struct NpmLock {
    /// What stands under `packages`; `None`: there is no such list.
    packages: Option<Entries>,
    /// What stands under `dependencies`.
    old: Option<Entries>,
    /// What the project names, at most [`MOST`]; old files do not say it.
    pub(crate) direct: BTreeSet<String>,
}

/// Entries in their order, at most [`MOST`].
#[derive(Debug, Default)]
pub(crate) struct Entries {
    pub(crate) found: Vec<Entry>,
    /// There are more.
    pub(crate) more: bool,
}

/// One of them. What is not of the kind that it should be is as if it were not there.
#[derive(Debug, Default)]
pub(crate) struct Entry {
    /// `node_modules/a/node_modules/b`; in old files a name.
    pub(crate) key: String,
    pub(crate) version: Option<String>,
    pub(crate) resolved: Option<String>,
    /// It has a checksum.
    pub(crate) whole: bool,
    pub(crate) link: bool,
    /// It comes inside another, as new files say it and as old ones do.
    in_bundle: bool,
    bundled: bool,
    /// It has an install script.
    pub(crate) script: bool,
}

impl Entry {
    /// It is a link, or comes inside another: nothing is fetched for it.
    pub(crate) fn brings_nothing(&self) -> bool {
        self.link || self.in_bundle || self.bundled
    }
}

impl NpmLock {
    /// The list that npm goes by, and whether it is that of old files.
    pub(crate) fn entries(&self) -> Option<(&Entries, bool)> {
        let packages = self.packages.as_ref().filter(|packages| !packages.found.is_empty());
        packages.map(|packages| (packages, false)).or_else(|| self.old.as_ref().map(|old| (old, true)))
    }
}

/// Reads all of it.
///
/// # Errors
/// It is no JSON.
pub(crate) fn read(text: &str) -> serde_json::Result<NpmLock> {
    let (mut lock, mut reader) = (NpmLock::default(), serde_json::Deserializer::from_str(text));
    Taker(&mut lock).deserialize(&mut reader)?;
    reader.end()?;
    Ok(lock)
}

/// Takes of a value what it looks for; what it does not look for is passed over.
trait Takes {
    fn text(&mut self, _: &str) {}

    fn flag(&mut self, _: bool) {}

    /// It is a map.
    fn map(&mut self) {}

    /// A member of the map: its value is to be read.
    fn member<'de, A: MapAccess<'de>>(&mut self, _: String, of: &mut A) -> Result<(), A::Error> {
        passed_over(of)
    }
}

/// Reads a value for whoever takes of it.
struct Taker<'t, T>(&'t mut T);

impl<'de, T: Takes> DeserializeSeed<'de> for Taker<'_, T> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, value: D) -> Result<(), D::Error> {
        value.deserialize_any(self)
    }
}

impl<'de, T: Takes> Visitor<'de> for Taker<'_, T> {
    type Value = ();

    fn expecting(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.write_str("JSON")
    }

    fn visit_unit<E: Error>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<(), E> {
        self.0.flag(value);
        Ok(())
    }

    fn visit_i64<E: Error>(self, _: i64) -> Result<(), E> {
        Ok(())
    }

    fn visit_u64<E: Error>(self, _: u64) -> Result<(), E> {
        Ok(())
    }

    fn visit_f64<E: Error>(self, _: f64) -> Result<(), E> {
        Ok(())
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<(), E> {
        self.0.text(value);
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        while list.next_element::<IgnoredAny>()?.is_some() {}
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        self.0.map();
        while let Some(name) = map.next_key()? {
            self.0.member(name, &mut map)?;
        }
        Ok(())
    }
}

impl Takes for NpmLock {
    fn member<'de, A: MapAccess<'de>>(&mut self, name: String, of: &mut A) -> Result<(), A::Error> {
        let (place, direct) = match name.as_str() {
            "packages" => (&mut self.packages, Some(&mut self.direct)),
            "dependencies" => (&mut self.old, None),
            _ => return passed_over(of),
        };
        let mut to = Entries::default();
        let mut list = List { to: &mut to, direct, depth: DEEPEST, is_one: false };
        of.next_value_seed(Taker(&mut list))?;
        *place = list.is_one.then_some(to);
        Ok(())
    }
}

/// Entries by their keys.
struct List<'l> {
    to: &'l mut Entries,
    /// What the project names goes here; `None`: the list is that of an old file.
    direct: Option<&'l mut BTreeSet<String>>,
    /// So much deeper it may become.
    depth: u8,
    is_one: bool,
}

impl Takes for List<'_> {
    fn map(&mut self) {
        self.is_one = true;
    }

    fn member<'de, A: MapAccess<'de>>(&mut self, key: String, of: &mut A) -> Result<(), A::Error> {
        let at = self.to.found.len();
        if at >= MOST {
            self.to.more = true;
            return passed_over(of);
        }
        // Before those that stand in it.
        self.to.found.push(Entry { key, ..Entry::default() });
        let mut one = One { to: self.to, at, direct: self.direct.as_deref_mut(), depth: self.depth, is_one: false };
        of.next_value_seed(Taker(&mut one))?;
        if !one.is_one {
            self.to.found.truncate(at);
        }
        Ok(())
    }
}

/// An entry that is in its list already.
struct One<'l> {
    to: &'l mut Entries,
    at: usize,
    direct: Option<&'l mut BTreeSet<String>>,
    depth: u8,
    is_one: bool,
}

impl Takes for One<'_> {
    fn map(&mut self) {
        self.is_one = true;
    }

    fn member<'de, A: MapAccess<'de>>(&mut self, name: String, of: &mut A) -> Result<(), A::Error> {
        let Some(entry) = self.to.found.get_mut(self.at) else { return passed_over(of) };
        match name.as_str() {
            "version" => last(of, &mut entry.version),
            "resolved" => last(of, &mut entry.resolved),
            "integrity" => {
                let mut text: Option<String> = None;
                last(of, &mut text)?;
                entry.whole = text.is_some_and(|text| !text.is_empty());
                Ok(())
            }
            "link" => last(of, &mut entry.link),
            "inBundle" => last(of, &mut entry.in_bundle),
            "bundled" => last(of, &mut entry.bundled),
            // Once is enough: it only makes an entry stand out more.
            "hasInstallScript" => of.next_value_seed(Taker(&mut entry.script)),
            list => match &mut self.direct {
                Some(direct) if entry.key.is_empty() && NAMES.contains(&list) => {
                    of.next_value_seed(Taker(&mut Named(direct)))
                }
                None if list == "dependencies" && self.depth > 0 => {
                    let depth = self.depth.saturating_sub(1);
                    of.next_value_seed(Taker(&mut List { to: self.to, direct: None, depth, is_one: false }))
                }
                _ => passed_over(of),
            },
        }
    }
}

/// What the project names, with versions that are not looked at.
struct Named<'l>(&'l mut BTreeSet<String>);

impl Takes for Named<'_> {
    fn member<'de, A: MapAccess<'de>>(&mut self, name: String, of: &mut A) -> Result<(), A::Error> {
        if self.0.len() < MOST {
            self.0.insert(name);
        }
        passed_over(of)
    }
}

impl Takes for Option<String> {
    fn text(&mut self, text: &str) {
        *self = Some(text.to_owned());
    }
}

impl Takes for bool {
    fn flag(&mut self, flag: bool) {
        *self |= flag;
    }
}

/// Takes a value in the place of what was there: of members of one name the last counts, as npm reads them.
fn last<'de, A: MapAccess<'de>, T: Takes + Default>(of: &mut A, to: &mut T) -> Result<(), A::Error> {
    *to = T::default();
    of.next_value_seed(Taker(to))
}

fn passed_over<'de, A: MapAccess<'de>>(of: &mut A) -> Result<(), A::Error> {
    of.next_value::<IgnoredAny>().map(drop)
}
