//! Rules over tags: scripts in attributes, `v-html`, images, and what a page's head must have.

use super::{Rule, code};
use crate::collector::FileFindings;
use crate::file_kind::{Dialect, FileKind};
use crate::finding::Found;
use crate::walk::document::Part;
use crate::walk::html::Tag;

/// What was seen of a page so far.
#[derive(Default)]
pub(crate) struct Page {
    html: Option<std::ops::Range<usize>>,
    has_lang: bool,
    has_title: bool,
    has_viewport: bool,
}

impl Page {
    /// One part of the file.
    pub(crate) fn part(&mut self, part: &Part<'_>, text: &str, kind: FileKind, out: &mut FileFindings) {
        match part {
            Part::Tag(tag) => {
                self.head(tag);
                attributes(tag, kind, out);
            }
            Part::Text { inside: Some("title"), range } => {
                self.has_title |= text.get(range.clone()).is_some_and(|title| !title.trim().is_empty());
            }
            _ => {}
        }
    }

    fn head(&mut self, tag: &Tag) {
        match tag.name.as_str() {
            "html" if self.html.is_none() => {
                self.html = Some(tag.range.clone());
                self.has_lang = !tag.lower("lang").is_empty();
            }
            "meta" if tag.lower("name") == "viewport" => self.has_viewport = !tag.lower("content").is_empty(),
            _ => {}
        }
    }

    /// What a whole page lacks; pieces of HTML (no `<html>`) lack nothing.
    pub(crate) fn finish(self, out: &mut FileFindings) {
        let Some(html) = self.html else { return };
        let lacks = [(Rule::Title, self.has_title), (Rule::Lang, self.has_lang), (Rule::Viewport, self.has_viewport)];
        for (rule, has) in lacks {
            if !has {
                out.push(Found::at(rule, html.clone(), ""));
            }
        }
    }
}

fn attributes(tag: &Tag, kind: FileKind, out: &mut FileFindings) {
    let has = |name: &str| tag.attribute(name).is_some();
    let described = has("alt") || has(":alt") || has("v-bind:alt") || has("v-bind") || has("aria-label");
    if tag.name == "img" && !described {
        out.push(Found::at(Rule::ImgAlt, tag.range.clone(), tag.lower("src")));
    }
    for attribute in &tag.attributes {
        let value = attribute.value.trim_start();
        let name = attribute.name.as_str();
        if writes_html(name) && kind != FileKind::Svg && !is_literal(value) {
            out.push(Found::at(Rule::HtmlInjection, attribute.range.clone(), format!("{name}=\"{value}\"")));
        }
        let script = if name.starts_with("on") && name.len() > 2 { Some(value) } else { javascript(value) };
        if let Some(script) = script.filter(|script| is_worth_parsing(script)) {
            // The value is decoded, so its own offsets mean nothing here: all is found at the attribute.
            let mut inner = FileFindings::default();
            code::script(script, 0, Dialect::Js, &mut inner);
            for found in inner.into_found() {
                // In an attribute of a page's text a syntax error is no finding of its own.
                if found.rule != Rule::Syntax {
                    out.push(Found { start: attribute.range.start, end: attribute.range.end, ..found });
                }
            }
        }
    }
}

/// Vue's `v-html`, and properties that it sets to what an expression gives: `:innerHTML`, `v-bind:srcdoc.prop`, `.innerHTML`.
fn writes_html(name: &str) -> bool {
    let bound = name.strip_prefix("v-bind:").or_else(|| name.strip_prefix([':', '.']));
    let property = bound.map(|bound| bound.split('.').next().unwrap_or(bound));
    name == "v-html" || matches!(property, Some("innerhtml" | "inner-html" | "outerhtml" | "outer-html" | "srcdoc"))
}

/// Attributes come by the million; most hold nothing that any rule could find.
fn is_worth_parsing(script: &str) -> bool {
    const WORDS: [&str; 11] =
        ["eval", "Function", "constructor", "write", "set", "HTML", "debugger", "serviceWorker", "\\", "[", "srcdoc"];
    WORDS.iter().any(|word| script.contains(word))
}

/// The script of a `javascript:` address.
fn javascript(value: &str) -> Option<&str> {
    let (scheme, script) = value.split_once(':')?;
    let scheme: String = scheme.chars().filter(|c| !c.is_control() && *c != ' ').collect();
    scheme.eq_ignore_ascii_case("javascript").then_some(script)
}

/// `'…'` and nothing else.
fn is_literal(value: &str) -> bool {
    let value = value.trim();
    ['\'', '"', '`'].iter().any(|quote| {
        value
            .strip_prefix(*quote)
            .and_then(|rest| rest.strip_suffix(*quote))
            .is_some_and(|text| !text.contains([*quote, '$']))
    })
}
