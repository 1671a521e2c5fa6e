//! 存量关联 by lifecycle.md's small table, beside the real server: a stock application that random people import again, link, decide.

use crate::forms::draft;
use crate::nouns::{IMPORTABLE, PEOPLE, Person, Shape, State};
use crate::publication::id_of;
use crate::site::{On, Site, key};
use crate::socket::escaped;
use crate::socket::{Answer, Asked};
use proptest::prelude::*;
use proptest::sample::select;
use proptest_state_machine::{ReferenceStateMachine, StateMachineTest, prop_state_machine};
use serde_json::Value;
use std::sync::LazyLock;
use std::sync::atomic::{AtomicU32, Ordering};

static SQLITE: LazyLock<Site> = LazyLock::new(|| Site::start(On::Sqlite, "stock"));
static POSTGRES: LazyLock<Site> = LazyLock::new(|| Site::start(On::Postgres, "stock"));

/// Where it stands in being linked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    Unlinked,
    LinkInReview,
    Linked,
}

/// One press.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Deed {
    /// The stock list, again, with this state.
    Import(State),
    Link,
    Approve,
    Refuse,
    Withdraw,
}

/// The small table once more, read by itself.
#[derive(Debug, Clone)]
struct Reference {
    stage: Stage,
    listed: State,
    refused: bool,
    /// Whether the last press was taken.
    done: bool,
}

impl Reference {
    fn may(&self, who: Person, deed: Deed) -> bool {
        match deed {
            Deed::Import(_) => who == Person::Administrator,
            Deed::Link => who == Person::Staff && self.stage == Stage::Unlinked,
            Deed::Approve | Deed::Refuse => who == Person::Operator && self.stage == Stage::LinkInReview,
            Deed::Withdraw => who == Person::Staff && self.stage == Stage::LinkInReview,
        }
    }

    fn after(mut self, who: Person, deed: Deed) -> Self {
        self.done = self.may(who, deed);
        match deed {
            _ if !self.done => {}
            Deed::Import(listed) if self.stage == Stage::Unlinked => self.listed = listed,
            Deed::Import(_) => {}
            Deed::Link => self.stage = Stage::LinkInReview,
            Deed::Approve => self.stage = Stage::Linked,
            Deed::Refuse => (self.stage, self.refused) = (Stage::Unlinked, true),
            Deed::Withdraw => self.stage = Stage::Unlinked,
        }
        self
    }
}

impl ReferenceStateMachine for Reference {
    type State = Reference;
    type Transition = (Person, Deed);

    fn init_state() -> BoxedStrategy<Reference> {
        let fresh = |listed| Reference { stage: Stage::Unlinked, listed, refused: false, done: false };
        select(&IMPORTABLE[..]).prop_map(fresh).boxed()
    }

    /// As often what is allowed as anything by anybody.
    fn transitions(state: &Reference) -> BoxedStrategy<(Person, Deed)> {
        let deeds = IMPORTABLE.map(Deed::Import).into_iter();
        let deeds: Vec<Deed> = deeds.chain([Deed::Link, Deed::Approve, Deed::Refuse, Deed::Withdraw]).collect();
        let every: Vec<_> = PEOPLE.into_iter().flat_map(|who| deeds.iter().map(move |deed| (who, *deed))).collect();
        let on: Vec<_> = every.iter().copied().filter(|(who, deed)| state.may(*who, *deed)).collect();
        prop_oneof![3 => select(on), 2 => select(every)].boxed()
    }

    fn apply(state: Reference, (who, deed): &(Person, Deed)) -> Reference {
        state.after(*who, *deed)
    }
}

struct Server<const ON_POSTGRES: bool>;

impl<const ON_POSTGRES: bool> StateMachineTest for Server<ON_POSTGRES> {
    type SystemUnderTest = Stock;
    type Reference = Reference;

    fn init_test(first: &Reference) -> Stock {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let name = format!("存量{}号", NUMBER.fetch_add(1, Ordering::Relaxed));
        let stock = Stock::imported(if ON_POSTGRES { &POSTGRES } else { &SQLITE }, &name, first.listed);
        stock.stands_as(first);
        stock
    }

    fn apply(mut stock: Stock, now: &Reference, (who, deed): (Person, Deed)) -> Stock {
        let answer = stock.press(who, deed);
        assert_eq!(matches!(answer.status, 200 | 303), now.done, "{who:?} {deed:?}: {}", answer.text());
        stock.stands_as(now);
        stock
    }
}

prop_state_machine! {
    #![proptest_config(ProptestConfig { cases: crate::model::histories(), max_shrink_iters: 200, ..ProptestConfig::default() })]

    #[test]
    fn a_stock_application_becomes_linked_as_the_spec_says_on_sqlite(sequential 4..16 => Server<false>);

    #[test]
    fn a_stock_application_becomes_linked_as_the_spec_says_on_postgres(sequential 4..16 => Server<true>);
}

/// One row of the stock list on a [`Site`].
pub struct Stock {
    site: &'static Site,
    name: String,
    listed: State,
}

impl Stock {
    /// As the system administrator imports it.
    pub fn imported(site: &'static Site, name: &str, listed: State) -> Self {
        let mut stock = Self { site, name: name.to_owned(), listed };
        let answer = stock.press(Person::Administrator, Deed::Import(listed));
        assert_eq!(answer.status, 303, "{}", answer.text());
        stock
    }

    /// 关联 and 同意.
    pub fn becomes_linked(mut self) {
        for (who, deed) in [(Person::Staff, Deed::Link), (Person::Operator, Deed::Approve)] {
            let answer = self.press(who, deed);
            assert_eq!(answer.status, 200, "{}", answer.text());
        }
    }

    fn press(&mut self, who: Person, deed: Deed) -> Answer {
        let row = self.row(Person::Operator);
        let text = |name: &str| row[name].as_str().unwrap_or("00000000-0000-0000-0000-000000000000").to_owned();
        let mut fields = vec![("seen", row["version"].to_string()), ("key", key())];
        let (path, id) = match deed {
            Deed::Import(listed) => return self.import(who, listed),
            Deed::Link => ("stock/link", text("id")),
            Deed::Approve => ("work_order/approve", text("order")),
            Deed::Refuse => ("work_order/refuse", text("order")),
            Deed::Withdraw => ("work_order/withdraw", text("order")),
        };
        fields.push(("id", id));
        match deed {
            Deed::Link => fields.extend(draft(self.site, Shape::Linked(self.listed), &self.name, 0)),
            Deed::Approve => fields.push(("comment", String::new())),
            Deed::Refuse => fields.push(("reason", "材料不全".to_owned())),
            _ => {}
        }
        let answer = self.site.runtime.block_on(self.site.sends(who, &format!("/api/{path}"), &fields));
        assert!(answer.status < 500, "{path}: {}", answer.text());
        answer
    }

    /// A table with this row alone, as the form of the import sends it.
    fn import(&mut self, who: Person, listed: State) -> Answer {
        let Self { site, name, .. } = self;
        let table = format!(
            "原应用ID,中文名,英文名,建设部门,状态,移动端地址\r\nOLD-{name},{name},,杭州市交通运输局,{},https://old.example.gov.cn/app",
            listed.word()
        );
        let body = format!(
            "--cut\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.csv\"\r\nContent-Type: text/csv\r\n\r\n\
             {table}\r\n--cut--\r\n"
        );
        let headers = [("Content-Type", "multipart/form-data; boundary=cut"), ("Origin", "http://localhost:3000")];
        let asked = Asked { method: "POST", headers: &headers, body: body.as_bytes(), ..Asked::get("/import/stock") };
        site.runtime.block_on(site.asks(who, asked))
    }

    /// As one person's list shows it; null where it does not.
    fn row(&self, who: Person) -> Value {
        let keyword = escaped(&self.name);
        let path = format!("/api/stock/list?query[keyword]={keyword}&query[size]=20&query[from]=start");
        self.site.get(who, &path)["rows"][0].clone()
    }

    /// Compares what the lists show with what the reference says.
    fn stands_as(&self, of: &Reference) {
        for who in [Person::Staff, Person::Operator, Person::Administrator] {
            let row = self.row(who);
            assert_eq!(row["state"], id_of(&format!("{:?}", of.stage)), "as {who:?} sees it");
            assert_eq!(row["listed"], id_of(&format!("{:?}", of.listed)));
            assert_eq!(row["link"] == "possible", of.may(who, Deed::Link), "关联 of {who:?}");
            let refusal = row["refusal"].as_str().unwrap();
            assert_eq!(!refusal.is_empty(), of.refused, "the last refusal: {refusal}");
        }
        assert!(self.row(Person::Stranger).is_null(), "another department's");
        let keyword = escaped(&self.name);
        let waiting = format!(
            "/api/work_order/waiting?query[over]=false&query[keyword]={keyword}&query[size]=20&query[from]=start"
        );
        let waits = self.site.get(Person::Operator, &waiting)["rows"].as_array().unwrap().len();
        assert_eq!(waits, usize::from(of.stage == Stage::LinkInReview), "待我审批");
        let listed =
            format!("/api/publication/list?side=service&query[keyword]={keyword}&query[size]=20&query[from]=start");
        let rows = self.site.get(Person::Staff, &listed)["rows"].as_array().unwrap().clone();
        let states: Vec<&str> = rows.iter().filter_map(|row| row["state"].as_str()).collect();
        let expected = id_of(&format!("{:?}", of.listed));
        let expected: &[&str] = if of.stage == Stage::Linked { &[&expected] } else { &[] };
        assert_eq!(states, expected, "服务侧名称列表, in the stock application's state");
    }
}
