//! Figures beside their goals, as a person reads them.

/// A goal is met from below (a latency) or from above (a rate).
#[derive(Debug, Clone, Copy)]
pub enum Goal {
    /// The figure should be at most this.
    AtMost(f64),
    /// The figure should be at least this.
    AtLeast(f64),
    /// Printed for comparison only.
    None,
}

/// One measured figure.
#[derive(Debug, Clone)]
pub struct Row {
    pub what: String,
    pub figure: f64,
    pub unit: &'static str,
    pub goal: Goal,
}

impl Row {
    /// How many times better than its goal the figure is; below one it falls short.
    fn ratio(&self) -> Option<f64> {
        match self.goal {
            Goal::AtMost(goal) => Some(goal / self.figure),
            Goal::AtLeast(goal) => Some(self.figure / goal),
            Goal::None => None,
        }
    }
}

/// Prints rows under one heading.
pub fn print(heading: &str, rows: &[Row]) {
    println!("\n{heading}");
    for row in rows {
        let goal = match row.goal {
            Goal::AtMost(goal) => format!("goal <= {goal}"),
            Goal::AtLeast(goal) => format!("goal >= {goal}"),
            Goal::None => "beside".to_owned(),
        };
        let verdict = match row.ratio() {
            Some(ratio) if ratio >= 1.0 => format!("{ratio:6.2}x  pass"),
            Some(ratio) => format!("{ratio:6.2}x  short"),
            None => String::new(),
        };
        println!("  {:<58} {:>14.2} {:<8} {goal:<18} {verdict}", row.what, row.figure, row.unit);
    }
}

/// The value below which `share` of the sorted figures lie; zero without any.
pub fn percentile(sorted: &[f64], share: f64) -> f64 {
    let place = (sorted.len() as f64 * share).ceil() as usize;
    sorted.get(place.saturating_sub(1).min(sorted.len().saturating_sub(1))).copied().unwrap_or(0.0)
}
