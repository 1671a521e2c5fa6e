//! Stories of 审计: who sees what of the log, how it is searched, what is taken of it, and whether it is whole.

use super::{anchor, check, export, list, newest_anchor, start_check, verify};
use crate::ctx::Ctx;
use crate::error::Error;
use crate::export::Format;
use crate::identity::sign_in::{self, Credentials};
use crate::publication::ask::Ask;
use crate::store::raw;
use crate::world::{World, approval, both};
use domain::query::{AuditQuery, From};
use domain::time::Date;
use domain::view::audit::{AuditPage, AuditRow};
use domain::{PublicationId, Role};

const DAY_MS: i64 = 24 * 60 * 60 * 1000;

impl World {
    /// The log as somebody searches it.
    async fn reads(&self, ctx: &Ctx, query: AuditQuery) -> AuditPage {
        list(&self.engine, ctx, &query).await.unwrap()
    }

    /// Registered, uploaded, rejected; and somebody tried 李敏's password.
    async fn some_days_work(&self) -> PublicationId {
        let (wang, zhao) = (self.request_of("wangjianguo").await, self.request_of("zhaolei").await);
        let p = self.registers(&wang, "杭州公交查询").await;
        let v = self.uploads(p, "1.0.1").await;
        self.does(&zhao, p, Ask::SubmitForAcceptance(v)).await;
        self.does(&wang, p, Ask::Reject(v, "缺少隐私政策，请打 13800000001".to_owned())).await;
        let wrong = Credentials { account: "LiMin", password: "wrong", code: "" };
        let _ = sign_in::by_password(&self.engine, &self.nobody(), wrong, "test").await;
        p
    }

    /// Somebody with the database's password.
    async fn tampers(&self, statement: &'static str) {
        self.engine.db().write(statement, |conn, s| Box::pin(async move { raw(conn, *s).await })).await.unwrap();
    }
}

fn by(who: &str) -> AuditQuery {
    AuditQuery { who: who.to_owned(), ..AuditQuery::default() }
}

fn to(object: &str) -> AuditQuery {
    AuditQuery { object: object.to_owned(), ..AuditQuery::default() }
}

fn words_of(page: &AuditPage) -> Vec<&str> {
    page.rows.iter().map(|row| row.word.as_str()).collect()
}

both! {
    async fn an_auditor_sees_all_but_what_auditors_do_and_that_is_the_security_administrators(w: World) {
        w.some_days_work().await;
        let (wei, chu) = (w.request_of("weiping").await, w.request_of("chuqiang").await);
        export(&w.engine, &wei, &by("王建国"), Format::Csv).await.unwrap();
        let (seen, other) = (w.reads(&wei, AuditQuery::default()).await, w.reads(&chu, AuditQuery::default()).await);
        assert_eq!((seen.viewer, other.viewer), (Role::Auditor, Role::SecurityAdministrator));
        assert_eq!(words_of(&other), ["导出审计日志", "登录"]);
        assert!(other.rows.iter().all(|row| row.who == "卫平" && row.account == "weiping"));
        assert!(seen.rows.iter().all(|row| row.account != "weiping"));
        let mut numbers: Vec<i64> = seen.rows.iter().chain(&other.rows).map(|row| row.seq).collect();
        numbers.sort_unstable();
        assert_eq!(numbers, (1..=seen.total + other.total).collect::<Vec<_>>(), "each event is for one of them");
        assert_eq!(words_of(&w.reads(&chu, AuditQuery { action: "audit.export".to_owned(), ..by("weiping") }).await), ["导出审计日志"]);
        assert_eq!(w.reads(&chu, by("王建国")).await.total, 0);
        assert_eq!(w.reads(&wei, by("卫平")).await.total, 0);
        assert_eq!(w.reads(&wei, AuditQuery { action: "audit.export".to_owned(), ..AuditQuery::default() }).await.total, 0);
    }

    async fn whoever_is_neither_sees_nothing_and_their_try_to_take_it_is_noted(w: World) {
        let (wei, chu) = (w.request_of("weiping").await, w.request_of("chuqiang").await);
        for account in ["wangjianguo", "limin", "zhengkai", "zhaolei", "fengxue"] {
            let ctx = w.request_of(account).await;
            assert!(matches!(list(&w.engine, &ctx, &AuditQuery::default()).await, Err(Error::Forbidden)), "{account}");
            assert!(matches!(check(&w.engine, &ctx).await, Err(Error::Forbidden)), "{account}");
        }
        let feng = w.request_of("fengxue").await;
        assert!(matches!(export(&w.engine, &feng, &AuditQuery::default(), Format::Csv).await, Err(Error::Forbidden)));
        for ctx in [&feng, &chu] {
            assert!(matches!(start_check(&w.engine, ctx).await, Err(Error::Forbidden)));
            assert!(matches!(anchor(&w.engine, ctx, None).await, Err(Error::Forbidden)));
        }
        assert!(matches!(list(&w.engine, &w.nobody(), &AuditQuery::default()).await, Err(Error::NotSignedIn)));
        let refused = w.reads(&wei, AuditQuery { done: Some(false), ..AuditQuery::default() }).await;
        let tried: Vec<_> = refused.rows.iter().map(|row| (row.who.as_str(), row.word.as_str())).collect();
        let each = ["下载每日锚点", "校验审计日志"];
        let all = ["褚强", "冯雪"].into_iter().flat_map(|who| each.map(|word| (who, word)));
        assert_eq!(tried, all.chain([("冯雪", "导出审计日志")]).collect::<Vec<_>>());
        assert_eq!(refused.rows[0].facts, [("原因".to_owned(), "没有权限".to_owned())]);
    }

    async fn an_event_stays_hidden_from_auditors_when_its_person_is_none_any_more(w: World) {
        let wei = w.request_of("weiping").await;
        let take = "DELETE FROM person_role WHERE person_id IN (SELECT id FROM person WHERE account = 'weiping')";
        w.engine.db().write((), move |conn, _| Box::pin(raw(conn, take))).await.unwrap();
        assert_eq!(w.reads(&w.request_of("chuqiang").await, by("卫平")).await.total, 1, "what they did as one");
        assert_eq!(w.reads(&wei, by("卫平")).await.total, 0, "also not for themselves, as long as the session lives");
        let remove = w.engine.db().write((), move |conn, _| Box::pin(raw(conn, "DELETE FROM auditor_event")));
        assert!(remove.await.is_err(), "nobody shifts events from one to the other");
    }

    async fn it_is_searched_by_person(w: World) {
        w.some_days_work().await;
        let wei = w.request_of("weiping").await;
        for who in ["王建国", "建国", "wangjian", "WANGJIANGUO"] {
            let page = w.reads(&wei, by(who)).await;
            assert_eq!(words_of(&page), ["验收拒绝", "注册", "登录"], "{who}");
        }
        let li = w.reads(&wei, by("李敏")).await;
        assert_eq!(words_of(&li), ["登录"]);
        assert_eq!((li.rows[0].done, li.rows[0].who.as_str(), li.rows[0].object.as_str()), (false, "未登录", "limin"));
        assert_eq!(w.reads(&wei, by("limin")).await.rows, li.rows);
        assert_eq!(w.reads(&wei, by("未登录")).await.rows, li.rows);
        let both = w.reads(&wei, by("敏")).await;
        assert_eq!(both.total, 1, "何敏 has done nothing, 李敏 was refused");
        for nobody in ["%", "_", "没有这个人", "系统"] {
            assert_eq!(w.reads(&wei, by(nobody)).await.total, 0, "{nobody}");
        }
    }

    async fn it_is_searched_by_object(w: World) {
        let p = w.some_days_work().await;
        let (wei, wang) = (w.request_of("weiping").await, w.request_of("wangjianguo").await);
        w.registers(&wang, "宁波社保").await;
        let deeds = ["验收拒绝", "提交验收", "注册"];
        for object in ["SV-00000001", "sv-00000001", "杭州公交查询", "公交", &p.0.to_string()] {
            assert_eq!(words_of(&w.reads(&wei, to(object)).await), deeds, "{object}");
        }
        let of = async |kind: &str, object: &str| {
            w.reads(&wei, AuditQuery { kind: kind.to_owned(), ..to(object) }).await
        };
        assert_eq!(of("publication", "公交").await.total, 3);
        assert_eq!(of("person", "公交").await.total, 0);
        assert_eq!(words_of(&of("account", "").await), ["登录"]);
        assert_eq!(of("publication", "").await.total, 4);
        let row = &of("publication", "宁波").await.rows[0];
        assert_eq!((row.kind.as_str(), row.object.as_str(), row.object_key.as_str()), ("应用", "宁波社保 SV-00000002", "SV-00000002"));
        assert_eq!(row.path, "", "no auditor opens a publication");
        let by_zhao = w.reads(&wei, AuditQuery { who: "赵磊".to_owned(), ..to("SV-00000001") }).await;
        assert_eq!(words_of(&by_zhao), ["提交验收"]);
        assert_eq!(words_of(&w.reads(&wei, to("王建国")).await), ["登录", "登录"], "signing in is done to oneself");
    }

    async fn what_a_reviewer_was_refused_is_found_by_the_publication(w: World) {
        let (wang, li, wei) =
            (w.request_of("wangjianguo").await, w.request_of("limin").await, w.request_of("weiping").await);
        let p = w.registers(&wang, "杭州公交查询").await;
        let v = w.uploads(p, "1.0.1").await;
        w.does(&w.request_of("zhaolei").await, p, Ask::SubmitForAcceptance(v)).await;
        w.does(&wang, p, Ask::Accept(v)).await;
        w.does(&wang, p, approval()).await;
        let order = w.order(p).await;
        w.does(&li, p, Ask::Approve(order, String::new())).await;
        let page = w.reads(&wei, to("杭州公交查询")).await;
        let row = &page.rows[0];
        assert_eq!((row.word.as_str(), row.who.as_str(), row.done), ("同意工单", "李敏", true));
        assert!(page.rows.iter().any(|row| row.changes.iter().any(|it| it.after == "发布审批中")));
    }

    async fn it_is_searched_by_action_result_and_day(w: World) {
        w.some_days_work().await;
        let wei = w.request_of("weiping").await;
        w.wait_ms(3 * DAY_MS);
        let (wang, today) = (w.request_of("wangjianguo").await, w.engine.now().date());
        w.registers(&wang, "宁波社保").await;
        let of = async |query: AuditQuery| w.reads(&wei, query).await;
        let action = |action: &str| AuditQuery { action: action.to_owned(), ..AuditQuery::default() };
        assert_eq!(of(action("session.sign_in")).await.total, 5, "three times, refused, and once more");
        assert_eq!(of(AuditQuery { done: Some(false), ..action("session.sign_in") }).await.total, 1);
        assert_eq!(of(AuditQuery { done: Some(true), ..action("session.sign_in") }).await.total, 4);
        assert_eq!(of(AuditQuery { done: Some(false), ..AuditQuery::default() }).await.total, 1);
        let days = |since: Date, until: Date| AuditQuery { since: Some(since), until: Some(until), ..AuditQuery::default() };
        let before = today.before();
        assert_eq!(words_of(&of(days(today, today)).await), ["注册", "登录"]);
        assert_eq!(of(days(before, before)).await.total, 0);
        let all = of(AuditQuery::default()).await.total;
        assert_eq!(of(AuditQuery { since: None, ..days(today, before) }).await.total, all - 2);
        assert_eq!(of(days(before.before().before(), today)).await.total, all);
        assert_eq!(words_of(&of(AuditQuery { who: "赵磊".to_owned(), ..days(before.before().before(), before) }).await), ["提交验收", "登录", "登录"]);
    }

    async fn it_is_read_page_by_page(w: World) {
        for _ in 0..25 {
            w.token_of("limin").await;
        }
        w.token_of("wangjianguo").await;
        let wei = w.request_of("weiping").await;
        for query in [AuditQuery::default(), by("李敏"), to("李敏"), AuditQuery { action: "session.sign_in".to_owned(), ..to("李敏") }] {
            let of = async |from: From| w.reads(&wei, AuditQuery { from, ..query.clone() }).await;
            let first = of(From::Start).await;
            let (older, total) = (first.older.unwrap(), first.total);
            assert_eq!((first.rows.len(), first.newer), (20, None));
            let second = of(From::Before(older)).await;
            assert_eq!((second.rows.len() as i64, second.older), (total - 20, None));
            assert!(second.rows[0].seq < older && second.newer.is_some());
            let again = of(From::After(second.newer.unwrap())).await;
            assert_eq!(again.rows, first.rows);
        }
    }

    async fn a_row_says_who_what_before_after_and_where_in_the_chain(w: World) {
        w.some_days_work().await;
        let wei = w.request_of("weiping").await;
        let of = async |action: &str| {
            w.reads(&wei, AuditQuery { action: action.to_owned(), ..AuditQuery::default() }).await.rows.remove(0)
        };
        let change = of("publication.submit_for_acceptance").await.changes.remove(0);
        assert_eq!((change.name.as_str(), change.before.as_str(), change.after.as_str()), ("状态", "部署准备中", "待验收"));
        let row = of("publication.reject").await;
        for fact in [("说明", "缺少隐私政策，请打 138****0001"), ("版本", "杭州公交查询 1.0.1")] {
            assert!(row.facts.contains(&(fact.0.to_owned(), fact.1.to_owned())), "{:?}", row.facts);
        }
        assert_eq!((row.address.as_str(), row.request_id.as_str(), row.hash.len()), ("10.0.0.1", "test-request", 64));
    }

    async fn a_file_has_what_the_filter_shows_and_is_noted(w: World) {
        w.some_days_work().await;
        let (wei, chu) = (w.request_of("weiping").await, w.request_of("chuqiang").await);
        let query = AuditQuery { from: From::Before(2), ..by("王建国") };
        let file = export(&w.engine, &wei, &query, Format::Csv).await.unwrap();
        let text = String::from_utf8(file.bytes).unwrap();
        let many = |text: &str| text.matches("test-request").count();
        assert_eq!((file.name.as_str(), many(&text)), ("审计日志", 3), "all pages: {text}");
        assert!(text.contains("王建国,wangjianguo,10.0.0.1,验收拒绝,应用,杭州公交查询 SV-00000001,成功"), "{text}");
        export(&w.engine, &wei, &query, Format::Xlsx).await.unwrap();
        let noted = w.reads(&chu, AuditQuery { action: "audit.export".to_owned(), ..AuditQuery::default() }).await;
        assert_eq!(noted.total, 2);
        let fact = |row: &AuditRow, name: &str| row.facts.iter().find(|(it, _)| it == name).map(|it| it.1.clone());
        assert_eq!(fact(&noted.rows[1], "条数").as_deref(), Some("3"));
        assert_eq!(fact(&noted.rows[1], "筛选条件 / 人员").as_deref(), Some("王建国"));
        let theirs = String::from_utf8(export(&w.engine, &chu, &AuditQuery::default(), Format::Csv).await.unwrap().bytes).unwrap();
        assert_eq!(many(&theirs), 3, "the sign-in and both exports: {theirs}");
    }

    async fn a_good_chain_is_said_to_be_whole(w: World) {
        w.some_days_work().await;
        let (wei, chu) = (w.request_of("weiping").await, w.request_of("chuqiang").await);
        assert_eq!(check(&w.engine, &chu).await.unwrap(), None, "not for them");
        let before = check(&w.engine, &wei).await.unwrap().unwrap();
        assert_eq!((before.running, before.last), (None, None));
        let all = verify(w.engine.db()).await.unwrap();
        start_check(&w.engine, &wei).await.unwrap();
        let ended = check(&w.engine, &wei).await.unwrap().unwrap().last.unwrap();
        assert_eq!((ended.by.as_str(), ended.rows, ended.broken, ended.hidden), ("卫平", all.rows, None, None));
        assert_eq!(ended.hash, all.hash);
        let noted = w.reads(&chu, AuditQuery { action: "audit.verify".to_owned(), ..AuditQuery::default() }).await;
        assert!(noted.rows[0].facts.contains(&("哈希".to_owned(), all.hash)), "{:?}", noted.rows[0].facts);
        start_check(&w.engine, &wei).await.unwrap();
        assert_eq!(check(&w.engine, &wei).await.unwrap().unwrap().last.unwrap().rows, all.rows + 1, "and that, too");
    }

    async fn one_walk_at_a_time_and_a_dead_one_is_given_up(w: World) {
        let wei = w.request_of("weiping").await;
        let other = w.engine.new_key();
        let (now, begin) = (w.engine.now(), async |by: &'static str, now: domain::UtcMillis| {
            w.engine.db().write((), move |conn, _| Box::pin(async move {
                crate::store::audit_check::begin(conn, other, by, 9, now, domain::UtcMillis(now.0 - 60_000)).await
            })).await.unwrap()
        });
        assert!(begin("别的进程", now).await);
        start_check(&w.engine, &wei).await.unwrap();
        let running = check(&w.engine, &wei).await.unwrap().unwrap().running.unwrap();
        assert_eq!((running.by.as_str(), running.rows, running.of), ("别的进程", 0, 9));
        w.wait_ms(61_000);
        let wei = w.request_of("weiping").await;
        assert_eq!(check(&w.engine, &wei).await.unwrap().unwrap().running, None);
        start_check(&w.engine, &wei).await.unwrap();
        assert_eq!(check(&w.engine, &wei).await.unwrap().unwrap().last.unwrap().by, "卫平");
    }

    async fn the_days_anchor_stays_and_is_the_same_from_outside(w: World) {
        w.some_days_work().await;
        let wei = w.request_of("weiping").await;
        let first_day = w.engine.now().date();
        let so_far = anchor(&w.engine, &wei, None).await.unwrap();
        assert_eq!(so_far.date, first_day, "nothing is older");
        w.wait_ms(DAY_MS);
        let wei = w.request_of("weiping").await;
        let kept = anchor(&w.engine, &wei, Some(first_day)).await.unwrap();
        assert!(kept.seq > so_far.seq, "that it was taken was noted on that day");
        w.token_of("limin").await;
        assert_eq!(anchor(&w.engine, &wei, None).await.unwrap(), kept);
        assert_eq!(newest_anchor(w.engine.db(), w.engine.now()).await.unwrap(), Some(kept.clone()));
        assert_eq!(kept.line(), format!(r#"{{"date":"2026-11-24","seq":{},"hash":"{}"}}"#, kept.seq, kept.hash));
        let today = w.engine.now().date();
        for date in [first_day.before(), domain::UtcMillis(today.end().0).date()] {
            assert!(matches!(anchor(&w.engine, &wei, Some(date)).await, Err(Error::NotFound)), "{date}");
        }
    }

    async fn the_row_that_does_not_fit_is_named(w: World) {
        w.some_days_work().await;
        let wei = w.request_of("weiping").await;
        let guard = match w.on() {
            On::Sqlite => "DROP TRIGGER audit_event_no_update",
            On::Postgres => "DROP TRIGGER audit_event_no_update ON audit_event",
        };
        w.tampers(guard).await;
        w.tampers("UPDATE audit_event SET action = 'session.end' WHERE seq = 3").await;
        start_check(&w.engine, &wei).await.unwrap();
        let ended = check(&w.engine, &wei).await.unwrap().unwrap().last.unwrap();
        assert_eq!((ended.broken, ended.rows), (Some(3), 2));
        assert_eq!(verify(w.engine.db()).await.unwrap().broken, Some(3));
        w.tampers("UPDATE audit_event SET action = 'publication.register' WHERE seq = 3").await;
    }
}
