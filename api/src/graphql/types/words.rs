//! The closed sets of words, spelled in the graph as in the database.

use async_graphql::Enum;

/// What a person or token may do; each role may do what the one before may.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Enum)]
#[graphql(remote = "entity::words::Role")]
pub enum Role {
    /// Reads quantities, forecasts, stock, recommendations and alerts.
    Viewer,
    /// Also reads costs and values, and decides on recommendations.
    Analyst,
    /// Also manages people, imports and the audit log.
    Admin,
}

/// How days are put into buckets; a bucket is named by its first day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Enum)]
#[graphql(remote = "store::demand::Granularity")]
pub enum Granularity {
    /// One bucket a day.
    Day,
    /// ISO weeks, from Monday.
    Week,
    /// Calendar months.
    Month,
    /// Calendar quarters.
    Quarter,
    /// Calendar years.
    Year,
}

/// What an item is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Enum)]
#[graphql(remote = "entity::words::ItemKind")]
pub enum ItemKind {
    /// Something that is stocked.
    Material,
    /// Work that is bought; it has demand but no stock and no forecast.
    Service,
}

/// The class by value of demand, or by lines where no costs are known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Enum)]
#[graphql(remote = "entity::words::AbcClass")]
pub enum AbcClass {
    /// The few items that make up most of the value.
    A,
    /// The middle.
    B,
    /// The many that make up little.
    C,
}

/// What ABC classes were counted in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Enum)]
#[graphql(remote = "entity::words::AbcBasis")]
pub enum AbcBasis {
    /// Demand at cost.
    Value,
    /// Lines of demand, because no item has a cost.
    Lines,
}

/// The class by variability of demand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Enum)]
#[graphql(remote = "entity::words::XyzClass")]
pub enum XyzClass {
    /// Steady.
    X,
    /// Varying.
    Y,
    /// Sporadic.
    Z,
}

/// What a site is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Enum)]
#[graphql(remote = "entity::words::SiteType")]
pub enum SiteType {
    /// A telecom tower.
    Tower,
    /// A warehouse.
    Warehouse,
    /// A distribution centre.
    DistributionCenter,
    /// A store.
    Store,
}

/// Where a supplier delivers from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Enum)]
#[graphql(remote = "entity::words::SupplierType")]
pub enum SupplierType {
    /// From inside the country.
    Domestic,
    /// From abroad.
    Import,
    /// From both.
    Hybrid,
}

/// What a forecast series sums over; each level is forecast on its own series.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Enum)]
#[graphql(remote = "entity::words::ForecastLevel")]
pub enum ForecastLevel {
    /// An item at a site.
    ItemSite,
    /// An item over all sites.
    Item,
    /// A family of items.
    Family,
    /// The sites of a region.
    Region,
    /// The whole company.
    All,
}

/// What is recommended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Enum)]
#[graphql(remote = "entity::words::RecommendationType")]
pub enum RecommendationType {
    /// Order more.
    Reorder,
    /// Hurry an open order.
    Expedite,
    /// Move stock from another site.
    Reallocate,
    /// Order nothing for now.
    Hold,
    /// Clear dead stock.
    Promo,
}

/// How urgent a recommendation is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Enum)]
#[graphql(remote = "entity::words::Priority")]
pub enum Priority {
    /// Can wait.
    Low,
    /// This month.
    Medium,
    /// This week.
    High,
    /// Today.
    Critical,
}

/// What people have made of a recommendation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Enum)]
#[graphql(remote = "entity::words::RecommendationStatus")]
pub enum RecommendationStatus {
    /// Nobody has looked at it.
    Open,
    /// Somebody acts on it.
    Acknowledged,
    /// It was carried out.
    Done,
    /// It was turned down.
    Dismissed,
}

/// How grave an alert is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Enum)]
#[graphql(remote = "entity::words::AlertLevel")]
pub enum AlertLevel {
    /// Good to know.
    Normal,
    /// Look at it soon.
    Warning,
    /// Look at it now.
    Critical,
}

/// What an alert is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Enum)]
#[graphql(remote = "entity::words::AlertCategory")]
pub enum AlertCategory {
    /// Nothing on hand.
    Stockout,
    /// Stock will run out before more can arrive.
    StockoutRisk,
    /// Less on hand and on order than the reorder point.
    BelowReorderPoint,
    /// Far more on hand than will be needed.
    Overstock,
    /// An order is past its promised day.
    DelayedOrder,
    /// Demand far above its band.
    DemandSpike,
    /// Demand far below its band.
    DemandCollapse,
    /// Forecasts are no longer what their backtest promised.
    ForecastDrift,
    /// Imported data look wrong.
    DataQuality,
    /// Data are older than they should be.
    StaleData,
    /// A job failed: a forecast, a refresh or a nightly run.
    JobFailure,
}

/// What a KPI is broken down by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Enum)]
#[graphql(remote = "entity::words::KpiDimension")]
pub enum KpiDimension {
    /// The whole company; its member is empty.
    All,
    /// One family.
    Family,
    /// One region, by code.
    Region,
    /// One ABC class.
    AbcClass,
}

/// A kind of data whose freshness is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Enum)]
#[graphql(remote = "entity::words::DataKind")]
pub enum DataKind {
    /// Demand of items.
    Demand,
    /// Stock levels.
    Inventory,
    /// Purchase and replenishment orders.
    Orders,
    /// Outside indicators such as inflation or rain.
    Indicators,
    /// Computed forecasts.
    Forecasts,
    /// Computed KPIs.
    Kpis,
    /// Computed recommendations and alerts.
    Recommendations,
}

/// How an import run stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Enum)]
#[graphql(remote = "entity::words::ImportStatus")]
pub enum ImportStatus {
    /// It is at work.
    Running,
    /// Its lines are stored.
    Done,
    /// Nothing of it is stored; its message says why.
    Failed,
    /// It was killed; nothing of it is stored.
    Interrupted,
}

/// What became of a line that somebody should look at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Enum)]
#[graphql(remote = "entity::words::RejectSeverity")]
pub enum RejectSeverity {
    /// It was refused.
    Reject,
    /// It was taken, with a doubt.
    Flag,
}

/// Why a KPI has no figure for how good forecasts were.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Enum)]
pub enum AccuracyReason {
    /// Nothing has been forecast yet.
    NoForecast,
    /// No forecast is old enough: it is judged by whole weeks that came after it was made.
    TooYoung,
    /// There was no demand in those weeks, or no forecast for it.
    NoDemand,
    /// A week had no demand at all, where a percentage means nothing; the weighted error is known.
    ZeroWeek,
    /// This dimension has no forecasts of its own.
    NotForecast,
}

/// Which way a list is sorted; nulls come last either way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Enum)]
pub enum OrderDirection {
    /// Smallest first.
    #[default]
    Asc,
    /// Greatest first.
    Desc,
}

impl From<OrderDirection> for store::page::Direction {
    fn from(word: OrderDirection) -> Self {
        match word {
            OrderDirection::Asc => Self::Ascending,
            OrderDirection::Desc => Self::Descending,
        }
    }
}

/// What items are sorted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Enum)]
#[graphql(remote = "store::items::ItemSort")]
pub enum ItemOrderField {
    /// By sku.
    #[default]
    Sku,
    /// By name, whatever its case and accents.
    Name,
    /// By family, then id.
    Family,
    /// By ABC class, then id.
    AbcClass,
}

/// What recommendations are sorted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Enum)]
#[graphql(remote = "store::recommendations::QueueSort")]
pub enum RecommendationOrderField {
    /// By priority, the most urgent first, then by the day to act by.
    #[default]
    Priority,
    /// By the day to act by, then by priority.
    ActBy,
    /// By when it was first found.
    RaisedAt,
}

/// What demand is grouped by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Enum)]
#[graphql(remote = "store::demand::DemandGroup")]
pub enum DemandGroup {
    /// By item; the value is its id.
    Item,
    /// By family.
    Family,
    /// By category.
    Category,
    /// By site; the value is its id.
    Site,
    /// By region; the value is its code.
    Region,
    /// By supplier, of the order lines that count as demand; the value is its code.
    Supplier,
    /// By ABC class.
    AbcClass,
    /// By XYZ class.
    XyzClass,
}

/// The language of a sentence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Enum)]
#[graphql(remote = "planning::policy::Locale")]
pub enum Locale {
    /// Brazilian Portuguese.
    PtBr,
    /// English.
    En,
}

/// The demand class of a series: mean interval between demands against the variability of their size.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Enum)]
pub enum DemandClass {
    /// Frequent and even.
    Smooth,
    /// Frequent, of uneven size.
    Erratic,
    /// Rare, of even size.
    Intermittent,
    /// Rare and of uneven size.
    Lumpy,
    /// Too young to tell.
    New,
    /// No demand for a long time.
    Obsolete,
    /// Never any demand.
    NoDemand,
    /// So often out of stock that demand is unknown.
    Censored,
}

impl DemandClass {
    /// The class as it is stored; `None` for a word of a newer version.
    pub fn from_stored(word: &str) -> Option<Self> {
        Some(match word {
            "SMOOTH" => Self::Smooth,
            "ERRATIC" => Self::Erratic,
            "INTERMITTENT" => Self::Intermittent,
            "LUMPY" => Self::Lumpy,
            "NEW" => Self::New,
            "OBSOLETE" => Self::Obsolete,
            "NO_DEMAND" => Self::NoDemand,
            "CENSORED" => Self::Censored,
            _ => return None,
        })
    }
}
