//! 发布: registering, listing, and everything that is asked of one. Every change goes through `apply.rs`.

pub(crate) mod apply;
mod approval_form;
pub(crate) mod ask;
mod commands;
mod confirm;
mod contacts;
#[cfg(test)]
mod contacts_tests;
mod detail;
pub(crate) mod drafts;
mod effects;
pub(crate) mod facts;
mod form;
mod history;
#[cfg(test)]
mod history_tests;
#[cfg(test)]
mod integrity_tests;
#[cfg(test)]
mod lifecycle_tests;
pub(crate) mod list;
mod orders;
#[cfg(test)]
mod page_tests;
mod parameters;
#[cfg(test)]
mod parameters_tests;
pub(crate) mod register;
mod request_form;
mod running;
#[cfg(test)]
mod tests;
pub(crate) mod view;
#[cfg(test)]
mod walk_tests;

pub use apply::Done;
pub use approval_form::{approval_form, save_approval_draft};
pub use commands::{
    accept, apply_for_channels, cancel_upgrade, complete_configuration, correct_registration, redeploy, reject,
    republish, request_info_change, roll_back, submit_for_acceptance, submit_for_approval, take_offline, upgrade,
};
pub use confirm::confirm_contacts;
pub use detail::detail;
pub use form::{draft, form, save_draft};
pub use history::{export_history, history};
pub(crate) use list::has_many;
pub use list::{export_list, list, rows};
pub use parameters::save_test_parameters;
pub use register::register;
pub use request_form::{
    change_form, channels_form, offline_form, roll_back_form, save_change_draft, save_channels_draft,
    save_offline_draft, save_roll_back_draft,
};
pub use running::running;

use domain::fields::Env;
use unicode_normalization::UnicodeNormalization;

/// What the rules need of where they run.
pub(crate) const ENV: Env = Env { nfkc };

fn nfkc(text: &str) -> String {
    text.nfkc().collect()
}
