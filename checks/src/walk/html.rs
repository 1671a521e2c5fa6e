//! HTML as elements and texts with their byte offsets. Start at [`read`].

use std::cell::RefCell;
use std::ops::Range;

use lol_html::html_content::{Element, TextChunk};
use lol_html::{DocumentContentHandlers, ElementContentHandlers, HtmlRewriter, Selector, Settings};

use super::entities;

/// A start tag.
pub(crate) struct Tag {
    /// Lower case.
    pub(crate) name: String,
    pub(crate) range: Range<usize>,
    pub(crate) attributes: Vec<Attribute>,
}

/// An attribute.
pub(crate) struct Attribute {
    /// Lower case.
    pub(crate) name: String,
    /// With character references decoded.
    pub(crate) value: String,
    /// Where the value stands (the tag, if it has none).
    pub(crate) range: Range<usize>,
}

impl Tag {
    /// The first attribute of this name.
    pub(crate) fn attribute(&self, name: &str) -> Option<&Attribute> {
        self.attributes.iter().find(|attribute| attribute.name == name)
    }

    /// Its value, without spaces around it, in lower case; empty if there is none.
    pub(crate) fn lower(&self, name: &str) -> String {
        self.attribute(name).map(|attribute| attribute.value.trim().to_ascii_lowercase()).unwrap_or_default()
    }
}

/// What is heard, in the order of the document.
pub(crate) enum Event<'e> {
    /// A start tag.
    Open(&'e Tag),
    /// The text after the tag, up to the next: its offsets, and whether it is raw (script, style).
    Text {
        /// The start tag before it, if that is one that makes raw text.
        inside: Option<&'e Tag>,
        /// Where.
        range: Range<usize>,
    },
}

struct State<'h> {
    hear: &'h mut dyn FnMut(Event<'_>),
    raw: Option<Tag>,
    text: Option<Range<usize>>,
    source: &'h str,
}

impl State<'_> {
    fn flush(&mut self) {
        if let Some(range) = self.text.take() {
            // In SVG a script's text is ordinary text, so what counts is that it follows the tag.
            let inside = self.raw.as_ref().filter(|tag| {
                let between = self.source.get(tag.range.end..range.start).map(str::trim);
                matches!(between, Some("" | "<![CDATA["))
            });
            (self.hear)(Event::Text { inside, range });
        }
    }
}

/// Elements with raw text, and those whose text is theirs alone.
fn is_raw(name: &str) -> bool {
    matches!(
        name,
        "script"
            | "style"
            | "title"
            | "textarea"
            | "xmp"
            | "iframe"
            | "noembed"
            | "noframes"
            | "noscript"
            | "plaintext"
    )
}

/// Walks the document. False if it could not be read to its end.
pub(crate) fn read(text: &str, hear: &mut dyn FnMut(Event<'_>)) -> bool {
    let Ok(all) = "*".parse::<Selector>() else { return false };
    let state = RefCell::new(State { hear, raw: None, text: None, source: text });
    let handlers = ElementContentHandlers::default().element(|element: &mut Element<'_, '_>| {
        let tag = tag(element);
        let mut state = state.borrow_mut();
        state.flush();
        (state.hear)(Event::Open(&tag));
        state.raw = is_raw(&tag.name).then_some(tag);
        Ok(())
    });
    let texts = DocumentContentHandlers::default().text(|chunk: &mut TextChunk<'_>| {
        let mut state = state.borrow_mut();
        let range = chunk.source_location().bytes();
        state.text = Some(match state.text.take() {
            Some(before) => before.start..range.end.max(before.end),
            None => range,
        });
        if chunk.last_in_text_node() {
            state.flush();
        }
        Ok(())
    });
    let mut settings = Settings::new();
    settings = settings.append_element_content_handler((std::borrow::Cow::Owned(all), handlers));
    settings = settings.append_document_content_handler(texts);
    settings = settings.with_strict(false);
    let mut rewriter = HtmlRewriter::new(settings, |_: &[u8]| {});
    let done = rewriter.write(text.as_bytes()).is_ok() && rewriter.end().is_ok();
    state.borrow_mut().flush();
    done
}

fn tag(element: &Element<'_, '_>) -> Tag {
    let range = element.source_location().bytes();
    let attributes = element
        .attributes()
        .iter()
        .map(|attribute| Attribute {
            name: attribute.name(),
            value: entities::decode(&attribute.value()),
            range: attribute.value_source_location().map_or_else(|| range.clone(), |location| location.bytes()),
        })
        .collect();
    Tag { name: element.tag_name(), range, attributes }
}
