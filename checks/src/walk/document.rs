//! A file taken apart into what the rules and 外链检查 look at, whatever its kind: tags, texts,
//! scripts and styles, each with its offset in the file. Start at [`read`].

use std::ops::Range;

use super::html::{self, Event, Tag};
use super::vue;
use crate::file_kind::{Dialect, FileKind};

/// A part of a file.
pub(crate) enum Part<'p> {
    /// A start tag of HTML, Vue or SVG.
    Tag(&'p Tag),
    /// Text that is shown; `inside` is `title` for a title's.
    Text {
        /// The element, where it matters.
        inside: Option<&'p str>,
        /// Where it stands.
        range: Range<usize>,
    },
    /// A script.
    Script {
        /// Where it stands.
        range: Range<usize>,
        /// What it is written in.
        dialect: Dialect,
    },
    /// A style sheet.
    Style(Range<usize>),
    /// The HTML could not be read to its end.
    Broken,
}

/// How often HTML may lie in HTML (`noscript`).
const DEEPEST: u8 = 3;

/// Takes the file apart.
pub(crate) fn read(text: &str, kind: FileKind, hear: &mut dyn FnMut(Part<'_>)) {
    match kind {
        FileKind::Html | FileKind::Svg => markup(text, 0, DEEPEST, hear),
        FileKind::Vue => {
            let component = vue::split(text);
            // Scripts and styles are blanked there; they come from the component itself.
            markup(&component.template, 0, DEEPEST, &mut |part| match part {
                Part::Script { .. } | Part::Style(_) => {}
                part => hear(part),
            });
            for (range, dialect) in component.scripts {
                hear(Part::Script { range, dialect });
            }
            for range in component.styles {
                hear(Part::Style(range));
            }
        }
        FileKind::Css => hear(Part::Style(0..text.len())),
        FileKind::Script(dialect) => hear(Part::Script { range: 0..text.len(), dialect }),
        FileKind::Json | FileKind::Other => {}
    }
}

fn markup(text: &str, offset: usize, depth: u8, hear: &mut dyn FnMut(Part<'_>)) {
    let Some(depth) = depth.checked_sub(1) else { return hear(Part::Broken) };
    let shift = |range: Range<usize>| range.start.saturating_add(offset)..range.end.saturating_add(offset);
    let mut inner = Vec::new();
    let whole = html::read(text, &mut |event| match event {
        Event::Open(tag) if offset == 0 => hear(Part::Tag(tag)),
        Event::Open(tag) => hear(Part::Tag(&moved(tag, offset))),
        Event::Text { inside: Some(tag), range } => match tag.name.as_str() {
            "script" => {
                if let Some(dialect) = dialect(tag) {
                    hear(Part::Script { range: shift(range), dialect });
                }
            }
            "style" => hear(Part::Style(shift(range))),
            "noscript" | "noframes" | "noembed" => inner.push(range),
            name => hear(Part::Text { inside: Some(name), range: shift(range) }),
        },
        Event::Text { inside: None, range } => hear(Part::Text { inside: None, range: shift(range) }),
    });
    for range in inner {
        markup(text.get(range.clone()).unwrap_or_default(), offset.saturating_add(range.start), depth, hear);
    }
    if !whole {
        hear(Part::Broken);
    }
}

fn moved(tag: &Tag, offset: usize) -> Tag {
    let shift = |range: &Range<usize>| range.start.saturating_add(offset)..range.end.saturating_add(offset);
    let attributes = tag
        .attributes
        .iter()
        .map(|a| html::Attribute { name: a.name.clone(), value: a.value.clone(), range: shift(&a.range) })
        .collect();
    Tag { name: tag.name.clone(), range: shift(&tag.range), attributes }
}

/// What a script element holds; nothing if it is data.
fn dialect(tag: &Tag) -> Option<Dialect> {
    let kind = tag.lower("type");
    let essence = kind.split(';').next().unwrap_or_default().trim();
    match essence {
        ""
        | "module"
        | "text/javascript"
        | "application/javascript"
        | "text/ecmascript"
        | "application/ecmascript"
        | "application/x-javascript"
        | "text/jscript"
        | "text/babel"
        | "text/jsx" => Some(Dialect::Js),
        "text/typescript" => Some(Dialect::Ts),
        other if other.contains("javascript") || other.contains("ecmascript") => Some(Dialect::Js),
        _ => None,
    }
}
