//! 王建国, who registers applications through a real server.

#![allow(dead_code, reason = "not every test needs all of it")]

use crate::program::Server;
use crate::registration::FILLED;
use crate::socket::{Answer, Asked, ask, escaped};
use std::collections::BTreeSet;
use std::net::SocketAddr;
use uuid::Uuid;

const HEADERS: [(&str, &str); 2] =
    [("Content-Type", "application/x-www-form-urlencoded"), ("Accept", "application/json")];

/// With what is filled in.
#[derive(Clone)]
pub struct Registrar {
    pub address: SocketAddr,
    pub cookie: String,
    fields: String,
}

impl Registrar {
    pub async fn of(server: &Server) -> Self {
        let (address, cookie) = (server.address, server.signs_in().await);
        let opened = ask(address, Asked::get("/api/publication/form?side=service&check=false").cookie(&cookie)).await;
        let system = opened.json()["systems"][0]["id"].as_str().unwrap().to_owned();
        let icon = server.keeps_an_icon(&cookie).await;
        let fields: String = [("draft[channels][0]", "zheli_app"), ("draft[system]", &system), ("draft[icon]", &icon)]
            .iter()
            .chain(&FILLED)
            .map(|(name, value)| format!("&{name}={}", escaped(value)))
            .collect();
        Self { address, cookie, fields }
    }

    /// Of an application that the site hosts and 赵磊 develops.
    pub fn form(&self, name: &str, key: Uuid) -> String {
        format!("key={key}&draft[name]={}{}", escaped(name), self.fields)
    }

    /// To be sent.
    pub fn post<'a>(&'a self, form: &'a str) -> Asked<'a> {
        let asked = Asked::get("/api/publication/register").cookie(&self.cookie);
        Asked { method: "POST", headers: &HEADERS, body: form.as_bytes(), ..asked }
    }

    /// `None`: it is said that the database is away, and nothing else.
    pub async fn sends(&self, form: &str) -> Option<Answer> {
        let answer = ask(self.address, self.post(form)).await;
        let (is_taken, is_away) = (answer.status == 200, answer.status == 503 && answer.text() == "\"Away\"");
        assert!(is_taken || is_away, "{}: {}", answer.status, answer.text());
        is_taken.then_some(answer)
    }

    /// The names in the list that have this in them.
    pub async fn listed(&self, address: SocketAddr, keyword: &str) -> BTreeSet<String> {
        let mut names = BTreeSet::new();
        let mut from = "=start".to_owned();
        loop {
            let keyword = escaped(keyword);
            let path = format!(
                "/api/publication/list?side=service&query[keyword]={keyword}&query[size]=100&query[from]{from}"
            );
            let page = ask(address, Asked::get(&path).cookie(&self.cookie)).await.json();
            for row in page["rows"].as_array().unwrap() {
                assert!(names.insert(row["name"].as_str().unwrap().to_owned()), "{row} is there twice");
            }
            match page["older"].as_i64() {
                Some(older) => from = format!("[before]={older}"),
                None => return names,
            }
        }
    }
}
