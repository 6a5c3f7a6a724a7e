//! What would happen if.

use std::sync::Arc;

use async_graphql::{Context, ID, Object, Result};
use chrono::Days;
use planning::forecast::CumulativeDemand;
use planning::policy::Rules;
use planning::simulate::DailyDemand;
use store::forecasts::{Forecast, ForecastKey, SeriesId};
use store::inventory::stock_by_item_sites;
use store::policy_facts::usual_use;

use crate::error::user;
use crate::graphql::context::ContextExt;
use crate::graphql::ids::{self, Kind};
use crate::graphql::types::simulation::{Ground, PolicySimulation, Settings};
use crate::loaders::{ForecastOf, ItemById};

/// Days of a forecast that futures are drawn from, as far as it reaches.
const HORIZON: i16 = 366;

/// What would happen if.
#[derive(Default)]
pub struct Trials;

#[Object]
/// What would happen if.
impl Trials {
    /// Tries a stocking policy for an item at a site on 500 futures of its stored forecast, a year each, beside the policy in
    /// force. What is not given is as in force. Null where the item has no forecast at the site.
    async fn simulate_policy(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The item.")] item_id: ID,
        #[graphql(desc = "The site.")] site_id: ID,
        #[graphql(desc = "How sure to be that demand until the next delivery is met, 0.5 to 0.999.")]
        service_level: Option<f64>,
        #[graphql(desc = "Mean days from order to receipt, 0 to 365; their spread stays as it was learnt.")]
        lead_time_days: Option<i32>,
        #[graphql(desc = "Days between two looks at the stock, 1 to 90.")] review_days: Option<i32>,
    ) -> Result<Option<PolicySimulation>> {
        let (item, site) = (ids::expect(Kind::Item, &item_id)?, ids::expect(Kind::Site, &site_id)?);
        if service_level.is_some_and(|level| !(0.5..=0.999).contains(&level)) {
            return Err(user("serviceLevel must be from 0.5 to 0.999."));
        }
        let lead_time_days = within("leadTimeDays", lead_time_days, 0, 365)?;
        let review_days = within("reviewDays", review_days, 1, 90)?;
        let Some(ground) = ground(ctx, item, site).await? else { return Ok(None) };
        let usual = ground.in_force();
        let asked = Settings {
            service_level: service_level.unwrap_or(usual.service_level),
            lead_time_days,
            review_days: review_days.map_or(usual.review_days, usize::from),
        };
        let simulations = &ctx.request().shared.simulations;
        simulations.run(move || ground.compare(asked)).await.map(Some).map_err(|failure| ctx.failed(&failure))
    }
}

/// What policies for an item at a site are tried on; `None` without a forecast there.
async fn ground(ctx: &Context<'_>, item: i64, site: i64) -> Result<Option<Ground>> {
    let key = ForecastKey { series: SeriesId::item_site(item, site), horizon: HORIZON, run_id: None };
    let forecast = ctx.loaders().forecasts.load(ForecastOf(key)).await.map_err(|failure| ctx.failed(&failure))?;
    let row = ctx.loaders().items.load(ItemById(item)).await.map_err(|failure| ctx.failed(&failure))?;
    let (Some(forecast), Some(item_row)) = (forecast, row) else { return Ok(None) };
    let stock = stock_by_item_sites(ctx.db(), &[(item, site)]).await.map_err(|failure| ctx.failed(&failure))?;
    let lead_times = ctx.request().shared.simulations.lead_times(ctx.db()).await;
    let lead_time = lead_times.map_err(|failure| ctx.failed(&failure))?.of(item, site);
    let demand = serde_json::from_value::<CumulativeDemand>(forecast.cumulative.clone());
    let through = forecast.data_through;
    let used =
        usual_use(ctx.db(), item, site, through - Days::new(365)).await.map_err(|failure| ctx.failed(&failure))?;
    // A shelf whose stock would be dead is let run empty, as recommendations let it.
    let alive = through + Days::new(1) - Days::new(Rules::default().dead_days.into());
    let usual_use = used.filter(|(_, last)| *last > alive).map(|(usual, _)| usual);
    Ok(Some(Ground {
        item: Arc::clone(&item_row),
        on_hand: stock.get(&(item, site)).map(|stock| stock.on_hand),
        usual_use,
        review_days: ctx.request().shared.config.measures.review_days.into(),
        lead_time,
        demand: demand.map_err(|failure| ctx.failed(&failure.into()))?,
        days: days(&forecast),
        origin: forecast.origin,
        data_through: forecast.data_through,
    }))
}

fn days(forecast: &Forecast) -> Vec<DailyDemand> {
    let Forecast { p025, p10, p25, p50, p75, p90, p975, .. } = forecast;
    let columns = [p025, p10, p25, p50, p75, p90, p975];
    let day = |(at, mean): (usize, &f64)| DailyDemand {
        mean: *mean,
        quantiles: columns.map(|column| column.get(at).copied().flatten()),
    };
    forecast.means.iter().enumerate().map(day).collect()
}

/// A number of days within what is allowed, or a sentence for the asker.
fn within(argument: &str, days: Option<i32>, least: u16, most: u16) -> Result<Option<u16>> {
    let checked = days.map(|days| u16::try_from(days).ok().filter(|days| (least..=most).contains(days)).ok_or(days));
    checked.transpose().map_err(|asked| user(format!("{argument} must be from {least} to {most}, not {asked}.")))
}
