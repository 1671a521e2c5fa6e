//! 开发商联系方式 of a form, asked of 浙政钉 where the site has it (lifecycle.md, Registration fields).

use super::ENV;
use super::ask::Ask;
use crate::Engine;
use crate::access;
use crate::ctx::Ctx;
use crate::error::Result;
use domain::PublicationId;
use domain::fields::{FieldErrors, FieldId, Parts, Registration, phone};
use domain::text::mask_phone;
use domain::view::publication::Numbers;
use futures_util::future::join_all;

/// Beside a number that 浙政钉 does not know.
pub(super) const UNKNOWN: &str = "浙政钉里没有这个手机号，请核对，或请对方先加入浙政钉";

/// What came of asking for the numbers of a form, if it has any.
#[derive(Debug, Clone, Default)]
pub(super) struct Answered {
    pub(super) errors: FieldErrors,
    pub(super) numbers: Numbers,
}

/// Asks for the numbers of 修改登记信息 or 信息变更, before the publication is read to be changed: a gateway that hangs
/// holds nobody else up.
///
/// # Errors
/// [`crate::Error::NotFound`]; the store fails.
pub(super) async fn of_change(engine: &Engine, ctx: &Ctx, publication: PublicationId, ask: &Ask) -> Result<Answered> {
    let (parts, draft) = match ask {
        // A site without it reads nothing for it.
        _ if engine.workshop().dingtalk.is_none() => return Ok(Answered::default()),
        Ask::Correct(draft) => (Parts::BOTH, draft),
        Ask::ChangeInfo(parts, draft) => (*parts, draft),
        _ => return Ok(Answered::default()),
    };
    // Who has no business with it asks nothing.
    access::publication(&mut engine.db().reader().await?, ctx, publication).await?;
    Ok(of_parts(engine, draft, parts).await)
}

/// The same of a draft, if what it changes has the numbers in it.
pub(super) async fn of_parts(engine: &Engine, draft: &Registration, parts: Parts) -> Answered {
    match FieldId::Contacts.field().part.is_some_and(|part| parts.has(part)) {
        true => look_up(engine, draft).await,
        false => Answered::default(),
    }
}

/// Asks for all numbers that are numbers at once; an error for each that nobody has.
pub(super) async fn look_up(engine: &Engine, draft: &Registration) -> Answered {
    let mut answered = Answered::default();
    let Some(dingtalk) = &engine.workshop().dingtalk else { return answered };
    let typed = (0..).zip(&draft.contacts);
    let numbers = typed.filter_map(|(item, typed)| Some((item, phone::mobile(&typed.phone, &ENV).ok()?)));
    // The form takes 20; what is more is an error already.
    let asked = numbers.take(20).map(|(item, number): (usize, String)| async move {
        let found = dingtalk.client().employee_by_mobile(dingtalk.area_code(), &number).await;
        (item, number, found)
    });
    for (item, number, found) in join_all(asked).await {
        match found {
            Ok(Some(_)) => {}
            Ok(None) => answered.errors.add_item(FieldId::Contacts, item, UNKNOWN),
            Err(error) => {
                tracing::warn!(error = %error, "浙政钉 could not be asked for the number {}", mask_phone(&number));
                answered.numbers = Numbers::Unasked;
            }
        }
    }
    answered
}
