//! Why a line was not taken, or taken with a doubt. The names are part of the contract: the graph and the CLI show them.

use serde::Serialize;

/// Why a line could not be stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[non_exhaustive]
pub enum RejectReason {
    /// A value without which the line means nothing is missing: item code, quantity, every date.
    MissingKey,
    /// A code that cannot be one: control characters, a formula, too long.
    InvalidKey,
    /// No unit, or a text that is none.
    UnknownUnit,
    NegativeQuantity,
    NotANumber,
    /// `1.234` as text: one thousand or one and a bit, depending on who wrote it.
    AmbiguousNumber,
    /// More than fourteen digits before the decimal mark.
    NumberTooLarge,
    /// Not a day of the calendar, or before the year 2000.
    ImpossibleDate,
    /// A fact dated after the import day.
    FutureDate,
    /// Every cell equals another line's.
    DuplicateLine,
    /// The same key as another line with other values (plain tables).
    ConflictingLine,
    /// A word where one of a few is allowed.
    UnknownValue,
    /// The item is not stored; only the load can know.
    UnknownItem,
    /// A reference to a row of another table that is not there (mapped layouts).
    UnknownReference,
    /// The site is not stored (forecasts and features; facts make theirs).
    UnknownSite,
    /// A higher quantile is below a lower one.
    CrossingQuantiles,
    /// A forecast for a day before its first.
    BeforeOrigin,
    /// A forecast for a day further away than forecasts may look.
    BeyondHorizon,
    /// A band of a level that no stored quantiles bound.
    UnstoredLevel,
}

/// Why a stored line deserves a look.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[non_exhaustive]
pub enum FlagReason {
    /// Bought before it was requested: kept, but its lead time means nothing.
    BoughtBeforeRequested,
    /// The line is in another unit than its item: kept as an order, left out of demand.
    UnitConflict,
    UnassignedSite,
    UnknownSupplier,
    /// No request number.
    MissingRequest,
    /// No requested date: the purchase date stands in for it.
    RequestedFromPurchase,
    /// Requested and bought are more than a year apart: one of them is probably mistyped.
    OutlierDate,
    ZeroQuantity,
    /// A value in a column that is not essential could not be used and was left out, or was cut.
    IgnoredValue,
}

macro_rules! names {
    ($type:ty { $($variant:ident => $name:literal),+ $(,)? }) => {
        impl $type {
            /// The name as stored and shown.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $name),+ }
            }
        }
        impl std::fmt::Display for $type {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }
    };
}
names!(RejectReason {
    MissingKey => "MISSING_KEY", InvalidKey => "INVALID_KEY", UnknownUnit => "UNKNOWN_UNIT",
    NegativeQuantity => "NEGATIVE_QUANTITY", NotANumber => "NOT_A_NUMBER", AmbiguousNumber => "AMBIGUOUS_NUMBER",
    NumberTooLarge => "NUMBER_TOO_LARGE", ImpossibleDate => "IMPOSSIBLE_DATE", FutureDate => "FUTURE_DATE",
    DuplicateLine => "DUPLICATE_LINE", ConflictingLine => "CONFLICTING_LINE", UnknownValue => "UNKNOWN_VALUE",
    UnknownItem => "UNKNOWN_ITEM", UnknownReference => "UNKNOWN_REFERENCE",
    UnknownSite => "UNKNOWN_SITE", CrossingQuantiles => "CROSSING_QUANTILES", BeforeOrigin => "BEFORE_ORIGIN",
    BeyondHorizon => "BEYOND_HORIZON", UnstoredLevel => "UNSTORED_LEVEL",
});
names!(FlagReason {
    BoughtBeforeRequested => "BOUGHT_BEFORE_REQUESTED", UnitConflict => "UNIT_CONFLICT",
    UnassignedSite => "UNASSIGNED_SITE", UnknownSupplier => "UNKNOWN_SUPPLIER", MissingRequest => "MISSING_REQUEST",
    RequestedFromPurchase => "REQUESTED_FROM_PURCHASE", OutlierDate => "OUTLIER_DATE", ZeroQuantity => "ZERO_QUANTITY",
    IgnoredValue => "IGNORED_VALUE",
});

/// A line that was not taken: where it is, what stands there, and what would be right.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Reject {
    pub file: String,
    pub sheet: Option<String>,
    /// As the user sees it, from 1.
    pub line: u64,
    /// The column as the file calls it.
    pub column: Option<String>,
    /// The value read, cut to 200 characters, without control characters.
    pub value: String,
    pub reason: RejectReason,
    /// What would be right.
    pub expected: String,
}

/// A line that was taken with a doubt; the same shape as [`Reject`], `note` says what was done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Flag {
    pub file: String,
    pub sheet: Option<String>,
    pub line: u64,
    pub column: Option<String>,
    pub value: String,
    pub reason: FlagReason,
    pub note: String,
}
