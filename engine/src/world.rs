//! The world of the tests: an engine on a database of its own, with a clock and a seed of its own, and the demo's people.
//!
//! Every test of [`both`] runs on SQLite and on PostgreSQL. `IRS_TEST_POSTGRES` names a server; `cargo xtask test` starts one.

pub(crate) mod bench;
mod elsewhere;
mod locks;
mod publications;
pub(crate) mod registry;
mod seats;

pub(crate) use elsewhere::Elsewhere;
pub(crate) use locks::Held;
pub(crate) use publications::{approval, approval_draft, offline, png};

use crate::ctx::Ctx;
use crate::files::peer::Peer;
use crate::identity::session::{self, Token};
use crate::identity::sign_in;
use crate::{Clock, Database, Engine, Entropy, Files, Workshop};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64};

/// 2026-11-24 08:00 in China.
const START: i64 = 1_795_478_400_000;

/// Which database.
#[derive(Clone, Copy, Debug)]
pub(crate) enum On {
    Sqlite,
    Postgres,
}

/// An engine with the demo's people.
pub(crate) struct World {
    pub(crate) engine: Engine,
    pub(crate) clock: Clock,
    on: On,
    /// The file's folder, or the database's name.
    place: String,
}

/// Makes two tests of one: `both! { async fn name(w: World) { … } }`.
macro_rules! both {
    ($($(#[doc = $doc:expr])* async fn $name:ident($w:ident: World) $body:block)*) => {
        $(mod $name {
            #[allow(unused_imports, reason = "a story uses what it needs")]
            use super::*;
            use $crate::world::{On, World};

            async fn story($w: &World) $body

            #[tokio::test]
            async fn on_sqlite() {
                let w = World::new(On::Sqlite).await;
                story(&w).await;
                w.end().await;
            }

            #[tokio::test]
            async fn on_postgres() {
                let w = World::new(On::Postgres).await;
                story(&w).await;
                w.end().await;
            }
        })*
    };
}
pub(crate) use both;

impl World {
    pub(crate) async fn new(on: On) -> Self {
        Self::with_demo(on, true).await
    }

    /// A site for real use, just installed: nobody is there.
    pub(crate) async fn empty(on: On) -> Self {
        Self::with_demo(on, false).await
    }

    async fn with_demo(on: On, demo: bool) -> Self {
        let place = new_place();
        let files = Files::local(&folder(&place).join("files")).expect("a folder");
        Self::with_files(on, place, files, demo).await
    }

    /// Its files are in an object store.
    pub(crate) async fn on_bucket(on: On) -> (Self, Peer) {
        let place = new_place();
        let peer = Peer::start(&folder(&place)).await;
        (Self::with_files(on, place, peer.files(), true).await, peer)
    }

    async fn with_files(on: On, place: String, files: Files, demo: bool) -> Self {
        address(on, &place).await;
        Self::there(on, place, files, demo).await
    }

    /// On a demo's database and files that `put` makes: it gets the address and the folder of files.
    pub(crate) async fn made_before<F: Future<Output = ()>>(on: On, put: impl FnOnce(String, PathBuf) -> F) -> Self {
        let place = new_place();
        let address = address(on, &place).await;
        let files = folder(&place).join("files");
        std::fs::create_dir_all(&files).expect("a folder");
        put(address, files.clone()).await;
        Self::there(on, place, Files::local(&files).expect("a folder"), true).await
    }

    async fn there(on: On, place: String, files: Files, demo: bool) -> Self {
        let clock = Clock::Set(Arc::new(AtomicI64::new(START)));
        let db = Database::open(&address_of(on, &place)).await.expect("the database opens");
        let entropy = Entropy::Seeded(Arc::new(AtomicU64::new(1)));
        let workshop = workshop(&place);
        let engine =
            Engine::open_with(db, files, clock.clone(), entropy, demo, workshop).await.expect("the engine opens");
        Self { engine, clock, on, place }
    }

    /// A second engine on the same database, as after a restart or in a second process.
    pub(crate) async fn another_engine(&self, demo: bool) -> crate::Result<Engine> {
        let db = Database::open(&address_of(self.on, &self.place)).await.expect("the database opens");
        let files = self.engine.files().clone();
        let entropy = Entropy::Seeded(Arc::new(AtomicU64::new(1_000_000)));
        Engine::open_with(db, files, self.clock.clone(), entropy, demo, workshop(&self.place)).await
    }

    /// The same world as another process sees it; only one of both is ended.
    pub(crate) async fn another_process(&self) -> Self {
        let engine = self.another_engine(true).await.expect("the engine opens");
        Self { engine, clock: self.clock.clone(), on: self.on, place: self.place.clone() }
    }

    /// An engine on a SQLite of its own in this world's folder, which no demo was seeded in.
    pub(crate) async fn engine_beside(&self, demo: bool) -> crate::Result<Engine> {
        let folder = folder(&self.place).join("real");
        let db = Database::open(&folder.join("irs.db").to_string_lossy()).await.expect("the database opens");
        let files = Files::local(&folder.join("files")).expect("a folder");
        Engine::open(db, files, self.clock.clone(), Entropy::System, demo).await
    }

    pub(crate) fn on(&self) -> On {
        self.on
    }

    /// A request of nobody.
    pub(crate) fn nobody(&self) -> Ctx {
        let (request_id, address) = (Arc::from("test-request"), Arc::from("10.0.0.1"));
        Ctx { now: self.engine.now(), request_id, address, heard: self.engine.heard(), signed_in: None }
    }

    /// Signs a demo person in.
    pub(crate) async fn token_of(&self, account: &str) -> Token {
        sign_in::by_demo_click(&self.engine, &self.nobody(), account, "test").await.expect("a demo person")
    }

    /// A request of a demo person, signed in anew.
    pub(crate) async fn request_of(&self, account: &str) -> Ctx {
        let token = self.token_of(account).await;
        self.request_with(&token).await
    }

    /// A request with this token.
    pub(crate) async fn request_with(&self, token: &Token) -> Ctx {
        let ctx = self.nobody();
        let signed_in = session::resolve(&self.engine, token.as_str(), ctx.now, true).await.expect("the store answers");
        Ctx { signed_in, ..ctx }
    }

    /// Time goes by.
    pub(crate) fn wait_ms(&self, millis: i64) {
        self.clock.advance(millis);
    }

    /// Checks what must hold at the end of every story, and cleans up.
    pub(crate) async fn end(self) {
        let broken = crate::audit::first_broken(&mut self.engine.db().reader().await.expect("a reader")).await;
        assert_eq!(broken.expect("the store answers"), None, "the audit chain is whole");
        self.engine.close().await;
        std::fs::remove_dir_all(folder(&self.place)).expect("the folder goes");
        if matches!(self.on, On::Postgres) {
            postgres(&format!("DROP DATABASE {} WITH (FORCE)", self.place)).await;
        }
    }
}

fn new_place() -> String {
    format!("irs_{}", uuid::Uuid::from_bytes(Entropy::System.bytes()).simple())
}

async fn address(on: On, place: &str) -> String {
    if matches!(on, On::Postgres) {
        postgres(&format!("CREATE DATABASE {place}")).await;
    }
    address_of(on, place)
}

fn address_of(on: On, place: &str) -> String {
    match on {
        On::Sqlite => folder(place).join("irs.db").to_string_lossy().into_owned(),
        On::Postgres => {
            let server = server();
            let (before, query) = server.split_once('?').unwrap_or((&server, ""));
            let host = before.rsplit_once('/').map_or(before, |(host, _)| host);
            format!("{host}/{place}?{query}")
        }
    }
}

/// The child's program is an example of this crate: cargo builds it beside the tests.
fn workshop(place: &str) -> Workshop {
    let tests = std::env::current_exe().expect("a path");
    let program = tests.parent().and_then(|deps| deps.parent()).expect("a folder").join("examples/workshop");
    Workshop { program, work: folder(place).join("work"), ..Workshop::default() }
}

fn folder(place: &str) -> PathBuf {
    std::env::temp_dir().join(place)
}

#[expect(clippy::disallowed_methods, reason = "tests have no settings")]
fn server() -> String {
    std::env::var("IRS_TEST_POSTGRES")
        .expect("IRS_TEST_POSTGRES is not set: run `cargo xtask test`, which starts PostgreSQL")
}

/// Runs a statement on the server's own database.
async fn postgres(statement: &str) {
    use sqlx::{Connection, Executor};
    let mut conn = sqlx::postgres::PgConnection::connect(&server()).await.expect("PostgreSQL answers");
    conn.execute(sqlx::AssertSqlSafe(statement)).await.expect("the statement runs");
    conn.close().await.expect("the connection closes");
}
