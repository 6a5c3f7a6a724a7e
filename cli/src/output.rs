//! Where a command's words go, and how long work shows that it goes on.

use std::io::{IsTerminal as _, Write as _};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};
use store::backup::Telling;

/// The two streams of an answer.
pub trait Output: Send + Sync + 'static {
    /// A line of the answer itself.
    fn out(&self, line: &str);
    /// A line about it: progress, warnings, errors.
    fn err(&self, line: &str);
    /// May bars be drawn over one another?
    fn draws(&self) -> bool;
}

/// This process's own streams.
pub struct Terminal {
    draws: bool,
}

impl Terminal {
    /// Bars are drawn only where a person can see them.
    pub fn new() -> Self {
        Self { draws: std::io::stderr().is_terminal() }
    }
}

impl Output for Terminal {
    fn out(&self, line: &str) {
        // A reader that went away (`| head`) is no reason to fail.
        let mut stdout = std::io::stdout().lock();
        let _ = writeln!(stdout, "{line}").and_then(|()| stdout.flush());
    }

    fn err(&self, line: &str) {
        let _ = writeln!(std::io::stderr().lock(), "{line}");
    }

    fn draws(&self) -> bool {
        self.draws
    }
}

/// Long work: a bar on a terminal, plain lines elsewhere. Cloning shares it.
#[derive(Clone)]
pub struct Progress {
    out: Arc<dyn Output>,
    bar: Option<ProgressBar>,
    /// The last tenth told in plain lines.
    told: Arc<AtomicU64>,
}

impl Progress {
    /// Nothing is shown before the first word.
    pub fn new(out: Arc<dyn Output>) -> Self {
        let bar = out.draws().then(|| {
            let bar = ProgressBar::new_spinner();
            bar.enable_steady_tick(Duration::from_millis(120));
            bar
        });
        Self { out, bar, told: Arc::new(AtomicU64::new(0)) }
    }

    /// What is being done now.
    pub fn say(&self, message: &str) {
        match &self.bar {
            Some(bar) => bar.set_message(message.to_owned()),
            None => self.out.err(message),
        }
    }

    /// How much of `total` is done; plain lines come once a tenth.
    pub fn count(&self, done: u64, total: u64, what: &str) {
        if let Some(bar) = &self.bar {
            if bar.length() != Some(total) {
                bar.set_length(total);
                if let Ok(style) = ProgressStyle::with_template("{wide_bar} {pos}/{len} {msg} ({eta})") {
                    bar.set_style(style);
                }
                bar.set_message(what.to_owned());
            }
            bar.set_position(done);
            return;
        }
        let tenth = done * 10 / total.max(1);
        if self.told.fetch_max(tenth, Ordering::Relaxed) < tenth {
            self.out.err(&format!("{done} of {total} {what}"));
        }
    }

    /// [`Progress::count`] for work that tells what it is at, and may begin to count anew.
    pub fn telling(&self, unit: &'static str) -> Telling {
        let progress = self.clone();
        let last = AtomicU64::new(0);
        Arc::new(move |what, done, total| {
            if done < last.swap(done, Ordering::Relaxed) {
                progress.told.store(0, Ordering::Relaxed);
            }
            if let Some(bar) = &progress.bar {
                bar.set_message(what.to_owned());
            }
            progress.count(done, total, &format!("{unit}: {what}"));
        })
    }

    /// Takes the bar away.
    pub fn finish(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}

/// An error and its causes in one line, each cause told once.
pub fn sentence(error: &anyhow::Error) -> String {
    let mut told = String::new();
    for cause in error.chain() {
        let cause = cause.to_string().replace(['\r', '\n'], " ");
        // Most of our errors already tell their cause.
        if !told.contains(&cause) {
            if !told.is_empty() {
                told.push_str(": ");
            }
            told.push_str(&cause);
        }
    }
    told
}
