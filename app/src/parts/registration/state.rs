//! The state of a registration form, and what the rules ask of its fields as it stands.

use crate::api::publication::request::PublicationSaveChangeDraft;
use crate::api::publication::{PublicationSaveDraft, publication_save_draft};
use crate::api::stock::StockSaveDraft;
use crate::parts::form::{FormState, Opening, Saving};
use domain::fields::{
    Env, FieldErrors, FieldId, Form, Parts, Presence, Registration, Shape, ValidRegistration, presence, validate,
};
use domain::{PublicationId, Side, StockId};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use std::ops::Deref;

/// The rules' environment in the browser. On the server the engine checks, and this is never asked.
pub const ENV: Env = Env { nfkc: |text| js_sys::JsString::from(text).normalize("NFKC").into() };

/// A new registration, or one over what is registered.
#[derive(Clone, Copy)]
pub struct RegistrationState {
    typed: FormState<Registration>,
    form: Form,
    /// Only the chosen kinds of an information change are asked.
    by_parts: bool,
    /// What came, or comes, from the stock list: its icon may be JPG.
    stock: Option<StockId>,
    /// Where it is kept without scripts.
    keep: &'static str,
}

impl Deref for RegistrationState {
    type Target = FormState<Registration>;

    fn deref(&self) -> &Self::Target {
        &self.typed
    }
}

impl RegistrationState {
    /// 注册服务侧名称 or 注册治理侧名称.
    pub fn new(side: Side, opening: Opening<Registration>) -> Self {
        let form = Form::New { side };
        let check = move |draft: &Registration| validate(draft, form, &ENV).err().unwrap_or_default();
        let typed = FormState::new(opening, check, move |draft| Box::pin(publication_save_draft(side, draft)));
        Self { typed, form, by_parts: false, stock: None, keep: PublicationSaveDraft::PATH }
    }

    /// 关联. `save` keeps the draft.
    pub fn stock(
        id: StockId,
        opening: Opening<Registration>,
        save: impl Fn(Registration) -> Saving + Send + Sync + 'static,
    ) -> Self {
        let form = Form::Stock;
        let check = move |draft: &Registration| validate(draft, form, &ENV).err().unwrap_or_default();
        Self {
            typed: FormState::new(opening, check, save),
            form,
            by_parts: false,
            stock: Some(id),
            keep: StockSaveDraft::PATH,
        }
    }

    /// 修改登记信息 or, `by_parts`, 信息变更. `save` keeps the draft.
    pub fn over(
        id: PublicationId,
        before: ValidRegistration,
        by_parts: bool,
        opening: Opening<Registration>,
        save: impl Fn(Registration) -> Saving + Send + Sync + 'static,
    ) -> Self {
        let form = Form::Existing(before.shape);
        let stock = before.shape.linked.then_some(StockId(id.0));
        let check = move |draft: &Registration| rewritten(draft, by_parts, &before).err().unwrap_or_default();
        Self {
            typed: FormState::new(opening, check, save),
            form,
            by_parts,
            stock,
            keep: PublicationSaveChangeDraft::PATH,
        }
    }

    /// What the form asks of the field, as it stands now.
    pub fn asks(self, field: FieldId) -> Memo<Presence> {
        Memo::new(move |_| match presence(field, self.form, &self.shape()) {
            asks @ (Presence::System | Presence::Absent) => asks,
            _ if self.leaves_out(field) => Presence::Absent,
            asks => asks,
        })
    }

    fn leaves_out(self, field: FieldId) -> bool {
        let part = field.field().part;
        self.by_parts && part.is_some_and(|part| !self.draft.with(Registration::chosen_parts).has(part))
    }

    /// Side, channels, type and hosting, as it stands now.
    pub fn shape(self) -> Shape {
        match self.form {
            Form::New { side } => self.draft.with(|draft| Shape::guess(side, draft)),
            Form::Existing(shape) => shape,
            Form::Stock => Shape::stock(),
        }
    }

    /// The side, which no form lets one change.
    pub fn side(self) -> Side {
        match self.form {
            Form::New { side } => side,
            Form::Existing(shape) => shape.side,
            Form::Stock => Side::Service,
        }
    }

    /// Where its draft is kept without scripts.
    pub fn keep(self) -> &'static str {
        self.keep
    }

    /// What came, or comes, from the stock list.
    pub fn from_stock(self) -> Option<StockId> {
        self.stock
    }

    /// Which form it is.
    pub fn form(self) -> Form {
        self.form
    }
}

/// What the form makes of what is registered.
///
/// # Errors
/// Every error of the form.
pub fn rewritten(
    draft: &Registration,
    by_parts: bool,
    before: &ValidRegistration,
) -> Result<ValidRegistration, FieldErrors> {
    let parts = if by_parts { draft.chosen_parts() } else { Parts::BOTH };
    let after = validate(&draft.only(parts, before), Form::Existing(before.shape), &ENV)?;
    Ok(ValidRegistration { system: before.system, ..after })
}
