//! Reading HTML, Vue components, CSS and scripts, for the rules and for 外链检查 alike: offsets, values
//! and syntax trees; no rule is known here.

pub(crate) mod css;
pub(crate) mod document;
pub(crate) mod entities;
pub(crate) mod fold;
pub(crate) mod html;
pub(crate) mod names;
pub(crate) mod nesting;
pub(crate) mod script;
pub(crate) mod vue;
