//! A QR code: made on the server, drawn as one path.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// The squares of a code.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Qr {
    /// Squares a side; 0 when there is no code.
    size: u32,
    /// The dark ones, as the path of an SVG.
    path: String,
}

impl Qr {
    /// The code of a text. An address is far shorter than what a code holds; if it were not, there would be no picture.
    #[cfg(feature = "ssr")]
    pub fn of(text: &str) -> Self {
        use std::fmt::Write;
        let Ok(code) = fast_qr::QRBuilder::new(text).build() else { return Self::default() };
        let mut path = String::new();
        for y in 0..code.size {
            for x in (0..code.size).filter(|x| code[y][*x].value()) {
                let _ = write!(path, "M{x} {y}h1v1h-1z");
            }
        }
        Self { size: u32::try_from(code.size).unwrap_or_default(), path }
    }

    /// As a file of its own, dark on white.
    #[cfg(feature = "ssr")]
    pub fn picture(&self) -> String {
        let (side, path) = (self.size + 4, &self.path);
        format!(
            r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="-2 -2 {side} {side}"><path fill="#fff" d="M-2 -2h{side}v{side}h-{side}z"/><path d="{path}"/></svg>"##
        )
    }
}

/// The picture.
#[component]
pub fn QrPicture(
    /// The code.
    qr: Qr,
    /// What it is, said aloud.
    label: &'static str,
    /// Pixels a side.
    #[prop(default = 132)]
    pixels: u32,
) -> impl IntoView {
    let view_box = format!("-2 -2 {0} {0}", qr.size + 4);
    view! {
        <svg class="qr" viewBox=view_box width=pixels.to_string() height=pixels.to_string() role="img" aria-label=label>
            <path d=qr.path/>
        </svg>
    }
}
