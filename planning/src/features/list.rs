//! The list of features. Whoever changes a name, a unit or a definition raises [`SCHEMA_VERSION`].

/// The version of the list: rows of two versions must not be mixed.
pub const SCHEMA_VERSION: i16 = 1;

/// What the values of a feature are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Any number.
    Number,
    /// A whole number.
    Count,
    /// Yes or no.
    Flag,
}

/// One feature.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Feature {
    /// Its column in files, its key in the store.
    pub name: &'static str,
    pub kind: Kind,
    pub unit: &'static str,
    pub definition: &'static str,
}

const fn number(name: &'static str, unit: &'static str, definition: &'static str) -> Feature {
    Feature { name, kind: Kind::Number, unit, definition }
}

const fn demand(name: &'static str, definition: &'static str) -> Feature {
    number(name, "item's unit", definition)
}

const fn count(name: &'static str, unit: &'static str, definition: &'static str) -> Feature {
    Feature { name, kind: Kind::Count, unit, definition }
}

const fn flag(name: &'static str, definition: &'static str) -> Feature {
    Feature { name, kind: Kind::Flag, unit: "yes or no", definition }
}

/// Every feature, in the order of a row's values; indicators follow them.
pub const FEATURES: &[Feature] = &[
    demand("demand", "demand of the day; none while out of stock"),
    flag("stocked_out", "out of stock on the day"),
    demand("lag_1", "`demand` of 1 day before"),
    demand("lag_7", "`demand` of 7 days before"),
    demand("lag_14", "`demand` of 14 days before"),
    demand("lag_28", "`demand` of 28 days before"),
    demand("lag_91", "`demand` of 91 days before"),
    demand("lag_364", "`demand` of 364 days before: the same weekday a year ago"),
    demand("mean_7", "mean `demand` of the 7 days that end with the day; days out of stock are left out"),
    demand("mean_28", "the same of 28 days"),
    demand("mean_91", "the same of 91 days"),
    count("demand_days_7", "days", "days with `demand` above zero among the 7 that end with the day"),
    count("demand_days_28", "days", "the same of 28 days"),
    count("demand_days_91", "days", "the same of 91 days"),
    count("stockout_days_7", "days", "days out of stock among the 7 that end with the day"),
    count("stockout_days_28", "days", "the same of 28 days"),
    count("stockout_days_91", "days", "the same of 91 days"),
    count("days_since_demand", "days", "days since `demand` was last above zero; 0 on such a day"),
    count("age_days", "days", "days since the first day with a record"),
    count("weekday", "day", "1 is Monday, 7 is Sunday"),
    flag("is_weekend", "Saturday or Sunday"),
    count("day_of_month", "day", "1 to 31"),
    count("days_to_month_end", "days", "days that are left of the month; 0 on its last day"),
    count("week_of_year", "week", "ISO week, 1 to 53"),
    count("month", "month", "1 to 12"),
    count("quarter", "quarter", "1 to 4"),
    flag("is_holiday", "a national holiday, or one of the state of the site's region"),
    count("days_to_next_holiday", "days", "days until the next such holiday after the day"),
    count("days_since_holiday", "days", "days since the last such holiday; 0 on one"),
    number("year_sin", "-", "sine of 2 pi (day of the year - 1) / days of the year"),
    number("year_cos", "-", "cosine of the same"),
];

/// What stands for every code of `core.indicators`; in names `CODE` is the indicator's own.
pub const INDICATOR: Feature =
    number("indicator_CODE", "indicator's own", "the indicator's last value on the day or before it");
