//! Reading the files of a directory on one thread: every line judged, what was taken on its way to the database in pieces.

use std::collections::{BTreeMap, HashMap};

use chrono::NaiveDate;
use planning::forecast::{CumulativeDemand, DemandClass, GivenDay};
use serde_json::{Value as Json, json};
use store::features::FeatureDay;
use store::forecasts::SeriesId;
use store::import_runs::NewReject;
use store::load::{OfflineKpis, OfflinePieces, OfflinePoint, OfflineRun, OfflineSeries, Piece};
use tokio::sync::mpsc;

use super::directory::{DirectoryError, OfflineFile};
use crate::extract::{Field, Header, Source};
use crate::load::{LoadError, convert};
use crate::transform::computed::{Ended, Features, Forecasts, GivenKpi, GivenRun, Known, Kpis};
use crate::transform::{Flag, Reject};

/// Lines of forecasts in one load: they are held in memory, some hundred bytes each.
const MOST_LINES: usize = 4_000_000;
/// Runs in one load.
const MOST_RUNS: usize = 400;
/// Refused lines of a file that are told one by one; all are stored.
const TOLD: usize = 100;

/// The columns of `analytics.kpis_daily` in the order of a row's figures.
const FIGURES: [&str; crate::transform::computed::FIGURES] = [
    "total_demand",
    "demand_value",
    "stockout_rate",
    "fill_rate",
    "delayed_orders_rate",
    "a_class_share",
    "forecast_wape",
    "forecast_mape",
    "inventory_value",
    "carrying_cost",
    "turnover",
    "days_of_cover",
    "decision_minutes",
];

/// What reading a file has counted.
#[derive(Debug, Default)]
pub(super) struct Counted {
    pub read: u64,
    pub rejected: u64,
    pub flagged: u64,
    pub told: Vec<NewReject>,
    /// How many lines were refused for each reason, and carry each flag.
    pub refusals: BTreeMap<&'static str, u64>,
    pub flags: BTreeMap<&'static str, u64>,
    pub kpis: Option<OfflineKpis>,
}

/// What reading everything has told, beside what is on its way.
#[derive(Debug, Default)]
pub(super) struct Read {
    pub files: Vec<Counted>,
    pub runs: Vec<OfflineRun>,
}

/// What the thread is given.
pub(super) struct Reading {
    pub sources: Vec<(OfflineFile, Source)>,
    pub known: Known,
    /// The classes of the series that have a history.
    pub classes: HashMap<SeriesId, DemandClass>,
    /// The last day that key figures may be of.
    pub today: NaiveDate,
    pub sender: mpsc::Sender<Piece>,
}

impl Reading {
    /// Reads everything to its end.
    pub fn run(self) -> Result<Read, LoadError> {
        let Self { sources, known, classes, today, sender } = self;
        let mut sending = Sending { pieces: OfflinePieces::default(), sender };
        let mut forecasts = Forecasts::new(&known);
        let mut features = Features::new(&known);
        let mut kpis = Kpis::new(&known, today);
        let mut read = Read::default();
        let mut names = Vec::new();
        let mut first_forecasts = None;
        for (place, (file, mut source)) in sources.into_iter().enumerate() {
            let name = source.file.name.clone();
            let mut counted = Counted::default();
            let mut figures: Vec<GivenKpi> = Vec::new();
            if file == OfflineFile::Forecasts {
                first_forecasts.get_or_insert(place);
            }
            let headers: Vec<Header> = source.headers().to_vec();
            for (table, header) in headers.iter().enumerate() {
                if file == OfflineFile::Forecasts {
                    forecasts.file(&name, header);
                }
                for row in source.rows(table)? {
                    let row = row?;
                    counted.read += 1;
                    let judged: Result<Option<Flag>, Reject> = match file {
                        OfflineFile::Forecasts => forecasts.judge(header, &row),
                        OfflineFile::Features => match features.judge(&name, header, &row) {
                            Err(reject) => Err(reject),
                            Ok(given) => {
                                let day = FeatureDay {
                                    item_id: given.item_id,
                                    site_id: given.site_id,
                                    full_date: given.date,
                                    features: given.features,
                                };
                                let piece = sending.pieces.feature(place, given.version, &day);
                                sending.send(piece)?;
                                Ok(None)
                            }
                        },
                        OfflineFile::Kpis => kpis.judge(&name, header, &row).map(|given| {
                            figures.push(given);
                            None
                        }),
                    };
                    match judged {
                        Ok(None) => {}
                        Ok(Some(flag)) => sending.flag(place, &flag, &mut counted)?,
                        Err(reject) => sending.reject(place, &reject, &mut counted)?,
                    }
                    if forecasts.taken() > MOST_LINES {
                        return Err(DirectoryError::TooMany { file: name, most: MOST_LINES }.into());
                    }
                }
                if file == OfflineFile::Kpis {
                    counted.kpis = Some(stored(header, &figures));
                }
            }
            names.push(name);
            read.files.push(counted);
        }
        let ended = forecasts.end();
        // The judge numbers the files of forecasts only, which come first.
        for (file, reject) in &ended.rejects {
            let place = usize::from(*file);
            sending.reject(place, reject, &mut read.files[place])?;
        }
        if ended.runs.len() > MOST_RUNS {
            let file = first_forecasts.and_then(|place| names.get(place).cloned()).unwrap_or_default();
            return Err(DirectoryError::TooManyRuns { file, most: MOST_RUNS }.into());
        }
        let ids: Vec<SeriesId> = ended
            .series
            .iter()
            .map(|series| SeriesId {
                level: series.level,
                item_id: series.item_id,
                site_id: series.site_id,
                member: series.member.clone(),
            })
            .collect();
        for (place, run) in ended.runs.iter().enumerate() {
            read.runs.push(sending.run(place, run, &ended, &ids, &classes)?);
        }
        sending.end()?;
        Ok(read)
    }
}

struct Sending {
    pieces: OfflinePieces,
    sender: mpsc::Sender<Piece>,
}

impl Sending {
    /// Hands a piece over, and waits while too many are on their way.
    fn send(&self, piece: Option<Piece>) -> Result<(), LoadError> {
        let Some(piece) = piece else { return Ok(()) };
        let stopped = |_| LoadError::Reader { file: "the files".into(), reason: "the load was given up".into() };
        self.sender.blocking_send(piece).map_err(stopped)
    }

    fn reject(&mut self, place: usize, reject: &Reject, counted: &mut Counted) -> Result<(), LoadError> {
        let refused = convert::refused(reject);
        counted.rejected += 1;
        *counted.refusals.entry(reject.reason.as_str()).or_default() += 1;
        let piece = self.pieces.reject(place, &refused);
        if counted.told.len() < TOLD {
            counted.told.push(refused);
        }
        self.send(piece)
    }

    fn flag(&mut self, place: usize, flag: &Flag, counted: &mut Counted) -> Result<(), LoadError> {
        counted.flagged += 1;
        *counted.flags.entry(flag.reason.as_str()).or_default() += 1;
        let piece = self.pieces.reject(place, &convert::flagged(flag));
        self.send(piece)
    }

    /// Sends the series and days of a run.
    fn run(
        &mut self,
        place: usize,
        run: &GivenRun,
        ended: &Ended,
        ids: &[SeriesId],
        classes: &HashMap<SeriesId, DemandClass>,
    ) -> Result<OfflineRun, LoadError> {
        let mut models: BTreeMap<&str, u64> = BTreeMap::new();
        let mut count = 0;
        for days in run.days.chunk_by(|one, next| one.series == next.series) {
            let id = &ids[days[0].series as usize];
            let model = ended.models[days[0].model as usize].as_str();
            let given: Vec<GivenDay> = days
                .iter()
                .map(|day| GivenDay { lead: day.lead as usize, mean: day.mean, quantiles: day.quantiles })
                .collect();
            let cumulative =
                serde_json::to_string(&CumulativeDemand::from_given(&given)).map_err(store::StoreError::from)?;
            // An item that was never asked for at that site has no history to be classed by.
            let class = classes.get(id).copied().unwrap_or(DemandClass::NoDemand);
            let series = OfflineSeries { id, model, demand_class: class.as_str(), cumulative: &cumulative };
            let piece = self.pieces.series(place, &series);
            self.send(piece)?;
            for day in days {
                let point = OfflinePoint {
                    id,
                    target_date: day.target,
                    lead: day.lead,
                    mean: day.mean,
                    quantiles: day.quantiles,
                    model: &ended.models[day.model as usize],
                };
                let piece = self.pieces.point(place, &point);
                self.send(piece)?;
            }
            *models.entry(model).or_default() += 1;
            count += 1;
        }
        Ok(OfflineRun {
            origin: run.origin,
            horizon: run.horizon,
            models: json!(models),
            series: count,
            lines: run.lines.iter().map(|(file, lines)| (usize::from(*file), *lines)).collect(),
        })
    }

    fn end(self) -> Result<(), LoadError> {
        let Self { pieces, sender } = self;
        let last = Self { pieces: OfflinePieces::default(), sender };
        for piece in pieces.rest() {
            last.send(Some(piece))?;
        }
        Ok(())
    }
}

/// Key figures as the store takes them: the columns that the file has, and its rows.
fn stored(header: &Header, rows: &[GivenKpi]) -> OfflineKpis {
    let given = |at: &usize| header.index(Field::Figure(*at as u8)).is_some();
    let columns: Vec<usize> = (0..FIGURES.len()).filter(given).collect();
    let object = |row: &GivenKpi| {
        let mut object = json!({"full_date": row.date, "dimension": row.dimension.as_str(), "member": row.member});
        for &at in &columns {
            object[FIGURES[at]] = row.figures[at].into();
        }
        object
    };
    OfflineKpis {
        rows: Json::Array(rows.iter().map(object).collect()),
        columns: columns.iter().map(|at| FIGURES[*at]).collect(),
    }
}
