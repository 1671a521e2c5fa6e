//! A publication in a state, with what its history leaves behind: versions, stages, orders, what is live, audit events.

use super::Shared;
use super::names::{chance, name, pick};
use crate::audit::{self, Event};
use crate::publication::ENV;
use crate::store::publication::{self, NewPublication};
use crate::store::publication_change as change;
use crate::store::work_order_change::{self, NewOrder};
use crate::store::{Conn, StoreError, StoreResult, version_facts};
use crate::work_order::form::OrderForm;
use domain::fields::{
    ContactDraft, Form, Parts, Registration, ValidApproval, ValidOffline, ValidRegistration, ValidRollout, validate,
};
use domain::routing::{Step, Whose};
use domain::{Need, OrderKind, RegionCode, Role, Side, Stage, State, VersionId, VersionNumber};
use serde_json::json;
use uuid::Uuid;

/// How many of a hundred are in which state.
const OF_A_HUNDRED: [(State, u64); 12] = [
    (State::Published, 44),
    (State::Preparing, 10),
    (State::AwaitingAcceptance, 6),
    (State::AwaitingRelease, 8),
    (State::ReleaseInReview, 6),
    (State::InfoChangeInReview, 2),
    (State::UpgradeDeploying, 6),
    (State::AwaitingUpgradeAcceptance, 3),
    (State::AwaitingUpgrade, 3),
    (State::UpgradeInReview, 3),
    (State::OfflineInReview, 2),
    (State::Offline, 7),
];

/// What lies behind a state, in the order of doing.
#[derive(Clone, Copy)]
enum Past {
    Uploaded,
    Submitted,
    Accepted,
    Live,
    NewRound,
    Filed(OrderKind),
    Delisted,
}

fn past(state: State) -> &'static [Past] {
    use Past::*;
    match state {
        State::AwaitingAcceptance => &[Uploaded, Submitted],
        State::AwaitingRelease => &[Uploaded, Submitted, Accepted],
        State::ReleaseInReview => &[Uploaded, Submitted, Accepted, Filed(OrderKind::Release)],
        State::Published => &[Uploaded, Submitted, Accepted, Live],
        State::InfoChangeInReview => &[Uploaded, Submitted, Accepted, Live, Filed(OrderKind::InfoChange)],
        State::OfflineInReview => &[Uploaded, Submitted, Accepted, Live, Filed(OrderKind::Offline)],
        State::Offline => &[Uploaded, Submitted, Accepted, Live, Delisted],
        State::UpgradeDeploying => &[Uploaded, Submitted, Accepted, Live, NewRound],
        State::AwaitingUpgradeAcceptance => &[Uploaded, Submitted, Accepted, Live, NewRound, Uploaded, Submitted],
        State::AwaitingUpgrade => &[Uploaded, Submitted, Accepted, Live, NewRound, Uploaded, Submitted, Accepted],
        State::UpgradeInReview => {
            &[Uploaded, Submitted, Accepted, Live, NewRound, Uploaded, Submitted, Accepted, Filed(OrderKind::Upgrade)]
        }
        State::Preparing | State::Configuring => &[],
    }
}

fn state_of(n: u32) -> State {
    let mut left = chance(n, 4) % 100;
    for (state, share) in OF_A_HUNDRED {
        if left < share {
            return state;
        }
        left -= share;
    }
    State::Published
}

/// Writes the `n`th.
pub(super) async fn write(conn: &mut Conn, shared: &Shared, n: u32) -> StoreResult<()> {
    let (engine, now) = (&shared.engine, shared.ctx.now);
    let Some(system) = pick(&shared.systems, n, 5) else { return Ok(()) };
    let registration = registration(shared, system, n)?;
    let (id, state) = (engine.entropy().id(now), state_of(n));
    let new = NewPublication { id, system, state, registration, now };
    let key = publication::insert(conn, &new).await?;
    note(conn, shared, "publication.register", &new, json!({ "name": new.registration.name, "key": key })).await?;
    let mut versions = 0;
    let mut version = Uuid::nil();
    for step in past(state) {
        match step {
            Past::Uploaded => {
                versions += 1;
                version = engine.entropy().id(now);
                let number = VersionNumber::new(versions, 0, 0);
                version_facts::plant(conn, id, version, number, shared.developer, &Stage::ALL).await?;
            }
            Past::Submitted => {
                change::submit(conn, id, VersionId(version)).await?;
                version_facts::count(conn, version).await?;
            }
            Past::Accepted => {
                change::accept(conn, id, VersionId(version)).await?;
                version_facts::insert_acceptance(conn, version, shared.staff.person.0, true, "", now).await?;
                note(conn, shared, "publication.accept", &new, json!({ "to": State::AwaitingRelease.id() })).await?;
            }
            Past::Live => {
                version_facts::make_live(conn, id, version, &bundle(version), now).await?;
                change::list(conn, id).await?;
                note(conn, shared, "work_order.approve", &new, json!({ "to": State::Published.id() })).await?;
            }
            Past::NewRound => change::begin_round(conn, id).await?,
            Past::Filed(kind) => file(conn, shared, &new, *kind, version).await?,
            Past::Delisted => {
                change::delist(conn, id).await?;
                change::stop_serving(conn, id, "出行一码通").await?;
            }
        }
    }
    Ok(())
}

/// The bytes of a planted version: see [`version_facts::plant`].
fn bundle(version: Uuid) -> String {
    version.simple().to_string()
}

fn registration(shared: &Shared, system: Uuid, n: u32) -> StoreResult<ValidRegistration> {
    let draft = Registration {
        channels: vec!["zheli_app".to_owned()],
        system: system.to_string(),
        name: name(n),
        intro: "在线查询和办理，随时随地。".to_owned(),
        icon: shared.icon.clone(),
        audience: "person".to_owned(),
        domestic_os: "yes".to_owned(),
        scope: vec!["330100".to_owned(), "330102".to_owned()],
        vendor: "杭州云途科技有限公司".to_owned(),
        credit_code: "91330100MA20000120".to_owned(),
        contacts: vec![ContactDraft { name: "赵磊".to_owned(), phone: "13800000001".to_owned() }],
        ..Registration::default()
    };
    validate(&draft, Form::New { side: Side::Service }, &ENV)
        .map_err(|errors| StoreError::Setting(format!("the bench's registration is wrong: {errors:?}")))
}

async fn note(
    conn: &mut Conn,
    shared: &Shared,
    action: &'static str,
    new: &NewPublication,
    detail: serde_json::Value,
) -> StoreResult<()> {
    let event = Event { detail, ..Event::done(action, "publication", new.id.to_string()) };
    audit::append(conn, &shared.ctx, &event).await.map(|_| ())
}

async fn file(
    conn: &mut Conn,
    shared: &Shared,
    new: &NewPublication,
    kind: OrderKind,
    version: Uuid,
) -> StoreResult<()> {
    let region = |code| RegionCode::parse(code).ok_or(StoreError::Closed);
    let step = |region| Step { role: Role::Reviewer, whose: Whose::Region(region), need: Need::One };
    let with_bytes = matches!(kind, OrderKind::Release | OrderKind::Upgrade).then_some(version);
    let order = NewOrder {
        id: shared.engine.entropy().id(shared.ctx.now),
        kind,
        publication: Some(new.id),
        stock: None,
        version: with_bytes,
        bundle: with_bytes.map(bundle),
        initiator: shared.staff.person,
        form: form(kind, &new.registration).stored(),
        steps: vec![step(region("330100")?), step(region("330000")?)],
        routing: 0,
        now: shared.ctx.now,
    };
    work_order_change::insert(conn, &order).await?;
    note(conn, shared, "publication.submit_for_approval", new, json!({ "order": order.id })).await
}

fn form(kind: OrderKind, registration: &ValidRegistration) -> OrderForm {
    match kind {
        OrderKind::InfoChange => {
            let after = ValidRegistration { intro: "换了一个说法。".to_owned(), ..registration.clone() };
            OrderForm::InfoChange {
                parts: Parts { listing: true, release: false },
                before: Box::new(registration.clone()),
                after: Box::new(after),
            }
        }
        OrderKind::Offline => OrderForm::Offline(ValidOffline { reason: "业务合并".to_owned(), substitute: None }),
        _ => OrderForm::Approval(Box::new(ValidApproval {
            statement: "首次发布".to_owned(),
            test_report: "功能测试全部通过".to_owned(),
            contact_name: "王建国".to_owned(),
            contact_phone: "13900000009".to_owned(),
            expected_date: None,
            attachments: Vec::new(),
            rollout: ValidRollout::Now,
        })),
    }
}
