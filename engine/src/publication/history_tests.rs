//! Stories of 历史: who did what, when, of which version, what was before and after; a page of it, and as a file.

use super::ask::Ask;
use super::{export_history, export_list, history};
use crate::ctx::Ctx;
use crate::error::Error;
use crate::export::Format;
use crate::world::{World, approval, both};
use crate::{audit, store};
use domain::fields::{Parts, Registration};
use domain::query::{From, HistoryQuery, PublicationQuery};
use domain::view::history::HistoryRow;
use domain::{Action, PublicationId, Side, State};

impl World {
    /// All of the first page of 历史.
    pub(crate) async fn history(&self, ctx: &Ctx, p: PublicationId) -> Vec<HistoryRow> {
        history(&self.engine, ctx, p, &HistoryQuery::default()).await.unwrap().rows
    }

    /// Submitted, rejected, accepted, sent for approval.
    async fn on_its_way(&self) -> PublicationId {
        let (wang, zhao) = (self.request_of("wangjianguo").await, self.request_of("zhaolei").await);
        let p = self.registers(&wang, "杭州公交查询").await;
        let v = self.uploads(p, "1.0.1").await;
        self.does(&zhao, p, Ask::SubmitForAcceptance(v)).await;
        self.does(&wang, p, Ask::Reject(v, "缺少隐私政策".to_owned())).await;
        self.does(&wang, p, Ask::Accept(v)).await;
        self.does(&wang, p, approval()).await;
        p
    }
}

both! {
    async fn each_line_says_who_what_where_to_and_of_which_version(w: World) {
        let p = w.on_its_way().await;
        let (wang, li, zhao) =
            (w.request_of("wangjianguo").await, w.request_of("limin").await, w.request_of("zhaolei").await);
        let rows = w.history(&li, p).await;
        let said = |row: &HistoryRow| (row.action.unwrap(), row.who.clone(), row.version.clone(), row.reason.clone());
        let one = |action, who: &str, version: &str, reason: &str| {
            (action, who.to_owned(), version.to_owned(), reason.to_owned())
        };
        assert_eq!(rows.iter().map(said).collect::<Vec<_>>()[..4], [
            one(Action::SubmitForApproval, "王建国", "1.0.1", ""),
            one(Action::Accept, "王建国", "1.0.1", ""),
            one(Action::Reject, "王建国", "1.0.1", "缺少隐私政策"),
            one(Action::SubmitForAcceptance, "赵磊", "1.0.1", ""),
        ]);
        assert_eq!(rows[0].moved, Some((Some(State::AwaitingRelease), State::ReleaseInReview)));
        assert_eq!(rows.last().unwrap().moved, Some((None, State::Preparing)));
        assert_eq!(rows[0].order, Some(w.order(p).await));
        assert_eq!(w.history(&zhao, p).await[0].order, None, "orders are not for developers");
        assert_eq!(rows.last().unwrap().action, Some(Action::Register));
        let order = w.order(p).await;
        w.does(&li, p, Ask::Refuse(order, "材料不全".to_owned())).await;
        for (who, reason) in [(&wang, "材料不全"), (&li, "材料不全"), (&zhao, "")] {
            let line = w.history(who, p).await.swap_remove(0);
            assert_eq!((line.action, line.reason.as_str()), (Some(Action::Refuse), reason));
        }
    }

    async fn what_was_changed_is_there_before_and_after(w: World) {
        let (wang, zhao) = (w.request_of("wangjianguo").await, w.request_of("zhaolei").await);
        let p = w.registers(&wang, "杭州公交查询").await;
        let corrected = Registration { intro: "查询到站时间和换乘".to_owned(), ..w.h5(&wang, "杭州公交查询").await };
        w.does(&wang, p, Ask::Correct(Box::new(corrected))).await;
        for who in [&wang, &zhao] {
            let line = w.history(who, p).await.swap_remove(0);
            let change = &line.changes[0];
            assert_eq!((change.before.as_str(), change.after.as_str()), ("查询公交到站时间", "查询到站时间和换乘"));
        }
        w.publishes(p, "1.0.0").await;
        let renamed = Registration { name: "杭州公交".to_owned(), ..w.h5(&wang, "杭州公交查询").await };
        let parts = Parts { listing: true, release: true };
        w.does(&wang, p, Ask::ChangeInfo(parts, Box::new(renamed))).await;
        assert!(!w.history(&wang, p).await[0].changes.is_empty());
        assert_eq!(w.history(&zhao, p).await[0].changes, [], "what an order asks for is not for developers");
        // The change is the city's to decide; the province decided the release, and sees the publication.
        for (who, sees) in [("limin", true), ("zhoutao", false), ("zhengkai", true)] {
            let line = w.history(&w.request_of(who).await, p).await.swap_remove(0);
            assert_eq!((line.order.is_some(), line.changes.is_empty()), (sees, !sees), "{who}");
        }
    }

    async fn it_is_read_page_by_page_and_by_filters(w: World) {
        let p = w.on_its_way().await;
        let wang = w.request_of("wangjianguo").await;
        let of = async |query: HistoryQuery| history(&w.engine, &wang, p, &query).await.unwrap();
        let whole = of(HistoryQuery::default()).await;
        assert_eq!((whole.total, whole.newer, whole.older), (whole.rows.len() as i64, None, None));
        let by_zhao = of(HistoryQuery { who: "赵".to_owned(), ..HistoryQuery::default() }).await;
        assert!(by_zhao.total > 0 && by_zhao.rows.iter().all(|row| row.who == "赵磊"));
        let rejected = of(HistoryQuery { action: Some(Action::Reject), ..HistoryQuery::default() }).await;
        assert_eq!((rejected.total, rejected.rows[0].action), (1, Some(Action::Reject)));
        let older = of(HistoryQuery { from: From::Before(whole.rows[1].key), ..HistoryQuery::default() }).await;
        assert_eq!(older.rows, whole.rows[2..]);
        assert_eq!(older.newer, Some(whole.rows[2].key));
        assert_eq!(of(HistoryQuery { who: "%".to_owned(), ..HistoryQuery::default() }).await.total, 0);
    }

    async fn files_have_the_same_lines_and_are_noted(w: World) {
        let p = w.on_its_way().await;
        let (wang, chen) = (w.request_of("wangjianguo").await, w.request_of("chenjing").await);
        let lines = w.history(&wang, p).await.len();
        let file = export_history(&w.engine, &wang, p, &HistoryQuery::default(), Format::Csv).await.unwrap();
        let text = String::from_utf8(file.bytes).unwrap();
        assert_eq!((file.name.as_str(), text.lines().count()), ("杭州公交查询-历史", lines + 1));
        assert!(text.contains("王建国,验收拒绝,1.0.1,,,缺少隐私政策"), "{text}");
        assert_eq!(w.history(&wang, p).await.len(), lines, "who read it did nothing to it");
        let query = PublicationQuery { keyword: "公交".to_owned(), size: 10, ..PublicationQuery::default() };
        let list = export_list(&w.engine, &wang, Side::Service, &query, Format::Csv).await.unwrap();
        assert!(String::from_utf8(list.bytes).unwrap().contains("SV-00000001,杭州公交查询,浙里办APP,H5,发布审批中"));
        let none = export_list(&w.engine, &chen, Side::Service, &query, Format::Csv).await.unwrap();
        assert_eq!(String::from_utf8(none.bytes).unwrap().lines().count(), 1, "the headings alone");
        let out = export_history(&w.engine, &chen, p, &HistoryQuery::default(), Format::Xlsx).await;
        assert!(matches!(out, Err(Error::NotFound)));
        let mut conn = w.engine.db().reader().await.unwrap();
        let events = store::audit_event::after(&mut conn, 0, 1_000).await.unwrap();
        let exports: Vec<&str> = events.iter().filter(|e| e.object_kind == "export").map(|e| e.result.as_str()).collect();
        assert_eq!(exports, ["done", "done", "done", "refused"]);
        assert_eq!(audit::first_broken(&mut conn).await.unwrap(), None);
    }
}
