//! The graph's enumerations that the dashboard names, with the words of the URL beside each.

use crate::schema;

/// Declares an enumeration of the graph together with its list of members and its spelling in URLs.
macro_rules! graph_enum {
    ($(#[$doc:meta])* $name:ident { $($(#[$attribute:meta])* $member:ident = $word:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(cynic::Enum, Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum $name { $($(#[$attribute])* $member),+ }

        impl $name {
            /// Every member, in the graph's order.
            pub const ALL: &'static [Self] = &[$(Self::$member),+];

            /// The word that stands for this member in a URL and in `data-` attributes.
            pub fn word(self) -> &'static str {
                match self { $(Self::$member => $word),+ }
            }

            /// The member a URL's word stands for.
            pub fn of(word: &str) -> Option<Self> {
                match word { $($word => Some(Self::$member),)+ _ => None }
            }
        }
    };
}

/// The member of the graph that a word of our addresses stands for.
pub fn member(word: &str) -> String {
    word.to_ascii_uppercase().replace('-', "_")
}

graph_enum!(
    /// What a signed-in person may do.
    Role { Viewer = "viewer", Analyst = "analyst", Admin = "admin" }
);
graph_enum!(
    /// The width of a time bucket.
    Granularity { Day = "day", Week = "week", Month = "month", Quarter = "quarter", Year = "year" }
);
graph_enum!(
    /// Stock or service.
    ItemKind { Material = "material", Service = "service" }
);
graph_enum!(
    /// Class by value.
    AbcClass { A = "A", B = "B", C = "C" }
);
graph_enum!(
    /// Class by variability.
    XyzClass { X = "X", Y = "Y", Z = "Z" }
);
graph_enum!(
    /// What a forecast is of.
    ForecastLevel { ItemSite = "item-site", Item = "item", Family = "family", Region = "region", All = "all" }
);
graph_enum!(
    /// The shape of a series' demand.
    DemandClass {
        Smooth = "smooth", Erratic = "erratic", Intermittent = "intermittent", Lumpy = "lumpy",
        New = "new", Obsolete = "obsolete", NoDemand = "no-demand", Censored = "censored",
    }
);
graph_enum!(
    /// What is advised.
    RecommendationType { Reorder = "reorder", Expedite = "expedite", Reallocate = "reallocate", Hold = "hold", Promo = "promo" }
);
graph_enum!(
    /// How pressing a recommendation is.
    Priority { Critical = "critical", High = "high", Medium = "medium", Low = "low" }
);
graph_enum!(
    /// What has become of a recommendation.
    RecommendationStatus { Open = "open", Acknowledged = "acknowledged", Done = "done", Dismissed = "dismissed" }
);
graph_enum!(
    /// How bad an alert is.
    AlertLevel { Critical = "critical", Warning = "warning", Normal = "normal" }
);
graph_enum!(
    /// What an alert is about.
    AlertCategory {
        Stockout = "stockout", StockoutRisk = "stockout-risk", BelowReorderPoint = "below-reorder-point", Overstock = "overstock",
        DelayedOrder = "delayed-order", DemandSpike = "demand-spike", DemandCollapse = "demand-collapse",
        ForecastDrift = "forecast-drift", DataQuality = "data-quality", StaleData = "stale-data", JobFailure = "job-failure",
    }
);
graph_enum!(
    /// What kind of data a freshness entry speaks of.
    DataKind {
        Demand = "demand", Inventory = "inventory", Orders = "orders", Indicators = "indicators",
        Forecasts = "forecasts", Kpis = "kpis", Recommendations = "recommendations",
    }
);
graph_enum!(
    /// The language of the server's own sentences.
    Locale { PtBr = "pt-BR", En = "en" }
);
graph_enum!(
    /// How an import stands.
    ImportStatus { Running = "running", Done = "done", Failed = "failed", Interrupted = "interrupted" }
);
graph_enum!(
    /// What became of a line that somebody should look at.
    RejectSeverity { Reject = "reject", Flag = "flag" }
);
graph_enum!(
    /// How an entry of the audit log does not fit into its chain.
    AuditFault {
        Changed = "changed", Removed = "removed", Reordered = "reordered", CutTail = "cut-tail", Added = "added",
    }
);
graph_enum!(
    /// What is told of a group of demand.
    DemandMeasure {
        Quantity = "quantity", Cost = "cost", DemandDays = "demand-days", StockedOutDays = "stocked-out-days",
        MeanUnitCost = "mean-unit-cost", Peak = "peak",
    }
);
graph_enum!(
    /// What groups of demand are sorted by.
    DemandOrderField {
        Quantity = "quantity", Cost = "cost", DemandDays = "demand-days", StockedOutDays = "stocked-out-days",
        MeanUnitCost = "mean-unit-cost", Peak = "peak", Key = "key",
    }
);
graph_enum!(
    /// What demand is grouped by.
    DemandGroup {
        Item = "item", Family = "family", Category = "category", Site = "site", Region = "region", Supplier = "supplier",
        AbcClass = "abc-class", XyzClass = "xyz-class",
    }
);

impl DemandMeasure {
    /// Whether only analysts may measure it.
    pub fn is_of_money(self) -> bool {
        matches!(self, Self::Cost | Self::MeanUnitCost)
    }

    /// The order that puts the greatest of it first.
    pub fn order(self) -> DemandOrderField {
        DemandOrderField::of(self.word()).unwrap_or(DemandOrderField::Quantity)
    }
}
