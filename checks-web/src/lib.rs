//! 源码检测 in the browser, on the chosen file, before anything is sent (packages.md). Runs in a worker (`worker.js`): there alone files
//! can be read piece by piece without waiting. It answers what the server would, byte for byte.

mod chosen;
mod folder;

use checks::{Progress, Report, Settings, Watch, check_package};
use chosen::Chosen;
use js_sys::Function;
use std::ops::ControlFlow;
use wasm_bindgen::prelude::*;
use web_sys::Blob;

/// Checks a zip. `settings` is the JSON that the server gives out; `told` is called with the bytes that are done, and all.
///
/// Answers the same JSON as the server's own check.
///
/// # Errors
/// The browser can't read files in this place, or the settings can't be read: this page is older than the server.
#[wasm_bindgen]
pub fn check(file: Blob, settings: &str, told: Function) -> Result<String, JsError> {
    let settings: Settings = serde_json::from_str(settings)?;
    let file = Chosen::new(file).map_err(|_| JsError::new("files can't be read here"))?;
    let answer = check_package(file, &settings, &mut Told { told, last: 0 });
    Ok(serde_json::to_string(&answer)?)
}

/// The findings of an answer with the words of their rules, as JSON of the screen's findings.
///
/// # Errors
/// It is no answer.
#[wasm_bindgen]
pub fn explain(answer: &str) -> Result<String, JsError> {
    let answer: Result<Report, String> = serde_json::from_str(answer)?;
    let findings = answer.as_ref().map(|report| report.findings.as_slice()).unwrap_or_default();
    let explained: Vec<_> = findings.iter().map(checks::Finding::explained).collect();
    Ok(serde_json::to_string(&explained)?)
}

/// Tells of each hundredth.
struct Told {
    told: Function,
    last: u64,
}

impl Watch for Told {
    fn step(&mut self, progress: Progress) -> ControlFlow<()> {
        let part = progress.bytes.saturating_mul(100).checked_div(progress.of_bytes).unwrap_or(100);
        if part > self.last {
            self.last = part;
            // A page that is gone hears nothing.
            let _ = self.told.call2(
                &JsValue::NULL,
                &JsValue::from(progress.bytes as f64),
                &JsValue::from(progress.of_bytes as f64),
            );
        }
        ControlFlow::Continue(())
    }
}
