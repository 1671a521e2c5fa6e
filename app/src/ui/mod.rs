//! Elements that know nothing of the product: no api, no domain records.

pub mod ansi;
pub mod copy;
pub mod dialog;
pub mod drawn;
pub mod field;
pub mod icon;
pub mod look;
pub mod menu;
pub mod qr;
pub mod query_form;
pub mod read;
pub mod select;
pub mod theme;
pub mod title;
pub mod updates;
