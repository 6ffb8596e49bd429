//! Transactions that run at once: what was acknowledged is there, what was given up is not.

use std::{collections::BTreeSet, time::Duration};

use super::on_both;
use crate::{
    changes::{self, Change, ChangeKind},
    clock::Timestamp,
    db::{Db, DbError, Tx, execute, read},
};

const WRONG: &str = "INSERT INTO changes (kind) VALUES (NULL)";
const NOW: Timestamp = Timestamp(1_790_000_000_000);

async fn written(db: &Db, subject: &str) -> Result<Tx, DbError> {
    let mut tx = db.begin().await?;
    changes::changed(&mut tx, ChangeKind::Grant, subject, NOW).await?;
    Ok(tx)
}

/// As another connection sees them.
async fn subjects(db: &Db) -> BTreeSet<String> {
    const SQL: &str = "SELECT subject FROM changes WHERE subject LIKE 't%'";
    let rows: Vec<String> = read!(db, |c| sqlx::query_scalar(SQL).fetch_all(c).await).unwrap();
    rows.into_iter().collect()
}

on_both! {
    async fn many_at_once(world) {
        const TASKS: usize = 60;
        let mut heard = world.db().feed().stream();
        let mut tasks = tokio::task::JoinSet::new();
        for number in 0..TASKS {
            let db = world.db().clone();
            tasks.spawn(async move {
                let subject = format!("t{number}");
                let tx = written(&db, &subject).await.unwrap();
                match number % 3 {
                    0 => drop(tx),
                    1 => {
                        // Fails, and leaves nothing of itself or of others behind.
                        let mut tx = tx;
                        let wrong = execute!(&mut tx, sqlx::query(WRONG));
                        assert!(wrong.is_err());
                    }
                    _ => {
                        tx.commit().await.unwrap();
                        assert!(subjects(&db).await.contains(&subject), "{subject}");
                    }
                }
            });
        }
        while let Some(done) = tasks.join_next().await {
            done.unwrap();
        }
        let expected: BTreeSet<String> = (0..TASKS)
            .filter(|number| number % 3 == 2)
            .map(|number| format!("t{number}"))
            .collect();
        assert_eq!(subjects(world.db()).await, expected);
        let mut published = BTreeSet::new();
        while let Ok(Change::Of(ChangeKind::Grant, subject)) = heard.try_recv() {
            published.insert(subject.to_string());
        }
        assert_eq!(published, expected);
    }

    async fn those_that_are_cut_off(world) {
        // Wherever it is cut off, the next ones are not held up, and nothing is half-done.
        for round in 0..200 {
            let db = world.db().clone();
            let cut = tokio::spawn(async move {
                let mut tx = written(&db, &format!("ta{round}")).await.unwrap();
                changes::changed(&mut tx, ChangeKind::Grant, &format!("tb{round}"), NOW)
                    .await
                    .unwrap();
                tx.commit().await.unwrap();
            });
            let db = world.db().clone();
            let beside = tokio::spawn(async move {
                written(&db, &format!("tc{round}")).await.unwrap().commit().await
            });
            for _ in 0..round % 40 {
                tokio::task::yield_now().await;
            }
            if round % 2 == 0 {
                tokio::time::sleep(Duration::from_micros(round * 10)).await;
            }
            cut.abort();
            beside.await.unwrap().unwrap();
        }
        let found = subjects(world.db()).await;
        for round in 0..200 {
            assert!(found.contains(&format!("tc{round}")), "{round}");
            assert_eq!(
                found.contains(&format!("ta{round}")),
                found.contains(&format!("tb{round}")),
                "{round}"
            );
        }
    }
}

/// A disk that is full is SQLite's own reason to give up everything that is open.
#[tokio::test]
async fn nobody_is_told_of_a_success_that_the_database_gave_up() {
    let database = crate::db::testing::TestDatabase::sqlite().await;
    let db = &database.db;
    let mut tx = db.begin().await.unwrap();
    execute!(&mut tx, sqlx::query("PRAGMA max_page_count = 1")).unwrap();
    drop(tx);
    let mut tasks = tokio::task::JoinSet::new();
    for number in 0..40 {
        let db = db.clone();
        tasks.spawn(async move {
            // Small ones, between those for which there is no room.
            let subject = format!("t{number}{}", "x".repeat(number % 4 * 20_000));
            let told = match written(&db, &subject).await {
                Ok(tx) => tx.commit().await,
                Err(error) => Err(error),
            };
            (subject, told.is_ok())
        });
    }
    let mut successes = BTreeSet::new();
    let mut failures = 0;
    while let Some(done) = tasks.join_next().await {
        match done.unwrap() {
            (subject, true) => drop(successes.insert(subject)),
            (_, false) => failures += 1,
        }
    }
    assert!(failures > 0, "there was room for all");
    let found = subjects(db).await;
    assert!(successes.is_subset(&found));
}
