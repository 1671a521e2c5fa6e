//! What operators are shown is what is there.

use super::{OutboxReading, load, read, ready};
use crate::outbox::Carriers;
use crate::world::both;
use domain::view::outbox::Carrier;

both! {
    async fn what_waits_is_counted_with_its_age(w: World) {
        let before = read(&w.engine).await.unwrap();
        assert_eq!((before.jobs_waiting, before.jobs_running, before.oldest_job_ms), (0, 0, 0));
        let none = |carrier| OutboxReading { carrier, waiting: 0, dead: 0, oldest_ms: 0 };
        assert_eq!(before.outbox, Carrier::ALL.map(none));
        let carriers = Carriers::default().with_webhook("http://127.0.0.1:9/robot", "SEC").unwrap();
        let engine = w.another_engine(true).await.unwrap().with_workshop(|workshop| workshop.carriers = carriers);
        let wang = w.request_of("wangjianguo").await;
        let draft = w.h5(&wang, "杭州公交查询").await;
        crate::publication::register(&engine, &wang, w.sent(draft)).await.unwrap();
        w.clock.advance(90_000);
        let now = read(&engine).await.unwrap();
        assert_eq!(now.outbox[0], OutboxReading { carrier: Carrier::Webhook, waiting: 1, dead: 0, oldest_ms: 90_000 });
        assert_eq!(now.outbox[1], none(Carrier::Email));
        assert!(now.sessions >= 1);
        assert!(load(&engine).open >= 1 && load(&engine).open <= load(&engine).most);
    }

    async fn whoever_has_lost_the_database_is_not_ready(w: World) {
        let engine = w.another_engine(true).await.unwrap();
        ready(&engine).await.unwrap();
        engine.db().close().await;
        assert!(ready(&engine).await.is_err());
        assert!(read(&engine).await.is_err());
    }
}
