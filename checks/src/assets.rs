//! What a page needs to be shown: the addresses of its scripts, styles and pictures, for the smoke test.

use crate::file_kind::FileKind;
use crate::walk::css;
use crate::walk::document::{self, Part};
use crate::walk::html::Tag;

/// An address that a page or a style sheet names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asset {
    /// As written, without blanks around it.
    pub address: String,
    /// Without it the page does not work: a script or a style sheet of the page itself.
    pub needed: bool,
    /// It is a style sheet, which may name more.
    pub style: bool,
}

/// What a page names.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Assets {
    /// What its addresses start from (`<base href>`), if not from the page.
    pub base: Option<String>,
    /// In the order of the page; `data:` addresses are left out.
    pub all: Vec<Asset>,
}

/// The addresses that the page's own text names: in tags, in `style` attributes and in `<style>`.
pub fn assets(html: &str) -> Assets {
    let mut found = Assets::default();
    document::read(html, FileKind::Html, &mut |part| match part {
        Part::Tag(tag) => of_tag(tag, &mut found),
        Part::Style(range) => found.all.extend(assets_of_style(html.get(range).unwrap_or_default())),
        _ => {}
    });
    found
}

/// The addresses that a style sheet names, which start from its own.
pub fn assets_of_style(css: &str) -> Vec<Asset> {
    let mut found = Vec::new();
    css::addresses(css, &mut |address, style| push(&mut found, address, false, style));
    found
}

fn of_tag(tag: &Tag, found: &mut Assets) {
    if let Some(style) = tag.attribute("style") {
        found.all.extend(assets_of_style(&style.value));
    }
    let (attributes, needed): (&[&str], bool) = match tag.name.as_str() {
        "base" if found.base.is_none() => {
            found.base = tag.attribute("href").map(|href| href.value.trim().to_owned());
            return;
        }
        "script" => (&["src"], true),
        "link" => match tag.lower("rel").as_str() {
            "stylesheet" | "modulepreload" => (&["href"], true),
            "icon" | "shortcut icon" | "apple-touch-icon" | "manifest" => (&["href"], false),
            "preload" => (&["href", "imagesrcset"], false),
            _ => return,
        },
        "img" | "source" => (&["src", "srcset"], false),
        "video" => (&["src", "poster"], false),
        "audio" | "embed" | "track" => (&["src"], false),
        "input" if tag.lower("type") == "image" => (&["src"], false),
        "object" => (&["data"], false),
        "image" | "use" => (&["href", "xlink:href"], false),
        _ => return,
    };
    let style = tag.name == "link" && tag.lower("rel") == "stylesheet";
    for name in attributes {
        let value = tag.attribute(name).map(|attribute| attribute.value.as_str()).unwrap_or_default();
        if name.ends_with("srcset") {
            sizes(value, &mut |address| push(&mut found.all, address, needed, false));
        } else {
            push(&mut found.all, value, needed, style);
        }
    }
}

fn push(found: &mut Vec<Asset>, address: &str, needed: bool, style: bool) {
    let address = address.trim();
    let data = address.get(..5).is_some_and(|scheme| scheme.eq_ignore_ascii_case("data:"));
    if !address.is_empty() && !data {
        found.push(Asset { address: address.to_owned(), needed, style });
    }
}

/// The addresses of a `srcset`: each up to a blank, with a width or density up to a comma behind it, as browsers read it.
fn sizes(srcset: &str, hear: &mut dyn FnMut(&str)) {
    let mut rest = srcset;
    loop {
        rest = rest.trim_start_matches(|c: char| c.is_ascii_whitespace() || c == ',');
        if rest.is_empty() {
            return;
        }
        let end = rest.find(|c: char| c.is_ascii_whitespace()).unwrap_or(rest.len());
        let (address, behind) = rest.split_at(end);
        rest = behind;
        if !address.ends_with(',') {
            rest = behind.split_once(',').map_or("", |(_, rest)| rest);
        }
        hear(address.trim_end_matches(','));
    }
}

#[cfg(test)]
mod tests {
    use super::{assets, assets_of_style};

    #[test]
    fn a_page_names_what_it_needs() {
        let html = r#"<!doctype html><link rel="icon" href="/favicon.ico"><link rel=stylesheet href="./a.css">
            <script type="module" src="/assets/i.js"></script><script>let a = "<img src=b.png>"</script>
            <video poster=p.jpg></video><img srcset="s.png 1x, l.png 2x" src=" c.png " alt=""><img src="data:image/png;base64,AA"><a href="d.html">d</a>"#;
        let seen: Vec<_> = assets(html).all.into_iter().map(|a| (a.address, a.needed, a.style)).collect();
        let seen: Vec<_> = seen.iter().map(|(a, n, s)| (a.as_str(), *n, *s)).collect();
        assert_eq!(seen[..3], [("/favicon.ico", false, false), ("./a.css", true, true), ("/assets/i.js", true, false)]);
        let pictures: Vec<_> = seen[3..].iter().map(|(address, ..)| *address).collect();
        assert_eq!(pictures, ["p.jpg", "c.png", "s.png", "l.png"]);
    }

    #[test]
    fn styles_name_assets_wherever_they_stand() {
        let html = r#"<!doctype html><base href="/app/"><base href="/b/"><style>@import 'more.css'; p { content: "text.png"; background: url(a.png) }</style>
            <p style="background: url(&quot;b c.png&quot;), URL( 'd.png' )" title="url(no.png)">x</p>
            <img srcset="e,1.png 1x,f.png 2x, g.png" alt=""><svg><use href="s.svg#x"/></svg>
            <link rel="preload" imagesrcset="h.png 1x">"#;
        let found = assets(html);
        assert_eq!(found.base.as_deref(), Some("/app/"));
        let seen: Vec<_> = found.all.iter().map(|a| (a.address.as_str(), a.style)).collect();
        let pictures = ["a.png", "b c.png", "d.png", "e,1.png", "f.png", "g.png", "s.svg#x", "h.png"];
        assert_eq!(seen[0], ("more.css", true));
        assert_eq!(seen[1..], pictures.map(|address| (address, false)));
    }

    #[test]
    fn a_style_sheet_names_pictures_fonts_and_other_sheets() {
        let css = r#"@charset "utf-8"; @import url("a.css") screen; @import "b.css";
            @font-face { src: url(f.woff2) format("woff2"), local("Sans") }
            @media (min-width: 1px) { p { background: image-set("1.png" 1x, url('2.png') 2x type("image/png")); content: "3.png" } }
            q { mask: url(#here); background: url(data:image/png;base64,AA) }"#;
        let seen: Vec<_> = assets_of_style(css).into_iter().map(|a| (a.address, a.style)).collect();
        let expected = [
            ("a.css", true),
            ("b.css", true),
            ("f.woff2", false),
            ("1.png", false),
            ("2.png", false),
            ("#here", false),
        ];
        assert_eq!(seen, expected.map(|(address, style)| (address.to_owned(), style)));
    }
}
