//! 通知 outside of the product: messages are written in the transaction of the change that they tell of, and sent afterwards by
//! workers that try again until they are taken or given up (design.md, Data; identity.md, Work notifications).
//!
//! A message belongs to whoever holds its lease. It is sent twice only where the peer's acceptance was not noted (its sender died
//! in between, or the answer was lost), and then with the same id. Start at [`put`], then [`work`].

mod admin;
#[cfg(test)]
mod asked_tests;
mod carriers;
mod email;
#[cfg(test)]
mod fakes;
mod message;
#[cfg(test)]
mod tests;
mod webhook;
mod work_notice;
#[cfg(test)]
mod work_notice_tests;

pub use admin::{overview, resend, resend_all};
pub use carriers::{CarrierError, Carriers};

use crate::Engine;
use crate::error::Result;
use crate::store::notice::Recipient;
use crate::store::outbox::{self as store, Asked, Due, NewMessage};
use crate::store::{Conn, StoreResult};
use domain::view::inbox::way;
use domain::view::outbox::Carrier;
use domain::{Occasion, UtcMillis, words};
use message::{Failure, Message, Outgoing};
use std::collections::BTreeMap;
use std::time::Duration;
use tokio::sync::watch;
use tracing::Instrument as _;
use uuid::Uuid;

/// A message is tried so often, then given up.
const ATTEMPTS: i64 = 8;

/// Between one attempt and the next; the last one counts for all that follow. Milliseconds.
const BACK_OFF_MS: [i64; 5] = [10_000, 60_000, 5 * 60_000, 30 * 60_000, 2 * 60 * 60_000];

/// A message is its sender's for so much longer than sending may take: for the note. Milliseconds.
const LEASE_MARGIN_MS: i64 = 10_000;

/// How often is looked for what is due when nothing happens.
const LOOK_EVERY: Duration = Duration::from_secs(2);

/// What was sent is kept so long. Milliseconds.
const KEEP_SENT_MS: i64 = 30 * 24 * 60 * 60_000;

/// What a change's messages are about.
pub(crate) struct About {
    pub(crate) publication: Uuid,
    pub(crate) order: Option<Uuid>,
    pub(crate) at: UtcMillis,
}

/// Writes what is to be sent, as part of the change: for each occasion one message to the group and one to each person who
/// has an address, by the carriers that there are.
pub(crate) async fn put(
    conn: &mut Conn,
    engine: &Engine,
    about: &About,
    told: Vec<(Occasion, Vec<Recipient>)>,
) -> StoreResult<()> {
    let carriers = &engine.workshop().carriers;
    if carriers.has(Carrier::DingTalk) {
        revoke_what_is_over(conn, engine, about).await?;
    }
    let mut of: BTreeMap<Occasion, Vec<Recipient>> = BTreeMap::new();
    for (occasion, people) in told.into_iter().filter(|(_, people)| !people.is_empty()) {
        of.entry(occasion).or_default().extend(people);
    }
    if of.is_empty() || carriers.configured().next().is_none() {
        return Ok(());
    }
    let Some(subject) = store::subject(conn, about.publication, about.order).await? else { return Ok(()) };
    let (name, kind) = (subject.name, subject.kind);
    for (occasion, people) in of {
        let path = way(occasion, Some(domain::PublicationId(about.publication)), about.order.map(domain::OrderId));
        let asked = subject.could_ask.clone().filter(|_| occasion.asks());
        let more = subject.configured.as_deref().filter(|_| occasion == Occasion::ConfigurationCompleted);
        let worded = |title: String| more.map_or(title.clone(), |more| format!("{title}，{more}"));
        let message = |carrier: Carrier, title: String, people: Vec<String>, person: Option<(Uuid, String)>| {
            let told = Message { title, people, path: path.clone(), asked: asked.clone(), lead: String::new() };
            new_message(engine, about, carrier, told, person)
        };
        if carriers.has(Carrier::Webhook) {
            let names = people.iter().map(|person| person.name.clone()).collect();
            let title = worded(words::group_notice(occasion, &name, kind));
            store::insert(conn, message(Carrier::Webhook, title, names, None)).await?;
        }
        let title = worded(words::notice(occasion, &name, kind));
        for Recipient { id, name: whose, email, dingtalk_id } in people {
            if let Some(address) = email.filter(|_| carriers.has(Carrier::Email)) {
                let told = message(Carrier::Email, title.clone(), vec![whose.clone()], Some((id, address)));
                store::insert(conn, told).await?;
            }
            if let Some(account) = dingtalk_id.filter(|_| carriers.has(Carrier::DingTalk)) {
                let lead = words::work_notice_lead(occasion, subject.urges, about.at);
                let told = Message {
                    title: title.clone(),
                    people: vec![whose],
                    path: path.clone(),
                    asked: asked.clone(),
                    lead,
                };
                let asks = match &told.asked {
                    Some(Asked::Step { order, step }) => Some((*order, *step)),
                    _ => None,
                };
                let person = Some((id, account.to_string()));
                let new = new_message(engine, about, Carrier::DingTalk, told, person);
                store::insert(conn, NewMessage { asks, ..new }).await?;
            }
        }
    }
    Ok(())
}

/// A message that asks for nothing that could be withdrawn.
fn new_message(
    engine: &Engine,
    about: &About,
    carrier: Carrier,
    told: Message,
    person: Option<(Uuid, String)>,
) -> NewMessage {
    let id = engine.entropy().id(about.at);
    NewMessage { id, carrier, person, body: told.to_json(), at: about.at, asks: None, revokes: None }
}

/// What asks for a step of the order that is decided or withdrawn is taken back, where it can be.
async fn revoke_what_is_over(conn: &mut Conn, engine: &Engine, about: &About) -> StoreResult<()> {
    let Some(order) = about.order else { return Ok(()) };
    for over in store::over(conn, order).await? {
        let Some(message) = Message::of_json(&over.body) else { continue };
        let told = Message { title: words::withdrawal(&message.title), asked: None, lead: String::new(), ..message };
        let new = new_message(engine, about, Carrier::DingTalk, told, Some((over.person_id, over.address)));
        store::insert(conn, NewMessage { revokes: Some(over.id), ..new }).await?;
    }
    Ok(())
}

/// Rung after a change; and once, when the process is to end.
pub(crate) struct Bell(watch::Sender<Rung>);

#[derive(Clone, Copy, Default)]
struct Rung {
    times: u64,
    stopping: bool,
}

impl Default for Bell {
    fn default() -> Self {
        Self(watch::Sender::new(Rung::default()))
    }
}

impl Bell {
    /// There may be something to send.
    pub(crate) fn ring(&self) {
        self.0.send_modify(|rung| rung.times = rung.times.wrapping_add(1));
    }
}

/// Sends for ever, one message after the other by each carrier: one that does not answer holds up no other. Ends after
/// [`stop`], with what it was at.
pub async fn work(engine: Engine) {
    let carriers = &engine.workshop().carriers;
    if carriers.configured().next().is_none() {
        return;
    }
    tracing::info!(?carriers, "notices go out of the product by these");
    if carriers.shows_password() {
        tracing::warn!("the mail server's password travels unencrypted: use smtps://, or smtp:// with ?tls=required");
    }
    // Nobody else writes here: who held a lease is dead, and what it was at need not wait.
    if engine.db().changes().is_some()
        && let Err(error) = engine.db().write((), |conn, _| Box::pin(store::forget_leases(conn))).await
    {
        tracing::warn!(error = %error, "old leases of the outbox could not be forgotten; they run out");
    }
    let mut workers = tokio::task::JoinSet::new();
    for carrier in carriers.configured() {
        workers.spawn(one_after_another(engine.clone(), carrier));
    }
    while let Some(ended) = workers.join_next().await {
        // Only a panic ends one before the stop; its message is due again when the lease runs out.
        if let Err(error) = ended {
            tracing::error!(error = %error, "a worker of the outbox failed; all of them start again");
            workers.abort_all();
            for carrier in carriers.configured() {
                workers.spawn(one_after_another(engine.clone(), carrier));
            }
        }
    }
}

/// No message is begun any more.
pub fn stop(engine: &Engine) {
    engine.bell().0.send_modify(|rung| rung.stopping = true);
}

/// Removes what was sent long ago.
///
/// # Errors
/// The store fails.
pub async fn sweep(engine: &Engine) -> Result<()> {
    let before = UtcMillis(engine.now().0 - KEEP_SENT_MS);
    Ok(engine.db().write((), move |conn, _| Box::pin(store::delete_sent(conn, before))).await?)
}

async fn one_after_another(engine: Engine, carrier: Carrier) {
    let mut bell = engine.bell().0.subscribe();
    while !bell.borrow_and_update().stopping {
        match deliver_next(&engine, carrier).await {
            Ok(true) => continue,
            Ok(false) => {}
            Err(error) => {
                tracing::error!(error = %error, outbox.carrier = carrier.id(), "the outbox could not be read")
            }
        }
        // The bell's sender lives as long as the engine.
        let _ = tokio::time::timeout(LOOK_EVERY, bell.changed()).await;
    }
}

/// Sends the next message of this carrier that is due, if there is one.
async fn deliver_next(engine: &Engine, carrier: Carrier) -> Result<bool> {
    let now = engine.now();
    if !store::is_due(&mut engine.db().reader().await?, carrier, now).await? {
        return Ok(false);
    }
    let holder = engine.entropy().id(now);
    let patience = engine.workshop().carriers.patience(carrier);
    let until = i64::try_from(patience.as_millis()).unwrap_or(i64::MAX / 4) + LEASE_MARGIN_MS;
    let until = UtcMillis(now.0.saturating_add(until));
    let claim = engine
        .db()
        .write((), move |conn, _| Box::pin(async move { store::claim(conn, carrier, holder, now, until).await }));
    let Some(due) = claim.await? else { return Ok(false) };
    let message = Message::of_json(&due.body);
    if let Some(asked) = message.as_ref().and_then(|message| message.asked.as_ref())
        && !store::is_asked(&mut engine.db().reader().await?, asked, due.person_id).await?
    {
        tracing::info!(outbox.id = %due.id, outbox.carrier = carrier.id(), "what message {} asks for is done", due.id);
        let lapse = engine
            .db()
            .write(due, move |conn, due| Box::pin(async move { store::drop_lapsed(conn, &due, holder).await }));
        lapse.await?;
        return Ok(true);
    }
    let sent = if due.attempts > ATTEMPTS {
        Err(Failure::last("每次发送都没有完成：服务器在发送途中停止了"))
    } else {
        let span = tracing::info_span!("message", outbox.id = %due.id, outbox.carrier = carrier.id());
        deliver(engine, carrier, &due, message).instrument(span).await
    };
    match sent {
        Ok(()) => note_sent(engine, carrier, &due).await?,
        Err(failure) => note_failure(engine, carrier, holder, &due, failure).await?,
    }
    Ok(true)
}

async fn deliver(engine: &Engine, carrier: Carrier, due: &Due, message: Option<Message>) -> Result<(), Failure> {
    let message = message.ok_or_else(|| Failure::last("这条消息的内容读不出来"))?;
    if let Some(id) = due.revokes
        && is_waiting(engine, id).await
    {
        return Err(Failure::passing("要撤回的消息还在发送"));
    }
    let console = engine.workshop().apps.console_address();
    let outgoing = Outgoing {
        id: due.id,
        url: format!("{console}{}", message.path),
        entrance: work_notice::entrance(console, &message.path),
        revokes: due.revokes,
        message,
        address: due.address.as_deref(),
        at: UtcMillis(due.created_at),
        now: engine.now(),
    };
    engine.workshop().carriers.send(carrier, &outgoing).await
}

/// If that can't be read, it counts as waiting: what withdraws it comes again.
async fn is_waiting(engine: &Engine, id: Uuid) -> bool {
    let look = async { store::is_waiting(&mut engine.db().reader().await?, id).await };
    look.await.unwrap_or(true)
}

async fn note_sent(engine: &Engine, carrier: Carrier, due: &Due) -> Result<()> {
    let (key, now) = (due.key, engine.now());
    let note = engine.db().write(engine.clone(), move |conn, engine| {
        Box::pin(async move {
            engine.may_fail()?;
            store::mark_sent(conn, key, now).await
        })
    });
    note.await?;
    tracing::debug!(outbox.id = %due.id, outbox.carrier = carrier.id(), due.attempts, "message {} was sent", due.id);
    Ok(())
}

async fn note_failure(engine: &Engine, carrier: Carrier, holder: Uuid, due: &Due, failure: Failure) -> Result<()> {
    let next = (!failure.is_last && due.attempts < ATTEMPTS).then(|| next_at(engine, due.attempts));
    let (id, cause, carrier) = (due.id, failure.cause.as_deref().unwrap_or(&failure.sentence), carrier.id());
    match next {
        Some(_) => tracing::warn!(
            outbox.id = %id, outbox.carrier = carrier, due.attempts, cause, "message {id} was not taken; it is tried again"
        ),
        None => tracing::error!(
            outbox.id = %id, outbox.carrier = carrier, due.attempts, cause, "message {id} is given up"
        ),
    }
    let key = due.key;
    let note = engine.db().write(failure.sentence, move |conn, sentence| {
        Box::pin(async move { store::mark_failed(conn, key, holder, &sentence, next).await })
    });
    Ok(note.await?)
}

/// Up to a fifth later than the table says, so that what failed together does not come back together.
fn next_at(engine: &Engine, attempts: i64) -> UtcMillis {
    let nth = usize::try_from(attempts - 1).unwrap_or_default().min(BACK_OFF_MS.len() - 1);
    let wait = BACK_OFF_MS[nth];
    let random = i64::from(u16::from_be_bytes(engine.entropy().bytes()));
    UtcMillis(engine.now().0 + wait + wait * random / (5 * i64::from(u16::MAX)))
}
