//! The filters and the page of the tables: materials, recommendations, alerts.

use super::{Pairs, UrlState};
use crate::graphql::queries::enums::{
    AbcClass, AlertLevel, Priority, RecommendationStatus, RecommendationType, XyzClass,
};

/// Which page of a connection is shown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Cursor {
    /// The first.
    #[default]
    Start,
    /// The one after a cursor.
    After(String),
    /// The one before a cursor.
    Before(String),
}

impl Cursor {
    /// The page an address asks for.
    pub fn read(pairs: &Pairs) -> Self {
        match (pairs.get("after"), pairs.get("before")) {
            (Some(cursor), _) if !cursor.is_empty() => Self::After(cursor.to_owned()),
            (_, Some(cursor)) if !cursor.is_empty() => Self::Before(cursor.to_owned()),
            _ => Self::Start,
        }
    }

    /// The cursor behind which a page begins, for connections that only go forward.
    pub fn after(self) -> Option<String> {
        match self {
            Self::After(cursor) => Some(cursor),
            Self::Start | Self::Before(_) => None,
        }
    }

    /// Writes all but the first page.
    pub fn write(&self, pairs: &mut Pairs) {
        match self {
            Self::Start => {}
            Self::After(cursor) => pairs.push("after", cursor.clone()),
            Self::Before(cursor) => pairs.push("before", cursor.clone()),
        }
    }
}

/// Which materials: those of these families and classes. It is also the whole state of the page of the stock.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Selection {
    pub families: Vec<String>,
    pub abc: Vec<AbcClass>,
    pub xyz: Vec<XyzClass>,
}

impl Selection {
    /// The filter of an export, by the graph's names.
    pub fn for_export(&self, pairs: &mut Pairs) {
        for family in &self.families {
            pairs.push("families", family.clone());
        }
        for class in &self.abc {
            pairs.push("abcClasses", class.word());
        }
        for class in &self.xyz {
            pairs.push("xyzClasses", class.word());
        }
    }
}

impl UrlState for Selection {
    fn read(pairs: &Pairs) -> Self {
        Self {
            families: pairs.all("family").filter(|family| !family.is_empty()).map(str::to_owned).collect(),
            abc: pairs.list("abc", AbcClass::of),
            xyz: pairs.list("xyz", XyzClass::of),
        }
    }

    fn write(&self, pairs: &mut Pairs) {
        for family in &self.families {
            pairs.push("family", family.clone());
        }
        pairs.push_list("abc", &self.abc, AbcClass::word);
        pairs.push_list("xyz", &self.xyz, XyzClass::word);
    }
}

/// The state of the materials table.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MaterialsState {
    pub search: String,
    pub selection: Selection,
    pub cursor: Cursor,
}

impl MaterialsState {
    /// Whether anything but the page is chosen.
    pub fn is_filtered(&self) -> bool {
        *self != Self { cursor: self.cursor.clone(), ..Self::default() }
    }
}

impl UrlState for MaterialsState {
    fn read(pairs: &Pairs) -> Self {
        Self {
            search: pairs.get("q").unwrap_or_default().to_owned(),
            selection: Selection::read(pairs),
            cursor: Cursor::read(pairs),
        }
    }

    fn write(&self, pairs: &mut Pairs) {
        if !self.search.is_empty() {
            pairs.push("q", self.search.clone());
        }
        self.selection.write(pairs);
        self.cursor.write(pairs);
    }
}

/// The state of the recommendation queue. Nothing chosen as status means the open ones.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct QueueState {
    pub statuses: Vec<RecommendationStatus>,
    pub priorities: Vec<Priority>,
    pub kinds: Vec<RecommendationType>,
    pub cursor: Cursor,
}

impl UrlState for QueueState {
    fn read(pairs: &Pairs) -> Self {
        Self {
            statuses: pairs.list("status", RecommendationStatus::of),
            priorities: pairs.list("priority", Priority::of),
            kinds: pairs.list("type", RecommendationType::of),
            cursor: Cursor::read(pairs),
        }
    }

    fn write(&self, pairs: &mut Pairs) {
        pairs.push_list("status", &self.statuses, RecommendationStatus::word);
        pairs.push_list("priority", &self.priorities, Priority::word);
        pairs.push_list("type", &self.kinds, RecommendationType::word);
        self.cursor.write(pairs);
    }
}

/// The state of the alert inbox.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct InboxState {
    pub levels: Vec<AlertLevel>,
    pub only_unread: bool,
    pub cursor: Cursor,
}

impl UrlState for InboxState {
    fn read(pairs: &Pairs) -> Self {
        Self {
            levels: pairs.list("level", AlertLevel::of),
            only_unread: pairs.get("unread") == Some("1"),
            cursor: Cursor::read(pairs),
        }
    }

    fn write(&self, pairs: &mut Pairs) {
        pairs.push_list("level", &self.levels, AlertLevel::word);
        if self.only_unread {
            pairs.push("unread", "1");
        }
        self.cursor.write(pairs);
    }
}
