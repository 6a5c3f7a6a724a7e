//! The series of a run: every level on its own demand, so that no quantile is ever a sum of quantiles.

use std::collections::HashMap;

use planning::forecast::{DemandSeries, SeriesInput, SeriesKey};
use store::Database;
use store::demand::{DailySeries, SeriesLevel, item_series, level_series};
use store::forecasts::SeriesId;

use super::JobError;

/// Items read at a time; between pages the connection is free.
const PAGE: u64 = 200;

/// What is to be forecast, and the codes of the regions that planning knows by number.
#[derive(Debug, Default)]
pub(super) struct Inputs {
    pub series: Vec<SeriesInput>,
    regions: HashMap<i64, String>,
}

impl Inputs {
    /// Every series of the company's materials; services are bought, not stocked, and get no forecast.
    pub async fn read(db: &Database) -> Result<Self, JobError> {
        let mut inputs = Self::default();
        let mut after = 0;
        loop {
            let page = item_series(db, after, PAGE, false).await?;
            let Some(last) = page.last() else { break };
            after = last.item_id;
            for sites in page.chunk_by(|one, next| one.item_id == next.item_id) {
                inputs.series.push(SeriesInput { key: SeriesKey::Item(sites[0].item_id), series: item(sites) });
            }
            inputs.series.extend(page.into_iter().map(|series| SeriesInput {
                key: SeriesKey::ItemSite { item: series.item_id, site: series.site_id },
                series: DemandSeries::new(series.first_day, series.quantities, series.stocked_out),
            }));
        }
        let numbers: HashMap<String, i64> =
            store::regions::all(db).await?.into_iter().map(|region| (region.code, region.id)).collect();
        for level in [SeriesLevel::Family, SeriesLevel::Region, SeriesLevel::All] {
            for series in level_series(db, level, false).await? {
                let key = match level {
                    SeriesLevel::Family => SeriesKey::Family(series.member),
                    SeriesLevel::All => SeriesKey::All,
                    SeriesLevel::Region => {
                        let Some(&number) = numbers.get(&series.member) else { continue };
                        inputs.regions.insert(number, series.member);
                        SeriesKey::Region(number)
                    }
                };
                // One empty shelf of hundreds does not hide the demand of a family: nothing is censored here.
                inputs.series.push(SeriesInput {
                    key,
                    series: DemandSeries::new(series.first_day, series.quantities, Vec::new()),
                });
            }
        }
        Ok(inputs)
    }

    /// The store's name of a series.
    pub fn id(&self, key: &SeriesKey) -> Option<SeriesId> {
        Some(match key {
            SeriesKey::ItemSite { item, site } => SeriesId::item_site(*item, *site),
            SeriesKey::Item(item) => SeriesId::item(*item),
            SeriesKey::Family(name) => SeriesId::family(name),
            SeriesKey::Region(number) => SeriesId::region(self.regions.get(number)?),
            SeriesKey::All => SeriesId::all(),
            SeriesKey::Named(_) => return None,
        })
    }
}

/// The demand of an item over its sites. A day is missing only where at least half of the sites were out of stock: one
/// empty tower store says little about the item.
fn item(sites: &[DailySeries]) -> DemandSeries {
    let Some(longest) = sites.iter().min_by_key(|series| series.first_day) else {
        return DemandSeries::new(chrono::NaiveDate::MIN, Vec::new(), Vec::new());
    };
    let days = longest.quantities.len();
    let (mut quantities, mut out, mut known) = (vec![0.0; days], vec![0_usize; days], vec![0_usize; days]);
    for series in sites {
        // All series end on the same day.
        let offset = days - series.quantities.len();
        for (at, (quantity, stocked_out)) in series.quantities.iter().zip(&series.stocked_out).enumerate() {
            quantities[offset + at] += quantity;
            out[offset + at] += usize::from(*stocked_out);
            known[offset + at] += 1;
        }
    }
    let censored = out.iter().zip(&known).map(|(out, known)| *out > 0 && 2 * out >= *known).collect();
    DemandSeries::new(longest.first_day, quantities, censored)
}
