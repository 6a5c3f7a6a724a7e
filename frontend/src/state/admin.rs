//! The filters of the pages of the administration.

use super::filters::Cursor;
use super::{Pairs, UrlState};
use crate::day::Day;
use crate::graphql::queries::enums::ImportStatus;

/// A text of the address that is there and not empty.
fn text(pairs: &Pairs, key: &str) -> Option<String> {
    pairs.get(key).filter(|text| !text.is_empty()).map(str::to_owned)
}

/// The state of the page of the audit log.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AuditState {
    /// The id of the person who did it.
    pub who: Option<String>,
    /// The graph's word for what was done.
    pub action: Option<String>,
    pub from: Option<Day>,
    /// The last day, included.
    pub to: Option<Day>,
    pub cursor: Cursor,
}

impl UrlState for AuditState {
    fn read(pairs: &Pairs) -> Self {
        let day = |key| pairs.get(key).and_then(|text| text.parse().ok());
        Self {
            who: text(pairs, "who"),
            action: text(pairs, "action"),
            from: day("from"),
            to: day("to"),
            cursor: Cursor::read(pairs),
        }
    }

    fn write(&self, pairs: &mut Pairs) {
        let day = |day: Option<Day>| day.map(|day| day.to_string());
        let parts = [
            ("who", self.who.clone()),
            ("action", self.action.clone()),
            ("from", day(self.from)),
            ("to", day(self.to)),
        ];
        for (key, value) in parts {
            if let Some(value) = value {
                pairs.push(key, value);
            }
        }
        self.cursor.write(pairs);
    }
}

/// The state of the page of the imports: which files are listed, or whose lines are shown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ImportsState {
    pub statuses: Vec<ImportStatus>,
    /// The id of the run whose lines are shown.
    pub run: Option<String>,
    /// Only its lines with this reason.
    pub reason: Option<String>,
    /// The page of what is shown, runs or lines.
    pub cursor: Cursor,
}

impl UrlState for ImportsState {
    fn read(pairs: &Pairs) -> Self {
        let run = text(pairs, "run");
        Self {
            statuses: pairs.list("status", ImportStatus::of),
            reason: run.is_some().then(|| text(pairs, "reason")).flatten(),
            run,
            cursor: Cursor::read(pairs),
        }
    }

    fn write(&self, pairs: &mut Pairs) {
        pairs.push_list("status", &self.statuses, ImportStatus::word);
        for (key, value) in [("run", &self.run), ("reason", &self.reason)] {
            if let Some(value) = value {
                pairs.push(key, value.clone());
            }
        }
        self.cursor.write(pairs);
    }
}
