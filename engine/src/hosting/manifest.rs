//! What is served of a bundle: path to content, with compressed variants. Written last at deploy (`bundle/<bundle>`).

use crate::error::Result;
use crate::files::{Files, FilesError};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::Range;

/// The kind of list under which manifests are kept.
const KIND: &str = "bundle";

/// The page that answers for `/` and for unknown paths without an extension.
const INDEX: &str = "index.html";

/// The files of a bundle as they are served.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// By path, without a slash in front.
    pub files: BTreeMap<String, Entry>,
    /// Brotli's variants are as small as they get.
    #[serde(default)]
    pub recompressed: bool,
}

/// One file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// Of the content: also the strong ETag.
    pub sha256: String,
    /// Bytes.
    pub size: u64,
    /// The whole Content-Type.
    pub mime: String,
    /// The content, gzipped.
    pub gzip: Option<Variant>,
    /// The content, in brotli.
    pub br: Option<Variant>,
}

/// The same content in another encoding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Variant {
    /// Of the encoded bytes.
    pub sha256: String,
    /// Encoded bytes.
    pub size: u64,
}

/// What a path answers with.
#[derive(Debug, Clone, Copy)]
pub struct Resolved<'m> {
    /// The file.
    pub entry: &'m Entry,
    /// Its path in the bundle.
    pub path: &'m str,
    /// It is `index.html` in place of a path that the application routes by itself.
    pub fallback: bool,
}

impl Manifest {
    /// The file for the path of a request, percent-encoded as it came.
    pub fn resolve(&self, path: &str) -> Option<Resolved<'_>> {
        let decoded = decode(path)?;
        let plain = decoded.trim_start_matches("./").trim_start_matches('/');
        let wanted = match plain {
            "" => Cow::Borrowed(INDEX),
            folder if folder.ends_with('/') => Cow::Owned(format!("{folder}{INDEX}")),
            file => Cow::Borrowed(file),
        };
        if let Some((path, entry)) = self.files.get_key_value(wanted.as_ref()) {
            return Some(Resolved { entry, path, fallback: false });
        }
        let last = plain.trim_end_matches('/').rsplit('/').next().unwrap_or_default();
        let (path, entry) = self.files.get_key_value(INDEX).filter(|_| !last.contains('.'))?;
        Some(Resolved { entry, path, fallback: true })
    }

    /// Bytes that this takes in memory, about.
    pub(crate) fn weight(&self) -> u32 {
        u32::try_from(self.files.len().saturating_mul(500)).unwrap_or(u32::MAX)
    }
}

/// The manifest of a bundle, if it was deployed.
pub(crate) async fn of(files: &Files, bundle: &str) -> Result<Option<Manifest>, FilesError> {
    let list = files.list(KIND, bundle).await?;
    Ok(list.and_then(|bytes| serde_json::from_slice(&bytes).ok()))
}

/// Keeps it, after all that it names.
pub(crate) async fn keep(files: &Files, bundle: &str, manifest: &Manifest) -> Result<()> {
    let list = serde_json::to_vec(manifest).map_err(|e| crate::Error::Work(e.to_string()))?;
    Ok(files.put_list(KIND, bundle, list).await?)
}

/// The fixed table: what a name is served as; what is not in it is offered as a file.
#[rustfmt::skip]
pub(crate) fn mime(path: &str) -> &'static str {
    let name = path.rsplit('/').next().unwrap_or(path);
    let extension = name.rsplit_once('.').map(|(_, e)| e.to_ascii_lowercase()).unwrap_or_default();
    match extension.as_str() {
        "html" | "htm"          => "text/html; charset=utf-8",
        "css"                   => "text/css; charset=utf-8",
        "js" | "mjs" | "cjs"    => "text/javascript; charset=utf-8",
        "json" | "map"          => "application/json",
        "webmanifest"           => "application/manifest+json",
        "txt" | "md"            => "text/plain; charset=utf-8",
        "csv"                   => "text/csv; charset=utf-8",
        "xml"                   => "application/xml",
        "svg"                   => "image/svg+xml",
        "png"                   => "image/png",
        "jpg" | "jpeg"          => "image/jpeg",
        "gif"                   => "image/gif",
        "webp"                  => "image/webp",
        "avif"                  => "image/avif",
        "ico"                   => "image/x-icon",
        "bmp"                   => "image/bmp",
        "woff"                  => "font/woff",
        "woff2"                 => "font/woff2",
        "ttf"                   => "font/ttf",
        "otf"                   => "font/otf",
        "wasm"                  => "application/wasm",
        "pdf"                   => "application/pdf",
        "mp3"                   => "audio/mpeg",
        "wav"                   => "audio/wav",
        "m4a"                   => "audio/mp4",
        "mp4"                   => "video/mp4",
        "webm"                  => "video/webm",
        _                       => "application/octet-stream",
    }
}

/// Whether compressing it is worth while.
pub(crate) fn is_text(mime: &str) -> bool {
    let kinds =
        ["application/json", "application/manifest+json", "application/xml", "application/wasm", "image/svg+xml"];
    mime.starts_with("text/") || kinds.contains(&mime) || matches!(mime, "font/ttf" | "font/otf" | "image/bmp")
}

/// Whether the name carries a hash of the content, as build tools write it, so that it never changes. Rather no than wrongly
/// yes: a wrong yes is stale for a year.
pub fn is_hashed(path: &str) -> bool {
    hash_in_name(path).is_some()
}

/// The path without the hash in its name, if it has one.
pub(crate) fn without_hash(path: &str) -> Option<String> {
    let hash = hash_in_name(path)?;
    Some(format!("{}{}", &path[..hash.start], &path[hash.end..]))
}

/// Where the hash stands, with the mark in front of it.
fn hash_in_name(path: &str) -> Option<Range<usize>> {
    let folder = path.rfind('/').map_or(0, |slash| slash + 1);
    let dot = folder + path[folder..].rfind('.')?;
    let stem = &path[folder..dot];
    let at = stem.rfind(['.', '-'])?;
    let base64 = |tail: &str| {
        let kind = |b: u8| (b.is_ascii_digit(), b.is_ascii_uppercase(), matches!(b, b'_' | b'-'));
        let bytes = tail.as_bytes();
        bytes.iter().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-'))
            && bytes.windows(2).filter(|pair| kind(pair[0]) != kind(pair[1])).count() >= 3
    };
    let hex = |tail: &str| {
        tail.len() >= 8
            && tail.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
            && tail.bytes().any(|b| b.is_ascii_digit())
            && tail.bytes().any(|b| b.is_ascii_lowercase())
    };
    // The eight letters of Vite may hold a dash of their own.
    let eight = stem.len().checked_sub(9).filter(|at| stem.is_char_boundary(*at)).map(|at| &stem[at..]);
    let vite = eight.is_some_and(|tail| tail.starts_with(['-', '.']) && base64(&tail[1..]));
    let cut = if vite { stem.len() - 9 } else { Some(at).filter(|at| hex(&stem[at + 1..]))? };
    Some(folder + cut..dot)
}

/// Percent-decoded; `None` if that is no text, or leads out.
fn decode(path: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(path.len());
    let mut rest = path.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'%' => {
                let (high, low) = (char::from(rest.next()?).to_digit(16)?, char::from(rest.next()?).to_digit(16)?);
                u8::try_from(high * 16 + low).ok()?
            }
            byte => byte,
        });
    }
    let text = String::from_utf8(bytes).ok()?;
    let out = text.contains(['\0', '\\']) || text.split('/').any(|part| part == "..");
    (!out).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::{Entry, Manifest, is_hashed, without_hash};

    #[test]
    fn hashes_in_names_are_seen_and_words_are_not() {
        for hashed in
            ["assets/index-BX3kd9_a.js", "app.3f2a9c1b.css", "a/chunk-vendors.0a1b2c3d4e5f.js", "i-D-w5_kQ2.css"]
        {
            assert!(is_hashed(hashed), "{hashed}");
        }
        assert_eq!(without_hash("assets/index-BX3kd9_a.js").as_deref(), Some("assets/index.js"));
        assert_eq!(without_hash("a/chunk-vendors.0a1b2c3d4e5f.js").as_deref(), Some("a/chunk-vendors.js"));
        for plain in [
            "index.html",
            "user-settings2.js",
            "report-20240101.json",
            "a-Version2.js",
            "x.js",
            "feedface.js",
            "a-12345678.js",
        ] {
            assert!(!is_hashed(plain), "{plain}");
        }
    }

    #[test]
    fn paths_lead_to_files_to_the_index_or_nowhere() {
        let entry = |n: &str| Entry { sha256: n.to_owned(), size: 1, mime: String::new(), gzip: None, br: None };
        let paths = ["index.html", "a b.js", "docs/index.html"];
        let files = paths.iter().map(|p| ((*p).to_owned(), entry(p))).collect();
        let manifest = Manifest { files, ..Manifest::default() };
        let found = |path: &str| manifest.resolve(path).map(|r| (r.path.to_owned(), r.fallback));
        let is = |path: &str, fallback| Some((path.to_owned(), fallback));
        assert_eq!(found("/"), is("index.html", false));
        assert_eq!(found("/a%20b.js"), is("a b.js", false));
        assert_eq!(found("./a b.js"), is("a b.js", false));
        assert_eq!(found("/docs/"), is("docs/index.html", false));
        assert_eq!(found("/lines/12"), is("index.html", true));
        for nowhere in ["/missing.js", "/../etc/passwd", "/%2e%2e/x", "/%zz", "/a%00", "/.env"] {
            assert_eq!(found(nowhere), None, "{nowhere}");
        }
    }
}
