//! Demand: series of one item, and grouped totals.

use std::sync::Arc;

use async_graphql::{Context, ID, InputObject, Object, Result, SimpleObject};
use rust_decimal::Decimal;

use super::item::without_nul;
use super::measure::DemandMeasureSeries;
use super::words::{AbcClass, DemandGroup, Granularity, ItemKind, XyzClass};
use crate::graphql::context::{Analyst, ContextExt};
use crate::graphql::ids::{self, Kind};
use crate::graphql::scalars::{Date, amount, dates};

/// Demand of one bucket.
#[derive(Debug, Clone, SimpleObject)]
pub struct DemandPoint {
    /// The first day of the bucket.
    pub date: Date,
    /// In the item's unit.
    pub quantity: f64,
    /// Was any site out of stock on any day of the bucket? Then demand may be understated.
    pub stocked_out: bool,
}

/// A demand series. Columns hold the same series as points.
pub struct DemandSeries {
    /// The series, zero-filled.
    pub series: Arc<store::demand::Series>,
    /// The size of its buckets.
    pub granularity: Granularity,
    /// The item's unit.
    pub unit: Option<String>,
}

#[Object]
/// A demand series. Columns hold the same series as points.
impl DemandSeries {
    /// The size of the buckets.
    async fn granularity(&self) -> Granularity {
        self.granularity
    }

    /// The unit of the quantities.
    async fn unit(&self) -> Option<&str> {
        self.unit.as_deref()
    }

    /// The buckets as objects; the columns are lighter.
    async fn points(&self) -> Vec<DemandPoint> {
        let series = &self.series;
        let columns = series.dates.iter().zip(&series.quantities).zip(&series.stocked_out);
        columns
            .map(|((date, quantity), stocked_out)| DemandPoint {
                date: Date(*date),
                quantity: amount(*quantity),
                stocked_out: *stocked_out,
            })
            .collect()
    }

    /// First days of the buckets.
    async fn dates(&self) -> Vec<Date> {
        dates(&self.series.dates)
    }

    /// One a bucket.
    async fn quantities(&self) -> Vec<f64> {
        self.series.quantities.iter().copied().map(amount).collect()
    }

    /// The sum of all buckets.
    async fn total(&self) -> f64 {
        amount(self.series.quantities.iter().sum::<Decimal>())
    }

    /// The last day that is known; later days are unknown, not zero.
    async fn data_through(&self) -> Option<Date> {
        self.series.data_through.map(Date)
    }
}

/// Which demand; what is left out does not restrict, an empty list matches nothing.
#[derive(Debug, Default, InputObject)]
pub struct DemandFilter {
    /// The first day.
    pub from: Option<Date>,
    /// The last day, included.
    pub to: Option<Date>,
    /// Items of these families.
    pub families: Option<Vec<String>>,
    /// Items of these categories.
    pub categories: Option<Vec<String>>,
    /// Items of these ABC classes.
    pub abc_classes: Option<Vec<AbcClass>>,
    /// Items of these XYZ classes.
    pub xyz_classes: Option<Vec<XyzClass>>,
    /// Demand of these sites.
    pub site_ids: Option<Vec<ID>>,
    /// Demand of sites of these regions.
    pub region_ids: Option<Vec<ID>>,
    /// Demand of these items.
    pub item_ids: Option<Vec<ID>>,
    /// Demand that these suppliers delivered: then only what order lines tell of counts.
    pub supplier_ids: Option<Vec<ID>>,
    /// Materials or services only.
    pub kind: Option<ItemKind>,
}

impl DemandFilter {
    /// The store's filter, or a sentence for the asker.
    pub fn into_store(self) -> Result<store::demand::DemandFilter> {
        Ok(store::demand::DemandFilter {
            from: self.from.map(|day| day.0),
            to: self.to.map(|day| day.0),
            families: self.families.map(without_nul),
            categories: self.categories.map(without_nul),
            abc_classes: self.abc_classes.map(|classes| classes.into_iter().map(Into::into).collect()),
            xyz_classes: self.xyz_classes.map(|classes| classes.into_iter().map(Into::into).collect()),
            site_ids: ids::expect_all(Kind::Site, self.site_ids)?,
            region_ids: ids::expect_all(Kind::Region, self.region_ids)?,
            item_ids: ids::expect_all(Kind::Item, self.item_ids)?,
            supplier_ids: ids::expect_all(Kind::Supplier, self.supplier_ids)?,
            kind: self.kind.map(Into::into),
        })
    }
}

/// One part of a group's name.
#[derive(Debug, Clone, SimpleObject)]
pub struct DemandGroupKey {
    /// Which dimension.
    pub group: DemandGroup,
    /// An id for items and sites, a code for regions, else the word itself; empty where the dimension says nothing.
    pub value: String,
    /// What a person reads.
    pub label: String,
}

/// Demand of one group in buckets.
pub struct DemandGroupSeries {
    answer: Arc<store::demand::Grouped>,
    at: usize,
}

impl DemandGroupSeries {
    /// The groups of an answer, over their one axis.
    pub fn all(answer: &Arc<store::demand::Grouped>) -> Vec<Self> {
        (0..answer.groups.len()).map(|at| Self { answer: Arc::clone(answer), at }).collect()
    }

    fn group(&self) -> &store::demand::GroupSeries {
        &self.answer.groups[self.at]
    }

    fn cost_of(&self, _proof: &Analyst) -> Option<f64> {
        self.group().cost.map(amount)
    }
}

#[Object]
/// Demand of one group in buckets.
impl DemandGroupSeries {
    /// What the group is; empty for the whole.
    async fn keys(&self) -> Vec<DemandGroupKey> {
        let keys = self.group().keys.iter().cloned();
        keys.map(|key| {
            let value = match key.group {
                store::demand::DemandGroup::Item => opaque(Kind::Item, key.value),
                store::demand::DemandGroup::Site => opaque(Kind::Site, key.value),
                _ => key.value,
            };
            DemandGroupKey { group: key.group.into(), value, label: key.label }
        })
        .collect()
    }

    /// First days of the buckets, the same for all groups.
    async fn dates(&self) -> Vec<Date> {
        dates(&self.answer.dates)
    }

    /// One a bucket.
    async fn quantities(&self) -> Vec<f64> {
        self.group().quantities.iter().copied().map(amount).collect()
    }

    /// The sum of all buckets.
    async fn total(&self) -> f64 {
        amount(self.group().total)
    }

    /// The measures that were asked for, in the order they were asked for.
    async fn measures(&self, ctx: &Context<'_>) -> Vec<DemandMeasureSeries> {
        DemandMeasureSeries::all(&self.group().columns, ctx.analyst().as_ref())
    }

    /// The cost of all buckets, where costs are known, in the company's currency.
    async fn cost(&self, ctx: &Context<'_>) -> Option<f64> {
        ctx.analyst().and_then(|analyst| self.cost_of(&analyst))
    }
}

fn opaque(kind: Kind, value: String) -> String {
    value.parse().map_or(value, |id| ids::encode(kind, id).0)
}
