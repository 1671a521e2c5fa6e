//! The registration form (screens.md, Registration and change forms), drawn from the field table.
//!
//! The form element holds what is typed; [`FormState`] reads it whenever something changes, with the very decoding of the
//! server. So it is the same form before the scripts, with them, and without. Start reading at [`state`].

mod choices;
mod contacts;
mod field;
mod icon;
mod scope;
mod state;
mod summary;
mod texts;

pub use choices::{AudienceChoice, ChannelChoice, PcAddressFields, SystemChoice, YesNoChoice};
pub use contacts::Contacts;
pub use field::{Card, Given};
pub use icon::IconField;
pub use scope::ScopeField;
pub use state::FormState;
pub use summary::ErrorSummary;
pub use texts::TextField;
