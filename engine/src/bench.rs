//! Data for measurements, and the plans of the statements that are measured. Only with the feature `bench`; the server is built
//! without it.
//!
//! Everything is written by the store's own functions, so that the keyword index, the kept counts, the names and the audit chain
//! are what they are in use. Start reading at [`seed`].

mod audit;
mod blobs;
mod names;
mod orders;
mod states;

pub use audit::{audit_bytes, seed_audit};
pub use blobs::seed_blobs;
pub use orders::seed_orders;

use crate::ctx::{Ctx, SignedIn};
use crate::error::{Error, Result};
use crate::identity::{session, sign_in};
use crate::store::department::{self, Department};
use crate::store::publication_list::{self, Filter, Reach};
use crate::store::{self, Conn, StoreError, StoreResult, application_system, person, reach, version_facts};
use crate::{Database, Engine, icon};
use bytes::Bytes;
use domain::{PersonId, PublicationId, Side, Stage, State, VersionId, VersionNumber};
use image::{ImageFormat, RgbaImage};
use std::io::Cursor;
use std::sync::Arc;
use uuid::Uuid;

/// Who has all of it: a demo's member of staff, who administers every system that is written here.
pub const STAFF: &str = "wangjianguo";

/// A two-character word in one of twelve names.
pub const KEYWORD: &str = "公交";

/// A word that no name has.
pub const NO_MATCH: &str = "鲸鲨";

/// Publications of one application system, about.
const PER_SYSTEM: u32 = 100;

/// Publications in one transaction.
const GROUP: u32 = 500;

/// What all the publications share.
struct Shared {
    engine: Engine,
    ctx: Ctx,
    staff: Arc<SignedIn>,
    developer: Uuid,
    icon: String,
    systems: Vec<Uuid>,
}

/// Writes so many publications in the twelve states of the service side into a fresh demo; calls `written` now and then with
/// how many there are.
///
/// # Errors
/// The store fails, or this is no demo.
pub async fn seed(engine: &Engine, publications: u32, written: impl Fn(u32)) -> Result<()> {
    let shared = Arc::new(share(engine, publications.div_ceil(PER_SYSTEM)).await?);
    for from in (0..publications).step_by(GROUP as usize) {
        let to = publications.min(from + GROUP);
        let what = (Arc::clone(&shared), from, to);
        engine.db().write(what, |conn, what| Box::pin(group(conn, what))).await?;
        written(to);
    }
    Ok(())
}

async fn group(conn: &mut Conn, what: Arc<(Arc<Shared>, u32, u32)>) -> StoreResult<()> {
    let (shared, from, to) = &*what;
    for n in *from..*to {
        states::write(conn, shared, n).await?;
    }
    Ok(())
}

/// As whom all of it is done: [`STAFF`], signed in.
async fn by_staff(engine: &Engine) -> Result<Ctx> {
    let now = engine.now();
    let nobody = Ctx { now, request_id: "bench".into(), address: "127.0.0.1".into(), heard: 0, signed_in: None };
    let token = sign_in::by_demo_click(engine, &nobody, STAFF, "bench").await?;
    let signed_in = session::resolve(engine, token.as_str(), now, true).await?;
    Ok(Ctx { signed_in, ..nobody })
}

async fn share(engine: &Engine, systems: u32) -> Result<Shared> {
    let ctx = by_staff(engine).await?;
    let now = ctx.now;
    let staff = ctx.signed_in.clone().ok_or(Error::NotSignedIn)?;
    let developer = person::by_account(&mut engine.db().reader().await?, "zhaolei").await?.ok_or(Error::NotFound)?;
    let icon = icon::store(engine, &ctx, picture(), None).await?;
    let ids: Vec<Uuid> = (0..systems).map(|_| engine.entropy().id(now)).collect();
    let department = Department {
        id: engine.entropy().id(now),
        name: "杭州市大数据管理局".to_owned(),
        dingtalk_id: "GO_330100_0001".to_owned(),
        region: "330100".to_owned(),
    };
    let what = (department, ids.clone(), staff.person, now);
    let written = engine.db().write(what, |conn, what| {
        Box::pin(async move {
            let (department, ids, staff, now) = &*what;
            department::insert(conn, department).await?;
            for (id, n) in ids.iter().zip(1..) {
                let (name, english) = (format!("城市服务系统{n}"), format!("City Service {n}"));
                application_system::insert(conn, *id, &name, &english, department.id, &department.region, *now).await?;
                application_system::insert_administrator(conn, *id, *staff).await?;
            }
            Ok(())
        })
    });
    written.await?;
    Ok(Shared { engine: engine.clone(), ctx, staff, developer: developer.id, icon, systems: ids })
}

/// A version as the pipeline leaves one that passed all checks, uploaded by this account: for tests that are not about checks.
///
/// # Errors
/// The store fails; there is no such account.
pub async fn plant_version(
    engine: &Engine,
    publication: PublicationId,
    number: VersionNumber,
    account: &str,
) -> Result<VersionId> {
    let id = engine.entropy().id(engine.now());
    let who = person::by_account(&mut engine.db().reader().await?, account).await?.ok_or(Error::NotFound)?.id;
    let written = engine.db().write((), move |conn, _| {
        Box::pin(async move { version_facts::plant(conn, publication.0, id, number, who, &Stage::ALL).await })
    });
    written.await?;
    Ok(VersionId(id))
}

/// Makes a database of this name beside the one that `server` names, and answers its address: for tests. One that is there is replaced.
///
/// # Errors
/// PostgreSQL can't be reached, or refuses.
pub async fn fresh_database(server: &str, name: &str) -> std::result::Result<String, StoreError> {
    store::fresh_postgres(server, name).await?;
    let (before, query) = server.split_once('?').unwrap_or((server, ""));
    let host = before.rsplit_once('/').map_or(before, |(host, _)| host);
    Ok(format!("{host}/{name}?{query}"))
}

/// Runs statements as whoever has the database's password could, past all of the product: for tests.
///
/// # Errors
/// The database can't be opened, or refuses one.
pub async fn by_hand(address: &str, statements: &'static [&'static str]) -> std::result::Result<(), StoreError> {
    let db = Database::open_as_it_is(address).await?;
    let write = db.write((), move |conn, _| {
        Box::pin(async move {
            for statement in statements {
                store::raw(conn, statement).await?;
            }
            Ok(())
        })
    });
    let written = write.await;
    db.close().await;
    written
}

fn picture() -> Bytes {
    let mut bytes = Vec::new();
    let picture = RgbaImage::from_pixel(180, 180, image::Rgba([10, 90, 200, 255]));
    // In memory it does not fail; an empty icon would be refused.
    let _ = picture.write_to(&mut Cursor::new(&mut bytes), ImageFormat::Png);
    bytes.into()
}

/// One statement with its plan.
#[derive(Debug, Clone)]
pub struct Plan {
    /// What it is for.
    pub title: &'static str,
    /// As it is sent.
    pub text: String,
    /// A line a step.
    pub steps: Vec<String>,
}

/// How SQLite finds what the bench asks for.
///
/// # Errors
/// The store fails.
pub async fn plans(engine: &Engine) -> Result<Vec<Plan>> {
    let mut conn = engine.db().reader().await?;
    let nobody = PersonId(Uuid::nil());
    let filter = |reach, keyword: Option<&str>| Filter {
        side: Side::Service,
        reach,
        system: None,
        state: Some(State::Published),
        key: None,
        keyword: keyword.map(str::to_owned),
        channel: None,
        region: None,
        updated_from: None,
    };
    let cases = [
        ("列表, keyword + state, a reader of more than 2,000", filter(Reach::Wide(nobody), Some(KEYWORD))),
        ("列表, the same, a reader of 2,000 or fewer", filter(Reach::Narrow(nobody), Some(KEYWORD))),
        ("列表, state without keyword", filter(Reach::Wide(nobody), None)),
    ];
    let mut plans = Vec::new();
    for (title, filter) in cases {
        let (text, steps) = publication_list::plan_of_rows(&mut conn, &filter, 21).await?;
        plans.push(Plan { title, text, steps });
    }
    let (text, steps) = reach::plan_of_publication(&mut conn).await?;
    plans.push(Plan { title: "详情, the publication and what the reader is to it", text, steps });
    Ok(plans)
}
