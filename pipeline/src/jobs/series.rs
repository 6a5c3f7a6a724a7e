//! The series of a run: every level on its own demand, so that no quantile is ever a sum of quantiles.

use std::collections::HashMap;

use planning::forecast::week::Week;
use planning::forecast::{DemandClass, DemandSeries, Frequency, SeriesInput, SeriesKey};
use store::Database;
use store::demand::{DailySeries, SeriesLevel, item_series, level_series, series_of_items};
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
    /// Every series of the company's materials; services are bought, not stocked, and get no forecast. With `items`, the
    /// series of these items and nothing that sums over others.
    pub async fn read(db: &Database, items: Option<&[i64]>) -> Result<Self, JobError> {
        let mut inputs = Self::default();
        if let Some(items) = items {
            for some in items.chunks(PAGE as usize) {
                inputs.add(series_of_items(db, some).await?);
            }
            return Ok(inputs);
        }
        let mut after = 0;
        loop {
            let page = item_series(db, after, PAGE, false).await?;
            let Some(last) = page.last() else { break };
            after = last.item_id;
            inputs.add(page);
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

    /// The series of whole items, at each site and over all.
    fn add(&mut self, page: Vec<DailySeries>) {
        let sites: Vec<((i64, i64), DemandSeries)> = page.into_iter().map(item_site).collect();
        for same in sites.chunk_by(|((one, _), _), ((next, _), _)| one == next) {
            let key = SeriesKey::Item(same[0].0.0);
            let series = DemandSeries::sum(same.iter().map(|(_, series)| series));
            self.series.extend(series.map(|series| SeriesInput { key, series }));
        }
        let named = |((item, site), series)| SeriesInput { key: SeriesKey::ItemSite { item, site }, series };
        self.series.extend(sites.into_iter().map(named));
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

fn item_site(read: DailySeries) -> ((i64, i64), DemandSeries) {
    let series = DemandSeries::new(read.first_day, read.quantities, read.stocked_out);
    ((read.item_id, read.site_id), series)
}

/// The class of every series that has a history.
pub(crate) async fn classes(db: &Database) -> Result<HashMap<SeriesId, DemandClass>, JobError> {
    let mut inputs = Inputs::read(db, None).await?;
    let series = std::mem::take(&mut inputs.series);
    let classed = series.iter().filter_map(|input| {
        let window = input.series.open_window(input.series.len(), Frequency::Day, &Week::default());
        Some((inputs.id(&input.key)?, DemandClass::of(&window)))
    });
    Ok(classed.collect())
}
