//! One publication on a [`Site`]: what is pressed, and whether all that screens show is what the reference says. Uploads alone are put
//! beside their checks, which have tests of their own.

use crate::forms::draft;
use crate::nouns::{CHANNELS, Deed, Person, Shape};
use crate::reference::Reference;
use crate::site::{Site, account, key, side};
use crate::socket::Answer;
use crate::socket::escaped;
use crate::stock::Stock;
use domain::{PublicationId, VersionId, VersionNumber};
use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU32, Ordering};

/// Publications so far: each has a name of its own.
static NUMBER: AtomicU32 = AtomicU32::new(0);

/// One publication, and what was seen of it last.
#[derive(Clone)]
pub struct Publication {
    site: &'static Site,
    pub id: String,
    name: String,
    service_id: String,
    shape: Shape,
    versions: Vec<String>,
    channels: Vec<String>,
    /// The tabs' counts before it was there.
    counts: BTreeMap<String, i64>,
    /// What was done to it so far, but for uploads.
    deeds: i64,
    /// How often its introduction was changed.
    texts: u32,
    seen: String,
    order: String,
}

impl Publication {
    /// 注册 by staff, or a stock application until it is linked.
    pub fn begin(site: &'static Site, shape: Shape) -> Self {
        let name = format!("模型{}号", NUMBER.fetch_add(1, Ordering::Relaxed));
        let counts = site.counts(shape);
        match shape {
            Shape::Linked(listed) => Stock::imported(site, &name, listed).becomes_linked(),
            _ => register(site, shape, &name),
        }
        let keyword = escaped(&name);
        let path = format!(
            "/api/publication/list?side={}&query[keyword]={keyword}&query[size]=20&query[from]=start",
            side(shape)
        );
        let page = site.get(Person::Staff, &path);
        let id = page["rows"][0]["id"].as_str().unwrap().to_owned();
        let service_id = page["rows"][0]["service_id"].as_str().unwrap().to_owned();
        Self {
            site,
            id,
            name,
            service_id,
            shape,
            versions: Vec::new(),
            channels: Vec::new(),
            counts,
            // 关联 and its 同意; or 注册.
            deeds: if matches!(shape, Shape::Linked(_)) { 2 } else { 1 },
            texts: 0,
            seen: "1".to_owned(),
            order: String::new(),
        }
    }

    /// Presses, as this person; answers whether it was done.
    pub fn press(&mut self, who: Person, deed: Deed) -> bool {
        if deed == Deed::Upload {
            return self.site.runtime.block_on(self.upload(who));
        }
        self.texts += 1;
        let answer = self.site.runtime.block_on(self.send(who, deed));
        let done = answer.status == 200;
        self.deeds += i64::from(done);
        done
    }

    /// Sends the form of a deed, but for 上传.
    pub async fn send(&self, who: Person, deed: Deed) -> Answer {
        let nothing = uuid::Uuid::nil().to_string();
        let order = if self.order.is_empty() { nothing.clone() } else { self.order.clone() };
        let of_order = matches!(deed, Deed::Approve | Deed::Refuse | Deed::Withdraw);
        let id = if of_order { order } else { self.id.clone() };
        let mut fields = vec![("id", id), ("seen", self.seen.clone()), ("key", key())];
        let version = |version: usize| self.versions.get(version).unwrap_or(&nothing).clone();
        let path = match deed {
            Deed::Upload => "",
            Deed::Correct | Deed::ChangeInfo => {
                fields.extend(draft(self.site, self.shape, &self.name, self.texts));
                if deed == Deed::ChangeInfo {
                    fields.push(("draft[parts][0]", "listing".to_owned()));
                }
                if deed == Deed::Correct {
                    "publication/correct_registration"
                } else {
                    "publication/request_info_change"
                }
            }
            Deed::Submit(v) => with(&mut fields, "version", version(v), "publication/submit_for_acceptance"),
            Deed::Accept(v) => with(&mut fields, "version", version(v), "publication/accept"),
            Deed::Reject(v) => {
                fields.push(("reason", "首页打不开".to_owned()));
                with(&mut fields, "version", version(v), "publication/reject")
            }
            Deed::Complete(v) => with(&mut fields, "version", version(v), "publication/complete_configuration"),
            Deed::RollBack(v) => {
                fields.push(("draft[reason]", "闪退".to_owned()));
                with(&mut fields, "draft[version]", version(v), "publication/roll_back")
            }
            Deed::Channels(channel) => {
                let channel = self.channels.get(channel).cloned().unwrap_or_default();
                with(&mut fields, "draft[channels][0]", channel, "publication/apply_for_channels")
            }
            Deed::Redeploy => "publication/redeploy",
            Deed::Upgrade => "publication/upgrade",
            Deed::CancelUpgrade => "publication/cancel_upgrade",
            Deed::Republish => "publication/republish",
            Deed::TakeOffline => with(&mut fields, "draft[reason]", "业务合并".to_owned(), "publication/take_offline"),
            Deed::SubmitForApproval => {
                let form = [
                    ("statement", "首次发布"),
                    ("test_report", "测试通过"),
                    ("contact_name", "王建国"),
                    ("contact_phone", "13900000009"),
                ];
                fields.extend(form.map(|(name, value)| (approval_field(name), value.to_owned())));
                "publication/submit_for_approval"
            }
            Deed::Approve => with(&mut fields, "comment", String::new(), "work_order/approve"),
            Deed::Refuse => with(&mut fields, "reason", "材料不全".to_owned(), "work_order/refuse"),
            Deed::Withdraw => "work_order/withdraw",
        };
        let answer = self.site.sends(who, &format!("/api/{path}"), &fields).await;
        assert!(answer.status < 500, "{path}: {}", answer.text());
        answer
    }

    /// Puts a version beside its checks, where the workbench offers 上传.
    pub async fn upload(&mut self, who: Person) -> bool {
        let answer = self.site.reads(who, &format!("/api/publication/detail?id={}", self.id)).await;
        let offers = if answer.status == 200 { offers(&answer.json()) } else { Vec::new() };
        if !offers.iter().any(|action| action == "upload") {
            return false;
        }
        let id = PublicationId(self.id.parse().unwrap());
        let number = VersionNumber::new(1, 0, u32::try_from(self.versions.len()).unwrap());
        let VersionId(version) =
            engine::bench::plant_version(&self.site.engine, id, number, account(who)).await.unwrap();
        self.versions.push(version.to_string());
        true
    }

    /// Looks at it, as staff do.
    pub async fn look(&mut self) -> Value {
        let detail = self.site.reads(Person::Staff, &format!("/api/publication/detail?id={}", self.id)).await.json();
        self.seen = detail["row"]["version"].to_string();
        self.order = detail["row"]["order"].as_str().unwrap_or_default().to_owned();
        detail
    }

    /// Takes the versions that the page shows, the oldest first.
    pub fn knows_versions(&mut self, detail: &Value) {
        let ids = detail["versions"].as_array().unwrap().iter().rev();
        self.versions = ids.filter_map(|version| version["id"].as_str().map(str::to_owned)).collect();
    }

    /// How many versions are known.
    pub fn versions(&self) -> usize {
        self.versions.len()
    }

    /// Compares all that screens show with what the reference says.
    pub fn stands_as(&mut self, of: &Reference) {
        let site = self.site;
        let detail = site.runtime.block_on(self.look());
        assert_eq!(detail["row"]["state"], state(of), "the state");
        assert_eq!(!self.order.is_empty(), of.order.is_some(), "an order is open");
        self.menus_are(of, &detail);
        self.waits_with(of);
        self.is_counted(of);
        self.is_listed(of, &detail);
        assert_eq!(self.events(), self.deeds, "every change has one event, refusals have none here");
    }

    /// How many lines 历史 has.
    pub fn events(&self) -> i64 {
        let path = format!("/api/publication/history?id={}&query[who]=&query[from]=start", self.id);
        self.site.get(Person::Staff, &path)["total"].as_i64().unwrap()
    }

    fn menus_are(&self, of: &Reference, detail: &Value) {
        let mut menu: Vec<&str> =
            detail["row"]["menu"]["possible"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
        menu.sort_unstable();
        let deeds = of.deeds();
        let mut expected: Vec<&str> =
            deeds.iter().filter(|deed| of.may(Person::Staff, **deed)).filter_map(|deed| on_the_menu(*deed)).collect();
        expected.sort_unstable();
        expected.dedup();
        assert_eq!(menu, expected, "更多 of staff");
        let seen = self.site.get(Person::Developer, &format!("/api/publication/detail?id={}", self.id));
        let mut expected: Vec<&str> = deeds
            .iter()
            .filter(|deed| of.may(Person::Developer, **deed))
            .filter_map(|deed| on_the_workbench(*deed))
            .collect();
        expected.dedup();
        assert_eq!(offers(&seen), expected, "the workbench");
    }

    /// 待我审批 of each reviewer.
    fn waits_with(&self, of: &Reference) {
        let (deciders, keyword) = (of.deciders(), escaped(&self.name));
        for person in [Person::City, Person::First, Person::Second, Person::Operator] {
            let path = format!(
                "/api/work_order/waiting?query[over]=false&query[keyword]={keyword}&query[size]=20&query[from]=start"
            );
            let rows = self.site.get(person, &path)["rows"].as_array().unwrap().len();
            assert_eq!(rows, usize::from(deciders.contains(&person)), "待我审批 of {person:?}");
        }
    }

    fn is_counted(&self, of: &Reference) {
        let mut expected = self.counts.clone();
        *expected.entry(state(of)).or_default() += 1;
        assert_eq!(self.site.counts(self.shape), expected, "the tabs' counts");
    }

    fn is_listed(&mut self, of: &Reference, detail: &Value) {
        assert_eq!(!detail["live_address"].as_str().unwrap().is_empty(), of.listed, "a live address");
        let channel = match self.shape {
            Shape::Service | Shape::Linked(_) => "zheli_app",
            Shape::Web => "service_web",
            _ => "zhezhengding",
        };
        let mut path = format!("/channels/{channel}/feed.json");
        let mut listed = false;
        loop {
            let page = self.site.get(Person::Stranger, &path);
            listed |=
                page["entries"].as_array().unwrap().iter().any(|entry| entry["service_id"] == self.service_id.as_str());
            let Some(next) = page["next"].as_i64() else { break };
            path = format!("/channels/{channel}/feed.json?after={next}");
        }
        assert_eq!(listed, of.listed, "the channel's directory");
        assert_eq!(detail["further_channels"].as_array().unwrap().len(), of.channels.len(), "further channels");
        if self.channels.is_empty() && of.may(Person::Staff, Deed::Channels(0)) {
            let form =
                self.site.get(Person::Staff, &format!("/api/publication/channels_form?id={}&check=false", self.id));
            self.channels =
                form[1].as_array().unwrap().iter().filter_map(|it| it["id"].as_str().map(str::to_owned)).collect();
            assert_eq!(self.channels.len(), CHANNELS);
        }
    }
}

fn register(site: &Site, shape: Shape, name: &str) {
    let mut fields = draft(site, shape, name, 0);
    fields.extend([("key", key()), ("side", side(shape).to_owned())]);
    let answer = site.runtime.block_on(site.sends(Person::Staff, "/api/publication/register", &fields));
    assert_eq!(answer.status, 200, "{}", answer.text());
}

fn with(
    fields: &mut Vec<(&'static str, String)>,
    name: &'static str,
    value: String,
    path: &'static str,
) -> &'static str {
    fields.push((name, value));
    path
}

fn approval_field(name: &str) -> &'static str {
    match name {
        "statement" => "draft[statement]",
        "test_report" => "draft[test_report]",
        "contact_name" => "draft[contact_name]",
        _ => "draft[contact_phone]",
    }
}

fn state(of: &Reference) -> String {
    id_of(&format!("{:?}", of.state))
}

/// The id that a name of Rust has on the wire.
pub fn id_of(name: &str) -> String {
    let mut id = String::new();
    for letter in name.chars() {
        if letter.is_uppercase() && !id.is_empty() {
            id.push('_');
        }
        id.push(letter.to_ascii_lowercase());
    }
    id
}

/// What the workbench offers now, in its order.
fn offers(detail: &Value) -> Vec<String> {
    let offered = detail["workbench"].as_array().unwrap().iter();
    offered.filter(|pair| pair[1] == "possible").filter_map(|pair| pair[0].as_str().map(str::to_owned)).collect()
}

fn on_the_menu(deed: Deed) -> Option<&'static str> {
    Some(match deed {
        Deed::Accept(_) => "accept",
        Deed::SubmitForApproval => "submit_for_approval",
        Deed::Redeploy => "redeploy",
        Deed::Correct => "correct_registration",
        Deed::ChangeInfo => "request_info_change",
        Deed::Upgrade => "upgrade",
        Deed::CancelUpgrade => "cancel_upgrade",
        Deed::RollBack(_) => "roll_back",
        Deed::Channels(_) => "apply_for_channels",
        Deed::TakeOffline => "take_offline",
        Deed::Republish => "republish",
        _ => return None,
    })
}

fn on_the_workbench(deed: Deed) -> Option<&'static str> {
    Some(match deed {
        Deed::Upload => "upload",
        Deed::Submit(_) => "submit_for_acceptance",
        Deed::Complete(_) => "complete_configuration",
        _ => return None,
    })
}
