//! 开发商联系方式 of a registration, asked of 浙政钉 where the site has it (lifecycle.md, Registration fields).

use super::ENV;
use crate::Engine;
use domain::fields::{FieldErrors, FieldId, Registration, phone};
use domain::text::mask_phone;
use futures_util::future::join_all;

/// Beside a number that 浙政钉 does not know.
pub(super) const UNKNOWN: &str = "浙政钉里没有这个手机号，请核对，或请对方先加入浙政钉";

/// What came of asking for the numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Numbers {
    /// Each was asked for, or there was nothing to ask.
    Asked,
    /// The gateway is away: they are taken as they are, and whoever registers is told.
    Unasked,
}

/// Asks for all numbers that are numbers at once, and adds an error for each that nobody has.
pub(super) async fn look_up(engine: &Engine, draft: &Registration, errors: &mut FieldErrors) -> Numbers {
    let Some(dingtalk) = &engine.workshop().dingtalk else { return Numbers::Asked };
    let typed = (0..).zip(&draft.contacts);
    let numbers = typed.filter_map(|(item, typed)| Some((item, phone::mobile(&typed.phone, &ENV).ok()?)));
    // The form takes 20; what is more is an error already.
    let asked = numbers.take(20).map(|(item, number): (usize, String)| async move {
        let found = dingtalk.client().employee_by_mobile(dingtalk.area_code(), &number).await;
        (item, number, found)
    });
    let mut numbers = Numbers::Asked;
    for (item, number, found) in join_all(asked).await {
        match found {
            Ok(Some(_)) => {}
            Ok(None) => errors.add_item(FieldId::Contacts, item, UNKNOWN),
            Err(error) => {
                tracing::warn!(error = %error, "浙政钉 could not be asked for the number {}", mask_phone(&number));
                numbers = Numbers::Unasked;
            }
        }
    }
    numbers
}
