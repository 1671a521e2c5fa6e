//! Three of the real program on one PostgreSQL and one object store, the door through which people ask them, and the group's robot
//! that they tell.

use crate::peer::Peer;
use crate::program::{Place, SOON, Server, database};
use crate::robot::{answer, read};
use crate::socket::{Answer, Asked, escaped, tries};
use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::timeout;

pub const SERVERS: usize = 3;

/// A lease of a minute may have to run out before.
pub const PATIENCE: Duration = Duration::from_secs(3 * SOON.as_secs());

/// The servers, each with a data folder of its own.
pub struct Three {
    pub places: Vec<Place>,
    pub door: Door,
    servers: Vec<Option<Server>>,
    flags: Vec<String>,
    /// Of each server, the runs that lay there when it was started: killed ones leave theirs.
    left: [BTreeSet<PathBuf>; SERVERS],
    /// What each start logs.
    logs: Vec<JoinHandle<String>>,
}

/// A server from one start to its end.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Live {
    address: SocketAddr,
    /// Which of all starts it was: a later one may get the same port.
    start: usize,
}

/// Whoever asks gets the next of the servers that live.
#[derive(Clone)]
pub struct Door {
    live: Arc<Mutex<[Option<Live>; SERVERS]>>,
    turn: Arc<AtomicUsize>,
    /// How many changes were answered.
    changes: watch::Sender<usize>,
}

/// Id and body of what came, in order.
pub type Came = Vec<(String, String)>;

/// It takes all that comes.
#[derive(Clone)]
pub struct Robot {
    pub address: SocketAddr,
    came: watch::Receiver<Came>,
}

impl Three {
    /// One after the other: the first makes the schema and what is shown.
    pub async fn start(peer: &Peer, robot: &Robot) -> Self {
        let database = database("irs_three").await;
        let (endpoint, webhook) = (peer.endpoint(), format!("http://{}/robot/send?access_token=t", robot.address));
        let bucket = peer.bucket(&endpoint);
        let flags = [
            ["--builds", "1"],
            // The address in their messages; their ports are others each time.
            ["--public-url", "https://publish.example.gov.cn"],
            ["--webhook-url", webhook.as_str()],
            ["--webhook-secret", "SEC-of-the-test"],
            ["--s3-bucket", bucket.name],
            ["--s3-endpoint", bucket.endpoint],
            ["--s3-access-key", bucket.access_key],
            ["--s3-secret-key", bucket.secret_key],
        ];
        let place = |n| Place::new(&format!("three-{n}"), Some(database.clone())).logging("error");
        let mut three = Self {
            places: (0..SERVERS).map(place).collect(),
            door: Door { live: Arc::default(), turn: Arc::default(), changes: watch::Sender::new(0) },
            servers: (0..SERVERS).map(|_| None).collect(),
            flags: flags.as_flattened().iter().map(|flag| (*flag).to_owned()).collect(),
            left: Default::default(),
            logs: Vec::new(),
        };
        for which in 0..SERVERS {
            three.starts(which).await;
        }
        three
    }

    /// This one, on what it left.
    pub async fn starts(&mut self, which: usize) {
        let flags: Vec<&str> = self.flags.iter().map(String::as_str).collect();
        self.left[which] = runs(&self.places[which]);
        let (server, log) = self.places[which].serves_logged(&flags).await;
        self.door.live.lock().unwrap()[which] = Some(Live { address: server.address, start: self.logs.len() });
        self.servers[which] = Some(server);
        self.logs.push(log);
    }

    /// By SIGKILL, and nothing else; from just before it on it owes nobody an answer. Whether it had a version in hand.
    pub async fn dies(&mut self, which: usize) -> bool {
        let mut server = self.servers[which].take().unwrap();
        assert!(server.is_there(), "server {which} ended by itself");
        self.door.live.lock().unwrap()[which] = None;
        server.dies().await;
        self.is_at_work(which)
    }

    /// Until one has a version in hand; which. This one is looked at first.
    pub async fn has_a_run(&self, first: usize) -> usize {
        let seen = async {
            loop {
                let mut each = (0..SERVERS).map(|n| (first + n) % SERVERS);
                if let Some(which) = each.find(|which| self.is_at_work(*which)) {
                    break which;
                }
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        timeout(PATIENCE, seen).await.expect("versions come")
    }

    /// On what was not left by one that was killed before.
    fn is_at_work(&self, which: usize) -> bool {
        !runs(&self.places[which]).is_subset(&self.left[which])
    }

    /// In order; nothing in them ended in a panic.
    pub async fn ends(self) {
        for server in self.servers.into_iter().flatten() {
            server.ends().await;
        }
        for log in self.logs {
            let log = timeout(SOON, log).await.expect("a log ends with its server").unwrap();
            assert!(!log.contains("panicked at"), "{log}");
        }
        self.places.into_iter().for_each(Place::end);
    }
}

/// The folders of a run that hold a version's package: not those made for a job that another server was quicker to take.
fn runs(place: &Place) -> BTreeSet<PathBuf> {
    let entries = std::fs::read_dir(place.folder.join("data/work")).into_iter().flatten().flatten();
    entries.map(|entry| entry.path()).filter(|run| run.join("package.zip").exists()).collect()
}

impl Door {
    /// Asks until it is answered, as a browser's person does whose server was killed; the answer is good. Whoever is not killed answers,
    /// soon and whole.
    pub async fn asks(&self, asked: Asked<'_>) -> Answer {
        loop {
            let whom = self.next();
            let why = match timeout(SOON, tries(whom.address, asked)).await {
                Ok(Ok(answer)) if answer.is_whole() => {
                    assert!(answer.status < 400, "{} {}: {}", asked.path, answer.status, answer.text());
                    if asked.method != "GET" {
                        self.changes.send_modify(|many| *many += 1);
                    }
                    return answer;
                }
                Ok(Ok(answer)) => format!("{} of {} bytes", answer.body.len(), answer.header("content-length")),
                Ok(Err(error)) => error.to_string(),
                Err(_) => format!("no answer within {SOON:?}"),
            };
            assert!(!self.lives(whom), "{} {}: {why}, of a server that nobody killed", asked.method, asked.path);
            tokio::task::yield_now().await;
        }
    }

    /// Sends a form as a script does.
    pub async fn sends(&self, cookie: &str, path: &str, fields: &[(&str, &str)]) -> Answer {
        let pair = |(name, value): &(&str, &str)| format!("{}={}", escaped(name), escaped(value));
        let body = fields.iter().map(pair).collect::<Vec<_>>().join("&");
        let headers = [("Content-Type", "application/x-www-form-urlencoded"), ("Accept", "application/json")];
        let asked = Asked { method: "POST", headers: &headers, cookie, body: body.as_bytes(), ..Asked::get(path) };
        self.asks(asked).await
    }

    /// Until so many more changes were answered.
    pub async fn until_more(&self, changes: usize) {
        let mut sees = self.changes.subscribe();
        let from = *sees.borrow();
        let seen = sees.wait_for(|many| *many >= from + changes);
        timeout(PATIENCE, seen).await.expect("people get on").unwrap();
    }

    fn next(&self) -> Live {
        let live = self.live.lock().unwrap();
        let there: Vec<Live> = live.iter().flatten().copied().collect();
        there[self.turn.fetch_add(1, Ordering::Relaxed) % there.len()]
    }

    fn lives(&self, whom: Live) -> bool {
        self.live.lock().unwrap().contains(&Some(whom))
    }
}

impl Robot {
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (comes, came) = watch::channel(Vec::new());
        tokio::spawn(async move {
            while let Ok((socket, _)) = listener.accept().await {
                let comes = comes.clone();
                tokio::spawn(async move {
                    let Some((socket, message)) = read(socket).await else { return };
                    comes.send_modify(|all| all.push(message));
                    answer(socket).await;
                });
            }
        });
        Self { address, came }
    }

    pub fn came(&self) -> Came {
        self.came.borrow().clone()
    }

    pub async fn until(&self, what: &str, enough: impl FnMut(&Came) -> bool) {
        let mut came = self.came.clone();
        timeout(PATIENCE, came.wait_for(enough)).await.expect(what).unwrap();
    }
}
