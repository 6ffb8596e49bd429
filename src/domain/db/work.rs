//! What a request does, counted: two that a stranger is not to tell apart are compared by their
//! queries and their password hashes, and not by a clock.

use std::cell::Cell;

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Work {
    /// Statements of the task itself; what it leaves to others is not in it.
    pub(crate) queries: u32,
    /// Slow hashes, made or verified.
    pub(crate) hashes: u32,
}

tokio::task_local! {
    static DONE: Cell<Work>;
}

/// What `act` comes to, and what it cost.
pub(crate) async fn of<T>(act: impl Future<Output = T>) -> (T, Work) {
    let counted = async {
        let came_to = act.await;
        (came_to, DONE.with(Cell::get))
    };
    DONE.scope(Cell::default(), counted).await
}

pub(crate) fn query() {
    add(|work| work.queries += 1);
}

pub(crate) fn hash() {
    add(|work| work.hashes += 1);
}

fn add(one: impl FnOnce(&mut Work)) {
    // Nobody counts outside of `of`.
    let _ = DONE.try_with(|done| {
        let mut work = done.get();
        one(&mut work);
        done.set(work);
    });
}
