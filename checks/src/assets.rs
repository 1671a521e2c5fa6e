//! What a page needs to be shown: the addresses of its scripts, styles and pictures, for the smoke test.

use crate::file_kind::FileKind;
use crate::walk::document::{self, Part};

/// An address that a page names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asset {
    /// As written, without blanks around it.
    pub address: String,
    /// Without it the page does not work: a script or a style sheet.
    pub needed: bool,
}

/// The addresses in the order of the page; `data:` addresses are left out.
pub fn assets(html: &str) -> Vec<Asset> {
    let mut found = Vec::new();
    document::read(html, FileKind::Html, &mut |part| {
        let Part::Tag(tag) = part else { return };
        let (attributes, needed): (&[&str], bool) = match tag.name.as_str() {
            "script" => (&["src"], true),
            "link" => match tag.lower("rel").as_str() {
                "stylesheet" | "modulepreload" => (&["href"], true),
                "icon" | "shortcut icon" | "apple-touch-icon" | "manifest" | "preload" => (&["href"], false),
                _ => return,
            },
            "img" | "source" => (&["src", "srcset"], false),
            "video" => (&["src", "poster"], false),
            "audio" | "embed" => (&["src"], false),
            _ => return,
        };
        for attribute in attributes {
            let value = tag.attributes.iter().find(|a| a.name.eq_ignore_ascii_case(attribute)).map(|a| a.value.trim());
            let value = value.unwrap_or_default();
            // Of several sizes each has its width or density behind a blank.
            let addresses: Vec<&str> = match *attribute {
                "srcset" => value.split(", ").filter_map(|one| one.split_whitespace().next()).collect(),
                _ => vec![value],
            };
            let addresses =
                addresses.into_iter().filter(|address| !address.is_empty() && !address.starts_with("data:"));
            found.extend(addresses.map(|address| Asset { address: address.to_owned(), needed }));
        }
    });
    found
}

#[cfg(test)]
mod tests {
    use super::assets;

    #[test]
    fn a_page_names_what_it_needs() {
        let html = r#"<!doctype html><link rel="icon" href="/favicon.ico"><link rel=stylesheet href="./a.css">
            <script type="module" src="/assets/i.js"></script><script>let a = "<img src=b.png>"</script>
            <video poster=p.jpg></video><img srcset="s.png 1x, l.png 2x" src=" c.png " alt=""><img src="data:image/png;base64,AA"><a href="d.html">d</a>"#;
        let seen: Vec<_> = assets(html).into_iter().map(|a| (a.address, a.needed)).collect();
        let seen: Vec<_> = seen.iter().map(|(a, n)| (a.as_str(), *n)).collect();
        assert_eq!(seen[..3], [("/favicon.ico", false), ("./a.css", true), ("/assets/i.js", true)]);
        let pictures: Vec<_> = seen[3..].iter().map(|(address, _)| *address).collect();
        assert_eq!(pictures, ["p.jpg", "c.png", "s.png", "l.png"]);
    }
}
