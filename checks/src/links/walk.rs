//! Where addresses stand: attributes, styles and scripts. Start at [`file`].

use oxc_ast::AstKind;
use oxc_ast::ast::BinaryOperator;
use oxc_span::GetSpan;
use std::collections::BTreeSet;

use super::address::{self, Target};
use super::mentions::is_mention;
use crate::file_kind::{Dialect, FileKind};
use crate::walk::css;
use crate::walk::document::{self, Part};
use crate::walk::fold::{self, Piece};
use crate::walk::html::{Attribute, Tag};
use crate::walk::script::{self, Script, Trouble};

/// What was found in one file.
#[derive(Default)]
pub(super) struct Links {
    pub(super) links: Vec<Link>,
    pub(super) unparsed: bool,
    expressions: u32,
    /// Known of this file.
    hosts: BTreeSet<String>,
}

/// An address.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Link {
    pub(super) at: usize,
    /// Nothing if it is known only at run time.
    pub(super) host: Option<String>,
    pub(super) address: String,
}

/// Most addresses that are taken from one file; beyond them one of each host.
const MOST: usize = 20_000;

/// Most attributes of one file that are parsed as scripts; the text of the others is searched.
const MOST_EXPRESSIONS: u32 = 20_000;

impl Links {
    fn add(&mut self, at: usize, target: Option<Target>, address: &str) {
        let host = match target {
            Some(Target::Host(host)) => Some(host),
            Some(Target::Open) => None,
            None => return,
        };
        let first = host.as_ref().is_some_and(|host| !self.hosts.contains(host) && self.hosts.insert(host.clone()));
        if first || self.links.len() < MOST {
            self.links.push(Link { at, host, address: crate::text::short(address) });
        }
    }
}

/// Finds the addresses in one file.
pub(super) fn file(text: &str, kind: FileKind, out: &mut Links) {
    if kind == FileKind::Json {
        return plain(text, 0, true, out);
    }
    document::read(text, kind, &mut |part| match part {
        Part::Tag(tag) => attributes(tag, out),
        Part::Script { range, dialect } => {
            scripts(text.get(range.clone()).unwrap_or_default(), range.start, None, dialect, out);
        }
        Part::Style(range) => styles(text.get(range.clone()).unwrap_or_default(), range.start, None, out),
        Part::Broken => {
            out.unparsed = true;
            plain(text, 0, true, out);
        }
        Part::Text { .. } => {}
    });
}

/// Every attribute may be an address (of what frameworks make of it, too); some hold more.
fn attributes(tag: &Tag, out: &mut Links) {
    let refresh = tag.lower("http-equiv") == "refresh";
    for attribute in &tag.attributes {
        let Attribute { name, value, range } = attribute;
        let at = Some(range.start);
        match name.as_str() {
            "xmlns" | "lang" | "alt" | "title" | "placeholder" | "aria-label" | "doctype" => {}
            _ if name.starts_with("xmlns:") => {}
            "srcset" | "imagesrcset" => {
                for candidate in value.split(',') {
                    out.add(
                        range.start,
                        address::whole(candidate.split_whitespace().next().unwrap_or_default(), true),
                        candidate,
                    );
                }
            }
            "ping" => {
                for each in value.split_whitespace() {
                    out.add(range.start, address::whole(each, true), each);
                }
            }
            "style" => styles(value, 0, at, out),
            "content" if refresh => {
                let address = value.split_once('=').map_or(value.as_str(), |(_, address)| address);
                out.add(range.start, address::whole(address.trim().trim_matches(['"', '\'']), true), address);
            }
            "content" => out.add(range.start, address::whole(value, true), value),
            "srcdoc" => file_at(value, range.start, out),
            _ if name.starts_with("on") || name.starts_with(':') || name.starts_with('@') || name.starts_with("v-") => {
                expression(value, range.start, out);
            }
            _ => match javascript(value) {
                Some(script) => scripts(script, 0, at, Dialect::Js, out),
                None => out.add(range.start, address::whole(value, true), value),
            },
        }
    }
}

/// A document in an attribute: everything is found at the attribute.
fn file_at(html: &str, at: usize, out: &mut Links) {
    let mut inner = Links::default();
    document::read(html, FileKind::Html, &mut |part| match part {
        // `srcdoc` in `srcdoc` is read as text: nothing nests as deep as it likes.
        Part::Tag(tag) if tag.attribute("srcdoc").is_some() => plain(html, 0, true, &mut inner),
        Part::Tag(tag) => attributes(tag, &mut inner),
        Part::Script { range, dialect } => scripts(html.get(range).unwrap_or_default(), 0, None, dialect, &mut inner),
        Part::Style(range) => styles(html.get(range).unwrap_or_default(), 0, None, &mut inner),
        Part::Broken | Part::Text { .. } => {}
    });
    out.unparsed |= inner.unparsed;
    for link in inner.links {
        if out.links.len() < MOST {
            out.links.push(Link { at, ..link });
        }
    }
}

/// An expression or a handler in an attribute. `{ a: 1 }` is an object there, so it stands in brackets;
/// what does not parse so is a list of statements.
fn expression(value: &str, at: usize, out: &mut Links) {
    if !value.contains(['/', '\\']) {
        return;
    }
    out.expressions = out.expressions.saturating_add(1);
    if out.expressions > MOST_EXPRESSIONS {
        return plain(value, at, false, out);
    }
    let mut inner = Links::default();
    scripts(&format!("({value})"), 0, Some(at), Dialect::Ts, &mut inner);
    if inner.unparsed {
        inner = Links::default();
        scripts(value, 0, Some(at), Dialect::Ts, &mut inner);
    }
    // Not a script at all (`v-for="a in b"`): what was searched in its text counts, the rest does not.
    out.links.extend(inner.links);
}

fn javascript(value: &str) -> Option<&str> {
    let (scheme, script) = value.split_once(':')?;
    scheme.trim().eq_ignore_ascii_case("javascript").then_some(script)
}

fn styles(text: &str, offset: usize, fixed: Option<usize>, out: &mut Links) {
    css::read(text, &mut |found, range| {
        let at = fixed.unwrap_or(offset.saturating_add(range.start));
        match address::whole(found, true) {
            Some(target) => out.add(at, Some(target), found),
            None => plain(found, at, false, out),
        }
    });
}

/// Text that is no grammar we know: every address in it. With `moves`, each at its own place.
fn plain(text: &str, at: usize, moves: bool, out: &mut Links) {
    for (start, found, _) in address::within(text) {
        let at = if moves { at.saturating_add(start) } else { at };
        if !is_mention(found) {
            out.add(at, address::whole(found, true), found);
        }
    }
}

fn scripts(text: &str, offset: usize, fixed: Option<usize>, dialect: Dialect, out: &mut Links) {
    let place = |at: usize| fixed.unwrap_or(offset.saturating_add(at));
    let mut seen = false;
    let trouble = script::read(text, dialect, &mut |script| {
        seen = true;
        tree(script, &mut |at, pieces| texts(place(at), pieces, out));
    });
    if matches!(trouble, Some(Trouble::Syntax(_) | Trouble::NotChecked)) {
        out.unparsed = true;
    }
    if !seen {
        plain(text, place(0), fixed.is_none(), out);
    }
}

/// Hands over each text of the script, in pieces, whole sums and templates at once.
fn tree(script: &Script<'_, '_>, hear: &mut dyn FnMut(usize, &[Piece])) {
    let nodes = script.semantic.nodes();
    for node in nodes.iter() {
        let part_of_sum = is_part(&nodes.parent_kind(node.id()));
        match node.kind() {
            AstKind::StringLiteral(literal) if !part_of_sum => {
                hear(literal.span.start as usize, &[Piece::Known(literal.value.to_string())]);
            }
            AstKind::TemplateLiteral(template) if !part_of_sum => {
                let mut pieces = Vec::new();
                let mut values = template.expressions.iter();
                for quasi in &template.quasis {
                    join(
                        &mut pieces,
                        Piece::Known(quasi.value.cooked.as_ref().unwrap_or(&quasi.value.raw).to_string()),
                    );
                    for piece in values.next().map(|value| fold::pieces(script, value)).unwrap_or_default() {
                        join(&mut pieces, piece);
                    }
                }
                hear(template.span.start as usize, &pieces);
            }
            AstKind::BinaryExpression(sum) if sum.operator == BinaryOperator::Addition && !part_of_sum => {
                let mut pieces = Vec::new();
                for piece in fold::sum(script, sum) {
                    join(&mut pieces, piece);
                }
                hear(sum.span.start as usize, &pieces);
            }
            AstKind::CallExpression(call) if !part_of_sum => {
                if let Some(pieces) = fold::call_pieces(script, call) {
                    hear(call.span().start as usize, &pieces);
                }
            }
            AstKind::JSXText(text) => hear(text.span.start as usize, &[Piece::Known(text.value.to_string())]),
            _ => {}
        }
    }
}

/// A part of a sum or a template is looked at with the whole.
fn is_part(parent: &AstKind<'_>) -> bool {
    match parent {
        AstKind::BinaryExpression(sum) => sum.operator == BinaryOperator::Addition,
        AstKind::TemplateLiteral(_) => true,
        _ => false,
    }
}

fn join(pieces: &mut Vec<Piece>, piece: Piece) {
    match (pieces.last_mut(), piece) {
        (Some(Piece::Known(last)), Piece::Known(text)) => last.push_str(&text),
        (Some(Piece::Unknown), Piece::Unknown) => {}
        (_, piece) => pieces.push(piece),
    }
}

fn texts(at: usize, pieces: &[Piece], out: &mut Links) {
    for (n, piece) in pieces.iter().enumerate() {
        let Piece::Known(text) = piece else { continue };
        let last = pieces.len() == n.saturating_add(1);
        // A text that is an address as a whole may be written as browsers forgive (`https:\\host`).
        if n == 0
            && !text.trim_start().starts_with("//")
            && !text.contains([' ', '<'])
            && let Some(target) = address::whole(text, last)
        {
            if !is_mention(text) {
                out.add(at, Some(target), text);
            }
            continue;
        }
        if !last && n == 0 && text.starts_with("//") {
            out.add(at, address::whole(text, false).filter(|target| *target == Target::Open), text);
        }
        for (_, found, to_end) in address::within(text) {
            if !is_mention(found) {
                out.add(at, address::whole(found, last || !to_end), found);
            }
        }
    }
}
