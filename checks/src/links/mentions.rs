//! Addresses that are names or messages, never requested: namespaces of XML, and the pages that error
//! messages of frameworks point to. Only in scripts, and only with exactly these beginnings; were one
//! requested all the same, the policy of the served application refuses it.

const EXACT: &[&str] = &[
    "http://www.w3.org/1998/Math/MathML",
    "http://www.w3.org/1999/xhtml",
    "http://www.w3.org/1999/xlink",
    "http://www.w3.org/2000/svg",
    "http://www.w3.org/2000/xmlns/",
    "http://www.w3.org/XML/1998/namespace",
];

const BEGINNINGS: &[&str] = &[
    "https://vuejs.org/error-reference/#",
    "https://react.dev/errors/",
    "https://reactjs.org/docs/error-decoder.html?invariant=",
    "https://router.vuejs.org/guide/migration/",
];

/// Whether the address is a name or a message.
pub(super) fn is_mention(address: &str) -> bool {
    EXACT.contains(&address) || BEGINNINGS.iter().any(|start| address.starts_with(start))
}
