//! The fields of the registration form, drawn from the field table.

mod choices;
mod contacts;
mod icon;
mod scope;
mod texts;

pub use choices::{AudienceChoice, ChannelChoice, PcAddressFields, SystemChoice, YesNoChoice};
pub use contacts::Contacts;
pub use icon::IconField;
pub use scope::ScopeField;
pub use texts::TextField;

use crate::api::publication::publication_save_draft;
use crate::parts::form::{FormState, Opening};
use domain::Side;
use domain::fields::{Env, FieldErrors, FieldId, Form, Presence, Registration, Shape, presence, validate};
use leptos::prelude::*;

/// The form of a new registration.
pub type RegistrationState = FormState<Registration>;

/// The rules' environment in the browser. On the server the engine checks, and this is never asked.
pub const ENV: Env = Env { nfkc: |text| js_sys::JsString::from(text).normalize("NFKC").into() };

/// 注册服务侧名称.
pub fn service_form(opening: Opening<Registration>) -> RegistrationState {
    let check = |draft: &Registration| -> FieldErrors {
        validate(draft, Form::New { side: Side::Service }, &ENV).err().unwrap_or_default()
    };
    FormState::new(opening, check, |draft| Box::pin(publication_save_draft(Side::Service, draft)))
}

impl RegistrationState {
    /// What the form asks of the field, as it stands now.
    pub fn asks(self, field: FieldId) -> Memo<Presence> {
        let draft = self.draft;
        let form = Form::New { side: Side::Service };
        Memo::new(move |_| draft.with(|draft| presence(field, form, &Shape::guess(Side::Service, draft))))
    }

    /// Side, channels, type and hosting, as it stands now.
    pub fn shape(self) -> Shape {
        self.draft.with(|draft| Shape::guess(Side::Service, draft))
    }
}
