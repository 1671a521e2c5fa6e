//! Stories of the stock list, its import, and linking.

use crate::ctx::Ctx;
use crate::error::{Error, Result};
use crate::import::{import, last_report};
use crate::publication::ask::Ask;
use crate::stock;
use crate::store::{audit_event, notice, stock as stored};
use crate::world::{World, both, png};
use crate::{directory, icon, inbox, publication, work_order};
use domain::command::stock::Link;
use domain::command::work_order::{Approve, Refuse, Urge, Withdraw};
use domain::fields::{FieldId, Registration};
use domain::import::ImportKind;
use domain::query::{InboxQuery, PublicationQuery, StockQuery, WorkOrderQuery};
use domain::view::directory::{Address, DirectoryOf};
use domain::view::import::ImportReport;
use domain::view::stock::StockRow;
use domain::{
    Action, Channel, Offer, OrderId, OrderKind, OrderStatus, PublicationId, Side, State, StockId, StockState,
};
use image::{ImageFormat, RgbImage};
use std::io::Cursor;

impl World {
    /// The first row of the list that has this keyword.
    async fn stock(&self, ctx: &Ctx, keyword: &str) -> StockRow {
        let query = StockQuery { keyword: keyword.to_owned(), ..StockQuery::default() };
        stock::list(&self.engine, ctx, &query).await.unwrap().rows.into_iter().next().expect("a row")
    }

    /// A good form of 关联.
    async fn link_draft(&self, ctx: &Ctx, of: &StockRow) -> Registration {
        let form = stock::link_form(&self.engine, ctx, of.id, false).await.unwrap();
        let system = form.systems[0].id.to_string();
        Registration {
            channels: Vec::new(),
            name: form.draft.name,
            mobile_url: form.draft.mobile_url,
            system,
            ..self.h5(ctx, "x").await
        }
    }

    async fn links(&self, ctx: &Ctx, of: &StockRow, draft: Registration) -> Result<OrderId> {
        let command = Link { id: of.id, seen: of.version, key: self.key(), draft };
        stock::link(&self.engine, ctx, command).await.map(|linked| linked.order)
    }

    async fn operator_approves(&self, id: OrderId) -> Result<()> {
        let zheng = self.request_of("zhengkai").await;
        work_order::approve(&self.engine, &zheng, Approve { id, seen: 0, key: self.key(), comment: String::new() })
            .await
    }

    async fn imports(&self, table: &str) -> ImportReport {
        let feng = self.request_of("fengxue").await;
        import(&self.engine, &feng, ImportKind::Stock, "存量.csv", table.to_owned().into()).await.unwrap()
    }
}

const HEAD: &str = "原应用ID,中文名,英文名,建设部门,状态,移动端地址\n";

both! {
    async fn an_application_is_linked_and_carries_its_state_over(w: World) {
        let (wang, zheng) = (w.request_of("wangjianguo").await, w.request_of("zhengkai").await);
        let of = w.stock(&wang, "OLD-00001").await;
        assert_eq!((of.state, of.listed, of.link.clone()), (StockState::Unlinked, State::Published, Offer::Possible));
        let form = stock::link_form(&w.engine, &wang, of.id, false).await.unwrap();
        assert_eq!((form.draft.name.as_str(), form.draft.mobile_url), ("公交线路查询", of.address.clone()));
        assert_eq!(form.route.steps[0].people, ["郑凯"], "the operators decide");
        let order = w.links(&wang, &of, w.link_draft(&wang, &of).await).await.unwrap();

        // It waits for the operator, in every list.
        let waits = work_order::waiting(&w.engine, &zheng, &WorkOrderQuery::default()).await.unwrap();
        assert_eq!((waits.rows[0].kind, waits.rows[0].name.as_str()), (OrderKind::Link, "公交线路查询"));
        assert_eq!((waits.rows[0].publication, waits.rows[0].department.as_str()), (None, "杭州市交通运输局"));
        let named = WorkOrderQuery { keyword: "线路查询".to_owned(), ..WorkOrderQuery::default() };
        assert_eq!(work_order::initiated(&w.engine, &wang, &named).await.unwrap().rows.len(), 1);
        let told = inbox::page(&w.engine, &zheng, InboxQuery::default()).await.unwrap();
        assert_eq!((told.rows[0].name.as_str(), told.rows[0].publication), ("公交线路查询", None));
        let page = work_order::detail(&w.engine, &zheng, order).await.unwrap();
        assert_eq!(page.offers[0], (Action::Approve, Offer::Possible));
        assert!(page.icon.is_some() && page.form.iter().any(|(label, text)| label == "移动端地址" && *text == of.address));
        let contacts = page.form.iter().find(|(label, _)| label == "开发商联系方式").unwrap();
        assert!(contacts.1.contains("138****0001"), "{}", contacts.1);

        w.operator_approves(order).await.unwrap();
        let linked = w.stock(&wang, "OLD-00001").await;
        let id = PublicationId(of.id.0);
        assert_eq!((linked.state, linked.publication, linked.link), (StockState::Linked, Some(id), Offer::Never));
        let again = stock::link_form(&w.engine, &wang, of.id, false).await;
        assert!(matches!(again, Err(Error::Refused(_))), "it is linked");
        let of_it = publication::detail(&w.engine, &wang, id).await.unwrap();
        assert_eq!((of_it.row.state, of_it.linked, of_it.hosted), (State::Published, true, true));
        assert_eq!(of_it.live_address, of.address, "the old address, until a version is live here");
        assert_eq!((of_it.orders.len(), of_it.orders[0].status), (1, OrderStatus::Approved));
        assert!(w.history(&wang, of_it.row.id).await.len() >= 2, "filed and approved");
        let listed = directory::entries(&w.engine, DirectoryOf::Channel(Channel::ZheliApp), None, None, None).await.unwrap();
        assert_eq!(listed.entries[0].mobile, Some(Address::Url(of.address.clone())));
        let zhao = w.request_of("zhaolei").await;
        assert!(publication::detail(&w.engine, &zhao, id).await.is_ok(), "its developer has it at once");
        let told = notice::all(&mut w.engine.db().reader().await.unwrap()).await.unwrap();
        assert!(told.contains(&("王建国".to_owned(), "order_approved".to_owned())), "{told:?}");
        assert!(told.contains(&("赵磊".to_owned(), "registered".to_owned())), "{told:?}");
        let page = work_order::detail(&w.engine, &wang, order).await.unwrap();
        assert!(page.opens_publication && page.offers.is_empty());

        // From here on it is a publication like any other; its address becomes the system's with the first version.
        assert_eq!(w.does(&wang, id, Ask::Upgrade).await, State::UpgradeDeploying);
        assert_eq!(w.does(&wang, id, Ask::CancelUpgrade).await, State::Published);
    }

    async fn a_refused_link_says_why_and_can_be_asked_for_again(w: World) {
        let (wang, zheng) = (w.request_of("wangjianguo").await, w.request_of("zhengkai").await);
        let of = w.stock(&wang, "OLD-00002").await;
        let draft = w.link_draft(&wang, &of).await;
        let id = w.links(&wang, &of, draft.clone()).await.unwrap();
        let refuse = |reason: &str| Refuse { id, seen: 0, key: w.key(), reason: reason.to_owned() };
        assert!(matches!(work_order::refuse(&w.engine, &zheng, refuse(" ")).await, Err(Error::Invalid(_))));
        work_order::refuse(&w.engine, &zheng, refuse("名称与备案不符")).await.unwrap();
        let refused = w.stock(&wang, "OLD-00002").await;
        assert_eq!((refused.state, refused.refusal.as_str()), (StockState::Unlinked, "名称与备案不符"));
        assert!(matches!(work_order::refuse(&w.engine, &zheng, refuse("再来")).await, Err(Error::OrderOver { .. })));
        // The name is free again: for anybody.
        w.registers(&wang, &draft.name).await;
        let again = w.links(&wang, &refused, draft.clone()).await;
        assert!(matches!(&again, Err(Error::Invalid(errors)) if errors.iter().any(|error| error.field == FieldId::Name)), "{again:?}");
        let draft = Registration { name: "公交线路预约二".to_owned(), ..draft };
        let id = w.links(&wang, &refused, draft).await.unwrap();
        // The next form opens with what was asked for, and the reason stands until it is linked.
        work_order::withdraw(&w.engine, &wang, Withdraw { id, seen: 0, key: w.key() }).await.unwrap();
        let withdrawn = w.stock(&wang, "OLD-00002").await;
        assert_eq!((withdrawn.state, withdrawn.refusal.as_str()), (StockState::Unlinked, "名称与备案不符"));
        let form = stock::link_form(&w.engine, &wang, withdrawn.id, false).await.unwrap();
        assert_eq!((form.draft.name.as_str(), form.draft.contacts.len()), ("公交线路预约二", 1));
    }

    async fn whoever_presses_again_or_second_hears_of_the_first(w: World) {
        let (wang, zheng) = (w.request_of("wangjianguo").await, w.request_of("zhengkai").await);
        let of = w.stock(&wang, "OLD-00001").await;
        let id = w.links(&wang, &of, w.link_draft(&wang, &of).await).await.unwrap();
        let press = Approve { id, seen: 0, key: w.key(), comment: String::new() };
        work_order::approve(&w.engine, &zheng, press.clone()).await.unwrap();
        work_order::approve(&w.engine, &zheng, press).await.expect("the same press, the same answer");
        let second = w.operator_approves(id).await;
        assert!(matches!(second, Err(Error::OrderOver { status: OrderStatus::Approved, .. })), "{second:?}");
        let late = work_order::withdraw(&w.engine, &wang, Withdraw { id, seen: 0, key: w.key() }).await;
        assert!(matches!(late, Err(Error::OrderOver { .. })), "{late:?}");
    }

    async fn an_order_is_of_those_who_administer_the_system_that_it_names(w: World) {
        // 何敏 administers every third system of the department.
        let (wang, he, zheng, feng) = (
            w.request_of("wangjianguo").await,
            w.request_of("hemin").await,
            w.request_of("zhengkai").await,
            w.request_of("fengxue").await,
        );
        let of = w.stock(&wang, "OLD-00001").await;
        let draft = w.link_draft(&wang, &of).await;
        let theirs = stock::link_form(&w.engine, &he, of.id, false).await.unwrap().systems;
        let all = stock::link_form(&w.engine, &wang, of.id, false).await.unwrap().systems;
        let other = all.iter().find(|system| theirs.iter().all(|known| known.id != system.id)).unwrap();
        let id = w.links(&wang, &of, Registration { system: other.id.to_string(), ..draft }).await.unwrap();
        for _ in 0..2 {
            assert!(matches!(work_order::detail(&w.engine, &he, id).await, Err(Error::NotFound)));
            let row = w.stock(&he, "OLD-00001").await;
            assert_eq!((row.order, row.publication), (None, None), "he sees the row, not the order");
            // The second time it is refused.
            let refuse = Refuse { id, seen: 0, key: w.key(), reason: "名称不符".to_owned() };
            let _ = work_order::refuse(&w.engine, &zheng, refuse).await;
        }
        assert_eq!(w.stock(&feng, "OLD-00001").await.order, None, "no business of the administrator's");
        assert_eq!(w.stock(&wang, "OLD-00001").await.order, Some(id));
    }

    async fn a_name_in_an_open_link_is_taken(w: World) {
        let wang = w.request_of("wangjianguo").await;
        let (of, other) = (w.stock(&wang, "OLD-00001").await, w.stock(&wang, "OLD-00002").await);
        let draft = w.link_draft(&wang, &of).await;
        w.links(&wang, &of, draft.clone()).await.unwrap();
        let fresh = publication::register(&w.engine, &wang, w.sent(w.h5(&wang, &draft.name).await)).await;
        assert!(matches!(&fresh, Err(Error::Invalid(errors)) if errors.iter().any(|error| error.field == FieldId::Name)), "{fresh:?}");
        let same = Registration { name: draft.name.clone(), ..w.link_draft(&wang, &other).await };
        let taken = w.links(&wang, &other, same).await;
        assert!(
            matches!(&taken, Err(Error::Invalid(errors)) if errors.iter().any(|error| error.field == FieldId::Name)),
            "{taken:?}"
        );
    }

    async fn one_form_files_one_order_and_an_old_page_none(w: World) {
        let wang = w.request_of("wangjianguo").await;
        let of = w.stock(&wang, "OLD-00001").await;
        let draft = w.link_draft(&wang, &of).await;
        let command = Link { id: of.id, seen: of.version, key: w.key(), draft: draft.clone() };
        let first = stock::link(&w.engine, &wang, command.clone()).await.unwrap();
        assert_eq!(stock::link(&w.engine, &wang, command).await.unwrap(), first, "sent twice");
        assert!(matches!(w.links(&wang, &of, draft).await, Err(Error::Refused(_))), "it is under way");
        let again = work_order::waiting(&w.engine, &w.request_of("zhengkai").await, &WorkOrderQuery::default()).await;
        assert_eq!(again.unwrap().rows.len(), 1);
    }

    async fn the_form_is_checked_like_a_registration(w: World) {
        let (wang, chen) = (w.request_of("wangjianguo").await, w.request_of("chenjing").await);
        let of = w.stock(&wang, "OLD-00001").await;
        let blank = w.links(&wang, &of, Registration::default()).await;
        let Err(Error::Invalid(errors)) = blank else { panic!("{blank:?}") };
        for field in [FieldId::System, FieldId::Name, FieldId::Icon, FieldId::MobileUrl, FieldId::Contacts] {
            assert!(errors.iter().any(|error| error.field == field), "{field:?}");
        }
        // A system of another department, even an own one, is none of this application's.
        let theirs = w.h5(&chen, "x").await.system;
        let draft = Registration { system: theirs, ..w.link_draft(&wang, &of).await };
        let wrong = w.links(&wang, &of, draft).await;
        assert!(matches!(&wrong, Err(Error::Invalid(errors)) if errors.iter().any(|error| error.field == FieldId::System)), "{wrong:?}");
        // JPG is an icon here, and nowhere else.
        let mut jpg = Vec::new();
        RgbImage::new(180, 180).write_to(&mut Cursor::new(&mut jpg), ImageFormat::Jpeg).unwrap();
        assert!(icon::store(&w.engine, &wang, jpg.clone().into(), Some(of.id)).await.is_ok());
        assert!(matches!(icon::store(&w.engine, &wang, jpg.clone().into(), None).await, Err(Error::InvalidFile(_))));
        assert!(matches!(icon::store(&w.engine, &chen, jpg.into(), Some(of.id)).await, Err(Error::NotFound)));
        assert!(icon::store(&w.engine, &wang, png(3).into(), Some(of.id)).await.is_ok());
    }

    async fn everybody_sees_what_is_theirs(w: World) {
        let (wang, chen, zheng, li, zhao, feng) = (
            w.request_of("wangjianguo").await,
            w.request_of("chenjing").await,
            w.request_of("zhengkai").await,
            w.request_of("limin").await,
            w.request_of("zhaolei").await,
            w.request_of("fengxue").await,
        );
        let all = StockQuery::default();
        assert_eq!(stock::list(&w.engine, &wang, &all).await.unwrap().counts, [100, 0, 0]);
        for everything in [&zheng, &feng] {
            let page = stock::list(&w.engine, everything, &all).await.unwrap();
            assert_eq!(page.counts, [200, 0, 0]);
            assert!(page.rows.iter().all(|row| row.link == Offer::Never), "they link nothing");
        }
        for nothing in [&li, &zhao] {
            assert!(matches!(stock::list(&w.engine, nothing, &all).await, Err(Error::Forbidden)));
        }
        for english in ["bus line", "ＢＵＳ　line"] {
            let english = StockQuery { keyword: english.to_owned(), size: 100, ..StockQuery::default() };
            assert_eq!(stock::list(&w.engine, &wang, &english).await.unwrap().rows.len(), 10);
        }
        let of = w.stock(&wang, "OLD-00001").await;
        let draft = w.link_draft(&wang, &of).await;
        assert!(matches!(stock::link_form(&w.engine, &chen, of.id, false).await, Err(Error::NotFound)));
        assert!(matches!(stock::save_link_draft(&w.engine, &chen, of.id, &draft).await, Err(Error::NotFound)));
        assert!(matches!(w.links(&chen, &of, draft.clone()).await, Err(Error::NotFound)));
        assert!(matches!(w.links(&zheng, &of, draft.clone()).await, Err(Error::Forbidden)));
        let id = w.links(&wang, &of, draft).await.unwrap();
        assert!(matches!(work_order::detail(&w.engine, &chen, id).await, Err(Error::NotFound)));
        let approve = || Approve { id, seen: 0, key: w.key(), comment: String::new() };
        assert!(matches!(work_order::approve(&w.engine, &li, approve()).await, Err(Error::NotFound)));
        let withdraw = Withdraw { id, seen: 0, key: w.key() };
        assert!(matches!(work_order::withdraw(&w.engine, &chen, withdraw).await, Err(Error::NotFound)));
        let urge = Urge { id, seen: 0, key: w.key() };
        assert!(work_order::urge(&w.engine, &wang, urge).await.is_ok());
        // An operator decides links and nothing else.
        let p = w.registers(&wang, "杭州公交到站").await;
        let v = w.uploads(p, "1.0.0").await;
        w.does(&zhao, p, Ask::SubmitForAcceptance(v)).await;
        w.does(&wang, p, Ask::Accept(v)).await;
        w.does(&wang, p, crate::world::approval()).await;
        let release = Approve { id: w.order(p).await, seen: 0, key: w.key(), comment: String::new() };
        assert!(matches!(work_order::approve(&w.engine, &zheng, release).await, Err(Error::Forbidden)));
    }

    async fn a_fault_in_the_middle_leaves_nothing(w: World) {
        let wang = w.request_of("wangjianguo").await;
        let of = w.stock(&wang, "OLD-00003").await;
        let draft = w.link_draft(&wang, &of).await;
        let mut place = 0;
        let order = loop {
            w.engine.fail_at(place);
            match w.links(&wang, &of, draft.clone()).await {
                Ok(order) => break order,
                Err(error) => assert!(matches!(error, Error::Store(_)), "{error:?}"),
            }
            assert_eq!(w.stock(&wang, "OLD-00003").await, of, "place {place}");
            place += 1;
        };
        assert!(place >= 2);
        place = 0;
        loop {
            w.engine.fail_at(place);
            if w.operator_approves(order).await.is_ok() {
                break;
            }
            assert!(place < 100, "it never succeeds");
            let still = w.stock(&wang, "OLD-00003").await;
            assert_eq!((still.state, still.publication), (StockState::LinkInReview, None), "place {place}");
            place += 1;
        }
        assert!(place >= 3);
        let listed = publication::list(&w.engine, &wang, Side::Service, &PublicationQuery::default()).await.unwrap();
        assert_eq!(listed.rows.len(), 1);
        let counts = crate::store::publication::counted(&mut w.engine.db().reader().await.unwrap()).await.unwrap();
        for [kept, counted] in counts {
            assert_eq!(kept, counted, "the kept counts");
        }
    }

    async fn an_import_takes_what_it_can_and_says_why_not(w: World) {
        let (wang, feng) = (w.request_of("wangjianguo").await, w.request_of("fengxue").await);
        let of = w.stock(&wang, "OLD-00001").await;
        w.links(&wang, &of, w.link_draft(&wang, &of).await).await.unwrap();
        let known = w.stock(&wang, "OLD-00002").await;
        let row = |id: &str, name: &str, department: &str, state: &str| {
            format!("{id},{name},Name,{department},{state},https://old.example/{id}\n")
        };
        let ours = "杭州市交通运输局";
        let same = format!(
            "{},{},{},{ours},{},{}\n",
            known.original_id, known.name, known.english_name, domain::words::state(known.listed), known.address
        );
        let table = [
            HEAD.to_owned(),
            row("NEW-1", "新应用Ａ", ours, "已发布"),
            row("OLD-00001", "改名", ours, "已发布"),
            same,
            row("OLD-00004", "改名二", ours, "已下线"),
            row("NEW-2", "新应用二", "没有的局", "已发布"),
            row("NEW-3", "新应用三", ours, "发布审批中"),
            row("NEW-1", "重复", ours, "已发布"),
        ];
        let report = w.imports(&table.concat()).await;
        assert_eq!((report.counts, report.failed.as_deref()), ([1, 1, 1, 1, 3], None));
        let why: Vec<&str> = report.lines.iter().map(|line| line.why.as_str()).filter(|why| !why.is_empty()).collect();
        assert!(why[0].contains("关联审核中") && why[1].contains("没有名为") && why[2].contains("请先在原平台办结"), "{why:?}");
        assert!(why[3].contains("第 2 行重复"), "{why:?}");
        assert_eq!(last_report(&w.engine, &feng, ImportKind::Stock).await.unwrap(), Some(report));
        assert_eq!(w.stock(&wang, "NEW-1").await.name, "新应用A", "found by either width");
        assert_eq!(w.stock(&wang, "OLD-00001").await.name, of.name);
        let changed = w.stock(&wang, "OLD-00004").await;
        assert_eq!((changed.name.as_str(), changed.listed, changed.version), ("改名二", State::Offline, 2));
        // An old page of the changed row files nothing.
        let stale = StockRow { version: 1, ..changed.clone() };
        assert!(matches!(w.links(&wang, &stale, w.link_draft(&wang, &changed).await).await, Err(Error::Conflict)));
        // What can't be read changes nothing.
        assert!(w.imports(&"x".repeat(6 * 1024 * 1024)).await.failed.unwrap().contains("5 MB"));
        let failed = w.imports("中文名,状态\nx,y\n").await;
        assert!(failed.failed.unwrap().contains("原应用ID"));
        let events = audit_event::after(&mut w.engine.db().reader().await.unwrap(), 0, 100).await.unwrap();
        assert_eq!(events.iter().filter(|event| event.object_kind == "stock_list").count(), 3);
        assert!(matches!(import(&w.engine, &wang, ImportKind::Stock, "x.csv", HEAD.into()).await, Err(Error::Forbidden)));
        let nothing = stored::of(&mut w.engine.db().reader().await.unwrap(), w.key(), wang.person().unwrap().person).await;
        assert!(nothing.unwrap().is_none());
        let unknown = stock::link_form(&w.engine, &wang, StockId(w.key()), false).await;
        assert!(matches!(unknown, Err(Error::NotFound)));
    }

    async fn what_waits_for_acceptance_without_a_version_goes_on_by_redeploying(w: World) {
        let wang = w.request_of("wangjianguo").await;
        let row = "A-1,待验收的应用,Waiting,杭州市交通运输局,待验收,https://old.example/a\n";
        w.imports(&format!("{HEAD}{row}")).await;
        let of = w.stock(&wang, "A-1").await;
        let order = w.links(&wang, &of, w.link_draft(&wang, &of).await).await.unwrap();
        w.operator_approves(order).await.unwrap();
        let id = PublicationId(of.id.0);
        let page = publication::detail(&w.engine, &wang, id).await.unwrap();
        assert_eq!(page.row.state, State::AwaitingAcceptance);
        assert!(!page.row.menu.possible.contains(&Action::Accept) && page.row.menu.possible.contains(&Action::Redeploy));
        assert_eq!(w.does(&wang, id, Ask::Redeploy).await, State::Preparing);
    }
}
