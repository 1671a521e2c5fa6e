//! Elements that know nothing of the product: no api, no domain records.

pub mod theme;
pub mod title;
