//! Readers that panic on what a damaged file says.

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind, set_hook, take_hook};
use std::sync::Once;

thread_local! {
    static QUIET: Cell<bool> = const { Cell::new(false) };
}

/// Runs one step of a foreign reader; `None` when it panicked. The reader must not be used again then. What it would have printed is of no
/// use to anybody: the file is damaged, and the error says so.
pub(super) fn caught<T>(step: impl FnOnce() -> T) -> Option<T> {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let others = take_hook();
        set_hook(Box::new(move |panic| {
            if !QUIET.get() {
                others(panic);
            }
        }));
    });
    QUIET.set(true);
    let result = catch_unwind(AssertUnwindSafe(step));
    QUIET.set(false);
    result.ok()
}
