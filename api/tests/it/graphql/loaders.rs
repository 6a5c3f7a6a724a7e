use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use api::loaders::batch::{Batch, Question};
use futures::FutureExt;
use futures::future::{BoxFuture, join_all};
use store::{Database, StoreError};
use testkit::TestDatabase;

static BATCHES: AtomicUsize = AtomicUsize::new(0);

/// Answers with the key itself; leaves every seventh out, and lets others go first.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Echo(usize);

impl Question for Echo {
    type Answer = usize;

    fn ask(_db: Database, keys: Vec<Self>) -> BoxFuture<'static, Result<HashMap<Self, usize>, StoreError>> {
        BATCHES.fetch_add(1, Ordering::SeqCst);
        async move {
            tokio::task::yield_now().await;
            Ok(keys.into_iter().filter(|key| key.0 % 7 != 0).map(|key| (key.clone(), key.0)).collect())
        }
        .boxed()
    }
}

/// Always fails.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Broken(usize);

impl Question for Broken {
    type Answer = usize;

    fn ask(_db: Database, _keys: Vec<Self>) -> BoxFuture<'static, Result<HashMap<Self, usize>, StoreError>> {
        async { Err(StoreError::Corrupt("on purpose".into())) }.boxed()
    }
}

#[tokio::test]
async fn a_thousand_keys_are_one_batch_and_unanswered_keys_are_nothing() {
    let db = TestDatabase::new().await;
    let loader = Batch::<Echo>::new(db.db());
    let before = BATCHES.load(Ordering::SeqCst);
    let answers = join_all((1..=1_000).map(|key| loader.load(Echo(key)))).await;
    assert_eq!(BATCHES.load(Ordering::SeqCst) - before, 1);
    for (key, answer) in (1..=1_000).zip(answers) {
        assert_eq!(answer.unwrap(), (key % 7 != 0).then(|| Arc::new(key)));
    }
    let lost = Batch::<Echo>::new(db.db());
    let leader = lost.load(Echo(1));
    let waiter = lost.load(Echo(2));
    let (mut leader, mut waiter) = (Box::pin(leader), Box::pin(waiter));
    // Both register; the first to be polled again runs the batch for both, and is dropped in the middle of it.
    assert!(futures::poll!(&mut leader).is_pending());
    assert!(futures::poll!(&mut waiter).is_pending());
    tokio::task::yield_now().await;
    assert!(futures::poll!(&mut leader).is_pending());
    drop(leader);
    assert_eq!(waiter.await.unwrap(), Some(Arc::new(2)));
}

#[tokio::test]
async fn a_failed_batch_tells_every_waiter_the_same_reason() {
    let db = TestDatabase::new().await;
    let loader = Batch::<Broken>::new(db.db());
    for answer in join_all((0..3).map(|key| loader.load(Broken(key)))).await {
        assert!(answer.unwrap_err().to_string().contains("on purpose"));
    }
}
