//! The forms. One table a form ([`table`]) drives label, hint, asterisk, error text, comparison and export;
//! the same checks run in the browser and on the server, and report every error at once.
//!
//! Start reading at [`validate`]. Never here: what only a database knows (names taken, seats), decoding
//! of images, Unicode tables (NFKC comes in with [`Env`]). Spec: Registration fields.

mod account;
pub mod approval;
pub mod credit_code;
pub mod diff;
mod draft;
mod errors;
pub mod files;
pub mod name;
mod parameters;
mod person;
pub mod phone;
mod policy;
pub mod requests;
pub mod rollout;
mod routing;
mod shape;
mod system_host;
pub mod table;
mod token;
pub mod url;
mod valid;
mod validate;

#[cfg(test)]
pub(crate) mod tests;

pub use account::{
    ADMINISTRATORS, ActivationDraft, AdministratorDraft, AskedAgainDraft, BindDraft, FirstStartDraft, ValidAccount,
    ValidActivation, account_name, validate_activation, validate_bind, validate_first_start,
};
pub use approval::{ApprovalCase, ApprovalDraft, AttachmentDraft, ValidApproval, validate_approval};
pub use diff::{Change, Phones, diff};
pub use draft::{ContactDraft, ParameterDraft, Registration, TestDraft};
pub(crate) use errors::within;
pub use errors::{FieldError, FieldErrors, NAME_TAKEN};
pub use parameters::{ParameterPair, side_by_side, validate_test_parameters};
pub use person::{PersonDraft, RolesDraft, SEATS_MOST, SeatDraft, ValidPerson, validate_person, validate_roles};
pub use policy::{PolicyDraft, validate_policy};
pub use requests::{
    ChannelsDraft, HostDraft, OfflineDraft, RollBackDraft, UploadDraft, ValidChannels, ValidOffline, ValidUpload,
    validate_channel_name, validate_channels, validate_offline, validate_reason, validate_roll_back, validate_upload,
};
pub use rollout::{BatchDraft, RolloutDraft, ValidBatch, ValidRollout};
pub use routing::{
    AREAS, ExampleDraft, NAMED, ROUTES_MOST, RouteDraft, RoutingDraft, STEPS_MOST, StepDraft, TAKERS, example,
    validate_routing,
};
pub use shape::{Form, Presence, Shape, presence};
pub use system_host::{SystemHostDraft, ValidSystemHost, validate_system_host};
pub use table::{Field, FieldId, Group, Limit, Part, Parts};
pub use token::{TokenDraft, ValidToken, validate_token};
pub use valid::{Audience, Contact, FrontRouting, Parameter, PcAddress, ValidRegistration};
pub use validate::validate;

/// What the rules need from where they run.
#[derive(Debug, Clone, Copy)]
pub struct Env {
    /// Unicode normalisation form KC: `String.normalize("NFKC")` in the browser, a crate on the server.
    pub nfkc: fn(&str) -> String,
}

impl Env {
    /// NFKC, without blanks at the ends.
    pub fn clean(&self, text: &str) -> String {
        (self.nfkc)(text).trim().to_owned()
    }

    /// NFKC, without any blanks.
    pub(crate) fn squeezed(&self, text: &str) -> String {
        (self.nfkc)(text).chars().filter(|letter| !letter.is_whitespace()).collect()
    }
}
