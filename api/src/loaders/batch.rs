//! The one file that knows the `dataloader` package, and keeps its dangers in.
//!
//! - It has no error channel and panics on a key that a batch did not answer: here every key is answered, with a value,
//!   with nothing, or with the error all of its batch share.
//! - A resolver that is dropped while it runs the batch (async-graphql drops the siblings of a failed non-null field)
//!   loses the batch for everybody who waited: here the statement runs on a task of its own, which no resolver can
//!   cancel, and a waiter whose batch was lost asks again.
//! - Its default of ten yields costs a third of the throughput, and its cap of 200 keys splits a page: one yield, and
//!   the cap of a page.

use std::collections::HashMap;
use std::fmt::Debug;
use std::hash::Hash;
use std::sync::Arc;

use dataloader::BatchFn;
use dataloader::cached::Loader;
use futures::future::BoxFuture;
use store::{Database, StoreError};

/// Keys of one statement at most: the cap of a page.
const MAX_KEYS: usize = 1_000;
/// How often a waiter asks again after its batch was lost; each loss needs another cancelled resolver.
const ATTEMPTS: usize = 16;

/// A key that names its question.
pub trait Question: Clone + Eq + Hash + Debug + Send + Sync + 'static {
    /// What one key is answered with.
    type Answer: Send + Sync + 'static;

    /// Answers `keys` in one call of the store; keys without an answer may be left out.
    fn ask(db: Database, keys: Vec<Self>) -> BoxFuture<'static, Result<HashMap<Self, Self::Answer>, StoreError>>;
}

/// What a loader gives: shared, because many resolvers may hold it.
pub type Loaded<T> = Result<Option<Arc<T>>, Arc<StoreError>>;

/// A loader of one question.
pub struct Batch<Q: Question> {
    loader: Loader<Q, Loaded<Q::Answer>, Asker>,
}

impl<Q: Question> Clone for Batch<Q> {
    fn clone(&self) -> Self {
        Self { loader: self.loader.clone() }
    }
}

impl<Q: Question> Batch<Q> {
    /// An empty loader.
    pub fn new(db: &Database) -> Self {
        let loader = Loader::new(Asker { db: db.clone() }).with_yield_count(1).with_max_batch_size(MAX_KEYS);
        Self { loader }
    }

    /// The answer to `key`, together with whatever else is asked in this moment.
    pub async fn load(&self, key: Q) -> Loaded<Q::Answer> {
        for _ in 0..ATTEMPTS {
            // An error here means that the batch was lost, never that the store failed: that is in the value.
            if let Ok(loaded) = self.loader.try_load(key.clone()).await {
                return loaded;
            }
        }
        Err(Arc::new(StoreError::Corrupt("a batch was lost again and again".into())))
    }
}

/// Runs a batch on a task of its own.
pub struct Asker {
    db: Database,
}

impl<Q: Question> BatchFn<Q, Loaded<Q::Answer>> for Asker {
    fn load(&mut self, keys: &[Q]) -> impl Future<Output = HashMap<Q, Loaded<Q::Answer>>> {
        let keys = keys.to_vec();
        let task = tokio::spawn(Q::ask(self.db.clone(), keys.clone()));
        async move {
            let answers = task
                .await
                .unwrap_or_else(|error| Err(StoreError::Corrupt(format!("a batch's task ended early: {error}"))));
            match answers {
                Ok(mut answers) => keys
                    .into_iter()
                    .map(|key| {
                        let answer = answers.remove(&key).map(Arc::new);
                        (key, Ok(answer))
                    })
                    .collect(),
                Err(error) => {
                    let error = Arc::new(error);
                    keys.into_iter().map(|key| (key, Err(Arc::clone(&error)))).collect()
                }
            }
        }
    }
}
