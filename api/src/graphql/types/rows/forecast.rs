//! Forecast days of items as rows.

use async_graphql::{Context, ID, InputObject, Object, Result};

use super::{distinct, opaque, rows, skus};
use crate::graphql::column::Column;
use crate::graphql::context::ContextExt;
use crate::graphql::ids::{self, Kind};
use crate::graphql::scalars::{Date, number};

rows! {
    /// A page of forecast days, by item, site and day.
    ForecastRows,
    /// Forecast days as columns. Quantiles of days never add up to those of a week; ask for the series instead.
    ForecastColumns, store::forecasts::ForecastColumns
}

#[Object]
/// Forecast days as columns. Quantiles of days never add up to those of a week; ask for the series instead.
impl ForecastColumns {
    /// The run that each comes from; a pull stays with the run that it began with.
    async fn run_ids(&self) -> Column<ID> {
        opaque(Kind::ForecastRun, &self.0.run_ids)
    }

    /// Which item, by id.
    async fn item_ids(&self) -> Column<ID> {
        opaque(Kind::Item, &self.0.item_ids)
    }

    /// Which item, by the company's own code, such as `010825`.
    async fn skus(&self, ctx: &Context<'_>) -> Result<Column<String>> {
        skus(ctx, &self.0.item_ids).await
    }

    /// At which site, by id; an entry is null of an item over all sites.
    async fn site_ids(&self) -> Column<Option<ID>> {
        self.0.site_ids.iter().map(|&id| (id != 0).then(|| ids::encode(Kind::Site, id))).collect()
    }

    /// At which site, by code; an entry is null of an item over all sites.
    async fn site_codes(&self, ctx: &Context<'_>) -> Result<Column<Option<String>>> {
        let ids = distinct(self.0.site_ids.iter().copied().filter(|id| *id != 0));
        let codes = store::sites::codes(ctx.db(), &ids).await.map_err(|failure| ctx.failed(&failure))?;
        Ok(self.0.site_ids.iter().map(|id| codes.get(id).cloned()).collect())
    }

    /// The days forecast.
    async fn dates(&self) -> Column<Date> {
        self.0.dates.iter().copied().map(Date).collect()
    }

    /// How many days ahead: 1 is the first day of the run.
    async fn leads(&self) -> Column<i32> {
        self.0.leads.iter().copied().map(i32::from).collect()
    }

    /// Expected demand of the day, in the item's unit.
    async fn means(&self) -> Column<f64> {
        self.0.means.iter().copied().map(number).collect()
    }

    /// What demand exceeds with 97.5 % probability; quantiles are null where the model gives none.
    async fn p025(&self) -> Column<Option<f64>> {
        numbers(&self.0.p025)
    }

    /// What demand exceeds with 90 % probability.
    async fn p10(&self) -> Column<Option<f64>> {
        numbers(&self.0.p10)
    }

    /// What demand exceeds with 75 % probability.
    async fn p25(&self) -> Column<Option<f64>> {
        numbers(&self.0.p25)
    }

    /// The median.
    async fn p50(&self) -> Column<Option<f64>> {
        numbers(&self.0.p50)
    }

    /// What demand exceeds with 25 % probability.
    async fn p75(&self) -> Column<Option<f64>> {
        numbers(&self.0.p75)
    }

    /// What demand exceeds with 10 % probability.
    async fn p90(&self) -> Column<Option<f64>> {
        numbers(&self.0.p90)
    }

    /// What demand exceeds with 2.5 % probability.
    async fn p975(&self) -> Column<Option<f64>> {
        numbers(&self.0.p975)
    }

    /// The model of each, such as `TSB`.
    async fn models(&self) -> Column<String> {
        self.0.models.iter().cloned().collect()
    }
}

fn numbers(values: &[Option<f64>]) -> Column<Option<f64>> {
    values.iter().map(|value| value.map(number)).collect()
}

/// Which forecast days; what is left out does not restrict, an empty list matches nothing.
#[derive(Debug, Default, InputObject)]
pub struct ForecastRowFilter {
    /// Of this run; without it the current one, and on later pages the one that the first page read.
    pub run_id: Option<ID>,
    /// The first day forecast.
    pub from: Option<Date>,
    /// The last day, included.
    pub to: Option<Date>,
    /// Of these items.
    pub item_ids: Option<Vec<ID>>,
    /// At these sites.
    pub site_ids: Option<Vec<ID>>,
    /// True: items over all sites; false: items at single sites.
    pub over_all_sites: Option<bool>,
}

impl ForecastRowFilter {
    /// The store's filter, or a sentence for the asker.
    pub fn into_store(self) -> Result<store::forecasts::ForecastFilter> {
        Ok(store::forecasts::ForecastFilter {
            run_id: self.run_id.map(|id| ids::expect(Kind::ForecastRun, &id)).transpose()?,
            from: self.from.map(|day| day.0),
            to: self.to.map(|day| day.0),
            item_ids: ids::expect_all(Kind::Item, self.item_ids)?,
            site_ids: ids::expect_all(Kind::Site, self.site_ids)?,
            over_all_sites: self.over_all_sites,
        })
    }
}
