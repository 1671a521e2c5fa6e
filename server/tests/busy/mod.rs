//! People who are at work at a real server all the time: 王建国 registers one application after the other, 赵磊 uploads a package to each.

use crate::program::{SOON, Server, until};
use crate::registrar::Registrar;
use crate::socket::{Answer, Asked, ask};
use crate::workbench::{PAGE, zip};
use domain::VersionId;
use domain::view::version::VersionDetail;
use serde_json::json;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use uuid::Uuid;

/// Each of them is both.
const PEOPLE: usize = 3;

/// In all names, and in no other.
pub const WORD: &str = "忙时";

/// An application of which all was answered.
#[derive(Debug, Clone)]
pub struct App {
    pub name: String,
    pub version: VersionId,
}

pub struct Busy {
    answered: watch::Receiver<Vec<App>>,
    changes: Arc<AtomicUsize>,
    over: watch::Sender<bool>,
    at_work: Vec<JoinHandle<()>>,
}

impl Busy {
    pub async fn begin(server: &Server) -> Self {
        let (answers, answered) = watch::channel(Vec::new());
        let (over, ends) = watch::channel(false);
        let registrar = Registrar::of(server).await;
        let zhao = server.signs_in_as("zhaolei").await;
        let changes = Arc::new(AtomicUsize::new(0));
        let one = |person| {
            let (registrar, zhao, changes) = (registrar.clone(), zhao.clone(), Arc::clone(&changes));
            let people = People { registrar, zhao, person, changes };
            tokio::spawn(people.go_on(answers.clone(), ends.clone()))
        };
        let at_work = (0..PEOPLE).map(one).collect();
        Self { answered, changes, over, at_work }
    }

    /// What was answered up to now.
    pub fn answered(&self) -> Vec<App> {
        self.answered.borrow().clone()
    }

    /// Until a change is answered that was not asked for yet. Each application takes four.
    pub async fn until_another_change(&self) {
        let answered = || self.changes.load(Ordering::SeqCst);
        // One of each may be on its way.
        let from = answered() + PEOPLE;
        until(SOON, "people get on", async || (answered() > from).then_some(())).await;
    }

    /// Until each was answered so often more.
    pub async fn until_more(&self, times: usize) {
        let mut sees = self.answered.clone();
        let from = sees.borrow().len();
        let seen = sees.wait_for(|all| all.len() >= from + times * PEOPLE);
        tokio::time::timeout(SOON, seen).await.expect("people get on").unwrap();
    }

    /// What was begun is brought to its end; all that was answered.
    pub async fn ends(self) -> Vec<App> {
        self.over.send(true).unwrap();
        for one in self.at_work {
            tokio::time::timeout(SOON, one).await.expect("people come to an end").unwrap();
        }
        self.answered.borrow().clone()
    }
}

struct People {
    registrar: Registrar,
    zhao: String,
    person: usize,
    changes: Arc<AtomicUsize>,
}

impl People {
    async fn go_on(self, answers: watch::Sender<Vec<App>>, over: watch::Receiver<bool>) {
        let mut many = 0;
        while !*over.borrow() {
            let app = self.lives(many).await;
            answers.send_modify(|all| all.push(app));
            many += 1;
        }
    }

    async fn lives(&self, many: u128) -> App {
        let name = format!("{WORD}{}_{many}", self.person);
        let key = |of: u128| Uuid::from_u128((of << 64) + ((self.person as u128) << 32) + many);
        let form = self.registrar.form(&name, key(1));
        let registered = self.good(self.registrar.post(&form)).await.json();
        let publication = &registered["id"];
        let script = format!("const of = {name:?};");
        let package = zip(&[("index.html", PAGE), ("a.js", &script)]);
        let begin = json!({ "publication": publication, "file_name": "app.zip", "size": package.len() }).to_string();
        let begun = self.good(Asked::post("/upload", &begin).cookie(&self.zhao)).await.json();
        let id = begun["id"].as_str().unwrap();
        let part = format!("/upload/{id}/0");
        self.good(Asked { method: "PUT", body: &package, ..Asked::get(&part) }.cookie(&self.zhao)).await;
        let draft = json!({ "number": "1.0.0", "note": "", "hosts": [] });
        let form = json!({ "publication": publication, "seen": 1, "key": key(2), "draft": draft }).to_string();
        let finish = format!("/upload/{id}/finish");
        let finished = self.good(Asked::post(&finish, &form).cookie(&self.zhao)).await.json();
        let version = serde_json::from_value(finished["version"].clone()).unwrap();
        App { name, version }
    }

    /// Nobody is turned away.
    async fn good(&self, asked: Asked<'_>) -> Answer {
        let answer = tokio::time::timeout(SOON, ask(self.registrar.address, asked)).await.expect("an answer");
        assert!(answer.status < 300, "{}: {} {}", asked.path, answer.status, answer.text());
        self.changes.fetch_add(1, Ordering::SeqCst);
        answer
    }
}

/// Until the page of a version says that nothing of it runs or waits; `None`: there is no such version.
pub async fn until_over(server: &Server, zhao: &str, version: VersionId) -> Option<VersionDetail> {
    let path = format!("/api/version/detail?id={}", version.0);
    let over = async {
        loop {
            let answer = ask(server.address, Asked::get(&path).cookie(zhao)).await;
            if answer.status == 404 {
                break None;
            }
            assert_eq!(answer.status, 200, "{}", answer.text());
            let page: VersionDetail = serde_json::from_slice(&answer.body).unwrap();
            if !page.under_way {
                break Some(page);
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    tokio::time::timeout(5 * SOON, over).await.expect("it comes to an end")
}
