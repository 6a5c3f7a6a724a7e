//! A value that is derived from signals and kept until they change; whoever follows it hears only of a real change. It is a memo
//! as any other, but one memo for all types: for each type of its own the library would bring its whole machinery once more.

use std::any::Any;
use std::marker::PhantomData;
use std::sync::Arc;

use leptos::prelude::*;

/// A value of whatever type, which can be compared with another.
trait Same: Any + Send + Sync {
    fn same(&self, other: &dyn Any) -> bool;
    fn plain(self: Arc<Self>) -> Arc<dyn Any + Send + Sync>;
    fn as_any(&self) -> &dyn Any;
}

impl<T: PartialEq + Send + Sync + 'static> Same for T {
    fn same(&self, other: &dyn Any) -> bool {
        other.downcast_ref::<T>().is_some_and(|other| self == other)
    }

    fn plain(self: Arc<Self>) -> Arc<dyn Any + Send + Sync> {
        self
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

#[derive(Clone)]
struct Value(Arc<dyn Same>);

impl PartialEq for Value {
    fn eq(&self, other: &Self) -> bool {
        (*self.0).same((*other.0).as_any())
    }
}

/// The value as a signal.
pub struct Kept<T> {
    memo: Memo<Value>,
    value: PhantomData<fn() -> T>,
}

impl<T> Clone for Kept<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Kept<T> {}

/// Derives a value and keeps it.
pub fn kept<T: PartialEq + Send + Sync + 'static>(derive: impl Fn() -> T + Send + Sync + 'static) -> Kept<T> {
    Kept { memo: remember(Box::new(move || Value(Arc::new(derive())))), value: PhantomData }
}

fn remember(derive: Box<dyn Fn() -> Value + Send + Sync>) -> Memo<Value> {
    Memo::new(move |_| derive())
}

impl<T: PartialEq + Send + Sync + 'static> Kept<T> {
    /// The value; tracks.
    pub fn read(self) -> Arc<T> {
        self.memo.get().0.plain().downcast().expect("a kept value is of the type it was derived as")
    }

    /// Follows the value without looking at it.
    pub fn track(self) {
        self.memo.track();
    }

    /// A part of the value, without tracking.
    pub fn with_untracked<P>(self, part: impl FnOnce(&T) -> P) -> P {
        part(&untrack(|| self.read()))
    }

    /// A part of the value; tracks.
    pub fn with<P>(self, part: impl FnOnce(&T) -> P) -> P {
        part(&self.read())
    }
}

impl<T: Clone + PartialEq + Send + Sync + 'static> Kept<T> {
    /// A copy of the value; tracks.
    pub fn get(self) -> T {
        (*self.read()).clone()
    }

    /// A copy of the value, without tracking.
    pub fn get_untracked(self) -> T {
        untrack(|| self.get())
    }
}

impl<T: Clone + PartialEq + Send + Sync + 'static> From<Kept<T>> for Signal<T> {
    fn from(kept: Kept<T>) -> Self {
        Self::derive(move || kept.get())
    }
}
