//! Fifty people on the same ten publications at once: whoever comes second is told so, nothing is lost, nothing counts twice.

use crate::nouns::{Deed, PEOPLE, Person, SHAPES};
use crate::publication::Publication;
use crate::site::{On, Site};

const PEOPLE_AT_ONCE: u64 = 50;
const PUBLICATIONS: usize = 10;
const PRESSES: usize = 24;

#[test]
fn fifty_people_act_at_once_on_sqlite() {
    fifty_people_act_at_once(On::Sqlite);
}

#[test]
fn fifty_people_act_at_once_on_postgres() {
    fifty_people_act_at_once(On::Postgres);
}

fn fifty_people_act_at_once(on: On) {
    let site: &'static Site = Box::leak(Box::new(Site::start(on, "at_once")));
    let publications: Vec<Publication> =
        (0..PUBLICATIONS).map(|n| Publication::begin(site, SHAPES[n % SHAPES.len()])).collect();
    let people = (1..=PEOPLE_AT_ONCE)
        .map(|n| site.runtime.spawn(somebody(Dice(n.wrapping_mul(0x9e37_79b9_7f4a_7c15)), publications.clone())));
    let people: Vec<_> = people.collect();
    let (mut done, mut planted, mut too_late) = ([0; PUBLICATIONS], [0; PUBLICATIONS], 0);
    for person in people {
        let of = site.runtime.block_on(person).expect("nobody's task ends in a panic");
        for n in 0..PUBLICATIONS {
            done[n] += of.done[n];
            planted[n] += of.planted[n];
        }
        too_late += of.too_late;
    }
    assert!(too_late > 0, "somebody came second, and was told who was first");
    for (n, mut publication) in publications.into_iter().enumerate() {
        let detail = site.runtime.block_on(publication.look());
        assert_eq!(detail["row"]["version"], 1 + done[n] + planted[n], "each change is one step of the aggregate");
        assert_eq!(publication.events(), 1 + done[n], "each change has one event");
    }
    assert!(done.iter().sum::<i64>() > 100, "{done:?}");
}

/// What one person brought about.
#[derive(Default)]
struct Brought {
    done: [i64; PUBLICATIONS],
    planted: [i64; PUBLICATIONS],
    /// Refusals that name who was first.
    too_late: u32,
}

async fn somebody(mut dice: Dice, mut publications: Vec<Publication>) -> Brought {
    let mut brought = Brought::default();
    for _ in 0..PRESSES {
        let n = dice.below(PUBLICATIONS);
        let detail = publications[n].look().await;
        publications[n].knows_versions(&detail);
        let (who, deed) = dice.press(detail["row"]["state"].as_str().unwrap_or_default(), &publications[n]);
        if deed == Deed::Upload {
            brought.planted[n] += i64::from(publications[n].upload(who).await);
            continue;
        }
        let answer = publications[n].send(who, deed).await;
        if answer.status == 200 {
            brought.done[n] += 1;
            continue;
        }
        assert!(answer.status != 401 && answer.status < 500, "{who:?} {deed:?}: {}", answer.text());
        brought.too_late += u32::from(answer.text().contains("已于"));
    }
    brought
}

/// The same throws every time.
struct Dice(u64);

impl Dice {
    fn below(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % sides
    }

    /// Mostly what the state calls for, by who may; now and then anything by anybody.
    fn press(&mut self, state: &str, of: &Publication) -> (Person, Deed) {
        let newest = of.versions().saturating_sub(1);
        let deed = match (self.below(8), state) {
            (0, _) => [Deed::Refuse, Deed::Withdraw, Deed::Redeploy, Deed::Approve][self.below(4)],
            (1..4, "preparing" | "upgrade_deploying" | "configuring") => Deed::Upload,
            (_, "preparing" | "upgrade_deploying") => Deed::Submit(newest),
            (_, "configuring") => Deed::Complete(newest),
            (_, "awaiting_acceptance" | "awaiting_upgrade_acceptance") => Deed::Accept(newest),
            (_, "awaiting_release" | "awaiting_upgrade") => Deed::SubmitForApproval,
            (_, "published") => [Deed::Upgrade, Deed::TakeOffline][self.below(2)],
            (_, "offline") => Deed::Republish,
            _ => Deed::Approve,
        };
        let who = match deed {
            _ if self.below(6) == 0 => PEOPLE[self.below(PEOPLE.len())],
            Deed::Upload | Deed::Submit(_) | Deed::Complete(_) => Person::Developer,
            Deed::Approve | Deed::Refuse => [Person::City, Person::First, Person::Second][self.below(3)],
            _ => Person::Staff,
        };
        (who, deed)
    }
}
