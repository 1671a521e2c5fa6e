//! The real server with a real database, asked over HTTP.

use crate::nouns::{PEOPLE, Person, Shape};
use crate::socket::{Answer, Asked, ask, escaped};
use app::api::context::SESSION_COOKIE;
use engine::identity::sign_in;
use engine::{Clock, Ctx, Database, Engine, Entropy, Files};
use leptos::config::LeptosOptions;
use serde_json::Value;
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::Path;
use tokio::runtime::Runtime;

/// A running server.
pub struct Site {
    pub runtime: Runtime,
    pub engine: Engine,
    address: SocketAddr,
    cookies: BTreeMap<Person, String>,
    pub system: String,
    pub icon: String,
}

/// Which database.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum On {
    Sqlite,
    Postgres,
}

impl On {
    /// The address of a fresh database of this name.
    async fn database(self, name: &str, folder: &Path) -> String {
        match self {
            Self::Sqlite => folder.join("irs.db").to_string_lossy().into_owned(),
            Self::Postgres => {
                let server = std::env::var("IRS_TEST_POSTGRES");
                let server =
                    server.expect("IRS_TEST_POSTGRES is not set: run `cargo xtask test`, which starts PostgreSQL");
                engine::bench::fresh_database(&server, name).await.unwrap()
            }
        }
    }
}

impl Site {
    /// A demo on a fresh database; `name` is the test's.
    pub fn start(on: On, name: &str) -> Self {
        let runtime = Runtime::new().unwrap();
        let name = format!("irs_{name}_{}_{}", std::process::id(), if on == On::Sqlite { "s" } else { "p" });
        // Files of the last run may be looked at until the next.
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name.replace(&std::process::id().to_string(), "last"));
        let _ = std::fs::remove_dir_all(&folder);
        let (engine, address) = runtime.block_on(async {
            let db = Database::open(&on.database(&name, &folder).await).await.unwrap();
            let files = Files::local(&folder.join("files")).unwrap();
            let engine = Engine::open(db, files, Clock::System, Entropy::System, true).await.unwrap();
            let router = server::router::router(LeptosOptions::builder().output_name("irs").build(), engine.clone());
            let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
            let address = listener.local_addr().unwrap();
            let service = router.into_make_service_with_connect_info::<SocketAddr>();
            tokio::spawn(async move { axum::serve(listener, service).await });
            (engine, address)
        });
        let none = String::new();
        let mut site = Self { runtime, engine, address, cookies: BTreeMap::new(), system: none.clone(), icon: none };
        site.signs_everybody_in();
        let icon = Asked {
            method: "POST",
            headers: &[("Content-Type", "image/png"), ("Origin", "http://localhost:3000")],
            body: include_bytes!("../icon.png"),
            ..Asked::get("/icon")
        };
        let kept = site.runtime.block_on(site.asks(Person::Staff, icon));
        site.icon = kept.json()["hash"].as_str().unwrap().to_owned();
        let form = site.get(Person::Staff, "/api/publication/form?side=service&check=false");
        site.system = form["systems"][0]["id"].as_str().unwrap().to_owned();
        site
    }

    fn signs_everybody_in(&mut self) {
        let nobody =
            Ctx { now: self.engine.now(), request_id: "test".into(), address: "::1".into(), heard: 0, signed_in: None };
        for person in PEOPLE {
            let clicked = sign_in::by_demo_click(&self.engine, &nobody, account(person), "test");
            let token = self.runtime.block_on(clicked).unwrap();
            self.cookies.insert(person, format!("{SESSION_COOKIE}={}", token.as_str()));
        }
    }

    pub async fn asks(&self, who: Person, asked: Asked<'_>) -> Answer {
        ask(self.address, asked.cookie(&self.cookies[&who])).await
    }

    /// What a script reads, whatever the answer.
    pub async fn reads(&self, who: Person, path: &str) -> Answer {
        self.asks(who, Asked { headers: &[("Accept", "application/json")], ..Asked::get(path) }).await
    }

    /// Sends a form as a script does.
    pub async fn sends(&self, who: Person, path: &str, fields: &[(&'static str, String)]) -> Answer {
        let pair = |(name, value): &(&str, String)| format!("{}={}", escaped(name), escaped(value));
        let body = fields.iter().map(pair).collect::<Vec<_>>().join("&");
        let headers = [
            ("Content-Type", "application/x-www-form-urlencoded"),
            ("Accept", "application/json"),
            ("Origin", "http://localhost:3000"),
        ];
        self.asks(who, Asked { method: "POST", headers: &headers, body: body.as_bytes(), ..Asked::get(path) }).await
    }

    pub fn get(&self, who: Person, path: &str) -> Value {
        let answer = self.runtime.block_on(self.reads(who, path));
        assert_eq!(answer.status, 200, "{path}: {}", answer.text());
        answer.json()
    }

    /// The counts of the tabs of staff, without those that are 0.
    pub fn counts(&self, shape: Shape) -> BTreeMap<String, i64> {
        let path =
            format!("/api/publication/list?side={}&query[keyword]=&query[size]=10&query[from]=start", side(shape));
        let pair = |pair: &Value| (pair[0].as_str().unwrap().to_owned(), pair[1].as_i64().unwrap());
        let page = self.get(Person::Staff, &path);
        page["counts"].as_array().unwrap().iter().map(pair).filter(|(_, n)| *n != 0).collect()
    }
}

pub fn account(person: Person) -> &'static str {
    match person {
        Person::Staff => "wangjianguo",
        Person::Stranger => "chenjing",
        Person::Developer => "zhaolei",
        Person::OtherDeveloper => "sunyue",
        Person::City => "limin",
        Person::First => "zhoutao",
        Person::Second => "wufang",
        Person::Operator => "zhengkai",
        Person::Administrator => "fengxue",
    }
}

pub fn key() -> String {
    Entropy::System.id(domain::UtcMillis(0)).to_string()
}

pub const fn side(shape: Shape) -> &'static str {
    match shape {
        Shape::Service | Shape::Web | Shape::Linked(_) => "service",
        Shape::Own | Shape::Unified | Shape::MiniProgram => "governance",
    }
}
