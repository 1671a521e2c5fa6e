//! What lifecycle.md says, in [`crate::reference`], beside the real server. Random people press whatever they find, allowed or not;
//! after each press both stand in the same place, offer the same, list and count the same.

use crate::nouns::{Deed, IMPORTABLE, PEOPLE, Person, SHAPES, Shape};
use crate::publication::Publication;
use crate::reference::Reference;
use crate::site::{On, Site};
use proptest::prelude::*;
use proptest::sample::select;
use proptest::strategy::Union;
use proptest_state_machine::{ReferenceStateMachine, StateMachineTest, prop_state_machine};
use std::sync::LazyLock;

static SQLITE: LazyLock<Site> = LazyLock::new(|| Site::start(On::Sqlite, "model"));
static POSTGRES: LazyLock<Site> = LazyLock::new(|| Site::start(On::Postgres, "model"));

struct Spec;

impl ReferenceStateMachine for Spec {
    type State = Reference;
    type Transition = (Person, Deed);

    fn init_state() -> BoxedStrategy<Reference> {
        let linked = select(&IMPORTABLE[..]).prop_map(Shape::Linked);
        Union::new([select(&SHAPES[..]).boxed(), linked.boxed()]).prop_map(Reference::begun).boxed()
    }

    /// Mostly what leads on; now and then what nobody may.
    fn transitions(state: &Reference) -> BoxedStrategy<(Person, Deed)> {
        let every: Vec<(Person, Deed)> =
            PEOPLE.into_iter().flat_map(|who| state.deeds().into_iter().map(move |deed| (who, deed))).collect();
        let allowed: Vec<_> = every.iter().copied().filter(|(who, deed)| state.may(*who, *deed)).collect();
        let back = |deed: &Deed| {
            matches!(deed, Deed::Refuse | Deed::Withdraw | Deed::Redeploy | Deed::Reject(_) | Deed::CancelUpgrade)
        };
        let on: Vec<_> = allowed.iter().copied().filter(|(_, deed)| !back(deed)).collect();
        let on = if on.is_empty() { allowed.clone() } else { on };
        Union::new_weighted(vec![(6, select(on).boxed()), (2, select(allowed).boxed()), (3, select(every).boxed())])
            .boxed()
    }

    fn apply(state: Reference, (who, deed): &(Person, Deed)) -> Reference {
        state.after(*who, *deed)
    }

    fn preconditions(state: &Reference, (_, deed): &(Person, Deed)) -> bool {
        // A version that is not there yet can't be named.
        match deed {
            Deed::Submit(v) | Deed::Accept(v) | Deed::Reject(v) | Deed::Complete(v) | Deed::RollBack(v) => {
                *v < state.versions()
            }
            _ => true,
        }
    }
}

/// On PostgreSQL, or on SQLite.
struct Server<const ON_POSTGRES: bool>;

impl<const ON_POSTGRES: bool> StateMachineTest for Server<ON_POSTGRES> {
    type SystemUnderTest = Publication;
    type Reference = Spec;

    fn init_test(first: &Reference) -> Publication {
        let mut publication = Publication::begin(if ON_POSTGRES { &POSTGRES } else { &SQLITE }, first.shape);
        publication.stands_as(first);
        publication
    }

    fn apply(mut publication: Publication, now: &Reference, (who, deed): (Person, Deed)) -> Publication {
        assert_eq!(publication.press(who, deed), now.done, "{who:?} {deed:?}");
        publication.stands_as(now);
        publication
    }
}

pub fn histories() -> u32 {
    std::env::var("IRS_HISTORIES").ok().and_then(|text| text.parse().ok()).unwrap_or(16)
}

prop_state_machine! {
    #![proptest_config(ProptestConfig { cases: histories(), max_shrink_iters: 400, ..ProptestConfig::default() })]

    #[test]
    fn the_server_does_what_the_spec_says_on_sqlite(sequential 10..60 => Server<false>);

    #[test]
    fn the_server_does_what_the_spec_says_on_postgres(sequential 10..60 => Server<true>);
}
