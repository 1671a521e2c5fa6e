//! Chromium, spoken to over a pipe: the DevTools protocol, one JSON a message, each ended by NUL.

use super::host::ORIGIN;
use super::seen::Seen;
use crate::error::{Error, Result};
use crate::pipeline::sandbox::PORT;
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use serde_json::{Value, json};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::process::{ChildStdin, ChildStdout};
use tokio::time::{Instant, timeout, timeout_at};

/// Chromium speaks on the descriptors 3 and 4, which are those of standard input and output here.
pub(super) const START: [&str; 3] = ["sh", "-c", "exec \"$0\" \"$@\" 3<&0 4>&1 </dev/null >&2"];

/// Headless, nothing of its own accord; every host leads to the way out. Its own sandbox is ours.
pub(super) const FLAGS: [&str; 13] = [
    "--headless=new",
    "--remote-debugging-pipe",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
    "--no-first-run",
    "--no-proxy-server",
    "--user-data-dir=/tmp/chromium",
    "--host-resolver-rules=MAP * 127.0.0.1:4873",
];

/// A common phone: points, and pixels a point.
const WIDTH: u32 = 390;
const HEIGHT: u32 = 844;
const SCALE: u32 = 2;

/// All in all.
const WHOLE: Duration = Duration::from_secs(40);

/// For the page to come to rest; then the picture is taken all the same.
const REST: Duration = Duration::from_secs(10);

/// Tries of the picture, and what lies between two.
const SHOTS: u32 = 4;
const BETWEEN_SHOTS: Duration = Duration::from_millis(500);

/// Longest message: a picture. Bytes.
const MESSAGE: usize = 16 * 1024 * 1024;

/// A picture, and what was seen until then.
pub(super) struct Look {
    /// PNG, as the browser made it.
    pub(super) picture: Vec<u8>,
    pub(super) evidence: domain::view::version::Evidence,
}

/// Opens the preview, waits until it rests, takes the picture.
pub(super) async fn look(to: ChildStdin, from: ChildStdout) -> Result<Look> {
    debug_assert!(FLAGS[12].ends_with(&PORT.to_string()));
    let browser = Browser { to, from, buffer: Vec::new(), last: 0, session: None, seen: Seen::default() };
    timeout(WHOLE, browser.looked()).await.map_err(|_| trouble("it took too long"))?
}

struct Browser {
    to: ChildStdin,
    from: ChildStdout,
    buffer: Vec<u8>,
    /// Number of the last command.
    last: u64,
    session: Option<String>,
    seen: Seen,
}

impl Browser {
    async fn looked(mut self) -> Result<Look> {
        let target = self.call("Target.createTarget", json!({ "url": "about:blank" })).await?;
        let attach = json!({ "targetId": target["targetId"], "flatten": true });
        let session = self.call("Target.attachToTarget", attach).await?;
        self.session = session["sessionId"].as_str().map(str::to_owned);
        for domain in ["Page", "Runtime", "Log", "Network", "Audits"] {
            self.call(&format!("{domain}.enable"), json!({})).await?;
        }
        self.call("Page.setLifecycleEventsEnabled", json!({ "enabled": true })).await?;
        let phone = json!({ "width": WIDTH, "height": HEIGHT, "deviceScaleFactor": SCALE, "mobile": true });
        self.call("Emulation.setDeviceMetricsOverride", phone).await?;
        self.call("Emulation.setTouchEmulationEnabled", json!({ "enabled": true })).await?;
        let page = self.call("Page.navigate", json!({ "url": format!("{ORIGIN}/") })).await?;
        if let Some(error) = page["errorText"].as_str() {
            return Err(trouble(error));
        }
        let until = Instant::now() + REST;
        while !self.seen.rests() {
            let Ok(message) = timeout_at(until, self.message()).await else { break };
            self.heard(&message?).await?;
        }
        let shot = self.shot().await?;
        let picture = BASE64_STANDARD.decode(shot["data"].as_str().unwrap_or_default());
        Ok(Look { picture: picture.map_err(|_| trouble("no picture"))?, evidence: self.seen.evidence() })
    }

    /// While a page goes on to another there is nothing to see, for a moment.
    async fn shot(&mut self) -> Result<Value> {
        for _ in 1..SHOTS {
            match self.call("Page.captureScreenshot", json!({ "format": "png" })).await {
                Err(error) => tracing::debug!(error = %error, "the picture is taken again"),
                taken => return taken,
            }
            let until = Instant::now() + BETWEEN_SHOTS;
            while let Ok(message) = timeout_at(until, self.message()).await {
                self.heard(&message?).await?;
            }
        }
        self.call("Page.captureScreenshot", json!({ "format": "png" })).await
    }

    /// A command and its answer; what happens meanwhile is seen, too.
    async fn call(&mut self, method: &str, params: Value) -> Result<Value> {
        let number = self.send(method, params).await?;
        loop {
            let mut message = self.message().await?;
            if message["id"].as_u64() != Some(number) {
                self.heard(&message).await?;
            } else if message["error"].is_null() {
                return Ok(message["result"].take());
            } else {
                return Err(trouble(&format!("{method}: {}", message["error"])));
            }
        }
    }

    /// A page that asks something waits for an answer, and with it all the rest.
    async fn heard(&mut self, message: &Value) -> Result<()> {
        if message["method"] == "Page.javascriptDialogOpening" {
            self.send("Page.handleJavaScriptDialog", json!({ "accept": false })).await?;
        }
        self.seen.event(message);
        Ok(())
    }

    async fn send(&mut self, method: &str, params: Value) -> Result<u64> {
        self.last += 1;
        let mut command = json!({ "id": self.last, "method": method, "params": params });
        if let Some(session) = &self.session {
            command["sessionId"] = json!(session);
        }
        let mut text = command.to_string().into_bytes();
        text.push(0);
        self.to.write_all(&text).await.map_err(|e| trouble(&e.to_string()))?;
        Ok(self.last)
    }

    /// Not lost when it is given up in the middle: what came is kept.
    async fn message(&mut self) -> Result<Value> {
        let mut looked_at = 0;
        loop {
            if let Some(end) = self.buffer[looked_at..].iter().position(|byte| *byte == 0) {
                let rest = self.buffer.split_off(looked_at + end + 1);
                let message = std::mem::replace(&mut self.buffer, rest);
                let text = message.strip_suffix(&[0]).unwrap_or(&message);
                return serde_json::from_slice(text).map_err(|e| trouble(&e.to_string()));
            }
            looked_at = self.buffer.len();
            if looked_at > MESSAGE {
                return Err(trouble("a message is too long"));
            }
            if self.from.read_buf(&mut self.buffer).await.map_err(|e| trouble(&e.to_string()))? == 0 {
                return Err(trouble("it ended"));
            }
        }
    }
}

fn trouble(cause: &str) -> Error {
    Error::Work(format!("the browser: {cause}"))
}
