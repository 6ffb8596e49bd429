//! The tokenizer, in memory only while tools are linted: it takes 50 MB, which a server that rests
//! should not.

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError, mpsc},
    thread,
    time::{Duration, Instant},
};

use tiktoken_rs::CoreBPE;

/// How long it stays after its last use.
const IDLE: Duration = Duration::from_secs(60);
/// The program's allocator gives freed memory back a second later, at the next occasion, and in a
/// server that rests the end of a thread is the only one.
const UNTIL_GIVEN_BACK: Duration = Duration::from_secs(2);

pub(super) static O200K_BASE: Tokenizer = Tokenizer::new();

pub(super) struct Tokenizer {
    /// Never locked for long.
    kept: Mutex<Option<Kept>>,
    /// Locked while it is being loaded, so that those who come meanwhile do not load it too.
    loading: Mutex<()>,
}

struct Kept {
    encoder: Arc<CoreBPE>,
    last_used: Instant,
}

impl Tokenizer {
    const fn new() -> Self {
        Self {
            kept: Mutex::new(None),
            loading: Mutex::new(()),
        }
    }

    /// Blocks for 0.1 s where it has to be loaded.
    pub(super) fn get(&'static self) -> Arc<CoreBPE> {
        if let Some(encoder) = self.use_kept(Instant::now()) {
            return encoder;
        }
        let _loading = self.loading.lock().unwrap_or_else(PoisonError::into_inner);
        self.use_kept(Instant::now()).unwrap_or_else(|| self.load())
    }

    fn use_kept(&self, now: Instant) -> Option<Arc<CoreBPE>> {
        let mut kept = self.kept();
        let kept = kept.as_mut()?;
        kept.last_used = now;
        Some(kept.encoder.clone())
    }

    /// One thread loads it, waits until it is not used, frees it and ends: that way all of its memory
    /// is the thread's own, and goes back to the system with it.
    fn load(&'static self) -> Arc<CoreBPE> {
        let (sender, loaded) = mpsc::channel();
        let keep = move || {
            let encoder = o200k_base();
            *self.kept() = Some(Kept {
                encoder: encoder.clone(),
                last_used: Instant::now(),
            });
            // Whoever asked waits for it.
            let _ = sender.send(encoder);
            while let Some(rest) = self.let_go(Instant::now()) {
                thread::sleep(rest);
            }
            thread::sleep(UNTIL_GIVEN_BACK);
        };
        // Where the system has no thread left, it is loaded for this once.
        let _ = thread::Builder::new().name("tokenizer".into()).spawn(keep);
        loaded.recv().unwrap_or_else(|_| o200k_base())
    }

    /// Frees it where it is not used any more. Otherwise says for how long it has to stay.
    fn let_go(&self, now: Instant) -> Option<Duration> {
        let mut kept = self.kept();
        let unused = now.saturating_duration_since(kept.as_ref()?.last_used);
        if unused < IDLE {
            return Some(IDLE - unused);
        }
        let freed = kept.take();
        // Freeing takes a while, and others may want to load it anew.
        drop(kept);
        drop(freed);
        None
    }

    fn kept(&self) -> MutexGuard<'_, Option<Kept>> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn o200k_base() -> Arc<CoreBPE> {
    Arc::new(tiktoken_rs::o200k_base().expect("the vocabulary is part of the program"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_who_come_at_once_get_the_same_one() {
        static TOKENIZER: Tokenizer = Tokenizer::new();
        let got: Vec<_> = thread::scope(|scope| {
            let threads: Vec<_> = (0..8).map(|_| scope.spawn(|| TOKENIZER.get())).collect();
            threads.into_iter().map(|one| one.join().unwrap()).collect()
        });
        assert!(got.iter().all(|one| Arc::ptr_eq(one, &got[0])));
    }

    #[test]
    fn it_is_let_go_a_minute_after_its_last_use() {
        static TOKENIZER: Tokenizer = Tokenizer::new();
        assert_eq!(TOKENIZER.let_go(Instant::now()), None, "nothing is there");
        let first = TOKENIZER.get();
        let loaded = TOKENIZER.kept().as_ref().unwrap().last_used;
        let seconds = Duration::from_secs;
        assert_eq!(TOKENIZER.let_go(loaded), Some(IDLE));
        assert_eq!(TOKENIZER.let_go(loaded + seconds(59)), Some(seconds(1)));
        let used = TOKENIZER.use_kept(loaded + seconds(59)).unwrap();
        assert!(Arc::ptr_eq(&first, &used));
        drop(used);
        assert_eq!(TOKENIZER.let_go(loaded + IDLE), Some(seconds(59)));
        assert_eq!(TOKENIZER.let_go(loaded + seconds(59) + IDLE), None);
        assert!(TOKENIZER.use_kept(loaded).is_none());
        // Whoever has it counts on, and the memory is freed with the last of them.
        assert_eq!(first.count_ordinary("hello world"), 2);
        assert_eq!(Arc::strong_count(&first), 1);
        assert_eq!(
            TOKENIZER.get().count_ordinary("hello world"),
            2,
            "loaded anew"
        );
    }
}
