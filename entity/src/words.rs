//! The closed sets of words that text columns hold, spelled as the database and the graph spell them.
//!
//! Each is an enum that SeaORM reads and writes as text; the order of the variants is the order of rank.

use sea_orm::entity::prelude::*;

/// A stored word that is not of its set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownWord {
    /// Which set was meant.
    pub set: &'static str,
    /// What was read.
    pub found: String,
}

impl std::fmt::Display for UnknownWord {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:?} is not a word of {}", self.found, self.set)
    }
}

impl std::error::Error for UnknownWord {}

macro_rules! words {
    ($($(#[doc = $doc:tt])* $name:ident { $($variant:ident = $text:tt),+ $(,)? })+) => {$(
        $(#[doc = $doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, EnumIter, DeriveActiveEnum, serde::Serialize, serde::Deserialize)]
        #[sea_orm(rs_type = "String", db_type = "Text")]
        pub enum $name {
            $(
                #[doc = concat!("`", $text, "`.")]
                #[sea_orm(string_value = $text)]
                #[serde(rename = $text)]
                $variant,
            )+
        }

        impl $name {
            /// Every word of the set, in order of rank.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The word as it is stored and sent.
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $text,)+
                }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl std::str::FromStr for $name {
            type Err = UnknownWord;

            fn from_str(text: &str) -> Result<Self, UnknownWord> {
                match text {
                    $($text => Ok(Self::$variant),)+
                    _ => Err(UnknownWord { set: stringify!($name), found: text.to_owned() }),
                }
            }
        }
    )+};
}

words! {
    /// What an item is.
    ItemKind { Material = "MATERIAL", Service = "SERVICE" }
    /// The class by value of demand.
    AbcClass { A = "A", B = "B", C = "C" }
    /// What the ABC class was computed from.
    AbcBasis { Value = "VALUE", Lines = "LINES" }
    /// The class by variability of demand.
    XyzClass { X = "X", Y = "Y", Z = "Z" }
    /// What a site is.
    SiteType { Tower = "TOWER", Warehouse = "WAREHOUSE", DistributionCenter = "DISTRIBUTION_CENTER", Store = "STORE" }
    /// Where a supplier delivers from.
    SupplierType { Domestic = "DOMESTIC", Import = "IMPORT", Hybrid = "HYBRID" }
    /// How far an order line has come.
    OrderStatus { Placed = "PLACED", Received = "RECEIVED", Cancelled = "CANCELLED", Delayed = "DELAYED" }
    /// How a forecast run stands; only `READY` runs are shown.
    RunStatus { Running = "RUNNING", Ready = "READY", Failed = "FAILED" }
    /// Whether a forecast run was computed here or loaded from files.
    RunSource { Computed = "COMPUTED", Loaded = "LOADED" }
    /// What a forecast series sums over.
    ForecastLevel { ItemSite = "ITEM_SITE", Item = "ITEM", Family = "FAMILY", Region = "REGION", All = "ALL" }
    /// What a KPI is broken down by.
    KpiDimension { All = "ALL", Family = "FAMILY", Region = "REGION", AbcClass = "ABC_CLASS" }
    /// What is recommended.
    RecommendationType { Reorder = "REORDER", Expedite = "EXPEDITE", Reallocate = "REALLOCATE", Hold = "HOLD", Promo = "PROMO" }
    /// How urgent a recommendation is.
    Priority { Low = "LOW", Medium = "MEDIUM", High = "HIGH", Critical = "CRITICAL" }
    /// What people have made of a recommendation.
    RecommendationStatus { Open = "OPEN", Acknowledged = "ACKNOWLEDGED", Done = "DONE", Dismissed = "DISMISSED" }
    /// How grave an alert is.
    AlertLevel { Normal = "NORMAL", Warning = "WARNING", Critical = "CRITICAL" }
    /// What an alert is about.
    AlertCategory { Stockout = "STOCKOUT", StockoutRisk = "STOCKOUT_RISK", BelowReorderPoint = "BELOW_REORDER_POINT", Overstock = "OVERSTOCK", DelayedOrder = "DELAYED_ORDER", DemandSpike = "DEMAND_SPIKE", DemandCollapse = "DEMAND_COLLAPSE", ForecastDrift = "FORECAST_DRIFT", DataQuality = "DATA_QUALITY", StaleData = "STALE_DATA", JobFailure = "JOB_FAILURE" }
    /// What a person or token may do; each role may do what the one before may.
    Role { Viewer = "VIEWER", Analyst = "ANALYST", Admin = "ADMIN" }
    /// How an import run stands.
    ImportStatus { Running = "RUNNING", Done = "DONE", Failed = "FAILED", Interrupted = "INTERRUPTED" }
    /// Whether a line was refused, or kept with a flag.
    RejectSeverity { Reject = "REJECT", Flag = "FLAG" }
    /// A kind of data whose freshness is told.
    DataKind { Demand = "DEMAND", Inventory = "INVENTORY", Orders = "ORDERS", Indicators = "INDICATORS", Forecasts = "FORECASTS", Kpis = "KPIS", Recommendations = "RECOMMENDATIONS" }
}

/// As the column's default says: what nobody calls a service is a material.
impl Default for ItemKind {
    fn default() -> Self {
        Self::Material
    }
}
