//! Addresses in CSS: `url()`, `@import` and every string (`image-set` and such take strings).

use std::ops::Range;

use cssparser::{Parser, ParserInput, Token};

/// Blocks deeper than this are not entered; what is in them is read as plain text.
const DEEPEST: u8 = 100;

/// Hands over each address or string, with where it stands.
pub(crate) fn read(text: &str, hear: &mut dyn FnMut(&str, Range<usize>)) {
    walk(text, &mut |found| hear(found.text, found.range));
}

/// Hands over what is fetched: each address, and whether it is a style sheet (`@import`).
pub(crate) fn addresses(text: &str, hear: &mut dyn FnMut(&str, bool)) {
    walk(text, &mut |found| match found.place {
        Place::Import => hear(found.text, true),
        Place::Address => hear(found.text, false),
        Place::Other => {}
    });
}

/// A string or an address.
struct Found<'f> {
    text: &'f str,
    range: Range<usize>,
    place: Place,
}

/// Where it stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    /// Behind `@import`.
    Import,
    /// In `url()` or `image-set()`.
    Address,
    /// Anywhere: it is text.
    Other,
}

fn walk(text: &str, hear: &mut dyn FnMut(Found<'_>)) {
    let mut input = ParserInput::new(text);
    let mut parser = Parser::new(&mut input);
    block(&mut parser, DEEPEST, Place::Other, hear);
}

fn block(parser: &mut Parser<'_, '_>, depth: u8, of: Place, hear: &mut dyn FnMut(Found<'_>)) {
    let mut place = of;
    loop {
        let start = parser.position().byte_index();
        let Ok(token) = parser.next_including_whitespace_and_comments().cloned() else { return };
        let inside = match &token {
            Token::Function(name) => function(name, place),
            _ => Place::Other,
        };
        match token {
            Token::AtKeyword(name) if name.eq_ignore_ascii_case("import") => place = Place::Import,
            Token::Semicolon => place = of,
            Token::UnquotedUrl(address) => {
                let place = if place == Place::Import { place } else { Place::Address };
                hear(Found { text: &address, range: start..parser.position().byte_index(), place });
            }
            Token::QuotedString(text) => {
                hear(Found { text: &text, range: start..parser.position().byte_index(), place });
            }
            Token::BadUrl(text) | Token::BadString(text) => {
                hear(Found { text: &text, range: start..start, place: Place::Other });
            }
            Token::Function(_) | Token::ParenthesisBlock | Token::SquareBracketBlock | Token::CurlyBracketBlock => {
                let inside = parser.parse_nested_block(|inner| -> Result<(), cssparser::ParseError<'_, ()>> {
                    match depth.checked_sub(1) {
                        Some(depth) => block(inner, depth, inside, hear),
                        None => {
                            let from = inner.position();
                            while inner.next_including_whitespace_and_comments().is_ok() {}
                            let range = from.byte_index()..inner.position().byte_index();
                            hear(Found { text: inner.slice_from(from), range, place: Place::Other });
                        }
                    }
                    Ok(())
                });
                let _ = inside;
            }
            _ => {}
        }
    }
}

/// What a string is in this function, which stands there.
fn function(name: &str, outside: Place) -> Place {
    let is = |one: &str| name.eq_ignore_ascii_case(one);
    if is("url") || is("src") {
        if outside == Place::Import { outside } else { Place::Address }
    } else if is("image-set") || is("-webkit-image-set") {
        Place::Address
    } else {
        Place::Other
    }
}
