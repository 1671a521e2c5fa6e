//! The integration API, as far as this program uses it.

use crate::Failure;
use crate::kept::{Kept, Rules};
use reqwest::{Method, RequestBuilder, StatusCode};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use std::time::Duration;
use uuid::Uuid;

/// An answer is waited for so long, in seconds; of a part longer, by its size.
const PATIENCE: u64 = 120;

/// Slower lines upload by the screens. Bytes a second.
const SLOWEST: u64 = 20_000;

/// What did not arrive is sent again so often: within a minute a site is back from its restart.
const TRIES: u32 = 7;

/// A site, with a token for it.
pub(crate) struct Client {
    http: reqwest::Client,
    address: String,
    token: String,
}

/// The token's publication.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Publication {
    pub(crate) service_id: String,
    pub(crate) name: String,
    pub(crate) state: String,
    pub(crate) state_word: String,
    pub(crate) live_address: Option<String>,
    pub(crate) actions: Vec<Action>,
}

/// Whether an action is possible now.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Action {
    pub(crate) action: String,
    pub(crate) possible: bool,
    pub(crate) why_not: Option<String>,
}

/// A line of the list of versions.
#[derive(Debug, Deserialize)]
pub(crate) struct Line {
    pub(crate) id: Uuid,
    pub(crate) number: String,
}

/// How far a version is.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Version {
    pub(crate) id: Uuid,
    pub(crate) number: String,
    pub(crate) under_way: bool,
    pub(crate) passed: bool,
    pub(crate) ahead: Option<i64>,
    pub(crate) preview_address: Option<String>,
    pub(crate) live: bool,
    pub(crate) stages: Vec<Stage>,
}

/// How far a stage is.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Stage {
    pub(crate) stage: String,
    pub(crate) status: String,
    pub(crate) sentence: String,
    pub(crate) blocks: usize,
    pub(crate) warnings: usize,
}

/// One finding.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Finding {
    pub(crate) stage: String,
    pub(crate) rule: String,
    pub(crate) severity: String,
    pub(crate) path: String,
    pub(crate) line: Option<u32>,
    pub(crate) column: Option<u32>,
    pub(crate) subject: String,
    pub(crate) what: String,
    pub(crate) how: String,
}

/// What of a log is new.
#[derive(Debug, Deserialize)]
pub(crate) struct LogPart {
    pub(crate) text: String,
    pub(crate) next: i64,
    pub(crate) over: bool,
}

/// An upload under way.
#[derive(Debug, Deserialize)]
pub(crate) struct Upload {
    pub(crate) id: Uuid,
    pub(crate) size: usize,
    pub(crate) part_size: usize,
    /// The parts that the site has, from 0.
    pub(crate) parts: Vec<usize>,
}

/// What was made.
#[derive(Debug, Deserialize)]
struct Made {
    id: Uuid,
}

/// The publication after a change.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Changed {
    pub(crate) state: String,
    pub(crate) state_word: String,
}

/// A version to be made of an upload.
#[derive(Debug, Serialize)]
pub(crate) struct NewVersion {
    pub(crate) number: String,
    pub(crate) note: String,
    pub(crate) hosts: Vec<Host>,
}

/// An external host that a version uses.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Host {
    pub(crate) host: String,
    pub(crate) purpose: String,
}

/// What the site says when it does not do what was asked.
#[derive(Debug, Deserialize)]
struct Problem {
    message: String,
    #[serde(default)]
    fields: Vec<FieldProblem>,
}

#[derive(Debug, Deserialize)]
struct FieldProblem {
    field: String,
    message: String,
}

impl Client {
    /// Where the site is.
    pub(crate) fn address(&self) -> &str {
        &self.address
    }

    /// Of what was given or kept.
    pub(crate) fn of(kept: &Kept) -> Result<Self, Failure> {
        let missing = || Failure::Said("还没有登录。请先 irs login，或设置 IRS_ADDRESS 和 IRS_TOKEN".to_owned());
        let address = kept.address.as_deref().ok_or_else(missing)?.trim_end_matches('/').to_owned();
        let token = kept.token.clone().ok_or_else(missing)?;
        // A second time it is set already, which is as good.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let http = reqwest::Client::builder()
            .timeout(Duration::from_secs(PATIENCE))
            .redirect(reqwest::redirect::Policy::none())
            .build();
        let http = http.map_err(|error| Failure::Said(format!("网络组件无法启动：{error}")))?;
        Ok(Self { http, address, token })
    }

    pub(crate) async fn publication(&self) -> Result<Publication, Failure> {
        self.get("publication").await
    }

    pub(crate) async fn rules(&self) -> Result<Rules, Failure> {
        self.get("rules").await
    }

    pub(crate) async fn versions(&self) -> Result<Vec<Line>, Failure> {
        self.get("versions").await
    }

    pub(crate) async fn version(&self, id: Uuid) -> Result<Version, Failure> {
        self.get(&format!("versions/{id}")).await
    }

    pub(crate) async fn findings(&self, id: Uuid) -> Result<Vec<Finding>, Failure> {
        self.get(&format!("versions/{id}/findings")).await
    }

    pub(crate) async fn log(&self, id: Uuid, stage: &str, after: i64) -> Result<LogPart, Failure> {
        self.get(&format!("versions/{id}/logs/{stage}?after={after}")).await
    }

    pub(crate) async fn begin(&self, file_name: &str, size: usize) -> Result<Upload, Failure> {
        let body = serde_json::json!({ "file_name": file_name, "size": size });
        self.answer(|| json(self.request(Method::POST, "uploads"), &body), TRIES).await
    }

    /// How far an upload is that was begun before.
    pub(crate) async fn upload(&self, id: Uuid) -> Result<Upload, Failure> {
        self.get(&format!("uploads/{id}")).await
    }

    pub(crate) async fn put_part(&self, upload: Uuid, number: usize, part: &[u8]) -> Result<(), Failure> {
        let path = format!("uploads/{upload}/parts/{number}");
        let request = || {
            let request = self.request(Method::PUT, &path).header("content-type", "application/octet-stream");
            let patience = PATIENCE + part.len() as u64 / SLOWEST;
            request.timeout(Duration::from_secs(patience)).body(part.to_vec())
        };
        self.send(request, TRIES).await.map(|_| ())
    }

    /// Twice the same is done once.
    pub(crate) async fn finish(&self, upload: Uuid, new: &NewVersion) -> Result<Uuid, Failure> {
        let (path, key) = (format!("uploads/{upload}/finish"), key()?);
        let new = serde_json::json!(new);
        let request = || json(self.request(Method::POST, &path).header("idempotency-key", key.to_string()), &new);
        self.answer::<Made>(request, TRIES).await.map(|made| made.id)
    }

    /// `submit` or `complete-configuration`. Twice the same is done once.
    pub(crate) async fn act(&self, id: Uuid, action: &str) -> Result<Changed, Failure> {
        let (path, key) = (format!("versions/{id}/{action}"), key()?);
        self.answer(|| self.request(Method::POST, &path).header("idempotency-key", key.to_string()), TRIES).await
    }

    async fn get<T: DeserializeOwned>(&self, path: &str) -> Result<T, Failure> {
        self.answer(|| self.request(Method::GET, path), TRIES).await
    }

    fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.http.request(method, format!("{}/api/v1/{path}", self.address)).bearer_auth(&self.token)
    }

    async fn answer<T: DeserializeOwned>(
        &self,
        request: impl Fn() -> RequestBuilder,
        tries: u32,
    ) -> Result<T, Failure> {
        let bytes = self.send(request, tries).await?;
        let strange = |_| Failure::Said(format!("{} 的答复看不懂：平台和 irs 的版本不一致？", self.address));
        serde_json::from_slice(&bytes).map_err(strange)
    }

    /// What did not arrive, and what the site or what stands before it is too busy for, is sent again.
    async fn send(&self, request: impl Fn() -> RequestBuilder, tries: u32) -> Result<Vec<u8>, Failure> {
        const AGAIN: [StatusCode; 3] =
            [StatusCode::BAD_GATEWAY, StatusCode::SERVICE_UNAVAILABLE, StatusCode::GATEWAY_TIMEOUT];
        let mut tried = 0;
        loop {
            tried += 1;
            match whole(request()).await {
                Ok((status, bytes)) if status.is_success() => return Ok(bytes),
                Ok((status, _)) if AGAIN.contains(&status) && tried < tries => {}
                Ok((status, bytes)) => return Err(said(status, &bytes)),
                Err(_) if tried < tries => {}
                Err(error) => {
                    let cause = error.without_url().to_string();
                    return Err(Failure::Network { address: self.address.clone(), cause });
                }
            }
            tokio::time::sleep(Duration::from_millis(250 << tried)).await;
        }
    }
}

/// The answer, with all of its body.
async fn whole(request: RequestBuilder) -> reqwest::Result<(StatusCode, Vec<u8>)> {
    let answer = request.send().await?;
    let status = answer.status();
    Ok((status, answer.bytes().await?.to_vec()))
}

/// A body, as the site reads it.
fn json(request: RequestBuilder, body: &serde_json::Value) -> RequestBuilder {
    request.header("content-type", "application/json").body(body.to_string())
}

/// Twice the same is done once: of this request.
#[expect(clippy::disallowed_methods, reason = "a program of its own, without an engine")]
fn key() -> Result<Uuid, Failure> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).map_err(|error| Failure::Said(format!("系统没有给出随机数：{error}")))?;
    Ok(uuid::Builder::from_random_bytes(bytes).into_uuid())
}

fn said(status: StatusCode, bytes: &[u8]) -> Failure {
    let Ok(problem) = serde_json::from_slice::<Problem>(bytes) else {
        return Failure::Said(format!("平台答复 HTTP {}，地址写对了吗？", status.as_u16()));
    };
    let mut text = problem.message;
    for FieldProblem { field, message } in problem.fields {
        text.push_str(&format!("\n  {field}：{message}"));
    }
    Failure::Said(text)
}
