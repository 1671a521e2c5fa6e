//! Stories of backups: made while people work, brought back elsewhere, damaged, broken off.

mod bucket;
mod daily;
mod damage;
mod screen;

use super::restore::{Restored, restore};
use super::{Manifest, make};
use crate::error::Error;
use crate::identity::session;
use crate::outbox;
use crate::publication::ask::Ask;
use crate::publication::list;
use crate::store::audit_event::{self, AuditRow};
use crate::store::outbox::NewMessage;
use crate::store::publication as store;
use crate::store::{self as stored, job};
use crate::world::{World, both};
use crate::{api_token, audit, pipeline, upload, work_order};
use domain::fields::TokenDraft;
use domain::query::DeadLetterQuery;
use domain::query::{PublicationQuery, WorkOrderQuery};
use domain::view::outbox::Carrier;
use domain::view::publication::PublicationPage;
use domain::{OrderId, OrderStatus, Side, UtcMillis};
use futures_util::TryStreamExt;
use std::cell::Cell;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// More than any of these stories has.
const MANY: i64 = 100_000;

/// A message that waits.
const BODY: &str = r#"{"title":"等待审批","people":[],"path":"/"}"#;

impl World {
    /// Into a folder of its own.
    async fn backed_up(&self, name: &str) -> (PathBuf, Manifest) {
        let folder = self.new_folder(name);
        let made = make(&self.address(), self.engine.files(), &self.clock, &folder).await;
        (folder, made.expect("the backup is made"))
    }

    /// Comes back elsewhere.
    async fn comes_back(&self, folder: &Path) -> (World, Restored) {
        let place = self.elsewhere().await;
        let restored = restore(folder, &place.address(), &place.files(), &self.clock).await.expect("it comes back");
        (place.opens(self).await, restored)
    }

    /// Somebody registers, and it goes live.
    async fn brings_live(&self, name: &str) {
        let wang = self.request_of("wangjianguo").await;
        let p = self.registers(&wang, name).await;
        self.publishes(p, "1.0.0").await;
    }

    async fn events(&self, until: i64) -> Vec<AuditRow> {
        let all = audit_event::after(&mut self.engine.db().reader().await.unwrap(), 0, MANY).await.unwrap();
        all.into_iter().filter(|row| row.seq <= until).collect()
    }

    async fn list(&self) -> PublicationPage {
        let wang = self.request_of("wangjianguo").await;
        let page = list(&self.engine, &wang, Side::Service, &PublicationQuery::default()).await.unwrap();
        // Of the looking, not of the list.
        PublicationPage { now: UtcMillis(0), heard: 0, ..page }
    }

    async fn files_kept(&self) -> BTreeSet<String> {
        self.engine.files().kept().try_collect().await.unwrap()
    }

    async fn kept_counts_are_true(&self) {
        for [kept, counted] in store::counted(&mut self.engine.db().reader().await.unwrap()).await.unwrap() {
            assert_eq!(kept, counted);
        }
    }
}

/// What people see.
async fn seen(w: &World) -> (PublicationPage, Vec<(OrderId, OrderStatus)>) {
    let wang = w.request_of("wangjianguo").await;
    let orders = work_order::initiated(&w.engine, &wang, &WorkOrderQuery::default()).await.unwrap();
    (w.list().await, orders.rows.into_iter().map(|row| (row.id, row.status)).collect())
}

both! {
    async fn made_while_people_work_a_backup_is_of_one_moment(w: World) {
        w.brings_live("公交零号").await;
        let done = Cell::new(false);
        let work = async {
            let mut rounds = 0;
            while !done.get() {
                rounds += 1;
                w.brings_live(&format!("公交{rounds}号")).await;
            }
            rounds
        };
        let backups = async {
            w.backed_up("first").await;
            let made = w.backed_up("second").await;
            done.set(true);
            made
        };
        let (_, (folder, manifest)) = tokio::join!(work, backups);
        w.brings_live("公交末号").await;
        let (back, restored) = w.comes_back(&folder).await;
        // What is there is what was there at that moment: the chain up to its last event, and lists and counts that fit to it.
        let until = manifest.audit_event();
        assert_eq!(restored.manifest, manifest);
        assert!(until > 0 && until < w.events(MANY).await.len() as i64);
        assert_eq!(back.events(until).await, w.events(until).await);
        back.kept_counts_are_true().await;
        assert!(back.files_kept().await.is_subset(&w.files_kept().await));
        for row in back.list().await.rows {
            assert!(w.list().await.rows.iter().any(|other| other.id == row.id), "{}", row.name);
        }
        // And people go on there, with numbers that nobody was given since.
        let last = w.list().await.rows[0].service_id.clone();
        back.brings_live("恢复之后").await;
        assert!(back.list().await.rows[0].service_id > last, "{last}");
        back.end().await;
    }

    async fn what_comes_back_is_what_was_there(w: World) {
        w.brings_live("杭州公交查询").await;
        let wang = w.request_of("wangjianguo").await;
        let open = w.registers(&wang, "出租车投诉").await;
        let zhao = w.request_of("zhaolei").await;
        let version = w.uploads(open, "1.0.0").await;
        w.does(&zhao, open, Ask::SubmitForAcceptance(version)).await;
        let upgrade = w.hosted("公积金查询").await;
        w.uploads_zip(upgrade, "1.0.0", b"no zip").await;
        let (folder, manifest) = w.backed_up("backup").await;
        // Two versions were planted, without a package.
        assert_eq!((manifest.missing, manifest.first_missing.len()), (2, 2), "{manifest:?}");
        assert!(manifest.damaged.is_empty() && manifest.rows() > 100 && manifest.files().0 > 1, "{manifest:?}");
        let until = manifest.audit_event();
        let (back, _) = w.comes_back(&folder).await;
        assert_eq!(back.events(until).await, w.events(until).await);
        assert_eq!(seen(&back).await, seen(w).await);
        assert_eq!(back.files_kept().await, w.files_kept().await);
        for place in w.files_kept().await {
            let (here, there) = (w.files_folder().join(&place), back.files_folder().join(&place));
            assert_eq!(std::fs::read(here).unwrap(), std::fs::read(there).unwrap(), "{place}");
        }
        // The next one gets a number that was never given.
        let next = back.registers(&back.request_of("wangjianguo").await, "预约挂号").await;
        assert!(back.list().await.rows.iter().any(|row| row.id == next));
        assert_eq!(back.list().await.total, 4);
        assert_eq!(audit::verify(back.engine.db()).await.unwrap().broken, None);
        back.end().await;
    }

    async fn sessions_leases_tokens_uploads_and_messages_do_not_come_back_to_life(w: World) {
        let bus = w.hosted("杭州公交查询").await;
        let (wang, zhao) = (w.token_of("wangjianguo").await, w.request_of("zhaolei").await);
        let draft = TokenDraft { name: "流水线".to_owned(), scopes: vec!["read".to_owned()], days: "7".to_owned() };
        let api = api_token::create(&w.engine, &zhao, bus, &draft).await.unwrap();
        let begun = upload::begin(&w.engine, &zhao, bus, "a.zip", 3).await.unwrap();
        upload::put_part(&w.engine, &zhao, begun.id, 0, upload::in_memory(vec![1; 3])).await.unwrap();
        let (holder, subject, now) = (w.key(), w.key(), w.engine.now());
        let message = NewMessage { id: w.key(), carrier: Carrier::Webhook, person: None, body: BODY.to_owned(), at: now, asks: None, revokes: None };
        let message = std::sync::Mutex::new(Some(message));
        let plant = w.engine.db().write(message, move |conn, message| Box::pin(async move {
            job::insert(conn, pipeline::JOB, subject, now).await?;
            job::claim(conn, pipeline::JOB, holder, now, UtcMillis(now.0 + 60_000)).await?;
            let message = message.lock().unwrap().take();
            stored::outbox::insert(conn, message.expect("once")).await
        }));
        plant.await.unwrap();
        let (folder, _) = w.backed_up("backup").await;
        let (back, restored) = w.comes_back(&folder).await;

        assert!(session::resolve(&back.engine, wang.as_str(), now, true).await.unwrap().is_none(), "signs in anew");
        assert!(api_token::resolve(&back.engine, &api.token, now).await.unwrap().is_none(), "it may be revoked by now");
        let zhao = back.request_of("zhaolei").await;
        assert!(matches!(upload::state(&back.engine, &zhao, begun.id).await, Err(Error::NotFound)), "its parts are not there");
        let again = back.engine.db().write((), move |conn, _| Box::pin(async move {
            job::claim(conn, pipeline::JOB, holder, now, UtcMillis(now.0 + 60_000)).await
        }));
        assert_eq!(again.await.unwrap().unwrap().subject, subject, "nobody's, at once");
        let admin = back.request_of("fengxue").await;
        let overview = outbox::overview(&back.engine, &admin, DeadLetterQuery::default()).await.unwrap();
        assert_eq!(overview.dead.len(), 1);
        assert!(overview.dead[0].error.starts_with("从备份恢复"), "{}", overview.dead[0].error);
        let ended: Vec<&str> = restored.ended.iter().filter(|(_, n)| *n > 0).map(|(what, _)| *what).collect();
        assert_eq!(ended, ["sessions", "unfinished uploads", "API tokens", "waiting messages"]);
        let last = back.events(MANY).await.into_iter().find(|row| row.action == "installation.restore").unwrap();
        assert_eq!((last.request_id.as_str(), last.result.as_str()), ("restore", "done"));
        back.end().await;
    }
}
