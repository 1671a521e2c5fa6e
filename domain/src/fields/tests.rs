//! Every row of the field tables, good and bad; the examples of the spec; the comparison.

mod approval;
mod change;
mod registration;
mod values;

use super::*;
use crate::publication::Side;

/// Full-width forms and the ideographic blank, as NFKC has them: enough for what people type here.
pub(crate) fn nfkc(text: &str) -> String {
    text.chars()
        .map(|letter| match letter {
            '\u{FF01}'..='\u{FF5E}' => char::from_u32(letter as u32 - 0xFEE0).unwrap(),
            '\u{3000}' => ' ',
            other => other,
        })
        .collect()
}

pub(crate) const ENV: Env = Env { nfkc };
pub(super) const SERVICE: Form = Form::New { side: Side::Service };
pub(super) const GOVERNANCE: Form = Form::New { side: Side::Governance };

/// A good form of 浙里办APP; a test changes what matters to it.
pub(super) fn app() -> Registration {
    let list = |items: &[&str]| items.iter().map(|item| (*item).to_owned()).collect::<Vec<_>>();
    let text = str::to_owned;
    Registration {
        channels: list(&["zheli_app"]),
        system: text("0192f0c1-2345-7000-8000-000000000001"),
        name: text("杭州公交查询"),
        intro: text("查询公交线路和到站时间。"),
        icon: text("a3f5"),
        audience: text("both"),
        domestic_os: text("yes"),
        scope: list(&["330100", "330102"]),
        vendor: text("杭州某某科技有限公司"),
        credit_code: text("91350100M000100Y43"),
        contacts: vec![ContactDraft { name: text("张三"), phone: text("13812341234") }],
        ..Registration::default()
    }
}

/// A good form of 治理侧 H5, hosted by default.
pub(super) fn governance() -> Registration {
    let text = str::to_owned;
    Registration { channels: Vec::new(), kind: text("h5"), unified: text("no"), region: text("330102"), ..app() }
}

pub(super) fn check(draft: &Registration, form: Form) -> Result<ValidRegistration, FieldErrors> {
    validate(draft, form, &ENV)
}

/// The one error of a form.
#[track_caller]
pub(super) fn only_error(result: Result<ValidRegistration, FieldErrors>, field: FieldId) -> String {
    let errors = result.expect_err("an error");
    assert_eq!(errors.len(), 1, "{errors:?}");
    let error = errors.of(field).next().expect("of this field");
    error.text.clone()
}
