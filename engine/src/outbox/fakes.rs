//! Peers on loopback that speak the real protocols, and can fail in each way.

use super::Carriers;
use crate::Clock;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ring::hmac;
use serde_json::Value;
use std::collections::VecDeque;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

const SECRET: &str = "SEC-of-the-test";

/// What the peer does with a message; what is not said is taken.
#[derive(Clone, Copy, Debug)]
pub(super) enum Does {
    /// HTTP, with this status.
    Status(u16),
    /// `errcode`.
    Code(i64),
    /// Takes it and answers never.
    Hangs,
    /// Ends the connection in the middle of the request.
    Resets,
    /// Takes it, and ends in the middle of the answer.
    HalfAnswers,
    /// Something that is no robot's.
    Babbles,
    /// SMTP: to RCPT.
    Refuses(&'static str),
    /// SMTP: takes the mail, and ends without a word of it.
    FallsSilent,
}

/// A message that came whole.
#[derive(Clone, Debug)]
pub(super) struct Came {
    pub(super) id: String,
    /// JSON, or the mail as it came.
    pub(super) body: String,
}

#[derive(Clone)]
pub(super) struct Peer {
    address: SocketAddr,
    clock: Clock,
    next: Arc<Mutex<VecDeque<Does>>>,
    came: watch::Sender<Vec<Came>>,
}

impl Peer {
    async fn bind(clock: &Clock) -> (Self, TcpListener) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let (address, next) = (listener.local_addr().unwrap(), Arc::default());
        (Self { address, clock: clock.clone(), next, came: watch::Sender::new(Vec::new()) }, listener)
    }

    pub(super) async fn robot(clock: &Clock) -> Self {
        let (peer, listener) = Self::bind(clock).await;
        let at = peer.clone();
        tokio::spawn(async move {
            while let Ok((socket, _)) = listener.accept().await {
                tokio::spawn(at.clone().speaks_http(socket));
            }
        });
        peer
    }

    pub(super) async fn mail_server(clock: &Clock) -> Self {
        let (peer, listener) = Self::bind(clock).await;
        let at = peer.clone();
        tokio::spawn(async move {
            while let Ok((socket, _)) = listener.accept().await {
                let at = at.clone();
                // Whoever hangs up in the middle is the test's matter.
                tokio::spawn(async move { at.speaks_smtp(socket).await.ok() });
            }
        });
        peer
    }

    /// Alone.
    pub(super) fn as_robot(&self) -> Carriers {
        self.with_robot(Carriers::default())
    }

    pub(super) fn with_robot(&self, carriers: Carriers) -> Carriers {
        carriers.with_webhook(&format!("http://{}/robot/send?access_token=t", self.address), SECRET).unwrap()
    }

    pub(super) fn with_mail(&self, carriers: Carriers) -> Carriers {
        let from = "应用发布 <publish@example.gov.cn>";
        carriers.with_email(&format!("smtp://postman:p%40ss@{}", self.address), from).unwrap()
    }

    pub(super) fn does(&self, what: Does) {
        self.next.lock().unwrap().push_back(what);
    }

    /// What came whole, so far.
    pub(super) fn came(&self) -> Vec<Came> {
        self.came.borrow().clone()
    }

    /// Passes when so many have come.
    pub(super) async fn until(&self, many: usize) -> Vec<Came> {
        let mut seen = self.came.subscribe();
        let come = seen.wait_for(|came| came.len() >= many);
        tokio::time::timeout(std::time::Duration::from_secs(20), come).await.expect("they come").unwrap().clone()
    }

    fn takes(&self, id: String, body: String) {
        self.came.send_modify(|came| came.push(Came { id, body }));
    }

    fn next(&self) -> Option<Does> {
        self.next.lock().unwrap().pop_front()
    }

    /// One request a connection.
    async fn speaks_http(self, socket: TcpStream) {
        let what = self.next();
        let mut socket = BufReader::new(socket);
        let (mut first, mut id, mut length) = (String::new(), String::new(), 0);
        socket.read_line(&mut first).await.unwrap();
        if matches!(what, Some(Does::Resets)) {
            return;
        }
        loop {
            let mut line = String::new();
            socket.read_line(&mut line).await.unwrap();
            let Some((name, value)) = line.trim_end().split_once(": ") else { break };
            match name.to_ascii_lowercase().as_str() {
                "idempotency-key" => id = value.to_owned(),
                "content-length" => length = value.parse().unwrap(),
                "content-type" => assert_eq!(value, "application/json; charset=utf-8"),
                _ => {}
            }
        }
        let mut body = vec![0; length];
        socket.read_exact(&mut body).await.unwrap();
        let answer = match what {
            Some(Does::Status(status)) => format!("HTTP/1.1 {status} No\r\nLocation: /\r\nContent-Length: 0\r\n\r\n"),
            Some(Does::Code(code)) => json_answer(&format!(r#"{{"errcode":{code},"errmsg":"不行 13812341234"}}"#)),
            Some(Does::Babbles) => json_answer("<html>502 Bad Gateway</html>"),
            other => match self.judged(&first, &id, body) {
                Some(wrong) => json_answer(&format!(r#"{{"errcode":310000,"errmsg":"{wrong}"}}"#)),
                None if matches!(other, Some(Does::Hangs)) => {
                    // Until the other side ends it.
                    let _ = socket.read_u8().await;
                    return;
                }
                None if matches!(other, Some(Does::HalfAnswers)) => {
                    "HTTP/1.1 200 OK\r\nContent-Length: 27\r\n\r\n{\"errcode\":0,".to_owned()
                }
                None => json_answer(r#"{"errcode":0,"errmsg":"ok"}"#),
            },
        };
        let _ = socket.write_all(answer.as_bytes()).await;
    }

    /// What is wrong with a request, as the real one would find it; else it is taken.
    fn judged(&self, first: &str, id: &str, body: Vec<u8>) -> Option<&'static str> {
        let query = first.strip_prefix("POST /robot/send?access_token=t&timestamp=")?.strip_suffix(" HTTP/1.1\r\n")?;
        let (timestamp, sign) = query.split_once("&sign=")?;
        let key = hmac::Key::new(hmac::HMAC_SHA256, SECRET.as_bytes());
        let due = STANDARD.encode(hmac::sign(&key, format!("{timestamp}\n{SECRET}").as_bytes()));
        let due = due.replace('+', "%2B").replace('/', "%2F").replace('=', "%3D");
        if sign != due {
            return Some("sign not match");
        }
        if (self.clock.now().0 - timestamp.parse::<i64>().unwrap()).abs() > 60 * 60_000 {
            return Some("invalid timestamp");
        }
        let body = String::from_utf8(body).unwrap();
        let json: Value = serde_json::from_str(&body).unwrap();
        let card = &json["actionCard"];
        let whole = ["title", "text", "singleTitle", "singleURL"].iter().all(|name| card[name].is_string());
        if json["msgtype"] != "actionCard" || !whole || json["msgUuid"] != id {
            return Some("not a card");
        }
        self.takes(id.to_owned(), body);
        None
    }

    async fn speaks_smtp(self, socket: TcpStream) -> std::io::Result<()> {
        let mut socket = BufReader::new(socket);
        socket.write_all(b"220 mail.example.gov.cn ESMTP\r\n").await?;
        let (mut what, mut signed_in) = (None, false);
        loop {
            let mut line = String::new();
            if socket.read_line(&mut line).await? == 0 {
                return Ok(());
            }
            let verb = line.split([' ', ':', '\r']).next().unwrap_or_default().to_ascii_uppercase();
            let answer = match verb.as_str() {
                "EHLO" => "250-mail.example.gov.cn\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n250 AUTH PLAIN LOGIN",
                "AUTH" => {
                    signed_in = line.trim_end() == format!("AUTH PLAIN {}", STANDARD.encode("\0postman\0p@ss"));
                    if signed_in { "235 welcome" } else { "535 who are you" }
                }
                "MAIL" if !signed_in => "530 sign in first",
                "MAIL" => {
                    what = self.next();
                    "250 ok"
                }
                "RCPT" => match what {
                    Some(Does::Refuses(words)) => words,
                    _ => "250 ok",
                },
                "DATA" => {
                    socket.write_all(b"354 go on\r\n").await?;
                    let mut mail = String::new();
                    while !mail.ends_with("\r\n.\r\n") {
                        socket.read_line(&mut mail).await?;
                    }
                    let id = mail.lines().find_map(|line| line.strip_prefix("Message-ID: ")).unwrap_or_default();
                    self.takes(id.to_owned(), mail.clone());
                    match what {
                        Some(Does::FallsSilent) => return Ok(()),
                        // Until the other side ends it; to one that goes on it answers late.
                        Some(Does::Hangs) if socket.fill_buf().await?.is_empty() => return Ok(()),
                        _ => "250 queued",
                    }
                }
                "QUIT" => "221 bye",
                _ => "250 ok",
            };
            socket.write_all(format!("{answer}\r\n").as_bytes()).await?;
        }
    }
}

fn json_answer(json: &str) -> String {
    format!("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{json}", json.len())
}
