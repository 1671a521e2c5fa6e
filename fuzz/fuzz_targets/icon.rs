//! The icon reader: what it takes comes out as a PNG of 180 × 180 pixels that it takes again.

#![no_main]

#[path = "../../engine/src/icon/anew.rs"]
mod anew;

// anew.rs decodes with it.
use image as _;

use domain::fields::files::{FileKind, check_icon};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let Ok(kind) = check_icon(bytes, true) else { return };
    let Some(png) = anew::encoded(bytes, kind) else { return };
    assert_eq!(check_icon(png.get(..33).unwrap_or_default(), false), Ok(FileKind::Png));
    assert!(anew::encoded(&png, FileKind::Png).is_some());
});
