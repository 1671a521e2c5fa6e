//! What is asked of a publication, as typed, and what the rules make of it before they decide.

use super::ENV;
use crate::access::Granted;
use crate::error::{Error, Result};
use crate::store::{Conn, attachment, further_channel, version_facts};
use crate::work_order::form::OrderForm;
use crate::{Engine, icon};
use domain::command::{Checked, Command};
use domain::fields::{
    ApprovalCase, ApprovalDraft, ChannelsDraft, FieldErrors, FieldId, Form, OfflineDraft, Parts, Phones, Registration,
    ValidApproval, ValidRegistration, diff, validate, validate_approval, validate_channels, validate_offline,
    validate_reason,
};
use domain::{Action, OrderId, RegionCode, UtcMillis, VersionId};
use std::collections::BTreeSet;

/// One thing that is asked. It is checked again whenever it is decided again.
#[derive(Debug, Clone)]
pub(crate) enum Ask {
    Correct(Box<Registration>),
    SubmitForAcceptance(VersionId),
    Accept(VersionId),
    Reject(VersionId, String),
    Redeploy,
    SubmitForApproval(Box<ApprovalDraft>),
    /// With a comment, which may be blank.
    Approve(OrderId, String),
    Refuse(OrderId, String),
    Withdraw(OrderId),
    CompleteConfiguration(VersionId),
    ChangeInfo(Parts, Box<Registration>),
    Upgrade,
    CancelUpgrade,
    TakeOffline(OfflineDraft),
    Republish,
    RollBack(VersionId, String),
    ApplyForChannels(ChannelsDraft),
}

/// What the rules found in it.
#[derive(Debug, Clone)]
pub(crate) struct Prepared {
    pub(crate) command: Command,
    /// What is wrong with the form.
    pub(crate) errors: FieldErrors,
    /// What a filed order keeps.
    pub(crate) form: Option<OrderForm>,
    /// What is registered now, and what a correction makes of it.
    pub(crate) before: ValidRegistration,
    pub(crate) after: Option<ValidRegistration>,
    /// The reason, or the comment.
    pub(crate) said: String,
}

impl Ask {
    /// What was said with a decision: a comment, or the reason.
    pub(crate) fn comment(&self) -> &str {
        match self {
            Self::Approve(_, said) | Self::Refuse(_, said) => said,
            _ => "",
        }
    }

    pub(crate) fn action(&self) -> Action {
        match self {
            Self::Correct(_) => Action::CorrectRegistration,
            Self::SubmitForAcceptance(_) => Action::SubmitForAcceptance,
            Self::Accept(_) => Action::Accept,
            Self::Reject(..) => Action::Reject,
            Self::Redeploy => Action::Redeploy,
            Self::SubmitForApproval(_) => Action::SubmitForApproval,
            Self::Approve(..) => Action::Approve,
            Self::Refuse(..) => Action::Refuse,
            Self::Withdraw(_) => Action::Withdraw,
            Self::CompleteConfiguration(_) => Action::CompleteConfiguration,
            Self::ChangeInfo(..) => Action::RequestInfoChange,
            Self::Upgrade => Action::Upgrade,
            Self::CancelUpgrade => Action::CancelUpgrade,
            Self::TakeOffline(_) => Action::TakeOffline,
            Self::Republish => Action::Republish,
            Self::RollBack(..) => Action::RollBack,
            Self::ApplyForChannels(_) => Action::ApplyForChannels,
        }
    }

    /// The order that it decides or withdraws.
    pub(crate) fn order(&self) -> Option<OrderId> {
        match self {
            Self::Approve(order, _) | Self::Refuse(order, _) | Self::Withdraw(order) => Some(*order),
            _ => None,
        }
    }

    /// The version that it is about.
    pub(crate) fn version(&self) -> Option<VersionId> {
        match self {
            Self::SubmitForAcceptance(version)
            | Self::Accept(version)
            | Self::Reject(version, _)
            | Self::CompleteConfiguration(version)
            | Self::RollBack(version, _) => Some(*version),
            _ => None,
        }
    }

    /// It was decided over what the page showed: sent after another change it would undo that, ask for the release of a version
    /// that the person has not seen, or answer a colleague's 验收拒绝 without knowing of it.
    pub(crate) fn rests_on_what_was_seen(&self) -> bool {
        matches!(
            self,
            Self::Correct(_) | Self::ChangeInfo(..) | Self::SubmitForApproval(_) | Self::Accept(_) | Self::Reject(..)
        )
    }
}

/// Checks the form.
///
/// # Errors
/// The store fails. What is wrong with the form is no error here: the state may be the better answer.
pub(crate) async fn prepare(
    engine: &Engine,
    conn: &mut Conn,
    granted: &Granted,
    ask: &Ask,
    now: UtcMillis,
) -> Result<Prepared> {
    let before = granted.registration()?;
    let plain = |command| Prepared {
        command,
        errors: FieldErrors::new(),
        form: None,
        before: before.clone(),
        after: None,
        said: String::new(),
    };
    Ok(match ask {
        Ask::Correct(draft) => {
            let found = registration(engine, draft, Parts::BOTH, &before).await?;
            let command = Command::CorrectRegistration { form: found.checked(&before) };
            Prepared { errors: found.errors, after: found.valid, ..plain(command) }
        }
        Ask::SubmitForAcceptance(version) => plain(Command::SubmitForAcceptance { version: *version }),
        Ask::Accept(version) => plain(Command::Accept { version: *version }),
        Ask::Reject(version, reason) => {
            said(plain(Command::Reject { version: *version, reason: reason.clone() }), validate_reason(reason))
        }
        Ask::Redeploy => plain(Command::Redeploy),
        Ask::SubmitForApproval(draft) => approval(conn, granted, &before, draft, now, plain).await?,
        Ask::Approve(order, comment) => {
            let checked = if comment.trim().is_empty() { Ok(String::new()) } else { validate_reason(comment) };
            said(plain(Command::Approve { order: *order }), checked)
        }
        Ask::Refuse(order, reason) => {
            said(plain(Command::Refuse { order: *order, reason: reason.clone() }), validate_reason(reason))
        }
        Ask::Withdraw(order) => plain(Command::Withdraw { order: *order }),
        Ask::CompleteConfiguration(version) => plain(Command::CompleteConfiguration { version: *version }),
        Ask::ChangeInfo(parts, draft) => {
            let found = registration(engine, draft, *parts, &before).await?;
            let command = Command::RequestInfoChange { parts: *parts, form: found.checked(&before) };
            let form = found.valid.map(|after| OrderForm::InfoChange {
                parts: *parts,
                before: Box::new(before.clone()),
                after: Box::new(after),
            });
            Prepared { errors: found.errors, form, ..plain(command) }
        }
        Ask::Upgrade => plain(Command::Upgrade),
        Ask::CancelUpgrade => plain(Command::CancelUpgrade),
        Ask::TakeOffline(draft) => {
            let mut prepared = plain(Command::TakeOffline { reason: draft.reason.clone() });
            match validate_offline(draft) {
                Ok(valid) => {
                    prepared.said.clone_from(&valid.reason);
                    prepared.form = Some(OrderForm::Offline(valid));
                }
                Err(errors) => prepared.errors = errors,
            }
            prepared
        }
        Ask::Republish => plain(Command::Republish),
        Ask::RollBack(version, reason) => {
            let command = Command::RollBack { version: *version, reason: reason.clone() };
            let mut prepared = said(plain(command), validate_reason(reason));
            if let Some(bytes) = version_facts::bytes(conn, version.0).await? {
                prepared.form = Some(OrderForm::RollBack { number: bytes.number(), reason: prepared.said.clone() });
            }
            prepared
        }
        Ask::ApplyForChannels(draft) => channels(conn, draft, plain).await?,
    })
}

/// The order keeps the names that the channels have now.
async fn channels(conn: &mut Conn, draft: &ChannelsDraft, plain: impl Fn(Command) -> Prepared) -> Result<Prepared> {
    let command = |channels| Command::ApplyForChannels { channels };
    Ok(match validate_channels(draft) {
        Ok(valid) => {
            let mut channels = further_channel::active(conn).await?;
            channels.retain(|channel| valid.channels.contains(&channel.id));
            let form = Some(OrderForm::Channels { channels, statement: valid.statement.clone() });
            Prepared { form, said: valid.statement, ..plain(command(valid.channels)) }
        }
        Err(errors) => Prepared { errors, ..plain(command(Vec::new())) },
    })
}

/// With a reason, or what is wrong with it.
fn said(prepared: Prepared, checked: std::result::Result<String, FieldErrors>) -> Prepared {
    match checked {
        Ok(said) => Prepared { said, ..prepared },
        Err(errors) => Prepared { errors, ..prepared },
    }
}

/// A registration form that was read over what is registered.
struct Rewritten {
    valid: Option<ValidRegistration>,
    errors: FieldErrors,
}

impl Rewritten {
    fn checked(&self, before: &ValidRegistration) -> Checked {
        match &self.valid {
            Some(after) => Checked::valid(diff(before, after, Phones::Masked).len()),
            None => Checked::invalid(&self.errors),
        }
    }
}

async fn registration(
    engine: &Engine,
    draft: &Registration,
    parts: Parts,
    before: &ValidRegistration,
) -> Result<Rewritten> {
    match validate(&draft.only(parts, before), Form::Existing(before.shape), &ENV) {
        Ok(after) if after.icon != before.icon && icon::get(engine, &after.icon).await?.is_none() => {
            let mut errors = FieldErrors::new();
            errors.add(FieldId::Icon, icon::NOT_KEPT);
            Ok(Rewritten { valid: None, errors })
        }
        Ok(after) => {
            let valid = Some(ValidRegistration { system: before.system, ..after });
            Ok(Rewritten { valid, errors: FieldErrors::new() })
        }
        Err(errors) => Ok(Rewritten { valid: None, errors }),
    }
}

/// What is wrong with a form over what is registered.
///
/// # Errors
/// The store fails.
pub(super) async fn registration_errors(
    engine: &Engine,
    draft: &Registration,
    parts: Parts,
    before: &ValidRegistration,
) -> Result<FieldErrors> {
    Ok(registration(engine, draft, parts, before).await?.errors)
}

async fn approval(
    conn: &mut Conn,
    granted: &Granted,
    before: &ValidRegistration,
    draft: &ApprovalDraft,
    now: UtcMillis,
    plain: impl Fn(Command) -> Prepared,
) -> Result<Prepared> {
    Ok(match check_approval(conn, granted, &before.scope, draft, now).await? {
        Ok(valid) => {
            let said = valid.statement.clone();
            let form = Some(OrderForm::Approval(Box::new(valid)));
            Prepared { form, said, ..plain(Command::SubmitForApproval { form: Checked::valid(1) }) }
        }
        Err(errors) => {
            let form = Checked::invalid(&errors);
            Prepared { errors, ..plain(Command::SubmitForApproval { form }) }
        }
    })
}

/// The approval form, or every error of it at once: those of the rules, and those that only the server knows.
pub(super) async fn check_approval(
    conn: &mut Conn,
    granted: &Granted,
    scope: &BTreeSet<RegionCode>,
    draft: &ApprovalDraft,
    now: UtcMillis,
) -> Result<std::result::Result<ValidApproval, FieldErrors>> {
    let draft = attached(conn, granted, draft).await?;
    let case = ApprovalCase { hosted: granted.facts.hosted, scope: scope.clone(), now };
    Ok(validate_approval(&draft, &case, &ENV))
}

/// The draft with what the store knows of its attachments: a form that names a file of somebody else, or lies about one, has
/// none.
async fn attached(conn: &mut Conn, granted: &Granted, draft: &ApprovalDraft) -> Result<ApprovalDraft> {
    let mut draft = draft.clone();
    // More than any form may have: only counted, never looked up.
    for file in draft.attachments.iter_mut().take(domain::fields::files::ATTACHMENTS_MAX) {
        let kept = attachment::of(conn, granted.actor.person, &file.hash).await?;
        (file.kind, file.size) = kept.map_or((None, 0), |kept| (kept.kind(), kept.size()));
    }
    Ok(draft)
}

/// The error of a refused form, if it was the form that was refused.
pub(crate) fn as_invalid(errors: &FieldErrors, reason: &domain::refusal::Reason) -> Option<Error> {
    use domain::refusal::Reason::{ChannelNotOpen, FormInvalid, NotAnEarlierVersion, ReasonMissing};
    // Nothing that can be had was chosen: the form says so beside its field.
    let of_the_form = matches!(reason, FormInvalid { .. } | ReasonMissing | ChannelNotOpen | NotAnEarlierVersion);
    (of_the_form && !errors.is_empty()).then(|| Error::Invalid(errors.clone()))
}
