//! What the two databases promise alike: whole transactions, groups that do not touch each other, names of constraints.

use super::department::{self, Department};
use super::{StoreError, audit_event};
use crate::audit::{self, Event};
use crate::world::{On, World, both};
use std::sync::atomic::{AtomicU32, Ordering};
use uuid::Uuid;

#[tokio::test]
async fn what_was_under_way_on_a_connection_that_is_lost_is_done_on_another() {
    let w = World::new(On::Postgres).await;
    let change = w.engine.db().write(AtomicU32::new(0), |conn, runs| {
        Box::pin(async move {
            department::insert(conn, &department("气象局")).await?;
            let run = runs.fetch_add(1, Ordering::SeqCst);
            if run == 0 {
                super::raw(conn, "SELECT pg_terminate_backend(pg_backend_pid())").await?;
            }
            Ok(run)
        })
    });
    assert_eq!(change.await.unwrap(), 1);
}

fn department(name: &str) -> Department {
    let id = Uuid::from_u128(name.bytes().fold(7, |n, b| n * 31 + u128::from(b)));
    Department { id, name: name.to_owned(), dingtalk_id: name.to_owned(), region: "330000".to_owned() }
}

both! {
    async fn a_fault_in_the_middle_leaves_nothing(w: World) {
        let change = w.engine.db().write(w.nobody(), |conn, ctx| Box::pin(async move {
            department::insert(conn, &department("气象局")).await?;
            audit::append(conn, &ctx, &Event::done("test.create", "test", "x")).await?;
            department::insert(conn, &department("气象局")).await
        }));
        assert!(change.await.is_err());
        // Neither the row nor the event is there: the same row can be written now, and the log is empty.
        let again = w.engine.db().write((), |conn, _| Box::pin(async move { department::insert(conn, &department("气象局")).await }));
        again.await.unwrap();
        assert!(audit_event::after(&mut w.engine.db().reader().await.unwrap(), 0, 1).await.unwrap().is_empty());
    }

    async fn a_change_that_fails_does_not_touch_its_neighbours(w: World) {
        let names: Vec<String> = (0..40).map(|n| format!("局{}", n % 35)).collect();
        let changes = names.iter().map(|name| {
            let engine = w.engine.clone();
            let row = department(name);
            tokio::spawn(async move {
                engine.db().write(row, |conn, row| Box::pin(async move { department::insert(conn, &row).await })).await
            })
        });
        let mut done = 0;
        for change in changes.collect::<Vec<_>>() {
            match change.await.unwrap() {
                Ok(()) => done += 1,
                Err(error) => assert!(matches!(error, StoreError::Unique(_)), "{error}"),
            }
        }
        assert_eq!(done, 35);
    }

    async fn a_unique_constraint_has_the_same_name_everywhere(w: World) {
        for id in [1_u128, 2] {
            let row = Department { id: Uuid::from_u128(id), dingtalk_id: id.to_string(), ..department("水利厅") };
            let insert = w.engine.db().write(row, |conn, row| Box::pin(async move { department::insert(conn, &row).await }));
            match insert.await {
                Ok(()) => assert_eq!(id, 1),
                Err(StoreError::Unique(name)) => assert_eq!((id, name.as_str()), (2, "department_name_key")),
                Err(other) => panic!("{other}"),
            }
        }
    }

    async fn many_who_append_at_once_make_one_chain(w: World) {
        let appends = (0..50).map(|_| {
            let (engine, ctx) = (w.engine.clone(), w.nobody());
            tokio::spawn(async move {
                engine.db().write(ctx, |conn, ctx| Box::pin(async move {
                    audit::append(conn, &ctx, &Event::done("test.append", "test", "")).await
                })).await
            })
        });
        let mut numbers = Vec::new();
        for append in appends.collect::<Vec<_>>() {
            numbers.push(append.await.unwrap().unwrap());
        }
        numbers.sort_unstable();
        assert_eq!(numbers, (1..=50).collect::<Vec<i64>>());
    }

    async fn the_first_broken_row_of_the_audit_log_is_named(w: World) {
        for _ in 0..3 {
            w.token_of("limin").await;
        }
        assert_eq!(audit::first_broken(&mut w.engine.db().reader().await.unwrap()).await.unwrap(), None);
        // Somebody with the database's password takes the guard away, and changes one letter.
        let steps: &[&'static str] = match w.on() {
            On::Sqlite => &["DROP TRIGGER audit_event_no_update"],
            On::Postgres => &["DROP TRIGGER audit_event_no_update ON audit_event"],
        };
        for step in steps.iter().chain(&["UPDATE audit_event SET person_name = '李明' WHERE seq = 2"]) {
            w.engine.db().write(*step, |conn, s| Box::pin(async move { crate::store::raw(conn, *s).await })).await.unwrap();
        }
        assert_eq!(audit::first_broken(&mut w.engine.db().reader().await.unwrap()).await.unwrap(), Some(2));
        let mend = "UPDATE audit_event SET person_name = '李敏' WHERE seq = 2";
        w.engine.db().write(mend, |conn, s| Box::pin(async move { crate::store::raw(conn, *s).await })).await.unwrap();
    }
}
