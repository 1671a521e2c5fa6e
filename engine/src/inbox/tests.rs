//! Stories of the inbox.

use crate::Ctx;
use crate::home::counts;
use crate::inbox::{page, read};
use crate::publication::ask::Ask;
use crate::world::{World, approval, both};
use domain::query::{From, InboxQuery};
use domain::{OrderKind, words};

impl World {
    /// What the person reads, newest first; what is unread has a dot before it.
    async fn inbox(&self, ctx: &Ctx) -> Vec<String> {
        let page = page(&self.engine, ctx, InboxQuery::default()).await.unwrap();
        let line = |row: domain::view::inbox::NoticeRow| {
            let text = words::notice(row.occasion, &row.name, row.order.map(|(_, kind)| kind));
            if row.read { text } else { format!("• {text}") }
        };
        page.rows.into_iter().map(line).collect()
    }
}

both! {
    async fn what_people_are_told_stands_in_their_inbox_until_they_have_read_it(w: World) {
        let (wang, zhao, li) =
            (w.request_of("wangjianguo").await, w.request_of("zhaolei").await, w.request_of("limin").await);
        let p = w.registers(&wang, "杭州公交查询").await;
        assert_eq!(w.inbox(&zhao).await, ["• 你是「杭州公交查询」的开发商联系人，可以上传程序包了"]);
        let v = w.uploads(p, "1.0.0").await;
        w.does(&zhao, p, Ask::SubmitForAcceptance(v)).await;
        w.does(&wang, p, Ask::Accept(v)).await;
        w.does(&wang, p, approval()).await;
        assert_eq!(w.inbox(&li).await, ["• 「杭州公交查询」的发布申请等你审批"]);
        let first = page(&w.engine, &li, InboxQuery::default()).await.unwrap();
        assert_eq!(first.rows[0].order.map(|(_, kind)| kind), Some(OrderKind::Release));
        assert_eq!((first.unread, counts(&w.engine, &li).await.unwrap().unread), (1, 1));

        read(&w.engine, &zhao, first.rows[0].key, false).await.unwrap();
        assert_eq!(counts(&w.engine, &li).await.unwrap().unread, 1, "nobody reads it for somebody else");
        read(&w.engine, &li, first.rows[0].key, false).await.unwrap();
        assert_eq!(w.inbox(&li).await, ["「杭州公交查询」的发布申请等你审批"]);
        assert_eq!(counts(&w.engine, &li).await.unwrap().unread, 0);
        let left = page(&w.engine, &li, InboxQuery { unread: true, from: From::Start }).await.unwrap();
        assert_eq!(left.rows, []);
    }

    async fn a_long_inbox_has_pages_and_is_read_up_to_what_was_seen(w: World) {
        let (wang, zhao) = (w.request_of("wangjianguo").await, w.request_of("zhaolei").await);
        for n in 0..23 {
            w.registers(&wang, &format!("公交{n}路")).await;
        }
        let first = page(&w.engine, &zhao, InboxQuery::default()).await.unwrap();
        assert_eq!((first.rows.len(), first.unread, first.newer), (20, 23, None));
        assert_eq!(first.rows[0].name, "公交22路");
        let from = From::Before(first.older.unwrap());
        let second = page(&w.engine, &zhao, InboxQuery { from, ..InboxQuery::default() }).await.unwrap();
        assert_eq!((second.rows.len(), second.older), (3, None));
        let from = From::After(second.newer.unwrap());
        let back = page(&w.engine, &zhao, InboxQuery { from, ..InboxQuery::default() }).await.unwrap();
        assert_eq!(back.rows, first.rows);

        w.registers(&wang, "刚刚注册").await;
        read(&w.engine, &zhao, first.rows[0].key, true).await.unwrap();
        assert_eq!(counts(&w.engine, &zhao).await.unwrap().unread, 1, "what came meanwhile was not seen");
    }
}
