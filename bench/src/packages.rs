//! The speed of packages, from upload to preview to live (packages.md): `cargo xtask bench --packages`.
//!
//! Each part prints its table as soon as it has its figures; what it needs and is not there (nginx, an npm registry) leaves its rows out and
//! says so. Start reading at [`measure`].

mod builds;
mod contents;
mod hosted;
mod nginx;
mod tables;
mod upload;

use crate::client::Client;
use crate::memory::Watch;
use crate::server::Server;
use crate::works::{self, new_key};
use crate::{Options, Outcome};
use engine::bench::STAFF;
use hyper::body::Bytes;
use serde_json::Value;
use std::path::Path;
use std::time::Duration;

/// Publications of the demo; one of ten waits for its first version.
pub(crate) const BESIDE: u32 = 200;

/// Who uploads, and the two who approve.
const DEVELOPER: &str = "zhaolei";
const REVIEWERS: [&str; 2] = ["limin", "zhoutao"];

/// A process is idle after so long without a request.
const QUIET: Duration = Duration::from_secs(2);

/// Measures all parts whose names contain what was asked for, on a demo's data that has publications to upload to.
pub(crate) async fn measure(options: &Options, data: &Path) -> Outcome<()> {
    let server = Server::start(options, data).await?;
    let staff = signed_in(&server, STAFF).await?;
    let mut people = People { staff, developer: signed_in(&server, DEVELOPER).await? };
    let free = works::in_state(&mut people.staff, "preparing").await?;
    let [large, hosted, built, ..] = free.as_slice() else {
        return Err("too few publications wait for a version".to_owned());
    };
    if "upload".contains(&options.only) {
        large_package(options, data, &server, &mut people.developer, large).await?;
    }
    if "hosted".contains(&options.only) {
        hosted::measure(options, data, &server, &mut people, hosted).await?;
    }
    if "build".contains(&options.only) {
        builds::measure(options, data, &mut people.developer, built).await?;
    }
    server.stop().await
}

/// Who does what, each on a connection of their own.
struct People {
    staff: Client,
    developer: Client,
}

async fn signed_in(server: &Server, account: &str) -> Outcome<Client> {
    let cookie = Client::sign_in(server.address, account).await?;
    Client::connect(server.address, Some(cookie)).await
}

/// The package of 50 MB: once for the memory of a process that did nothing before, then for the time, by itself.
async fn large_package(
    options: &Options,
    data: &Path,
    server: &Server,
    developer: &mut Client,
    id: &str,
) -> Outcome<()> {
    let (mut zip, mix) = contents::large()?;
    tokio::time::sleep(QUIET).await;
    let watch = Watch::begin(server.id()?)?;
    let first = upload::send(developer, id, "1.0.0", &zip).await?;
    let peaks = watch.end()?;
    let mut sent = Vec::new();
    for run in 1..=options.runs {
        zip = contents::large()?.0;
        tokio::time::sleep(QUIET).await;
        sent.push(upload::send(developer, id, &format!("1.0.{run}"), &zip).await?);
    }
    // The last one stays, for the browser's bench.
    let place = data.join("package.zip");
    std::fs::write(&place, &zip).map_err(|e| format!("{}: {e}", place.display()))?;
    tables::upload(&mix, &first, &sent);
    tables::memory(&peaks);
    Ok(())
}

/// Uploads a package and takes it live, as people do; answers the host that shows it.
async fn publish(server: &Server, people: &mut People, id: &str, zip: &Bytes) -> Outcome<String> {
    let version = upload::send(&mut people.developer, id, "1.0.0", zip).await?.version;
    let looked_at = format!("&version={version}");
    act(&mut people.developer, "publication", "submit_for_acceptance", id, &looked_at).await?;
    act(&mut people.staff, "publication", "accept", id, &looked_at).await?;
    let said = [
        ("statement", "首次发布，面向全市市民"),
        ("test_report", "功能和兼容性测试通过"),
        ("contact_name", "王建国"),
        ("contact_phone", "13900000009"),
    ];
    let form: String = said.iter().map(|(name, text)| format!("&draft[{name}]={}", works::escaped(text))).collect();
    act(&mut people.staff, "publication", "submit_for_approval", id, &form).await?;
    let order = text_at(&of(&mut people.staff, "publication", id).await?, "/row/order")?;
    for reviewer in REVIEWERS {
        act(&mut signed_in(server, reviewer).await?, "work_order", "approve", &order, "&comment=").await?;
    }
    let address = text_at(&of(&mut people.staff, "publication", id).await?, "/live_address")?;
    let host = address.split_once("://").map(|(_, host)| host.to_owned());
    host.ok_or_else(|| format!("what went live is at “{address}”"))
}

/// What is done with a publication or an order as its page shows it now; `more` are further fields of the form, each after a `&`.
async fn act(client: &mut Client, noun: &str, action: &str, id: &str, more: &str) -> Outcome<()> {
    let now = of(client, noun, id).await?;
    let seen = now.pointer("/row/version").and_then(Value::as_i64).ok_or("the page has no version")?;
    let (path, key) = (format!("/api/{noun}/{action}"), new_key());
    client.post(&path, format!("id={id}&seen={seen}&key={key}{more}")).await?.taken(&path).map(|_| ())
}

async fn of(client: &mut Client, noun: &str, id: &str) -> Outcome<Value> {
    client.read(&format!("/api/{noun}/detail?id={id}")).await
}

fn text_at(value: &Value, place: &str) -> Outcome<String> {
    let text = value.pointer(place).and_then(Value::as_str);
    text.map(str::to_owned).ok_or_else(|| format!("the server's answer has no {place}"))
}
