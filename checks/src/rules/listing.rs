//! Telephone numbers in the text of pages: whether they stand in a `tel:` link.

use std::ops::Range;

use super::personal;
use crate::collector::FileFindings;
use crate::walk::document::Part;

/// Bytes of a link's content; what is longer was never closed.
const LONGEST_LINK: usize = 2_000;

/// Follows which text lies in a `tel:` link.
#[derive(Default)]
pub(crate) struct Phones {
    /// Where the last `tel:` link starts its text.
    link: Option<usize>,
}

impl Phones {
    /// One part of the file.
    pub(crate) fn part(&mut self, part: &Part<'_>, text: &str, out: &mut FileFindings) {
        match part {
            Part::Tag(tag) if tag.name == "a" => {
                let href = ["href", ":href", "v-bind:href"].iter().find_map(|name| tag.attribute(name));
                let tel = href.is_some_and(|href| href.value.to_ascii_lowercase().contains("tel:"));
                self.link = tel.then_some(tag.range.end);
            }
            Part::Text { inside: None, range } if !self.in_link(text, range) => {
                personal::shown(text, range.clone(), out)
            }
            _ => {}
        }
    }

    fn in_link(&mut self, text: &str, range: &Range<usize>) -> bool {
        let Some(start) = self.link else { return false };
        let between = text.get(start..range.start).unwrap_or_default();
        let open = between.len() <= LONGEST_LINK && !between.to_ascii_lowercase().contains("</a");
        if !open {
            self.link = None;
        }
        open
    }
}
