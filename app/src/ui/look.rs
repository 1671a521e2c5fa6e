//! How a person likes to see things. Each choice is a cookie, so that the server's first byte is right already, and an attribute
//! of the document, which the styles read.

use wasm_bindgen::JsCast;

/// What a cookie's name begins with: no other host sets it, and it goes over TLS alone.
const HOST: &str = "__Host-";

/// The cookies' age: a year.
const MAX_AGE_SECONDS: u32 = 31_536_000;

/// A choice among words.
#[derive(Debug)]
pub struct Look {
    /// The cookie's name after `__Host-`, the attribute's after `data-`.
    name: &'static str,
    /// What may be chosen; nothing chosen is the usual look.
    words: &'static [&'static str],
}

/// Light, dark, or as the system has it.
pub const THEME: Look = Look { name: "theme", words: &["light", "dark"] };
/// Rows of tables close to each other.
pub const DENSITY: Look = Look { name: "density", words: &["compact"] };
/// The navigation as a row of icons.
pub const NAVIGATION: Look = Look { name: "navigation", words: &["narrow"] };
/// Columns of the name lists that are not shown: any of these.
pub const HIDDEN: Look = Look { name: "hidden", words: &["channel", "turn", "updated"] };
/// Keys that act by themselves (`/`, `j`, `k`, `?`) do nothing.
pub const KEYS: Look = Look { name: "keys", words: &["off"] };

impl Look {
    /// What is chosen, of the words that there are: an attribute's value, with blanks between. To be called while the document is
    /// drawn.
    pub fn chosen(&self) -> Option<String> {
        let kept = self.kept();
        let words: Vec<&str> = self.words.iter().copied().filter(|word| is_among(&kept, word)).collect();
        (!words.is_empty()).then(|| words.join(" "))
    }

    /// Whether this word is chosen.
    pub fn has(&self, word: &str) -> bool {
        is_among(&self.kept(), word)
    }

    /// Chooses these words, with blanks between: at once, and for the next visit.
    pub fn choose(&self, words: &str) {
        let attribute = format!("data-{}", self.name);
        let root = gloo_utils::document_element();
        let (value, age) = if words.is_empty() {
            let _ = root.remove_attribute(&attribute);
            (String::new(), 0)
        } else {
            let _ = root.set_attribute(&attribute, words);
            (words.replace(' ', "."), MAX_AGE_SECONDS)
        };
        let cookie = format!("{HOST}{}={value}; Path=/; Max-Age={age}; Secure; SameSite=Lax", self.name);
        let document: web_sys::HtmlDocument = gloo_utils::document().unchecked_into();
        let _ = document.set_cookie(&cookie);
    }

    /// Chooses the word, or no longer; answers whether it is chosen now.
    pub fn turn(&self, word: &'static str) -> bool {
        let kept = self.kept();
        let mut words: Vec<&str> = kept.split(' ').filter(|chosen| !chosen.is_empty() && *chosen != word).collect();
        let turned_on = !is_among(&kept, word);
        if turned_on {
            words.push(word);
        }
        self.choose(&words.join(" "));
        turned_on
    }

    #[cfg(feature = "ssr")]
    fn kept(&self) -> String {
        use axum::http::{header::COOKIE, request::Parts};
        use leptos::prelude::use_context;
        let Some(parts) = use_context::<Parts>() else { return String::new() };
        let values = parts.headers.get_all(COOKIE).iter().filter_map(|value| value.to_str().ok());
        let mut pairs = values.flat_map(|value| value.split(';')).filter_map(|pair| pair.trim().split_once('='));
        pairs
            .find(|(name, _)| name.strip_prefix(HOST) == Some(self.name))
            .map(|(_, value)| value.to_owned())
            .unwrap_or_default()
    }

    #[cfg(not(feature = "ssr"))]
    fn kept(&self) -> String {
        gloo_utils::document_element().get_attribute(&format!("data-{}", self.name)).unwrap_or_default()
    }
}

/// Words stand with blanks between them in an attribute, with dots in a cookie.
fn is_among(kept: &str, word: &str) -> bool {
    kept.split(['.', ' ']).any(|chosen| chosen == word)
}
