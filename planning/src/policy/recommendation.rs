//! What a recommendation says: what to do, how urgently, and every number behind it.

use std::fmt;
use std::str::FromStr;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::message::Message;
use super::position::{LeadTimeDemand, Projection};
use super::textbook::TextbookSafetyStock;

/// What to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum RecommendationKind {
    /// Order `quantity`.
    Reorder,
    /// Hurry an open order that arrives after the likely stock-out.
    Expedite,
    /// Move `quantity` from a site that can spare it.
    Reallocate,
    /// Order nothing: `quantity` is what there is beyond need.
    Hold,
    /// Clear `quantity` of dead stock.
    Promo,
}

/// How much it matters that it is done in time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Priority {
    Low,
    Medium,
    High,
    Critical,
}

/// What happens without any action.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct IfNothingIsDone {
    pub stockout_date: Projection,
    /// Mean demand that would go unmet over lead time plus review period.
    pub expected_shortage: f64,
    /// `expected_shortage * unit_cost`; `None` without a cost.
    pub value_at_risk: Option<f64>,
}

/// The way to the quantity. Every field after the inputs follows from those before it, as its documentation says.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Explanation {
    pub on_hand: f64,
    pub on_order: Option<f64>,
    pub lead_time_days: f64,
    pub review_days: usize,
    pub cycle_days: usize,
    pub service_level: f64,
    pub lead_time_demand: LeadTimeDemand,
    pub cycle_demand: f64,
    pub min_quantity: Option<f64>,
    pub max_quantity: Option<f64>,
    pub pack: Option<f64>,
    pub unit_cost: Option<f64>,
    /// Whether the item is counted in whole units: quantities without a pack are then rounded to whole ones.
    #[serde(default)]
    pub whole_units: bool,
    /// What the giving site had to spare when this was decided (REALLOCATE).
    #[serde(default)]
    pub spare: Option<f64>,
    /// The quantity of the open order (EXPEDITE).
    #[serde(default)]
    pub order_quantity: Option<f64>,
    /// What one use takes; `None` where nothing was used for so long that stock would be dead.
    #[serde(default)]
    pub usual_use: Option<f64>,
    /// The greater of `lead_time_demand.at_service_level` and `usual_use`.
    pub reorder_point: f64,
    /// `reorder_point - lead_time_demand.mean`.
    pub safety_stock: f64,
    /// `reorder_point + cycle_demand`.
    pub order_up_to: f64,
    /// The textbook's safety stock beside ours; smooth demand only.
    #[serde(default)]
    pub textbook_safety_stock: Option<TextbookSafetyStock>,
    /// The formulas with these numbers in them.
    pub formula: String,
    pub if_nothing_is_done: IfNothingIsDone,
}

/// A recommendation. Its identity over refreshes is (kind, item, site), and the order for EXPEDITE.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Recommendation {
    pub kind: RecommendationKind,
    pub priority: Priority,
    pub quantity: f64,
    /// The last day on which acting still helps, never before today.
    pub act_by: NaiveDate,
    /// The site that gives (REALLOCATE).
    pub from_site: Option<String>,
    /// The order to hurry (EXPEDITE).
    pub order: Option<String>,
    pub message: Message,
    pub explanation: Explanation,
}

/// The text names no such thing.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("unknown name {0:?}")]
pub struct UnknownName(pub String);

macro_rules! names {
    ($type:ident { $($variant:ident = $name:literal),+ $(,)? }) => {
        impl $type {
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $name),+ }
            }
        }

        impl fmt::Display for $type {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl FromStr for $type {
            type Err = UnknownName;

            fn from_str(text: &str) -> Result<Self, UnknownName> {
                match text { $($name => Ok(Self::$variant),)+ other => Err(UnknownName(other.to_owned())) }
            }
        }
    };
}

names!(RecommendationKind { Reorder = "REORDER", Expedite = "EXPEDITE", Reallocate = "REALLOCATE", Hold = "HOLD", Promo = "PROMO" });
names!(Priority { Low = "LOW", Medium = "MEDIUM", High = "HIGH", Critical = "CRITICAL" });
