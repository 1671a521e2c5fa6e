//! What is somebody else's is not there: every function and route that names an object, asked by those who have the role but not the
//! object, answers 404 (lifecycle.md, Who and what).

use crate::forms::draft;
use crate::nouns::{Deed, Person, Shape};
use crate::publication::Publication;
use crate::site::{On, Site, key};
use crate::socket::{Answer, Asked, escaped};
use app::api::registry::{ENDPOINTS, ROUTES};
use serde_json::Value;

/// What stands in the registry's samples: a publication, an order or a stock application, and a version.
const OBJECT: &str = "01936f00-0000-7000-8000-000000000001";
const VERSION: &str = "01936f00-0000-7000-8000-000000000003";
const NIL: &str = "018f0000-0000-7000-8000-000000000000";

/// Functions that answer for each object by itself: the row says it, or is missing.
const BY_ROW: [&str; 2] = ["publication/rows", "work_order/decide_all"];

#[test]
fn what_is_somebody_elses_is_not_there_on_sqlite() {
    what_is_somebody_elses_is_not_there(On::Sqlite);
}

#[test]
fn what_is_somebody_elses_is_not_there_on_postgres() {
    what_is_somebody_elses_is_not_there(On::Postgres);
}

fn what_is_somebody_elses_is_not_there(on: On) {
    let site: &'static Site = Box::leak(Box::new(Site::start(on, "reach")));
    // 自建: decided by the city alone, so that the province's reviewers are strangers to it.
    let mut publication = Publication::begin(site, Shape::Own);
    let upload = begun_upload(site, &publication.id);
    let detail = filed(site, &mut publication);
    let stock = site.get(Person::Staff, "/api/stock/list?query[keyword]=&query[size]=20&query[from]=start");
    let objects = Objects {
        publication: publication.id.clone(),
        version: detail["versions"][0]["id"].as_str().unwrap().to_owned(),
        order: detail["row"]["order"].as_str().unwrap().to_owned(),
        stock: stock["rows"][0]["id"].as_str().unwrap().to_owned(),
        upload,
    };
    for stranger in [Person::Stranger, Person::OtherDeveloper, Person::First] {
        let asked = objects.are_not_there_for(site, stranger);
        assert!(asked >= 8, "{stranger:?} may ask for {asked} objects");
    }
    contacts_that_were_removed_are_strangers(site, publication, &objects);
}

/// Whoever may have it saves it: no browser shows it as a page of ours, whatever is in it.
#[test]
fn an_attachment_is_saved_and_never_shown() {
    let site: &'static Site = Box::leak(Box::new(Site::start(On::Sqlite, "attachment")));
    let mut publication = Publication::begin(site, Shape::Own);
    let detail = filed(site, &mut publication);
    let path = format!("/orders/{}/attachments/0", detail["row"]["order"].as_str().unwrap());
    let file = site.runtime.block_on(site.asks(Person::City, Asked::get(&path)));
    assert_eq!((file.status, file.body.as_slice()), (200, REPORT), "{path}");
    assert!(file.header("content-disposition").starts_with("attachment; "), "{}", file.header("content-disposition"));
    let policies = file.headers("content-security-policy");
    assert!(policies.len() == 1 && policies[0].split("; ").any(|rule| rule == "sandbox"), "{policies:?}");
    let others = ["content-type", "x-content-type-options", "referrer-policy"].map(|name| file.headers(name).concat());
    assert_eq!(others, ["application/pdf", "nosniff", "same-origin"]);
}

/// What is attached.
const REPORT: &[u8] = b"%PDF-1.7 report";

/// Brings it to 提交审批, with an attachment; how staff see it then.
fn filed(site: &Site, publication: &mut Publication) -> Value {
    let looks = |publication: &mut Publication| {
        let detail = site.runtime.block_on(publication.look());
        publication.knows_versions(&detail);
        detail
    };
    looks(publication);
    assert!(publication.press(Person::Developer, Deed::Upload));
    for (who, deed) in [(Person::Developer, Deed::Submit(0)), (Person::Staff, Deed::Accept(0))] {
        looks(publication);
        assert!(publication.press(who, deed), "{deed:?}");
    }
    let seen = looks(publication)["row"]["version"].to_string();
    let headers = [("Content-Type", "application/pdf"), ("Origin", "http://localhost:3000")];
    let path = format!("/attachment?name={}", escaped("测试报告.pdf"));
    let report = Asked { method: "POST", headers: &headers, body: REPORT, ..Asked::get(&path) };
    let kept = site.runtime.block_on(site.asks(Person::Staff, report)).json();
    let of = |part: &str| kept[part].as_str().map_or_else(|| kept[part].to_string(), str::to_owned);
    let fields = [
        ("id", publication.id.clone()),
        ("seen", seen),
        ("key", key()),
        ("draft[statement]", "首次发布".to_owned()),
        ("draft[test_report]", "测试通过".to_owned()),
        ("draft[contact_name]", "王建国".to_owned()),
        ("draft[contact_phone]", "13900000009".to_owned()),
        ("draft[attachments][0][hash]", of("hash")),
        ("draft[attachments][0][name]", of("name")),
        ("draft[attachments][0][kind]", of("kind")),
        ("draft[attachments][0][size]", of("size")),
    ];
    let submitted = site.sends(Person::Staff, "/api/publication/submit_for_approval", &fields);
    let submitted = site.runtime.block_on(submitted);
    assert_eq!(submitted.status, 200, "{}", submitted.text());
    looks(publication)
}

/// 修改登记信息 takes the contact away, while the session goes on.
fn contacts_that_were_removed_are_strangers(site: &'static Site, mut publication: Publication, objects: &Objects) {
    assert!(publication.press(Person::Staff, Deed::Withdraw));
    let detail = site.runtime.block_on(publication.look());
    let mut fields = draft(site, Shape::Own, "换了开发商", 1);
    for (name, value) in &mut fields {
        if *name == "draft[contacts][0][phone]" {
            *value = "13800000002".to_owned();
        }
    }
    fields.extend([("id", publication.id.clone()), ("seen", detail["row"]["version"].to_string()), ("key", key())]);
    let corrected = site.sends(Person::Staff, "/api/publication/correct_registration", &fields);
    let corrected = site.runtime.block_on(corrected);
    assert_eq!(corrected.status, 200, "{}", corrected.text());
    assert!(objects.are_not_there_for(site, Person::Developer) >= 8);
}

/// One of each kind, all of one publication but the stock application.
struct Objects {
    publication: String,
    version: String,
    order: String,
    stock: String,
    upload: String,
}

impl Objects {
    /// Asks for all that the person's role may ask for; answers how much that was.
    fn are_not_there_for(&self, site: &Site, who: Person) -> usize {
        let mut asked = 0;
        for endpoint in ENDPOINTS {
            let object = match endpoint.name.split('/').next() {
                Some("work_order") => &self.order,
                Some("stock") => &self.stock,
                _ => &self.publication,
            };
            let sample = endpoint.sample.replace(OBJECT, object).replace(VERSION, &self.version);
            if sample == endpoint.sample {
                continue;
            }
            let path = format!("/api/{}", endpoint.name);
            let answer = match endpoint.method {
                "GET" => site.runtime.block_on(site.reads(who, &format!("{path}?{sample}"))),
                _ => site.runtime.block_on(form(site, who, &path, &sample)),
            };
            if answer.status == 403 {
                continue;
            }
            asked += 1;
            if BY_ROW.contains(&endpoint.name) {
                assert!(!answer.text().contains("\"Ok\""), "{who:?} {path}: {}", answer.text());
            } else {
                assert_eq!(answer.status, 404, "{who:?} {path}: {}", answer.text());
            }
        }
        asked + self.routes_are_not_there_for(site, who)
    }

    fn routes_are_not_there_for(&self, site: &Site, who: Person) -> usize {
        let mut asked = 0;
        for route in ROUTES {
            let object = match route.path.split('/').nth(1) {
                Some("orders") => &self.order,
                Some("upload") => &self.upload,
                Some("versions") => &self.version,
                _ => &self.publication,
            };
            let path = route.path.replace("{id}", object).replace("{ending}", "csv").replace("{index}", "0");
            let (path, body) = (path.replace("{n}", "0"), route.sample.replace(NIL, &self.publication));
            if path.contains('{') || (path == route.path && body == route.sample) {
                continue;
            }
            let headers = [("Content-Type", "application/json"), ("Origin", "http://localhost:3000")];
            let request = Asked { method: route.method, headers: &headers, body: body.as_bytes(), ..Asked::get(&path) };
            let answer = site.runtime.block_on(site.asks(who, request));
            if answer.status == 403 {
                continue;
            }
            asked += 1;
            assert_eq!(answer.status, 404, "{who:?} {} {path}: {}", route.method, answer.text());
        }
        asked
    }
}

async fn form(site: &Site, who: Person, path: &str, body: &str) -> Answer {
    let headers = [
        ("Content-Type", "application/x-www-form-urlencoded"),
        ("Accept", "application/json"),
        ("Origin", "http://localhost:3000"),
    ];
    site.asks(who, Asked { method: "POST", headers: &headers, body: body.as_bytes(), ..Asked::get(path) }).await
}

fn begun_upload(site: &Site, publication: &str) -> String {
    let body = format!(r#"{{"publication":"{publication}","file_name":"a.zip","size":3}}"#);
    let headers = [("Content-Type", "application/json"), ("Origin", "http://localhost:3000")];
    let request = Asked { method: "POST", headers: &headers, body: body.as_bytes(), ..Asked::get("/upload") };
    let answer = site.runtime.block_on(site.asks(Person::Developer, request));
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer.json()["id"].as_str().unwrap().to_owned()
}
