//! The one file that knows the `dataloader` package, and keeps its dangers in.
//!
//! - It has no error channel and panics on a key that a batch did not answer: here every key is answered, with a value,
//!   with nothing, or with the error all of its batch share.
//! - A resolver that is dropped while it runs the batch (async-graphql drops the siblings of a failed non-null field)
//!   loses the batch for everybody who waited: here the statement runs on a task of its own, which no resolver can
//!   cancel, and a waiter whose batch was lost asks again.
//! - Its default of ten yields costs a third of the throughput, and its cap of 200 keys splits a page: one of those who
//!   wait yields for all, and the cap is that of a page.
//! - Its waiters stand in line for one lock, which goes from each to the next, a poll apiece. What they ask next comes in
//!   dribs and drabs then, some of it a yield too late, and a hundred parents make more statements than ten. Here keys are
//!   gathered before the package sees them, and an answer wakes all who wait for it at once.

use std::collections::HashMap;
use std::fmt::Debug;
use std::hash::Hash;
use std::pin::{Pin, pin};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Wake, Waker};

use dataloader::BatchFn;
use dataloader::cached::Loader;
use futures::channel::oneshot;
use futures::future::BoxFuture;
use futures::task::AtomicWaker;
use store::{Database, StoreError};
use tracing::Instrument as _;

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
    gathering: Arc<Mutex<Option<Gathering<Q>>>>,
}

/// Keys that follow the one whose asker leads, each with where its answer goes.
type Gathering<Q> = Vec<(Q, oneshot::Sender<Loaded<<Q as Question>::Answer>>)>;

impl<Q: Question> Clone for Batch<Q> {
    fn clone(&self) -> Self {
        Self { loader: self.loader.clone(), gathering: Arc::clone(&self.gathering) }
    }
}

impl<Q: Question> Batch<Q> {
    /// An empty loader.
    pub fn new(db: &Database) -> Self {
        // We wait for more keys ourselves.
        let loader = Loader::new(Asker { db: db.clone() }).with_yield_count(0).with_max_batch_size(MAX_KEYS);
        Self { loader, gathering: Arc::default() }
    }

    /// The answer to `key`, together with whatever else is asked in this moment.
    pub async fn load(&self, key: Q) -> Loaded<Q::Answer> {
        for _ in 0..ATTEMPTS {
            let loaded = match self.follow(&key) {
                Some(answer) => answer.await.ok(),
                None => self.lead(&key).await,
            };
            // Without one, who led was dropped, and somebody else has to.
            if let Some(loaded) = loaded {
                return loaded;
            }
        }
        Err(Arc::new(StoreError::Corrupt("a batch was lost again and again".into())))
    }

    /// Adds `key` to what is being gathered. `None`: nothing was, and whoever asks leads from now on.
    fn follow(&self, key: &Q) -> Option<oneshot::Receiver<Loaded<Q::Answer>>> {
        let mut gathering = self.gathering();
        let Some(keys) = gathering.as_mut() else {
            *gathering = Some(Vec::new());
            return None;
        };
        let (sender, receiver) = oneshot::channel();
        keys.push((key.clone(), sender));
        Some(receiver)
    }

    /// Waits until nobody comes any more, asks for all, and hands the answers round.
    async fn lead(&self, key: &Q) -> Option<Loaded<Q::Answer>> {
        let leading = Leading(Some(self));
        let mut known = 0;
        loop {
            Round::default().await;
            let gathered = self.gathering().as_ref().map_or(0, Vec::len);
            if gathered == known {
                break;
            }
            known = gathered;
        }
        let followers = leading.close();
        let keys = std::iter::once(key).chain(followers.iter().map(|(key, _)| key)).cloned().collect();
        // It errs only on a key without an answer, and every key has one.
        let answers = self.loader.try_load_many(keys).await.ok()?;
        for (key, sender) in followers {
            if let Some(loaded) = answers.get(&key) {
                // Who has gone needs no answer.
                let _ = sender.send(loaded.clone());
            }
        }
        answers.get(key).cloned()
    }

    fn gathering(&self) -> MutexGuard<'_, Option<Gathering<Q>>> {
        self.gathering.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Held by who leads: one who is dropped leaves no gathering behind that nobody would ever close.
struct Leading<'a, Q: Question>(Option<&'a Batch<Q>>);

impl<Q: Question> Leading<'_, Q> {
    /// From now on, whoever asks begins another gathering.
    fn close(mut self) -> Gathering<Q> {
        self.0.take().and_then(|batch| batch.gathering().take()).unwrap_or_default()
    }
}

impl<Q: Question> Drop for Leading<'_, Q> {
    fn drop(&mut self) {
        if let Some(batch) = self.0 {
            // Their senders go with it, which tells the followers.
            batch.gathering().take();
        }
    }
}

/// Waits until the task that asks has gone through all that it could do. It ends when the runtime says so; a yield of the
/// usual kind is over when it is polled again, and a resolver is polled again whenever one beside it is.
#[derive(Default)]
struct Round {
    end: Arc<End>,
    begun: bool,
}

/// Woken by the runtime when a round is over.
#[derive(Default)]
struct End {
    over: AtomicBool,
    waker: AtomicWaker,
}

impl Wake for End {
    fn wake(self: Arc<Self>) {
        self.over.store(true, Ordering::Release);
        self.waker.wake();
    }
}

impl Future for Round {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        self.end.waker.register(cx.waker());
        if !self.begun {
            self.begun = true;
            let waker = Waker::from(Arc::clone(&self.end));
            // The runtime keeps the waker; the yield itself has nothing more to do.
            let _ = pin!(tokio::task::yield_now()).poll(&mut Context::from_waker(&waker));
        }
        if self.end.over.load(Ordering::Acquire) { Poll::Ready(()) } else { Poll::Pending }
    }
}

/// Runs a batch on a task of its own.
pub struct Asker {
    db: Database,
}

impl<Q: Question> BatchFn<Q, Loaded<Q::Answer>> for Asker {
    fn load(&mut self, keys: &[Q]) -> impl Future<Output = HashMap<Q, Loaded<Q::Answer>>> {
        let keys = keys.to_vec();
        let task = tokio::spawn(Q::ask(self.db.clone(), keys.clone()).in_current_span());
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
