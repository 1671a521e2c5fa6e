//! Reading an uploaded package, and the rules of 源码检测 and 外链检查, over bytes.
//!
//! Start reading at [`read_package`], then [`check_source`] and [`check_links`]; the rules are one
//! table, [`rules::RULES`]. The normative text is `packages.md` ("the spec" below). This crate must
//! never know: I/O of its own, the clock, randomness, the network, Leptos, SQL. It runs in the server
//! and in the browser and must answer the same in both. Everything it reads is hostile: limits come
//! first, positions are checked, nothing recurses as deep as the input likes.

#![forbid(unsafe_code)]
// Offsets and sizes come from hostile bytes: sums saturate or are checked, by name.
#![cfg_attr(not(test), warn(clippy::arithmetic_side_effects))]

mod assets;
pub mod bad_package;
mod check;
mod collector;
pub mod dependencies;
pub mod docs;
mod file_kind;
pub mod finding;
pub mod limits;
pub mod links;
mod locks;
pub mod progress;
pub mod report;
pub mod rules;
pub mod shape;
mod text;
mod walk;
pub mod zip_reader;

#[cfg(test)]
mod tests;

pub use assets::{Asset, Assets, assets, assets_of_style};
pub use bad_package::{BadPackage, NameFlaw};
pub use check::{OutputCheck, Settings, check_package, check_source};
pub use dependencies::{Dependency, dependencies};
pub use finding::{ExcerptLine, Explained, Finding};
pub use limits::Limits;
pub use links::{AllowList, HostUse, LinkReport, Place, ServedFile, check_links};
pub use locks::{dependencies_of, from_one_registry};
pub use progress::{Progress, Unwatched, Watch};
pub use report::Report;
pub use rules::{Category, Level, RULE_SET, RULES, Rule, RuleInfo, Severities, Severity, left_out_of};
pub use shape::{Lock, Shape, Source, builds};
pub use zip_reader::{Package, PackageFile, enclosing_folder, read_package};
