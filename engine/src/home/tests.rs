//! Stories of the home page's cards.

use crate::home::cards;
use crate::publication::ask::Ask;
use crate::world::{approval, both};
use domain::view::home::{Cards, HomePublication};

fn names(cards: &Cards<HomePublication>) -> Vec<&str> {
    cards.rows.iter().map(|card| card.row.name.as_str()).collect()
}

both! {
    async fn everybody_sees_what_waits_for_them_the_oldest_first(w: World) {
        let (wang, zhao, li, chen) = (
            w.request_of("wangjianguo").await,
            w.request_of("zhaolei").await,
            w.request_of("limin").await,
            w.request_of("chenjing").await,
        );
        for (n, name) in ["杭州公交查询", "出租车投诉", "地铁客流"].into_iter().enumerate() {
            let p = w.registers(&wang, name).await;
            let v = w.uploads(p, "1.0.0").await;
            w.wait_ms(60_000);
            let zhao = crate::Ctx { now: w.engine.now(), ..zhao.clone() };
            w.does(&zhao, p, Ask::SubmitForAcceptance(v)).await;
            if n == 2 {
                w.does(&wang, p, Ask::Accept(v)).await;
                w.does(&wang, p, approval()).await;
            }
        }
        let live = w.registers(&wang, "共享单车").await;
        let of_wang = cards(&w.engine, &wang).await.unwrap();
        assert_eq!(names(&of_wang.yours), ["杭州公交查询", "出租车投诉"]);
        assert_eq!(of_wang.waiting.total, 2);
        let of_zhao = cards(&w.engine, &zhao).await.unwrap();
        assert_eq!(names(&of_zhao.yours), ["共享单车"]);
        assert_eq!(of_zhao.waiting.total, 3);
        let of_li = cards(&w.engine, &li).await.unwrap();
        assert_eq!((of_li.orders.rows[0].name.as_str(), of_li.orders.total), ("地铁客流", 1));
        w.publishes(live, "1.0.0").await;
        let of_wang = cards(&w.engine, &wang).await.unwrap();
        assert_eq!((of_wang.live.rows[0].name.as_str(), of_wang.live.total), ("共享单车", 1));
        let nobody = cards(&w.engine, &chen).await.unwrap();
        assert_eq!((nobody.yours.total, nobody.waiting.total, nobody.live.total, nobody.orders.total), (0, 0, 0, 0));
    }

    async fn there_are_five_at_most_and_the_number_of_all(w: World) {
        let (wang, zhao) = (w.request_of("wangjianguo").await, w.request_of("zhaolei").await);
        for n in 0..7 {
            w.registers(&wang, &format!("公交{n}号")).await;
        }
        let of_zhao = cards(&w.engine, &zhao).await.unwrap();
        assert_eq!((names(&of_zhao.yours).len(), of_zhao.yours.total), (5, 7));
        assert_eq!(names(&of_zhao.yours)[0], "公交0号");
    }
}
