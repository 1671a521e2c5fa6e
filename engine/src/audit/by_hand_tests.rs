//! Who has the database's password can take its guards away. What they did is found: on a good log, after a changed byte, a row that
//! is gone, a row that was added by hand; that the newest are gone, whoever kept an anchor finds. And with all guards in
//! place: what was hidden from the auditors.

use super::{Unfit, broken_of_newest, check, first_broken, hidden, newest_anchor, start_check, unfit, verify};
use crate::identity::sign_in::{self, Credentials};
use crate::role;
use crate::store::audit_event;
use crate::world::{On, World, both};
use domain::fields::{RolesDraft, SeatDraft};
use domain::view::audit::Anchor;

impl World {
    /// As somebody at the database.
    async fn by_hand(&self, statement: &'static str) {
        let write =
            self.engine.db().write(statement, |conn, s| Box::pin(async move { crate::store::raw(conn, *s).await }));
        write.await.unwrap();
    }

    async fn takes_the_guards_away(&self) {
        let guards: &[&'static str] = match self.on() {
            On::Sqlite => &[
                "DROP TRIGGER audit_event_no_update",
                "DROP TRIGGER audit_event_no_delete",
                "DROP TRIGGER audit_event_no_replace",
            ],
            On::Postgres => &[
                "DROP TRIGGER audit_event_no_update ON audit_event",
                "DROP TRIGGER audit_event_no_delete ON audit_event",
            ],
        };
        for guard in guards {
            self.by_hand(guard).await;
        }
        self.by_hand("CREATE TABLE kept AS SELECT * FROM audit_event").await;
    }

    /// Puts all rows back as they were.
    async fn mends(&self) {
        self.by_hand("DELETE FROM audit_event").await;
        self.by_hand("INSERT INTO audit_event SELECT * FROM kept").await;
        assert_eq!(verify(self.engine.db()).await.unwrap().broken, None);
    }

    /// The hash of a row, hexadecimal.
    async fn hash_of(&self, seq: i64) -> String {
        let rows = audit_event::after(&mut self.engine.db().reader().await.unwrap(), seq - 1, 1).await.unwrap();
        crate::files::hex(&rows[0].hash)
    }

    /// What the whole look says, and the quick one.
    async fn looks(&self) -> [Option<i64>; 2] {
        let mut conn = self.engine.db().reader().await.unwrap();
        [first_broken(&mut conn).await.unwrap(), broken_of_newest(&mut conn, 3).await.unwrap()]
    }
}

both! {
    async fn what_was_done_to_the_audit_log_by_hand_is_found(w: World) {
        assert_eq!(w.looks().await, [None, None], "an empty log is whole");
        for _ in 0..8 {
            w.token_of("limin").await;
        }
        assert_eq!(w.looks().await, [None, None]);
        assert_eq!(verify(w.engine.db()).await.unwrap().broken, None);
        w.takes_the_guards_away().await;

        // One byte, of any column.
        for change in [
            "UPDATE audit_event SET person_name = '李明' WHERE seq = 6",
            "UPDATE audit_event SET at = at + 1 WHERE seq = 6",
            "UPDATE audit_event SET address = '10.0.0.2' WHERE seq = 6",
            "UPDATE audit_event SET detail = detail || ' ' WHERE seq = 6",
            "UPDATE audit_event SET person_id = NULL WHERE seq = 6",
            "UPDATE audit_event SET hash = previous_hash WHERE seq = 6",
        ] {
            w.by_hand(change).await;
            assert_eq!(w.looks().await, [Some(6), Some(6)], "{change}");
            w.mends().await;
        }
        // What is older than the quick look goes, the whole one finds.
        w.by_hand("UPDATE audit_event SET person_name = '李明' WHERE seq = 2").await;
        assert_eq!(w.looks().await, [Some(2), None]);
        w.mends().await;

        // A row that is gone: the one after it does not fit.
        w.by_hand("DELETE FROM audit_event WHERE seq = 6").await;
        assert_eq!(w.looks().await, [Some(7), Some(7)]);
        // Nor when the others close up.
        w.by_hand("UPDATE audit_event SET seq = 6 WHERE seq = 7").await;
        w.by_hand("UPDATE audit_event SET seq = 7 WHERE seq = 8").await;
        assert_eq!(w.looks().await[0], Some(6));
        w.mends().await;
        w.by_hand("DELETE FROM audit_event WHERE seq = 1").await;
        assert_eq!(w.looks().await[0], Some(2));
        w.mends().await;

        // A row that was added, at the end or in between.
        w.by_hand("INSERT INTO audit_event SELECT seq + 1, at, request_id, person_id, person_name, address, action,
            object_kind, object_id, result, detail, hash, hash FROM audit_event WHERE seq = 8").await;
        assert_eq!(w.looks().await, [Some(9), Some(9)]);
        w.mends().await;
        w.by_hand("INSERT INTO audit_event SELECT 0, at, request_id, person_id, person_name, address, action,
            object_kind, object_id, result, detail, previous_hash, hash FROM audit_event WHERE seq = 1").await;
        assert_eq!(w.looks().await[0], Some(0));
        w.mends().await;
        w.by_hand("DROP TABLE kept").await;
    }

    async fn that_the_newest_rows_were_taken_away_an_anchor_finds(w: World) {
        for _ in 0..5 {
            w.token_of("limin").await;
        }
        let kept = newest_anchor(w.engine.db(), w.engine.now()).await.unwrap().unwrap();
        assert_eq!(kept.seq, 5);
        let older = Anchor { seq: 3, hash: w.hash_of(3).await, ..kept.clone() };
        let both = [older.clone(), kept.clone()];
        assert_eq!(unfit(w.engine.db(), &both).await.unwrap(), []);

        w.takes_the_guards_away().await;
        w.by_hand("DELETE FROM audit_event WHERE seq > 3").await;
        let cut = verify(w.engine.db()).await.unwrap();
        assert_eq!((cut.rows, cut.broken), (3, None), "the chain can't tell");
        assert_eq!(unfit(w.engine.db(), &both).await.unwrap(), [(kept.clone(), Unfit::Missing)]);
        // What happens next gets the numbers that are free again.
        for _ in 0..2 {
            w.token_of("fengxue").await;
        }
        assert_eq!(verify(w.engine.db()).await.unwrap().rows, 5);
        assert_eq!(unfit(w.engine.db(), &both).await.unwrap(), [(kept, Unfit::Different)]);
        w.by_hand("UPDATE audit_event SET person_name = '李明' WHERE seq = 3").await;
        assert_eq!(unfit(w.engine.db(), &both[..1]).await.unwrap(), [(older, Unfit::Different)], "whatever hash it says");
        w.mends().await;
        w.by_hand("DROP TABLE kept").await;
    }

    async fn an_event_that_was_hidden_from_the_auditors_by_hand_is_found(w: World) {
        w.token_of("weiping").await;
        w.token_of("limin").await;
        let typed = Credentials { account: "limin", password: "wrong", code: "" };
        assert!(sign_in::by_password(&w.engine, &w.nobody(), typed, "test").await.is_err());
        // Who was an auditor once: what they did as one stays where it is.
        let (chu, wei, he) = (w.request_of("chuqiang").await, w.id_of("weiping").await, w.id_of("hemin").await);
        let one = |role: &str| RolesDraft { seats: vec![SeatDraft { role: role.to_owned(), region: String::new() }] };
        for (person, draft) in [(he, one("auditor")), (wei, one("staff"))] {
            let seen = role::form(&w.engine, &chu, person, false).await.unwrap().seen;
            role::change(&w.engine, &chu, person, &seen, &draft).await.unwrap();
        }
        assert_eq!(hidden(w.engine.db()).await.unwrap(), None);

        // All guards are in place: nobody did it, and somebody who never was one.
        w.by_hand("INSERT INTO auditor_event (seq) VALUES (3)").await;
        assert_eq!(hidden(w.engine.db()).await.unwrap(), Some(3));
        w.by_hand("INSERT INTO auditor_event (seq) VALUES (2)").await;
        assert_eq!(hidden(w.engine.db()).await.unwrap(), Some(2));
        assert_eq!(verify(w.engine.db()).await.unwrap().broken, None, "the chain can't tell");
        // The page says so as well.
        let auditor = w.request_of("hemin").await;
        start_check(&w.engine, &auditor).await.unwrap();
        let ended = check(&w.engine, &auditor).await.unwrap().unwrap().last.unwrap();
        assert_eq!((ended.broken, ended.hidden), (None, Some(2)));
    }
}
