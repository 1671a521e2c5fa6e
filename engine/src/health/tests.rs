//! Stories of probes: rounds through what is listed, what counts as an answer, who is told and when.

use super::ask::Asker;
use super::{Probing, probe, take, write};
use crate::Engine;
use crate::publication::ask::Ask;
use crate::publication::{history, register, running};
use crate::store::notice;
use crate::world::bench::static_zip;
use crate::world::{World, approval, both, offline};
use domain::PublicationId;
use domain::fields::Registration;
use domain::query::HistoryQuery;
use domain::view::running::{HealthView, Outcome, Probed};
use std::sync::Arc;
use std::sync::atomic::{AtomicU16, Ordering};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

const EVERY: Duration = Duration::from_secs(300);

/// Somebody's server on loopback: answers with the status that was set last, and is asked so often.
struct Peer {
    address: String,
    status: Arc<AtomicU16>,
    asked: Arc<AtomicU16>,
}

impl Peer {
    async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://localhost:{}/health", listener.local_addr().unwrap().port());
        let (status, asked) = (Arc::new(AtomicU16::new(200)), Arc::new(AtomicU16::new(0)));
        let (answer, count) = (Arc::clone(&status), Arc::clone(&asked));
        tokio::spawn(async move {
            while let Ok((mut socket, _)) = listener.accept().await {
                let mut head = [0; 4096];
                let Ok(1..) = socket.read(&mut head).await else { continue };
                count.fetch_add(1, Ordering::SeqCst);
                let status = answer.load(Ordering::SeqCst);
                let elsewhere = "Location: http://127.0.0.1:1/\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
                let _ = socket.write_all(format!("HTTP/1.1 {status} x\r\n{elsewhere}").as_bytes()).await;
            }
        });
        Self { address, status, asked }
    }

    fn answers(&self, status: u16) {
        self.status.store(status, Ordering::SeqCst);
    }
}

/// Probes until there is nothing to do; what fails on the way is logged, as it is at work.
async fn round(engine: &Engine) {
    let asker = Asker::new(engine.clone());
    while let Some(taken) = take(engine, EVERY).await.unwrap() {
        let mut found = Vec::new();
        for one in taken {
            found.push(probe(&asker, one).await.unwrap());
        }
        write(engine, found).await;
    }
}

async fn probing(w: &World, private: bool) -> Engine {
    let engine = w.another_engine(true).await.unwrap();
    engine.with_workshop(|workshop| workshop.probing = Probing { every: Some(EVERY), private })
}

impl World {
    /// A hosted application that is live, with this 健康地址.
    async fn is_live(&self, health: &str) -> PublicationId {
        let bus = self.hosted("杭州公交查询").await;
        let wang = self.request_of("wangjianguo").await;
        let registered = self.granted(&wang, bus).await.unwrap().registration().unwrap();
        let draft = Registration { health_url: health.to_owned(), ..Registration::of(&registered) };
        self.does(&wang, bus, Ask::Correct(Box::new(draft))).await;
        let version = self.uploads_zip(bus, "1.0.0", &static_zip("1")).await;
        self.runs_jobs().await;
        self.makes_live(bus, version).await;
        bus
    }

    /// A round, when the time has come.
    async fn goes_round(&self, engine: &Engine) {
        self.wait_ms(300_000);
        round(engine).await;
    }

    async fn health(&self, id: PublicationId) -> Vec<HealthView> {
        running(&self.engine, &self.request_of("wangjianguo").await, id).await.unwrap().health
    }

    async fn last(&self, id: PublicationId, what: Probed) -> Outcome {
        let all = self.health(id).await;
        all.into_iter().find(|it| it.what == what).unwrap().probes.remove(0).outcome
    }

    async fn people_told(&self, occasion: &str) -> Vec<String> {
        let all = notice::all(&mut self.engine.db().reader().await.unwrap()).await.unwrap();
        all.into_iter().filter(|(_, of)| of == occasion).map(|(who, _)| who).collect()
    }
}

both! {
    async fn what_is_live_is_probed_once_a_round_and_what_is_not_is_left_alone(w: World) {
        let peer = Peer::start().await;
        let engine = probing(w, true).await;
        w.goes_round(&engine).await;
        let bus = w.is_live(&peer.address).await;
        assert_eq!(peer.asked.load(Ordering::SeqCst), 0);
        round(&engine).await;
        let all = w.health(bus).await;
        let found: Vec<_> = all.iter().map(|it| (it.what, it.address.as_str(), it.probes.len(), it.failures())).collect();
        assert_eq!(found, [(Probed::Live, "http://sv00000001.apps.localhost:3000", 1, 0), (Probed::Health, peer.address.as_str(), 1, 0)]);
        assert!(take(&engine, EVERY).await.unwrap().is_none(), "the next round is not due");

        let (one, two) = (probing(w, true).await, probing(w, true).await);
        w.wait_ms(300_000);
        tokio::join!(round(&one), round(&two));
        assert_eq!(peer.asked.load(Ordering::SeqCst), 2, "by one of two processes");

        w.does(&w.request_of("wangjianguo").await, bus, offline()).await;
        w.approves(&w.request_of("limin").await, bus).await;
        w.approves(&w.request_of("zhoutao").await, bus).await;
        w.goes_round(&engine).await;
        assert_eq!((w.health(bus).await, peer.asked.load(Ordering::SeqCst)), (vec![], 2));
        for engine in [engine, one, two] {
            engine.close().await;
        }
    }

    async fn after_three_failures_in_a_row_people_are_told_once_and_again_when_it_is_well(w: World) {
        let peer = Peer::start().await;
        let engine = probing(w, true).await;
        let bus = w.is_live(&peer.address).await;
        for (status, failures, unwell, well) in [
            (503, 1, 0, 0), (503, 2, 0, 0), (200, 0, 0, 0), (503, 1, 0, 0), (404, 2, 0, 0), (500, 3, 1, 0), (500, 4, 1, 0),
            (302, 0, 1, 1), (200, 0, 1, 1), (500, 1, 1, 1),
        ] {
            peer.answers(status);
            w.goes_round(&engine).await;
            let health = w.health(bus).await.remove(1);
            assert_eq!(health.failures(), failures, "{status}");
            let people = |times: usize| ["王建国", "何敏", "赵磊"].repeat(times);
            assert_eq!(w.people_told("unhealthy").await, people(unwell), "{status}");
            assert_eq!(w.people_told("healthy").await, people(well), "{status}");
        }
        assert_eq!(w.last(bus, Probed::Health).await, Outcome::Failed("对方答复 HTTP 500".to_owned()));
        assert_eq!(w.last(bus, Probed::Live).await, Outcome::Answered);
        let page = history(&w.engine, &w.request_of("zhaolei").await, bus, &HistoryQuery::default()).await.unwrap();
        let words: Vec<_> = page.rows.iter().map(|row| row.word.as_str()).take(2).collect();
        assert_eq!(words, ["健康检测恢复正常", "健康检测没有通过"]);
        engine.close().await;
    }

    async fn what_happens_in_the_middle_leaves_nothing_half_told(w: World) {
        let peer = Peer::start().await;
        let engine = probing(w, true).await;
        let bus = w.is_live(&peer.address).await;
        peer.answers(500);
        for _ in 0..2 {
            w.goes_round(&engine).await;
        }
        for (place, failures) in [(0, 2), (1, 3)] {
            engine.fail_at(place);
            w.goes_round(&engine).await;
            assert_eq!((w.health(bus).await[1].failures(), w.people_told("unhealthy").await.len()), (failures, 0));
        }
        w.goes_round(&engine).await;
        assert_eq!((w.health(bus).await[1].failures(), w.people_told("unhealthy").await.len()), (4, 3));
        engine.close().await;
    }

    async fn an_address_on_our_own_hosts_is_asked_in_this_process(w: World) {
        let engine = probing(w, false).await;
        let bus = w.is_live("http://sv00000001.apps.localhost:3000/a.js").await;
        w.goes_round(&engine).await;
        assert_eq!(w.last(bus, Probed::Health).await, Outcome::Answered);
        engine.close().await;
    }

    async fn our_own_network_is_not_looked_at_unless_the_settings_allow_it_which_is_no_failure(w: World) {
        let peer = Peer::start().await;
        let engine = probing(w, false).await;
        let bus = w.is_live(&peer.address).await;
        for _ in 0..4 {
            w.goes_round(&engine).await;
        }
        let not_asked = Outcome::NotAsked("地址指向内网，平台不检测内网地址".to_owned());
        assert_eq!(w.last(bus, Probed::Health).await, not_asked);
        assert_eq!(w.last(bus, Probed::Live).await, Outcome::Answered, "our own are asked in this process");
        assert_eq!(peer.asked.load(Ordering::SeqCst), 0);
        assert_eq!(w.people_told("unhealthy").await, Vec::<String>::new());
        let asker = Asker::new(engine.clone());
        for number in ["http://127.0.0.1:1/", "http://[::1]:1/", "http://[::ffff:10.0.0.1]/", "http://2130706433/"] {
            assert_eq!(asker.ask(number).await.unwrap(), not_asked, "{number}");
        }
        engine.close().await;
    }

    async fn an_outage_of_both_addresses_is_told_once_and_another_address_begins_anew(w: World) {
        let peer = Peer::start().await;
        let engine = probing(w, true).await;
        let wang = w.request_of("wangjianguo").await;
        let id = register(&w.engine, &wang, w.sent(Registration {
            channels: vec!["service_web".to_owned()],
            pc_mode: "fill".to_owned(),
            pc_url: peer.address.clone(),
            health_url: peer.address.clone(),
            ..w.h5(&wang, "不托管的服务").await
        })).await.unwrap().id;
        w.does(&wang, id, approval()).await;
        w.approves(&w.request_of("limin").await, id).await;
        w.approves(&w.request_of("zhoutao").await, id).await;
        peer.answers(500);
        for _ in 0..3 {
            w.goes_round(&engine).await;
        }
        assert_eq!(w.people_told("unhealthy").await.len(), 3, "each of three once, of both addresses");
        assert!(w.health(id).await.iter().all(|it| it.failures() == 3));
        peer.answers(200);
        w.goes_round(&engine).await;
        assert_eq!((w.people_told("unhealthy").await.len(), w.people_told("healthy").await.len()), (3, 3));
        engine.close().await;
    }
}
