//! What the columns of recognised tables mean.

/// What a column means, whatever it is called.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Field {
    Sku,
    Name,
    ItemKind,
    Family,
    Category,
    Subcategory,
    Unit,
    Criticality,
    UnitCost,
    MinOrder,
    MaxOrder,
    Pack,
    Site,
    Supplier,
    Quantity,
    UnitPrice,
    Status,
    Date,
    Requested,
    NeededBy,
    Ordered,
    Delivered,
    RequestNo,
    LineNo,
    StockedOut,
    OnHand,
    OnOrder,
    SafetyStock,
    ReorderPoint,
    Code,
    Value,
    Region,
    State,
    EconomicZone,
    SiteType,
    SupplierType,
    Latitude,
    Longitude,
    Origin,
    Lead,
    Mean,
    /// The quantiles of a forecast, each in thousandths: `Quantile(25)` is 0.025.
    Quantile(u16),
    Model,
    Level,
    Member,
    SchemaVersion,
    Features,
    /// How far an older forecast looks, in days.
    Horizon,
    Lower,
    Upper,
    /// The share of outcomes that an older forecast's band should hold.
    Confidence,
    ComputedAt,
    Dimension,
    /// A key figure, by its place among the columns of `analytics.kpis_daily`.
    Figure(u8),
}

impl Field {
    /// What a table's text should hold, for what is guessed from samples.
    pub(super) fn is_day(self) -> bool {
        matches!(
            self,
            Self::Date
                | Self::Requested
                | Self::NeededBy
                | Self::Ordered
                | Self::Delivered
                | Self::Origin
                | Self::ComputedAt
        )
    }

    pub(super) fn is_number(self) -> bool {
        matches!(
            self,
            Self::Quantity
                | Self::UnitCost
                | Self::UnitPrice
                | Self::MinOrder
                | Self::MaxOrder
                | Self::Pack
                | Self::OnHand
                | Self::OnOrder
                | Self::SafetyStock
                | Self::ReorderPoint
                | Self::Value
                | Self::Latitude
                | Self::Longitude
                | Self::Mean
                | Self::Quantile(_)
                | Self::Lower
                | Self::Upper
                | Self::Confidence
                | Self::Figure(_)
        )
    }
}
