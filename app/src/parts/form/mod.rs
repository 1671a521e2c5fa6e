//! A form with a draft (screens.md, Registration and change forms): what is typed, what is wrong with it, whether it is saved.
//!
//! The form element holds what is typed; [`FormState`] reads it whenever something changes, with the very decoding of the
//! server. So it is the same form before the scripts, with them, and without. Start reading at [`state`].

mod field;
mod pairs;
mod short;
mod state;
mod summary;
mod text;

pub use field::{Card, Given, Grouped, Labelled, anchor, described};
pub use pairs::{PairRows, PairText, Pairs};
pub use short::{Sending, SentForm, ShortForm};
pub use state::{Fields, FormState, Opening, SavedMark, Saving, typed};
pub use summary::ErrorSummary;
pub use text::TypedField;
