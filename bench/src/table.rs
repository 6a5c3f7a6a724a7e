//! Figures beside their goals, as a person reads them.

/// What a figure is held against.
#[derive(Debug, Clone, Copy)]
pub enum Goal {
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
