//! One upload, as the workbench's page sends it (app/src/pages/workbench/sending.rs): announced, in parts one after the other, finished; then
//! watched until its stages are over.

use super::text_at;
use crate::Outcome;
use crate::client::Client;
use crate::works::new_key;
use hyper::body::Bytes;
use serde_json::{Value, json};
use std::time::{Duration, Instant};

/// Between two looks at the stages: more of them would take from what they look at.
const LOOK_EVERY: Duration = Duration::from_millis(25);

/// Stages that take longer fail the bench.
const LONGEST: Duration = Duration::from_secs(300);

/// What became of an upload, and when.
pub(crate) struct Sent {
    pub(super) version: String,
    /// Seconds from the first request to the answer that says that all stages are over.
    pub(crate) whole: f64,
    /// Until the last part was taken.
    pub(crate) sending: f64,
    /// Until the server had made a version of the parts.
    pub(crate) finishing: f64,
    /// In their order.
    pub(crate) stages: Vec<Stage>,
}

/// How long a stage ran, by the server's clock, and what it said.
pub(crate) struct Stage {
    pub(crate) name: &'static str,
    pub(crate) seconds: f64,
    pub(crate) sentence: String,
}

/// Names of stages: on the wire, and on the screen.
const STAGES: [(&str, &str); 4] =
    [("source_check", "源码检测"), ("build", "代码编译"), ("link_check", "外链检查"), ("deploy_test", "部署测试环境")];

/// Uploads, and waits until the preview is there. A stage that does not pass is an error.
pub(super) async fn send(client: &mut Client, publication: &str, number: &str, zip: &Bytes) -> Outcome<Sent> {
    let begun = Instant::now();
    let what = json!({ "publication": publication, "file_name": "app.zip", "size": zip.len() });
    let upload = client.tell("/upload", &what).await?;
    let id = text_at(&upload, "/id")?;
    let part = upload.get("part_size").and_then(Value::as_u64).and_then(|size| usize::try_from(size).ok());
    let part = part.filter(|size| *size > 0).ok_or("the server does not say how large a part is")?;
    for (n, from) in (0..zip.len()).step_by(part).enumerate() {
        let to = zip.len().min(from + part);
        client.put(&format!("/upload/{id}/{n}"), zip.slice(from..to)).await?;
    }
    let sending = begun.elapsed();
    let draft = json!({ "number": number, "note": "", "hosts": [] });
    let form = json!({ "publication": publication, "seen": 1, "key": new_key(), "draft": draft });
    let version = text_at(&client.tell(&format!("/upload/{id}/finish"), &form).await?, "/version")?;
    let finished = begun.elapsed();
    let detail = over(client, &version).await?;
    Ok(Sent {
        whole: begun.elapsed().as_secs_f64(),
        sending: sending.as_secs_f64(),
        finishing: (finished - sending).as_secs_f64(),
        stages: stages(&detail)?,
        version,
    })
}

async fn over(client: &mut Client, version: &str) -> Outcome<Value> {
    let begun = Instant::now();
    while begun.elapsed() < LONGEST {
        let detail = client.read(&format!("/api/version/detail?id={version}")).await?;
        if detail.get("under_way").and_then(Value::as_bool) == Some(false) {
            return Ok(detail);
        }
        tokio::time::sleep(LOOK_EVERY).await;
    }
    Err("the stages do not come to an end".to_owned())
}

fn stages(detail: &Value) -> Outcome<Vec<Stage>> {
    let rows = detail.get("stages").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let stage = |(id, name): (&str, &'static str)| {
        let row = rows.iter().find(|row| row.get("stage").and_then(Value::as_str) == Some(id));
        let row = row.ok_or_else(|| format!("the version has no stage {id}"))?;
        let sentence = text_at(row, "/sentence")?;
        if row.get("status").and_then(Value::as_str) != Some("passed") {
            return Err(format!("{name} did not pass: {sentence}"));
        }
        let time = |at| row.get(at).and_then(Value::as_i64).unwrap_or_default();
        let seconds = (time("ended_at") - time("started_at")) as f64 / 1e3;
        Ok(Stage { name, seconds, sentence })
    };
    STAGES.into_iter().map(stage).collect()
}
