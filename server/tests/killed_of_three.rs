//! Three real servers on one PostgreSQL and one object store, of which one is killed by SIGKILL at any moment, again and again, while
//! people register, upload, accept and approve (packages.md, Bad input; design.md, Servers side by side): what came of it is what comes
//! of a calm day, for each application. `IRS_KILLED_SEED` repeats the throws of a run, which prints its own.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test may fail loudly")]

// Of engine's tests; hyper_util, s3s and s3s_fs are in our manifest for it.
#[path = "../../engine/src/files/peer.rs"]
#[expect(dead_code, reason = "engine's tests use all of it")]
mod peer;
mod program;
mod registration;
mod robot;
mod socket;
mod three;
mod workbench;

use domain::{PublicationId, StageStatus, UtcMillis, VersionId};
use engine::{Bucket, Clock, Database, Engine, Entropy, Files, Workshop};
use peer::Peer;
use registration::FILLED;
use serde_json::{Value, json};
use socket::Asked;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;
use three::{Came, Door, PATIENCE, Robot, SERVERS, Three};
use tokio::sync::watch;
use workbench::{PAGE, Workbench, zip};

const ROUNDS: usize = 12;

/// Who take one application after the other to the end; every third has nothing to host.
const PEOPLE: usize = 3;

#[tokio::test]
async fn whichever_of_three_is_killed_at_any_moment_no_job_is_lost_or_done_twice() {
    let seed = seed();
    eprintln!("IRS_KILLED_SEED={seed}");
    let mut dice = Dice(seed);
    let folder = std::env::temp_dir().join(format!("irs-three-{}", std::process::id()));
    let (peer, robot) = (Peer::start(&folder).await, Robot::start().await);
    let mut three = Three::start(&peer, &robot).await;
    let mut work = Work::of(three.door.clone(), robot.clone()).await;
    let mut apps = Vec::new();
    for hosted in [true, false] {
        let app = work.lives(format!("三台静{}号", u8::from(hosted)), hosted).await;
        work.calm.insert(hosted, app.told.clone());
        apps.push(app);
    }
    let (over, ends) = watch::channel(false);
    let people: Vec<_> = (0..PEOPLE).map(|n| tokio::spawn(work.clone().goes_on(n, ends.clone()))).collect();
    let (mut cut, mut runs_cut_off) = (false, 0);
    for round in 0..ROUNDS {
        let mut which = dice.below(SERVERS);
        match (round, dice.below(3)) {
            // Once at least, whatever the dice say; not twice in a row: a version of which five servers died is given up.
            (0, _) | (_, 2) if !cut => which = three.has_a_run(which).await,
            (_, 0) => three.door.until_more(1 + dice.below(12)).await,
            _ => {
                let from = robot.came().len() + dice.below(3);
                robot.until("notices", |came| came.len() > from).await;
            }
        }
        cut = three.dies(which).await;
        runs_cut_off += usize::from(cut);
        three.starts(which).await;
    }
    eprintln!("{runs_cut_off} of {ROUNDS} kills cut a run off");
    assert!(runs_cut_off > 0);
    over.send(true).unwrap();
    for one in people {
        apps.extend(tokio::time::timeout(2 * PATIENCE, one).await.unwrap().unwrap());
    }
    work.until_nothing_waits().await;
    came_once(&robot.came());
    work.are_as_on_a_calm_day(&apps).await;
    stages_are_passed_once(&three, &peer, &apps).await;
    let verified = three.places[0].runs(&["audit", "verify"]).await;
    assert!(verified.good, "{verified:?}");
    three.ends().await;
    std::fs::remove_dir_all(folder).unwrap();
}

/// A message that comes again is the same one, and comes again only because its sender was killed.
fn came_once(came: &Came) {
    let mut bodies = BTreeMap::new();
    for (id, body) in came {
        let first = *bodies.entry(id).or_insert(body);
        assert_eq!(first, body, "{id} says two things");
    }
    let again = came.len() - bodies.len();
    assert!(again <= ROUNDS, "{again} came again");
}

async fn stages_are_passed_once(three: &Three, peer: &Peer, apps: &[App]) {
    let db = Database::open(three.places[0].database.as_deref().unwrap()).await.unwrap();
    let (clock, entropy) = (Clock::System, Entropy::System);
    let engine = Engine::open_with(db, peer.files(), clock, entropy, true, Workshop::default()).await.unwrap();
    let bench = Workbench { engine, publication: PublicationId(uuid::Uuid::nil()) };
    for version in apps.iter().filter_map(|app| app.version.as_deref()) {
        let id = VersionId(version.parse().unwrap());
        let page = bench.version(id).await;
        assert!(!page.under_way && page.bundle.is_some() && page.stages.len() == 4, "{:?}", page.stages);
        for of in &page.stages {
            assert_eq!(of.status, StageStatus::Passed, "{:?}", page.stages);
            assert!(of.started_at.unwrap().0 <= of.ended_at.unwrap().0);
        }
        bench.logs_are_of_one_run(id).await;
    }
    bench.ends().await;
}

/// An application that went its whole way.
struct App {
    name: String,
    id: String,
    version: Option<String>,
    hosted: bool,
    /// How many notices told of it after each deed.
    told: Vec<usize>,
}

/// The people, and what they fill in.
#[derive(Clone)]
struct Work {
    door: Door,
    robot: Robot,
    cookies: Arc<BTreeMap<&'static str, String>>,
    system: String,
    icon: String,
    /// How many notices told of one that is hosted, or not, after each deed, when nobody was killed.
    calm: BTreeMap<bool, Vec<usize>>,
}

impl Work {
    async fn of(door: Door, robot: Robot) -> Self {
        let mut cookies = BTreeMap::new();
        for account in ["wangjianguo", "zhaolei", "limin", "zhoutao", "fengxue"] {
            let form = [("account", account), ("next", "")];
            let answer = door.sends("", "/api/session/sign_in_demo", &form).await;
            cookies.insert(account, answer.header("set-cookie").split(';').next().unwrap().to_owned());
        }
        let (system, icon) = (String::new(), String::new());
        let mut work = Self { door, robot, cookies: Arc::new(cookies), system, icon, calm: BTreeMap::new() };
        let form = work.reads("wangjianguo", "/api/publication/form?side=service&check=false").await;
        work.system = form["systems"][0]["id"].as_str().unwrap().to_owned();
        let headers = [("Content-Type", "image/png"), ("Accept", "application/json")];
        let body = include_bytes!("icon.png").as_slice();
        let asked = Asked { method: "POST", headers: &headers, body, ..Asked::get("/icon") };
        let kept = work.door.asks(asked.cookie(&work.cookies["wangjianguo"])).await;
        work.icon = kept.json()["hash"].as_str().unwrap().to_owned();
        work
    }

    /// One after the other, and at least one; what was begun is brought to its end.
    async fn goes_on(self, person: usize, over: watch::Receiver<bool>) -> Vec<App> {
        let mut apps = Vec::new();
        loop {
            apps.push(self.lives(format!("三台{person}第{}号", apps.len()), person + 1 < PEOPLE).await);
            if *over.borrow() {
                return apps;
            }
        }
    }

    /// From its registration until it is live. Who is told waits until they are: what a notice asks for that is done is not sent.
    async fn lives(&self, name: String, hosted: bool) -> App {
        let id = self.registers(&name, hosted).await;
        let mut app = App { name, id, version: None, hosted, told: Vec::new() };
        self.is_told(&mut app).await;
        if hosted {
            let version = self.uploads(&app).await;
            self.until_over(&version).await;
            self.is_told(&mut app).await;
            for (account, deed) in [("zhaolei", "submit_for_acceptance"), ("wangjianguo", "accept")] {
                let (_, seen) = self.row(&app).await;
                let path = format!("/api/publication/{deed}");
                self.acts(account, &path, &app.id, &seen, &[("version", version.as_str())]).await;
                self.is_told(&mut app).await;
            }
            app.version = Some(version);
        }
        let (_, seen) = self.row(&app).await;
        let form = [
            ("draft[statement]", "首次发布"),
            ("draft[test_report]", "测试通过"),
            ("draft[contact_name]", "王建国"),
            ("draft[contact_phone]", "13900000009"),
        ];
        self.acts("wangjianguo", "/api/publication/submit_for_approval", &app.id, &seen, &form).await;
        self.is_told(&mut app).await;
        for reviewer in ["limin", "zhoutao"] {
            let (row, seen) = self.row(&app).await;
            let order = row["order"].as_str().unwrap();
            self.acts(reviewer, "/api/work_order/approve", order, &seen, &[("comment", "")]).await;
            self.is_told(&mut app).await;
        }
        app
    }

    async fn registers(&self, name: &str, hosted: bool) -> String {
        let key = key();
        let mut fields = vec![
            ("key", key.as_str()),
            ("draft[system]", self.system.as_str()),
            ("draft[name]", name),
            ("draft[icon]", self.icon.as_str()),
        ];
        let more: &[(&str, &str)] = match hosted {
            true => &[("draft[channels][0]", "zheli_app")],
            false => &[
                ("draft[channels][0]", "service_web"),
                ("draft[pc_mode]", "fill"),
                ("draft[pc_url]", "https://example.gov.cn/app"),
            ],
        };
        fields.extend(more.iter().chain(&FILLED));
        self.door.sends(&self.cookies["wangjianguo"], "/api/publication/register", &fields).await;
        let keyword = socket::escaped(name);
        let list =
            format!("/api/publication/list?side=service&query[keyword]={keyword}&query[size]=20&query[from]=start");
        let page = self.reads("wangjianguo", &list).await;
        let rows = page["rows"].as_array().unwrap();
        assert_eq!(rows.len(), 1, "{name} is registered once: {page}");
        rows[0]["id"].as_str().unwrap().to_owned()
    }

    /// A small static package of its own.
    async fn uploads(&self, app: &App) -> String {
        let cookie = &self.cookies["zhaolei"];
        let script = format!("const of = {:?}; const lines = {:?};", app.name, "公交".repeat(1000));
        let package = zip(&[("index.html", PAGE), ("a.js", &script)]);
        let begin = json!({ "publication": app.id, "file_name": "app.zip", "size": package.len() }).to_string();
        let begun = self.door.asks(Asked::post("/upload", &begin).cookie(cookie)).await.json();
        let id = begun["id"].as_str().unwrap();
        let part = format!("/upload/{id}/0");
        self.door.asks(Asked { method: "PUT", body: &package, ..Asked::get(&part) }.cookie(cookie)).await;
        let draft = json!({ "number": "1.0.0", "note": "", "hosts": [] });
        let form = json!({ "publication": app.id, "seen": 1, "key": key(), "draft": draft }).to_string();
        let finish = format!("/upload/{id}/finish");
        let finished = self.door.asks(Asked::post(&finish, &form).cookie(cookie)).await.json();
        finished["version"].as_str().unwrap().to_owned()
    }

    async fn until_over(&self, version: &str) {
        let path = format!("/api/version/detail?id={version}");
        self.until("the stages' end", &path, "zhaolei", |page| page["under_way"] == false).await;
    }

    /// By one key, however often it is sent.
    async fn acts(&self, account: &str, path: &str, id: &str, seen: &str, more: &[(&str, &str)]) {
        let key = key();
        let mut fields = vec![("id", id), ("seen", seen), ("key", key.as_str())];
        fields.extend(more);
        self.door.sends(&self.cookies[account], path, &fields).await;
    }

    /// Its row, and the row's version.
    async fn row(&self, app: &App) -> (Value, String) {
        let mut page = self.reads("wangjianguo", &format!("/api/publication/detail?id={}", app.id)).await;
        let row = page["row"].take();
        let seen = row["version"].to_string();
        (row, seen)
    }

    /// As many notices as on a calm day, which is now if none was yet.
    async fn is_told(&self, app: &mut App) {
        let many = match self.calm.get(&app.hosted) {
            Some(told) => told[app.told.len()],
            None => {
                self.until_nothing_waits().await;
                titles(&self.robot.came(), &app.name).len()
            }
        };
        let enough = |came: &Came| titles(came, &app.name).len() >= many;
        self.robot.until("whoever is to know is told", enough).await;
        app.told.push(many);
    }

    async fn until_nothing_waits(&self) {
        let sent = |page: &Value| page["carriers"][0]["waiting"] == 0;
        let page = self.until("all is sent", "/api/outbox/overview", "fengxue", sent).await;
        assert_eq!((&page["carriers"][0]["carrier"], &page["carriers"][0]["dead"]), (&json!("webhook"), &json!(0)));
    }

    /// The same notices once, the same history, line by line; and each is live.
    async fn are_as_on_a_calm_day(&self, apps: &[App]) {
        let came = self.robot.came();
        for app in apps {
            let calm = apps.iter().find(|other| other.hosted == app.hosted).unwrap();
            assert!(!titles(&came, &calm.name).is_empty());
            assert_eq!(titles(&came, &app.name), titles(&came, &calm.name), "the notices of {}", app.name);
            assert_eq!(self.history(app).await, self.history(calm).await, "the history of {}", app.name);
            assert_eq!(self.row(app).await.0["state"], "published", "{}", app.name);
        }
    }

    /// Each line: what was done, by whom, and where it led.
    async fn history(&self, app: &App) -> Vec<Value> {
        let path = format!("/api/publication/history?id={}&query[who]=&query[from]=start", app.id);
        let page = self.reads("wangjianguo", &path).await;
        let rows = page["rows"].as_array().unwrap();
        assert!(rows.len() > 2 && page["older"].is_null(), "{page}");
        rows.iter().map(|row| json!([row["word"], row["who"], row["moved"], row["version"]])).collect()
    }

    /// Until a page that is read again and again is so.
    async fn until(&self, what: &str, path: &str, account: &str, so: impl Fn(&Value) -> bool) -> Value {
        let seen = async {
            loop {
                let page = self.reads(account, path).await;
                if so(&page) {
                    break page;
                }
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        };
        tokio::time::timeout(PATIENCE, seen).await.expect(what)
    }

    async fn reads(&self, account: &str, path: &str) -> Value {
        self.door.asks(Asked::get(path).cookie(&self.cookies[account])).await.json()
    }
}

/// Of the messages that tell of this one, each once: their titles, sorted, without its name.
fn titles(came: &Came, name: &str) -> Vec<String> {
    let of: BTreeMap<&String, &String> =
        came.iter().filter(|(_, body)| body.contains(name)).map(|(id, body)| (id, body)).collect();
    let title = |body: &String| {
        let card: Value = serde_json::from_str(body).unwrap();
        card["actionCard"]["title"].as_str().unwrap().replace(name, "它")
    };
    let mut titles: Vec<String> = of.into_values().map(title).collect();
    titles.sort_unstable();
    titles
}

fn key() -> String {
    Entropy::System.id(UtcMillis(0)).to_string()
}

#[expect(clippy::disallowed_methods, reason = "tests have no settings")]
fn seed() -> u64 {
    let given = std::env::var("IRS_KILLED_SEED").ok().and_then(|seed| seed.parse().ok());
    given.unwrap_or_else(|| u64::from_be_bytes(Entropy::System.bytes()))
}

/// The same throws for the same seed.
struct Dice(u64);

impl Dice {
    fn below(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % sides
    }
}
