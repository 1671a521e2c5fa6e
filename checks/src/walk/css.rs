//! Addresses in CSS: `url()`, `@import` and every string (`image-set` and such take strings).

use std::ops::Range;

use cssparser::{Parser, ParserInput, Token};

/// Blocks deeper than this are not entered; what is in them is read as plain text.
const DEEPEST: u8 = 100;

/// Hands over each address or string, with where it stands.
pub(crate) fn read(text: &str, hear: &mut dyn FnMut(&str, Range<usize>)) {
    let mut input = ParserInput::new(text);
    let mut parser = Parser::new(&mut input);
    block(&mut parser, DEEPEST, hear);
}

fn block(parser: &mut Parser<'_, '_>, depth: u8, hear: &mut dyn FnMut(&str, Range<usize>)) {
    loop {
        let start = parser.position().byte_index();
        let Ok(token) = parser.next_including_whitespace_and_comments().cloned() else { return };
        match token {
            Token::UnquotedUrl(address) | Token::QuotedString(address) => {
                hear(&address, start..parser.position().byte_index());
            }
            Token::BadUrl(address) | Token::BadString(address) => hear(&address, start..start),
            Token::Function(_) | Token::ParenthesisBlock | Token::SquareBracketBlock | Token::CurlyBracketBlock => {
                let inside = parser.parse_nested_block(|inner| -> Result<(), cssparser::ParseError<'_, ()>> {
                    match depth.checked_sub(1) {
                        Some(depth) => block(inner, depth, hear),
                        None => {
                            let from = inner.position();
                            while inner.next_including_whitespace_and_comments().is_ok() {}
                            hear(inner.slice_from(from), from.byte_index()..inner.position().byte_index());
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
