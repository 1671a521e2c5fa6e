//! Stories of the developer's list.

use crate::developer::publications;
use crate::error::Error;
use crate::publication::ask::Ask;
use crate::world::both;
use domain::{Action, Offer};

both! {
    async fn what_is_asked_of_the_developer_comes_first(w: World) {
        let (wang, zhao, sun) =
            (w.request_of("wangjianguo").await, w.request_of("zhaolei").await, w.request_of("sunyue").await);
        let old = w.registers(&wang, "杭州公交查询").await;
        let waits = w.registers(&wang, "出租车投诉").await;
        let v = w.uploads(waits, "1.0.0").await;
        w.does(&zhao, waits, Ask::SubmitForAcceptance(v)).await;
        let new = w.registers(&wang, "地铁客流").await;
        let page = publications(&w.engine, &zhao, None).await.unwrap();
        assert_eq!(page.rows.iter().map(|row| row.row.id).collect::<Vec<_>>(), [new, old, waits]);
        assert_eq!(page.rows[0].offers[0], (Action::Upload, Offer::Possible));
        assert_eq!(page.next, None);
        assert_eq!(publications(&w.engine, &sun, None).await.unwrap().rows, []);
        assert!(matches!(publications(&w.engine, &wang, None).await, Err(Error::Forbidden)));
    }

    async fn pages_go_on_across_what_waits_and_what_does_not(w: World) {
        let (wang, zhao) = (w.request_of("wangjianguo").await, w.request_of("zhaolei").await);
        for n in 0..25 {
            let p = w.registers(&wang, &format!("公交{n:02}号")).await;
            if n % 5 > 0 {
                let v = w.uploads(p, "1.0.0").await;
                w.does(&zhao, p, Ask::SubmitForAcceptance(v)).await;
            }
        }
        let first = publications(&w.engine, &zhao, None).await.unwrap();
        let second = publications(&w.engine, &zhao, first.next).await.unwrap();
        assert_eq!((first.rows.len(), second.rows.len(), second.next), (20, 5, None));
        let names: Vec<String> = first.rows.iter().chain(&second.rows).map(|row| row.row.name.clone()).collect();
        let name = |n: i32| format!("公交{n:02}号");
        let theirs = (0..25).rev().filter(|n| n % 5 == 0).map(name);
        let others = (0..25).rev().filter(|n| n % 5 > 0).map(name);
        assert_eq!(names, theirs.chain(others).collect::<Vec<_>>());
    }
}
