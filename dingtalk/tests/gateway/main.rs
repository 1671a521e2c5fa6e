//! Stories of the client and the gateway of the tests, over a real socket. Time is moved by hand.

#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

mod failures;
mod gate;
mod notices;
mod page;
mod program;
mod sign_in;
mod token;

use dingtalk::fake::{Fake, Person, Setup};
use dingtalk::{ActionCard, Ambient, Client, Msg, Settings};
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU32, Ordering};
use std::time::Duration;

/// 2026-11-24 08:00 in China.
const START: i64 = 1_795_478_400_000;

const DAY_MS: i64 = 24 * 60 * 60_000;

/// `/gettoken.json`.
const TOKEN: &str = "/gettoken.json";

const WANG: i64 = 100_135;
const LI: i64 = 100_136;

/// Long enough on loopback, on a busy machine, too; short enough to wait for.
const SHORT: Duration = Duration::from_secs(1);

/// A gateway with two people, a client of it, and one clock for both.
struct World {
    fake: Fake,
    client: Client,
    clock: Arc<AtomicI64>,
}

impl World {
    async fn new() -> Self {
        Self::of(Setup::default()).await
    }

    async fn of(setup: Setup) -> Self {
        let clock = Arc::new(AtomicI64::new(START));
        let people =
            [(WANG, "王建国", "13800000001"), (LI, "李敏", "13800000002")].map(|(account_id, name, mobile)| Person {
                account_id,
                name: name.to_owned(),
                mobile: mobile.to_owned(),
                area_code: "86".to_owned(),
            });
        let seen = clock.clone();
        let now = move || seen.load(Ordering::SeqCst);
        let setup = Setup { people: people.into(), ..setup };
        let fake = Fake::start(setup, now, SocketAddr::from((Ipv4Addr::LOCALHOST, 0))).await.unwrap();
        let client = Client::new(fake.settings(), ambient(&clock)).unwrap();
        Self { fake, client, clock }
    }

    /// Another client of the same gateway.
    fn another(&self, change: impl FnOnce(Settings) -> Settings) -> Client {
        Client::new(change(self.fake.settings()), ambient(&self.clock)).unwrap()
    }

    /// One that gives up soon.
    fn impatient(&self) -> Client {
        self.another(|settings| Settings { timeout: SHORT, ..settings })
    }

    fn wait_ms(&self, ms: i64) {
        self.clock.fetch_add(ms, Ordering::SeqCst);
    }

    /// So many calls of this path arrived.
    fn calls_of(&self, path: &str) -> usize {
        self.fake.calls().iter().filter(|call| *call == path).count()
    }

    /// 王建国 signs in by QR code.
    async fn wang_signs_in(&self) -> Result<dingtalk::Who, dingtalk::Error> {
        self.client.by_code(&self.fake.qr_code(WANG).unwrap()).await
    }
}

fn ambient(clock: &Arc<AtomicI64>) -> Ambient {
    let (clock, number) = (clock.clone(), AtomicU32::new(0));
    // A client's nonces begin anywhere; those of two clients of one test never meet.
    static CLIENTS: AtomicU32 = AtomicU32::new(0);
    number.store(CLIENTS.fetch_add(1_000, Ordering::SeqCst), Ordering::SeqCst);
    Ambient::new(move || clock.load(Ordering::SeqCst), move || number.fetch_add(1, Ordering::SeqCst))
}

/// 待审批, with this text.
fn card(text: &str) -> Msg {
    let url = "https://fabu.example.gov.cn/m/orders/1";
    let card = ActionCard {
        title: "「杭州公交查询」的发布申请等你审批", text, single_url: url, single_pc_url: url
    };
    card.fitted().unwrap()
}
