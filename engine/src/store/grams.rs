//! The grams of the keyword index: every character, and every pair of neighbours, of a name in lower case.
//!
//! Two-character words are the common case of Chinese keywords; a trigram index alone would miss them (design.md, Data).

use std::collections::BTreeSet;

/// All grams of a name's key (lower case).
pub(crate) fn of_name(key: &str) -> BTreeSet<String> {
    let letters: Vec<char> = key.chars().collect();
    let singles = letters.iter().map(char::to_string);
    singles.chain(letters.windows(2).map(|pair| pair.iter().collect())).collect()
}

/// The grams that every name with this keyword has. Three characters and more are to be verified on the row.
pub(crate) fn of_keyword(key: &str) -> BTreeSet<String> {
    let letters: Vec<char> = key.chars().collect();
    match letters.as_slice() {
        [] => BTreeSet::new(),
        [one] => BTreeSet::from([one.to_string()]),
        more => more.windows(2).map(|pair| pair.iter().collect()).collect(),
    }
}

/// Whether names can have this keyword at all: Han characters, letters, digits, `_`.
pub(crate) fn is_searchable(key: &str) -> bool {
    !key.is_empty() && key.chars().all(|c| domain::text::is_han(c) || c.is_ascii_alphanumeric() || c == '_')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_has_its_characters_and_its_pairs() {
        let grams: Vec<String> = of_name("公交a1").into_iter().collect();
        assert_eq!(grams, ["1", "a", "a1", "交", "交a", "公", "公交"]);
    }

    #[test]
    fn a_keyword_is_in_a_name_only_if_its_grams_are() {
        for (name, keyword) in [("杭州公交查询", "公交"), ("杭州公交查询", "杭"), ("bus_2", "s_2"), ("aaaa", "aaa")]
        {
            assert!(of_keyword(keyword).is_subset(&of_name(name)), "{keyword} in {name}");
        }
        assert!(!of_keyword("州查").is_subset(&of_name("杭州公交查询")));
    }
}
