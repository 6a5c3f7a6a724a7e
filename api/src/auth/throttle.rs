//! Failed sign-ins are counted per account and per address, in memory; too many have to wait.

use std::collections::HashMap;
use std::sync::Mutex;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};

/// Failures of one account before it must wait.
const PER_ACCOUNT: u32 = 5;
/// Failures from one address before it must wait; an office shares one.
const PER_ADDRESS: u32 = 30;
/// A count is forgotten this long after its first failure.
const WINDOW: TimeDelta = TimeDelta::minutes(15);
/// Counts kept at most; beyond, the oldest are forgotten, so that guessing names cannot fill the memory.
const KEPT: usize = 20_000;

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Subject {
    Account(String),
    Address(String),
}

#[derive(Debug, Clone, Copy)]
struct Count {
    failures: u32,
    since: DateTime<Utc>,
}

/// The counts, and how many attempts were turned away.
#[derive(Debug, Default)]
pub struct Throttle {
    counts: Mutex<HashMap<Subject, Count>>,
}

impl Throttle {
    /// Counts an attempt before it is checked, so that a burst cannot slip through together; [`Throttle::forgive`]
    /// takes it back. `Err` says how long to wait.
    pub fn attempt(&self, account: &str, address: Option<&str>, now: DateTime<Utc>) -> Result<(), Duration> {
        // A poisoned lock still holds counts: a panic elsewhere must not open the door.
        let mut counts = self.counts.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let subjects = subjects(account, address);
        for (subject, limit) in &subjects {
            if let Some(count) = counts.get(subject)
                && count.since + WINDOW > now
                && count.failures >= *limit
            {
                return Err((count.since + WINDOW - now).to_std().unwrap_or_default());
            }
        }
        if counts.len() >= KEPT {
            counts.retain(|_, count| count.since + WINDOW > now);
            if counts.len() >= KEPT
                && let Some(oldest) =
                    counts.iter().min_by_key(|(_, count)| count.since).map(|(subject, _)| subject.clone())
            {
                counts.remove(&oldest);
            }
        }
        for (subject, _) in subjects {
            let count = counts.entry(subject).or_insert(Count { failures: 0, since: now });
            if count.since + WINDOW <= now {
                *count = Count { failures: 0, since: now };
            }
            count.failures += 1;
        }
        Ok(())
    }

    /// The attempt succeeded: the account starts anew, the address gets this one back.
    pub fn forgive(&self, account: &str, address: Option<&str>) {
        let mut counts = self.counts.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        for (subject, _) in subjects(account, address) {
            match subject {
                Subject::Account(_) => {
                    counts.remove(&subject);
                }
                Subject::Address(_) => {
                    if let Some(count) = counts.get_mut(&subject) {
                        count.failures = count.failures.saturating_sub(1);
                    }
                }
            }
        }
    }
}

fn subjects(account: &str, address: Option<&str>) -> Vec<(Subject, u32)> {
    let account = (Subject::Account(account.to_owned()), PER_ACCOUNT);
    let address = address.map(|address| (Subject::Address(address.to_owned()), PER_ADDRESS));
    std::iter::once(account).chain(address).collect()
}
