//! The database goes away while people work: cut off, restarted, killed, replaced by its copy at another address (design.md, PostgreSQL).

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test may fail loudly")]

mod cluster;
mod program;
mod socket;

use cluster::{Cluster, Door};
use program::{Place, SOON, Server};
use socket::{Answer, Asked, ask};
use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::time::Duration;
use tokio::sync::watch;

const SENTENCE: &str = "系统暂时没有应答。请过几秒再试。";

/// Who register one application after the other.
const PEOPLE: usize = 4;

#[tokio::test]
async fn cut_off_restarted_killed_and_failed_over_it_loses_nothing_and_does_nothing_twice() {
    let folder = std::env::temp_dir().join(format!("irs-away-{}", std::process::id()));
    let first = Cluster::new(&folder.join("first")).await;
    let copy = Cluster::following(&first, &folder.join("copy")).await;
    let door = Door::to(&first).await;
    let address = format!("postgres://postgres@127.0.0.1:{}/postgres?sslmode=disable", door.port);
    let place = Place::new("away", Some(address)).quiet();
    let server = place.serves(&[]).await;
    let form = Form::of(&server).await;
    let (done, mut sees) = watch::channel(0);
    let (over, ends) = watch::channel(false);
    let people: Vec<_> =
        (0..PEOPLE).map(|n| tokio::spawn(form.clone().registers(n, done.clone(), ends.clone()))).collect();

    for _ in 0..5 {
        goes_on(&mut sees).await;
        door.cuts();
    }
    goes_on(&mut sees).await;
    let away = first.ends("INT").await;
    form.finds_nobody().await;
    assert_eq!(ask(server.address, Asked::get("/readyz")).await.status, 503);
    assert_eq!(ask(server.address, Asked::get("/healthz")).await.status, 200, "nobody is to restart the server for it");
    let first = Cluster::start(&away).await;
    goes_on(&mut sees).await;
    let first = Cluster::start(&first.ends("KILL").await).await;
    goes_on(&mut sees).await;
    first.ends("KILL").await;
    // The address leads to the copy before that takes changes.
    door.turns_to(&copy);
    form.finds_nobody().await;
    copy.says("SELECT pg_promote()").await;
    goes_on(&mut sees).await;

    over.send(true).unwrap();
    let mut answered = BTreeSet::new();
    for one in people {
        answered.extend(tokio::time::timeout(SOON, one).await.unwrap().unwrap());
    }
    assert_eq!(form.listed(server.address).await, answered);
    let verified = place.runs(&["audit", "verify"]).await;
    assert!(verified.good, "{verified:?}");
    server.ends().await;
    copy.ends("INT").await;
    place.end();
    std::fs::remove_dir_all(folder).unwrap();
}

/// Twice as many are done as people may have had under way: what came was asked for after what happened.
async fn goes_on(sees: &mut watch::Receiver<usize>) {
    let from = *sees.borrow();
    tokio::time::timeout(SOON, sees.wait_for(|n| *n >= from + 2 * PEOPLE)).await.expect("people get on").unwrap();
}

/// What 王建国 fills in.
#[derive(Clone)]
struct Form {
    address: SocketAddr,
    cookie: String,
    fields: String,
}

impl Form {
    async fn of(server: &Server) -> Self {
        let (address, cookie) = (server.address, server.signs_in().await);
        let opened = ask(address, Asked::get("/api/publication/form?side=service&check=false").cookie(&cookie)).await;
        let system = opened.json()["systems"][0]["id"].as_str().unwrap().to_owned();
        let icon = server.keeps_an_icon(&cookie).await;
        let fields: String = [
            ("side", "service"),
            ("draft[channels][0]", "zheli_app"),
            ("draft[system]", &system),
            ("draft[icon]", &icon),
            ("draft[intro]", "查询公交到站时间"),
            ("draft[audience]", "person"),
            ("draft[domestic_os]", "yes"),
            ("draft[scope][0]", "330102"),
            ("draft[vendor]", "杭州云途科技有限公司"),
            ("draft[credit_code]", "91330100MA20000120"),
            ("draft[contacts][0][name]", "赵磊"),
            ("draft[contacts][0][phone]", "13800000001"),
        ]
        .iter()
        .map(|(name, value)| format!("&{name}={}", escaped(value)))
        .collect();
        Self { address, cookie, fields }
    }

    /// Who has a session, and whose session the server does not remember, are told by a page.
    async fn finds_nobody(&self) {
        let (name, token) = self.cookie.split_once('=').unwrap();
        let forgotten = format!("{name}={}", token.chars().rev().collect::<String>());
        for cookie in [&self.cookie, &forgotten] {
            let asked = Asked { headers: &[("Accept", "text/html")], cookie, ..Asked::get("/service") };
            let page = ask(self.address, asked).await;
            assert!(page.status == 503 && page.text().contains(SENTENCE), "{}: {}", page.status, page.text());
        }
    }

    /// One after the other; each is sent, by its key, until it is answered. Answers their names.
    async fn registers(self, person: usize, done: watch::Sender<usize>, over: watch::Receiver<bool>) -> Vec<String> {
        let mut names = Vec::new();
        while !*over.borrow() {
            let (name, key) = (
                format!("断线{person}_{}", names.len()),
                uuid::Uuid::from_u128((1 << 64) + ((person as u128) << 32) + names.len() as u128),
            );
            let body = format!("key={key}&draft[name]={}{}", escaped(&name), self.fields);
            while !self.sends(&body).await {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
            names.push(name);
            done.send_modify(|n| *n += 1);
        }
        names
    }

    /// Whether it was taken; else it is said that the database is away, and nothing else.
    async fn sends(&self, body: &str) -> bool {
        let headers = [("Content-Type", "application/x-www-form-urlencoded"), ("Accept", "application/json")];
        let (body, asked) = (body.as_bytes(), Asked::get("/api/publication/register").cookie(&self.cookie));
        let answer: Answer = ask(self.address, Asked { method: "POST", headers: &headers, body, ..asked }).await;
        assert!(
            answer.status == 200 || (answer.status == 503 && answer.text() == "\"Away\""),
            "{}: {}",
            answer.status,
            answer.text()
        );
        answer.status == 200
    }

    /// The names that the list has.
    async fn listed(&self, address: SocketAddr) -> BTreeSet<String> {
        let mut names = BTreeSet::new();
        let mut from = "=start".to_owned();
        loop {
            let keyword = escaped("断线");
            let path = format!(
                "/api/publication/list?side=service&query[keyword]={keyword}&query[size]=100&query[from]{from}"
            );
            let page = ask(address, Asked::get(&path).cookie(&self.cookie)).await.json();
            for row in page["rows"].as_array().unwrap() {
                assert!(names.insert(row["name"].as_str().unwrap().to_owned()), "{row} is there twice");
            }
            match page["older"].as_i64() {
                Some(older) => from = format!("[before]={older}"),
                None => return names,
            }
        }
    }
}

fn escaped(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}
