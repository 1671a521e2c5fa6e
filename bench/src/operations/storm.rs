//! Storms of sign-ins by password: many people at once, each tries once, on a connection and from an address of their own. Argon2 runs on as
//! many cores as there are, some more wait, and who finds no place is told so. Meanwhile somebody who was signed in before goes on reading.

use super::tables;
use crate::client::{Client, Wants};
use crate::load::{median, within};
use crate::memory::{Peaks, Watch};
use crate::server::Server;
use crate::works::escaped;
use crate::{Options, Outcome};
use engine::bench::{KEYWORD, STAFF};
use engine::identity::sign_in::demo_password;
use hyper::StatusCode;
use hyper::header::SET_COOKIE;
use std::collections::BTreeMap;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};
use tokio::sync::Barrier;

/// Publications of the demo.
const ROWS: u32 = 1_000;

/// People at once, and how often: a small storm is soon over, and little is read beside it.
const STORMS: [(u32, usize); 3] = [(8, 40), (64, 10), (512, 10)];

/// The demo's people. An account may have any number of sessions.
const ACCOUNTS: [&str; 12] = [
    "wangjianguo",
    "hemin",
    "chenjing",
    "zhaolei",
    "sunyue",
    "limin",
    "zhoutao",
    "wufang",
    "zhengkai",
    "fengxue",
    "chuqiang",
    "weiping",
];

/// 127.1.0.0: the addresses above it are this machine's, too. Attempts are counted by account and address before the password is looked at, so
/// that people who came from one address at once would lock each other out.
const NETWORK: u32 = 0x7f01_0000;

/// What the form is posted to.
const SIGN_IN: &str = "/api/session/sign_in";

/// A process is idle after so long without a request.
const QUIET: Duration = Duration::from_secs(2);

/// What came of storms of one size.
pub(super) struct Storm {
    pub(super) people: u32,
    pub(super) times: usize,
    /// Let in a second, until the last who was let in was; the median of the storms.
    pub(super) rate: f64,
    /// Half of those who were let in were within so many milliseconds, 99 of 100 within so many.
    pub(super) p50: f64,
    pub(super) p99: f64,
    pub(super) let_in: usize,
    /// How many were told to come again, by the answer's status.
    pub(super) told: BTreeMap<u16, usize>,
    pub(super) peaks: Peaks,
    pub(super) beside: Pages,
}

/// Milliseconds of 99 of 100 pages of who was signed in before.
pub(super) struct Pages {
    pub(super) constant: f64,
    pub(super) list: f64,
}

/// Measures, a line a size.
pub(super) async fn measure(options: &Options, data: &Path) -> Outcome<()> {
    crate::seeded(data, ROWS, options.keep).await?;
    tables::storm_head();
    tables::calm(&calm(options, data).await?);
    for (people, times) in STORMS {
        tables::storm(&storms(options, data, people, times).await?);
    }
    println!();
    Ok(())
}

/// What the same person reads while nobody signs in.
async fn calm(options: &Options, data: &Path) -> Outcome<Pages> {
    let server = Server::start(options, data).await?;
    let mut bystander = Bystander::new(&server).await?;
    let begun = Instant::now();
    while begun.elapsed() < Duration::from_secs(options.seconds) {
        bystander.read().await?;
    }
    server.stop().await?;
    Ok(bystander.pages())
}

/// In a process of its own, so that what an earlier storm left in memory is not in its figures.
async fn storms(options: &Options, data: &Path, people: u32, times: usize) -> Outcome<Storm> {
    let server = Server::start(options, data).await?;
    let mut bystander = Bystander::new(&server).await?;
    tokio::time::sleep(QUIET).await;
    let watch = Watch::begin(server.id()?)?;
    let (mut rates, mut let_in, mut told) = (Vec::new(), Vec::new(), BTreeMap::new());
    for _ in 0..times {
        let (tries, back) = storm(server.address, people, bystander).await?;
        bystander = back;
        let took: Vec<Duration> = tries.iter().filter(|one| one.is_in).map(|one| one.took).collect();
        let last = took.iter().max().copied().ok_or("nobody was let in")?;
        rates.push(took.len() as f64 / last.as_secs_f64());
        let_in.extend(took);
        for one in tries.iter().filter(|one| !one.is_in) {
            *told.entry(one.status.as_u16()).or_insert(0) += 1;
        }
    }
    let peaks = watch.end()?;
    server.stop().await?;
    let_in.sort_unstable();
    Ok(Storm {
        people,
        times,
        rate: median(rates),
        p50: within(&let_in, 0.5),
        p99: within(&let_in, 0.99),
        let_in: let_in.len(),
        told,
        peaks,
        beside: bystander.pages(),
    })
}

/// One attempt.
struct Try {
    status: StatusCode,
    is_in: bool,
    took: Duration,
}

/// All at once, until everybody has an answer.
async fn storm(address: SocketAddr, people: u32, bystander: Bystander) -> Outcome<(Vec<Try>, Bystander)> {
    let mut clients = Vec::new();
    for n in 1..=people {
        clients.push(Client::connect_from(address, Ipv4Addr::from(NETWORK + n)).await?);
    }
    let start = Arc::new(Barrier::new(clients.len() + 1));
    let over = Arc::new(AtomicBool::new(false));
    let reading = tokio::spawn(bystander.read_until(Arc::clone(&start), Arc::clone(&over)));
    let signing_in: Vec<_> = clients
        .into_iter()
        .zip(ACCOUNTS.into_iter().cycle())
        .map(|(client, account)| tokio::spawn(sign_in(client, account, Arc::clone(&start))))
        .collect();
    let mut tries = Vec::new();
    for one in signing_in {
        tries.push(one.await.map_err(|e| e.to_string())??);
    }
    over.store(true, Ordering::Relaxed);
    let bystander = reading.await.map_err(|e| e.to_string())??;
    Ok((tries, bystander))
}

/// Posts the form of the sign-in page. The passwords are right: who is not let in is to be told that too many are there.
async fn sign_in(mut client: Client, account: &'static str, start: Arc<Barrier>) -> Outcome<Try> {
    let form = format!("account={account}&password={}&code=&next=/", escaped(demo_password()));
    start.wait().await;
    let begun = Instant::now();
    let answer = client.post(SIGN_IN, form).await?;
    let (status, took) = (answer.status, begun.elapsed());
    let is_in = status.is_success() && answer.headers.contains_key(SET_COOKIE);
    let said = String::from_utf8_lossy(&answer.body);
    if is_in || said.contains("Busy") || said.contains("TooOften") {
        return Ok(Try { status, is_in, took });
    }
    Err(format!("the sign-in of {account} was answered {status}: {said}"))
}

/// Somebody who was signed in before and goes on reading, on one connection.
struct Bystander {
    client: Client,
    list: String,
    constant_took: Vec<Duration>,
    list_took: Vec<Duration>,
}

impl Bystander {
    async fn new(server: &Server) -> Outcome<Self> {
        let cookie = Client::sign_in(server.address, STAFF).await?;
        let mut client = Client::connect(server.address, Some(cookie)).await?;
        // Read anew each time: each sign-in writes, so that nothing that is kept would help in a storm.
        let list = format!("/service?q={}&state=published&days=3650", escaped(KEYWORD));
        let first = client.get(&list, Wants::Page).await?;
        if !String::from_utf8_lossy(&first.body).contains(KEYWORD) {
            return Err(format!("{list} was answered {}, without {KEYWORD}", first.status));
        }
        Ok(Self { client, list, constant_took: Vec::new(), list_took: Vec::new() })
    }

    /// Reads the constant page, then the list.
    async fn read(&mut self) -> Outcome<()> {
        self.constant_took.push(timed(&mut self.client, "/healthz").await?);
        self.list_took.push(timed(&mut self.client, &self.list).await?);
        Ok(())
    }

    async fn read_until(mut self, start: Arc<Barrier>, over: Arc<AtomicBool>) -> Outcome<Self> {
        start.wait().await;
        while !over.load(Ordering::Relaxed) {
            self.read().await?;
        }
        Ok(self)
    }

    fn pages(mut self) -> Pages {
        self.constant_took.sort_unstable();
        self.list_took.sort_unstable();
        Pages { constant: within(&self.constant_took, 0.99), list: within(&self.list_took, 0.99) }
    }
}

async fn timed(client: &mut Client, path: &str) -> Outcome<Duration> {
    let begun = Instant::now();
    let answer = client.get(path, Wants::Page).await?;
    if answer.status.is_success() { Ok(begun.elapsed()) } else { Err(format!("{path} was answered {}", answer.status)) }
}
