//! The fields of the registration form, drawn from the field table.

mod cards;
mod choices;
mod icon;
mod rows;
mod scope;
mod state;
mod texts;

pub use cards::{Addresses, Basic, Developer, Flow, Known, of_chosen};
pub use choices::{PartsChoice, SystemChoice};
pub use scope::ScopeField;
pub use state::{ENV, RegistrationState, rewritten};
