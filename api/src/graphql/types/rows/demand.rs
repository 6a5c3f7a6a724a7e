//! Daily demand as rows.

use async_graphql::{Context, ID, InputObject, Object, Result};

use super::{opaque, rows, site_codes, skus};
use crate::graphql::column::Column;
use crate::graphql::context::{Analyst, ContextExt};
use crate::graphql::ids::{self, Kind};
use crate::graphql::scalars::{Date, amount};
use crate::graphql::types::item::without_nul;
use crate::graphql::types::words::{AbcClass, ItemKind, XyzClass};

rows! {
    /// A page of daily demand, by day, item and site.
    DemandRows,
    /// Daily demand as columns. A day without demand and without a stock-out is zero, and no row.
    DemandColumns, store::demand::DemandColumns
}

impl DemandColumns {
    fn unit_costs_of(&self, _proof: &Analyst) -> Column<Option<f64>> {
        self.0.unit_costs.iter().map(|cost| cost.map(amount)).collect()
    }

    fn total_costs_of(&self, _proof: &Analyst) -> Column<Option<f64>> {
        self.0.total_costs.iter().map(|cost| cost.map(amount)).collect()
    }
}

#[Object]
/// Daily demand as columns. A day without demand and without a stock-out is zero, and no row.
impl DemandColumns {
    /// The days.
    async fn dates(&self) -> Column<Date> {
        self.0.dates.iter().copied().map(Date).collect()
    }

    /// Which item, by id.
    async fn item_ids(&self) -> Column<ID> {
        opaque(Kind::Item, &self.0.item_ids)
    }

    /// Which item, by the company's own code, such as `010825`.
    async fn skus(&self, ctx: &Context<'_>) -> Result<Column<String>> {
        skus(ctx, &self.0.item_ids).await
    }

    /// At which site, by id.
    async fn site_ids(&self) -> Column<ID> {
        opaque(Kind::Site, &self.0.site_ids)
    }

    /// At which site, by code.
    async fn site_codes(&self, ctx: &Context<'_>) -> Result<Column<String>> {
        site_codes(ctx, &self.0.site_ids).await
    }

    /// What was wanted, in the item's unit; zero on a day out of stock without demand.
    async fn quantities(&self) -> Column<f64> {
        self.0.quantities.iter().copied().map(amount).collect()
    }

    /// Was the site out of stock on the day? Then demand may be understated.
    async fn stocked_out(&self) -> Column<bool> {
        self.0.stocked_out.iter().copied().collect()
    }

    /// What one unit cost on the day, in the company's currency; an entry is null where nobody knows.
    async fn unit_costs(&self, ctx: &Context<'_>) -> Option<Column<Option<f64>>> {
        ctx.analyst().map(|analyst| self.unit_costs_of(&analyst))
    }

    /// Quantity times unit cost, in the company's currency; an entry is null where nobody knows the cost.
    async fn total_costs(&self, ctx: &Context<'_>) -> Option<Column<Option<f64>>> {
        ctx.analyst().map(|analyst| self.total_costs_of(&analyst))
    }
}

/// Which facts of items, sites and days; what is left out does not restrict, an empty list matches nothing.
#[derive(Debug, Default, InputObject)]
pub struct FactFilter {
    /// The first day.
    pub from: Option<Date>,
    /// The last day, included.
    pub to: Option<Date>,
    /// Of these items.
    pub item_ids: Option<Vec<ID>>,
    /// At these sites.
    pub site_ids: Option<Vec<ID>>,
    /// At sites of these regions.
    pub region_ids: Option<Vec<ID>>,
    /// Of items of these families.
    pub families: Option<Vec<String>>,
    /// Of items of these categories.
    pub categories: Option<Vec<String>>,
    /// Of items of these ABC classes.
    pub abc_classes: Option<Vec<AbcClass>>,
    /// Of items of these XYZ classes.
    pub xyz_classes: Option<Vec<XyzClass>>,
    /// Of materials or services only.
    pub kind: Option<ItemKind>,
}

impl FactFilter {
    /// The store's filter, or a sentence for the asker.
    pub fn into_store(self) -> Result<store::demand::FactFilter> {
        Ok(store::demand::FactFilter {
            from: self.from.map(|day| day.0),
            to: self.to.map(|day| day.0),
            item_ids: ids::expect_all(Kind::Item, self.item_ids)?,
            site_ids: ids::expect_all(Kind::Site, self.site_ids)?,
            region_ids: ids::expect_all(Kind::Region, self.region_ids)?,
            families: self.families.map(without_nul),
            categories: self.categories.map(without_nul),
            abc_classes: self.abc_classes.map(|classes| classes.into_iter().map(Into::into).collect()),
            xyz_classes: self.xyz_classes.map(|classes| classes.into_iter().map(Into::into).collect()),
            kind: self.kind.map(Into::into),
        })
    }
}
