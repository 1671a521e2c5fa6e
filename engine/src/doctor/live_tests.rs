//! 运行状况 as the system administrator sees it.

use super::{begin, report, swept};
use crate::error::Error;
use crate::identity::session::Token;
use crate::leader::{self, Job};
use crate::world::{World, both};
use domain::UtcMillis;
use domain::view::doctor::{Condition, DoctorPage, Sweep};
use std::time::Duration;

impl World {
    /// Reads the page until nothing is looked at any more.
    async fn looked(&self) -> DoctorPage {
        self.looked_since(&self.token_of("fengxue").await, None).await
    }

    async fn looked_since(&self, token: &Token, since: Option<UtcMillis>) -> DoctorPage {
        loop {
            let read = report(&self.engine, &self.request_with(token).await, since).await.unwrap();
            if read.running_since.is_none() {
                return read;
            }
        }
    }
}

both! {
    async fn what_is_wrong_comes_first_and_is_looked_at_anew_when_it_is_asked_for(w: World) {
        let here = w.in_its_place().await;
        let first = here.looked().await;
        let of = |read: &DoctorPage, title: &str| read.found.iter().find(|one| one.title == title).unwrap().clone();
        assert_eq!(of(&first, "数据目录").condition, Condition::Fine);
        assert_eq!(of(&first, "编译沙箱").condition, Condition::Skipped);
        assert!(of(&first, "数据库").what.contains("数据库大小"), "{first:?}");
        let chinese = |text: &str| text.chars().any(|one| ('\u{4e00}'..='\u{9fff}').contains(&one));
        assert!(first.found.iter().all(|one| chinese(&one.what)), "{first:#?}");
        assert!(first.found.is_sorted_by_key(|one| one.condition));
        let queues = first.queues.unwrap();
        assert_eq!((queues.builds_waiting, queues.messages.len()), (0, 3));
        assert_eq!(queues.processes.is_empty(), matches!(w.on(), On::Sqlite), "{:?}", queues.processes);

        here.engine.files().set_unfinished(true).await.unwrap();
        assert_eq!(of(&here.looked().await, "数据目录").condition, Condition::Fine, "what is known is a minute old");
        begin(&here.engine, &here.request_of("fengxue").await).await.unwrap();
        let broken = here.looked().await;
        assert_eq!(broken.found[0].condition, Condition::Wrong);
        assert!(of(&broken, "数据目录").remedy.unwrap().contains("server restore"));
        here.engine.files().set_unfinished(false).await.unwrap();
        w.wait_ms(6 * 60 * 1000);
        assert_eq!(of(&here.looked().await, "数据目录").condition, Condition::Fine, "it was long ago");
        here.engine.close().await;
    }

    async fn what_was_asked_for_anew_the_next_process_looks_at_too(w: World) {
        let (one, next, token) = (w.in_its_place().await, w.in_its_place().await, w.token_of("fengxue").await);
        let before = next.looked_since(&token, None).await.checked_at;
        w.wait_ms(60_000);
        let since = begin(&one.engine, &one.request_with(&token).await).await.unwrap();
        assert_eq!(next.looked_since(&token, None).await.checked_at, before, "nobody asked it");
        let after = next.looked_since(&token, Some(since)).await.checked_at;
        assert!(after >= Some(since) && before < Some(since), "{before:?} {after:?}");
        w.wait_ms(1_000);
        assert_eq!(next.looked_since(&token, Some(since)).await.checked_at, after, "it did");
        one.engine.close().await;
        next.engine.close().await;
    }

    async fn it_is_the_system_administrators_alone_and_says_what_was_swept(w: World) {
        for other in ["chuqiang", "weiping", "wangjianguo"] {
            let ctx = w.request_of(other).await;
            assert!(matches!(report(&w.engine, &ctx, None).await, Err(Error::Forbidden)), "{other}");
            assert!(matches!(begin(&w.engine, &ctx).await, Err(Error::Forbidden)), "{other}");
        }
        assert!(matches!(report(&w.engine, &w.nobody(), None).await, Err(Error::NotSignedIn)));
        swept(&w.engine, Sweep::Builds, false);
        // What one does for all is seen at whichever server answers.
        let other = w.another_process().await;
        let every = Duration::from_secs(600);
        leader::led(&other.engine, Job::Messages, every, async |_| Ok(())).await.unwrap();
        let failed = leader::led(&other.engine, Job::Sessions, every, async |_| Err::<(), _>(Error::Conflict)).await;
        assert!(failed.is_err());
        other.engine.close().await;
        // Nobody said where this server is: there is nothing to check, and the rest is there.
        let read = w.looked().await;
        assert!(read.found.is_empty() && read.checked_at.is_none());
        assert_eq!(read.sweeps.iter().map(|it| (it.what, it.well)).collect::<Vec<_>>(), [(Sweep::Builds, false)]);
        assert_eq!(read.jobs.iter().map(|it| (it.what, it.well)).collect::<Vec<_>>(), [(Job::Sessions, false), (Job::Messages, true)]);
    }
}
