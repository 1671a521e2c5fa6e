//! The blocks of a Vue single-file component, found without believing its HTML: a `<textarea/>` in the
//! template must not swallow the script behind it.

use std::ops::Range;

use crate::file_kind::Dialect;

/// A component taken apart.
pub(crate) struct Component {
    /// The text with scripts and styles blanked, so that offsets stay: what the template walker reads.
    pub(crate) template: String,
    /// Where scripts stand, and what they are written in.
    pub(crate) scripts: Vec<(Range<usize>, Dialect)>,
    /// Where styles stand.
    pub(crate) styles: Vec<Range<usize>>,
}

/// Takes a component apart.
pub(crate) fn split(text: &str) -> Component {
    let lower = text.to_ascii_lowercase();
    let mut component = Component { template: String::new(), scripts: Vec::new(), styles: Vec::new() };
    let mut cuts = Vec::new();
    let (mut at, mut blocks) = (0, Next::default());
    while let Some((start, name)) = blocks.block(&lower, at) {
        let Some(open) = lower.get(start..).and_then(tag_end).map(|end| start.saturating_add(end)) else { break };
        let close = format!("</{name}");
        let end =
            lower.get(open..).and_then(|rest| rest.find(&close)).map_or(text.len(), |end| open.saturating_add(end));
        let head = lower.get(start..open).unwrap_or_default();
        if head.ends_with("/>") {
            at = open;
            continue;
        }
        if name == "script" {
            component.scripts.push((open..end, dialect(head)));
        } else {
            component.styles.push(open..end);
        }
        cuts.push(open..end);
        at = end;
    }
    component.template = blank(text, &cuts);
    component
}

/// The next start tag of each kind, searched for once and kept until it is passed.
#[derive(Default)]
struct Next {
    script: Option<Option<usize>>,
    style: Option<Option<usize>>,
}

impl Next {
    fn block(&mut self, lower: &str, at: usize) -> Option<(usize, &'static str)> {
        let script = next(lower, "script", at, &mut self.script).map(|at| (at, "script"));
        let style = next(lower, "style", at, &mut self.style).map(|at| (at, "style"));
        [script, style].into_iter().flatten().min()
    }
}

fn next(lower: &str, name: &str, at: usize, known: &mut Option<Option<usize>>) -> Option<usize> {
    match *known {
        Some(None) => return None,
        Some(Some(start)) if start >= at => return Some(start),
        _ => {}
    }
    let tag = format!("<{name}");
    let rest = lower.get(at..)?;
    let found = rest.match_indices(tag.as_str()).map(|(found, _)| found).find(|found| {
        let after = rest.as_bytes().get(found.saturating_add(tag.len()));
        after.is_some_and(|byte| matches!(byte, b'>' | b'/' | b' ' | b'\t' | b'\r' | b'\n'))
    });
    let found = found.map(|found| at.saturating_add(found));
    *known = Some(found);
    found
}

/// The length of a start tag, quotes respected.
fn tag_end(text: &str) -> Option<usize> {
    let mut quote = None;
    for (at, byte) in text.bytes().enumerate() {
        match (quote, byte) {
            (None, b'>') => return Some(at.saturating_add(1)),
            (None, b'"' | b'\'') => quote = Some(byte),
            (Some(open), byte) if open == byte => quote = None,
            _ => {}
        }
    }
    None
}

fn dialect(head: &str) -> Dialect {
    if head.contains("tsx") {
        Dialect::Tsx
    } else if ["lang=\"ts\"", "lang='ts'", "lang=ts"].iter().any(|lang| head.contains(lang)) {
        Dialect::Ts
    } else {
        Dialect::Js
    }
}

/// The text with the cuts blanked, byte for byte.
fn blank(text: &str, cuts: &[Range<usize>]) -> String {
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    for cut in cuts {
        out.push_str(text.get(at..cut.start).unwrap_or_default());
        out.extend(std::iter::repeat_n(' ', cut.len()));
        at = cut.end;
    }
    out.push_str(text.get(at..).unwrap_or_default());
    out
}
