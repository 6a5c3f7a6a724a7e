//! What the person at the terminal sees: each step, whether it had anything to do, and how long it took.

use anyhow::Result;
use std::fmt::Write as _;
use std::time::{Duration, Instant};

/// Whether a step had work to do.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Done {
    /// It did its work now.
    Now,
    /// An earlier run had done it.
    Before,
    /// It was left out; the step has said why.
    LeftOut,
    /// It ran and found something wrong; the step has said what.
    Badly,
}

/// A numbered row of steps and what became of each.
pub struct Steps {
    total: usize,
    rows: Vec<(String, Duration, &'static str)>,
    started: Instant,
    failed: bool,
}

impl Steps {
    /// `total` is how many steps are announced.
    pub fn new(total: usize) -> Self {
        Self { total, rows: Vec::new(), started: Instant::now(), failed: false }
    }

    /// Does one step; an error is passed on, for rows of steps that build on each other.
    pub fn step(&mut self, title: &str, work: impl FnOnce() -> Result<Done>) -> Result<()> {
        println!("[{}/{}] {title}", self.rows.len() + 1, self.total);
        let started = Instant::now();
        let result = work();
        let took = started.elapsed();
        let word = match result {
            Ok(Done::Now) => "done",
            Ok(Done::Before) => "already done",
            Ok(Done::LeftOut) => "left out",
            Ok(Done::Badly) | Err(_) => "FAILED",
        };
        println!(
            "      {word}, {:.1} s (since the start: {:.1} s)",
            took.as_secs_f64(),
            self.started.elapsed().as_secs_f64()
        );
        self.failed |= word == "FAILED";
        self.rows.push((title.to_owned(), took, word));
        result.map(|_| ())
    }

    /// Does one step; an error is told and remembered, for rows of steps that stand on their own.
    pub fn try_step(&mut self, title: &str, work: impl FnOnce() -> Result<Done>) {
        if let Err(error) = self.step(title, work) {
            println!("      {error:#}");
        }
    }

    /// Whether no step has failed.
    pub fn all_well(&self) -> bool {
        !self.failed
    }

    /// The steps as a table of name, seconds and outcome.
    pub fn table(&self) -> String {
        let mut table = format!("\n{:<44} {:>9}\n", "step", "seconds");
        for (title, took, word) in &self.rows {
            let _ = writeln!(table, "{title:<44} {:>9.1}  {word}", took.as_secs_f64());
        }
        let _ = write!(table, "{:<44} {:>9.1}", "total", self.started.elapsed().as_secs_f64());
        table
    }
}
