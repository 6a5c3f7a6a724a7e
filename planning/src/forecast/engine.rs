//! Everything over many series: passes over the folds from the oldest to the newest, then the forecast.
//!
//! A pass runs in parallel over series and only reads what earlier passes learnt; what it learns is merged afterwards in
//! the order of the keys. So the result depends on neither threads nor the order of the input, and between passes a series
//! keeps only a few sums.

use std::collections::{BTreeMap, HashMap};
use std::sync::atomic::{AtomicUsize, Ordering};

use chrono::NaiveDate;
use rayon::prelude::*;

use super::backtest::{Backtest, ClassLeadAccuracy, Fold, Outcome, calibrated};
use super::calibration::{Calibration, Readings, group};
use super::class::DemandClass;
use super::cumulative::CumulativeDemand;
use super::metrics::{Metrics, Points, Scale, Tally};
use super::model::ModelName;
use super::models::seasonal_quantiles;
use super::predictive::Predictive;
use super::run::{Cancelled, Control, ForecastPoint, Options, Run, RunSummary, SeriesForecast};
use super::select::{Scoreboard, Scores};
use super::series::{DemandSeries, Frequency, SeriesInput, SeriesKey};
use super::treatment::{Treatment, candidates, predict};
use super::week::Weeks;
use super::window::Window;

/// A series with fewer demand days than this gets its parent's forecast by share, if it has a parent in the run.
const OWN_DEMAND: usize = 10;
/// Folds older than the reported ones, run to learn from.
const TEACHING: usize = 2;
/// Simulated futures per fold and per forecast.
const FOLD_PATHS: usize = 128;
const PATHS: usize = 512;
/// Series per piece of a pass: what a pass finds is merged, and what it makes is handed on, before the next piece.
const PIECE: usize = 512;

/// Forecasts every series. Keys are unique; levels above the item are series of their own, made by the caller.
pub fn forecast_all(inputs: &[SeriesInput], options: &Options, control: Control<'_>) -> Result<Run, Cancelled> {
    let mut forecasts = Vec::with_capacity(inputs.len());
    let mut run = forecast_into(inputs, options, control, &mut |forecast| {
        forecasts.push(forecast);
    })?;
    run.forecasts = forecasts;
    Ok(run)
}

/// Like [`forecast_all`], handing each forecast to `sink` in the order of the input and keeping none of them.
pub fn forecast_into(
    inputs: &[SeriesInput],
    options: &Options,
    control: Control<'_>,
    sink: &mut dyn FnMut(SeriesForecast),
) -> Result<Run, Cancelled> {
    let options = Options { horizon: options.horizon.max(1), ..*options };
    let mut engine = Engine::new(inputs, options, control);
    // The oldest passes only teach.
    for back in (1..=options.folds + TEACHING).rev() {
        engine.backtest(back)?;
    }
    let readings = engine.calibration.readings();
    let mut summary = RunSummary { series: inputs.len(), ..RunSummary::default() };
    let order: Vec<usize> = (0..inputs.len()).collect();
    for piece in order.chunks(PIECE) {
        let made: Vec<SeriesForecast> =
            piece.par_iter().map(|at| engine.counted(|| engine.forecast(*at, &readings))).collect::<Result<_, _>>()?;
        for forecast in made {
            *summary.models.entry(forecast.model).or_insert(0) += 1;
            sink(forecast);
        }
    }
    engine.summarise(&mut summary);
    Ok(Run { forecasts: Vec::new(), accuracy: engine.accuracy(), summary })
}

/// What is kept of a series between passes.
#[derive(Debug, Clone, Default)]
struct Memory {
    scores: Scores,
    /// The scores of the pass that is going on: a sibling must not choose by them yet.
    fresh: Scores,
    selected: Tally,
    methods: [Points; ModelName::CANDIDATES],
}

struct Engine<'a> {
    inputs: &'a [SeriesInput],
    options: Options,
    control: Control<'a>,
    done: AtomicUsize,
    /// Positions in the order of the keys.
    keyed: Vec<usize>,
    parents: Vec<Option<usize>>,
    weeks: Weeks,
    memories: Vec<Memory>,
    scoreboard: Scoreboard,
    calibration: Calibration,
    classes: BTreeMap<DemandClass, Tally>,
    accuracy: BTreeMap<(DemandClass, usize), Tally>,
}

impl<'a> Engine<'a> {
    fn new(inputs: &'a [SeriesInput], options: Options, control: Control<'a>) -> Self {
        let by_key: HashMap<&SeriesKey, usize> =
            inputs.iter().enumerate().map(|(at, input)| (&input.key, at)).collect();
        let mut keyed: Vec<usize> = (0..inputs.len()).collect();
        keyed.sort_by(|a, b| inputs[*a].key.cmp(&inputs[*b].key));
        let parents = inputs.iter().map(|input| input.key.parent().and_then(|key| by_key.get(&key).copied())).collect();
        Self {
            inputs,
            options,
            control,
            done: AtomicUsize::new(0),
            keyed,
            parents,
            weeks: weeks(inputs, options.frequency),
            memories: vec![Memory::default(); inputs.len()],
            scoreboard: Scoreboard::default(),
            calibration: Calibration::new(),
            classes: BTreeMap::new(),
            accuracy: BTreeMap::new(),
        }
    }

    /// Runs one series' part of a pass, unless cancelled, and counts it.
    fn counted<T>(&self, work: impl FnOnce() -> T) -> Result<T, Cancelled> {
        if self.control.cancelled.load(Ordering::Relaxed) {
            return Err(Cancelled);
        }
        let result = work();
        let done = self.done.fetch_add(1, Ordering::Relaxed) + 1;
        (self.control.progress)(done / (self.options.folds + TEACHING + 1), self.inputs.len());
        Ok(result)
    }

    /// One pass over all series, `back` folds before the end.
    fn backtest(&mut self, back: usize) -> Result<(), Cancelled> {
        let readings = self.calibration.readings();
        let scoreboard = self.scoreboard.clone();
        self.calibration.age();
        for piece in self.keyed.clone().chunks(PIECE) {
            let this = &*self;
            let outcomes: Vec<Option<Outcome>> = piece
                .par_iter()
                .map(|at| this.counted(|| this.fold(*at, back, &readings, &scoreboard)))
                .collect::<Result<_, _>>()?;
            for (at, outcome) in piece.iter().zip(outcomes) {
                self.learn(*at, back, outcome);
            }
        }
        for memory in &mut self.memories {
            memory.scores.merge(&std::mem::take(&mut memory.fresh));
        }
        Ok(())
    }

    /// Keeps what a fold of one series taught.
    fn learn(&mut self, at: usize, back: usize, outcome: Option<Outcome>) {
        let Some((outcome, class)) = outcome.and_then(|outcome| outcome.class.map(|class| (outcome, class))) else {
            return;
        };
        let memory = &mut self.memories[at];
        memory.fresh.add(&outcome.errors);
        self.scoreboard.add(self.inputs[at].key.group(), class, &outcome.errors);
        self.calibration.add(&outcome.experience);
        if back > self.options.folds {
            return;
        }
        memory.selected.merge(&outcome.selected);
        for (name, points) in &outcome.methods {
            memory.methods[name.index()].merge(points);
        }
        self.classes.entry(class).or_default().merge(&outcome.selected);
        for (bucket, tally) in outcome.buckets.iter().enumerate() {
            self.accuracy.entry((class, bucket)).or_default().merge(tally);
        }
    }

    /// One fold of one series, decided by what passes before this one learnt.
    fn fold(&self, at: usize, back: usize, readings: &Readings, scoreboard: &Scoreboard) -> Option<Outcome> {
        let series = &self.inputs[at].series;
        let frequency = self.options.frequency;
        let fold = Fold::of(series.len(), self.options.horizon, back, frequency)?;
        let window = self.window(at, fold.origin);
        if window.observed.is_empty() {
            return None;
        }
        let class = DemandClass::of(&window);
        let scale = Scale::of(&window.observed);
        let treatment = self.treatment(at, &window, class, scoreboard);
        let mut outcome = Outcome { class: Some(class), ..Outcome::default() };

        let own = match &treatment {
            Treatment::Own(name) => Some(*name),
            Treatment::Share { .. } => None,
        };
        let compared = own.is_some() && window.demand_steps() > 0 && window.observed.len() > ModelName::SHORT;
        let means = candidates(&window, fold.length);
        outcome.compare(&means, &seasonal_quantiles(&window, fold.length), fold, series, scale);
        if compared {
            outcome.score(&means, fold, series, self.inputs[at].key.group(), window.frequency);
        }

        let run = own.and_then(|name| means.into_iter().find(|(candidate, _)| *candidate == name));
        let predictive = match run {
            // The chosen candidate has just been run: its means are here.
            Some((name, means)) => Predictive::new(&window, name, means, series.is_integer()),
            None => predict(&window, &treatment, fold.length, series.is_integer()),
        };
        let group = group(self.inputs[at].key.group(), class, own.is_none());
        outcome.experience.group = group;
        outcome.judge(&predictive, |bucket| *readings.step(group, bucket), fold, series, scale, frequency);
        outcome.judge_sums(&predictive, FOLD_PATHS, self.seed(at, back), fold, series);
        Some(outcome)
    }

    /// The forecast of one series from all its data.
    fn forecast(&self, at: usize, readings: &Readings) -> SeriesForecast {
        let SeriesInput { key, series } = &self.inputs[at];
        let frequency = self.options.frequency;
        let horizon = self.options.horizon;
        let window = self.window(at, series.len());
        let class = DemandClass::of(&window);
        let treatment = self.treatment(at, &window, class, &self.scoreboard);
        let predictive = predict(&window, &treatment, horizon, series.is_integer());
        let group = group(key.group(), class, matches!(treatment, Treatment::Share { .. }));
        let mut points: Vec<ForecastPoint> = Vec::with_capacity(horizon);
        for lead in 1..=horizon {
            let bucket = frequency.bucket(lead);
            let same =
                points.last().filter(|last| frequency.bucket(last.lead) == bucket && predictive.same(lead, last.lead));
            let quantiles = same.map_or_else(
                || calibrated(&predictive, lead, readings.step(group, bucket)).values(),
                |last| last.quantiles,
            );
            let date = frequency.advance(series.start, series.len() + lead - 1);
            points.push(ForecastPoint { date, lead, mean: predictive.mean(lead), quantiles });
        }
        SeriesForecast {
            key: key.clone(),
            class,
            model: predictive.model(),
            data_through: series.len().checked_sub(1).map(|last| frequency.advance(series.start, last)),
            backtest: Backtest { metrics: self.memories[at].selected.metrics() },
            demand: CumulativeDemand::simulated(&predictive, PATHS, self.seed(at, 0), |knot| {
                *readings.sum(group, knot)
            }),
            points,
        }
    }

    /// What is known of a series before one of its steps.
    fn window(&self, at: usize, origin: usize) -> Window<'a> {
        let series = &self.inputs[at].series;
        let date = self.options.frequency.advance(series.start, origin);
        series.open_window(origin, self.options.frequency, &self.weeks.before(date))
    }

    /// Fallback, share of the parent, or the chosen model; by what is known in the window alone.
    fn treatment(&self, at: usize, window: &Window<'_>, class: DemandClass, scoreboard: &Scoreboard) -> Treatment<'a> {
        let fallback = ModelName::fallback(window);
        if fallback != Some(ModelName::AllZero)
            && window.demand_steps() < OWN_DEMAND
            && let Some(share) = self.parents[at].and_then(|parent| self.share(at, parent, window, scoreboard))
        {
            return share;
        }
        Treatment::Own(fallback.unwrap_or_else(|| self.choose(at, window, class, scoreboard)))
    }

    fn choose(&self, at: usize, window: &Window<'_>, class: DemandClass, scoreboard: &Scoreboard) -> ModelName {
        let level = self.inputs[at].key.group();
        scoreboard.choose(level, class, &self.memories[at].scores, ModelName::candidates(window))
    }

    /// The parent's window that ends on the same date, and the member's share of its demand.
    fn share(
        &self,
        member: usize,
        parent: usize,
        window: &Window<'_>,
        scoreboard: &Scoreboard,
    ) -> Option<Treatment<'a>> {
        let frequency = self.options.frequency;
        let (mine, theirs) = (&self.inputs[member].series, &self.inputs[parent].series);
        if end(mine, frequency) != end(theirs, frequency) {
            return None;
        }
        let origin = theirs.len().checked_sub(mine.len() - window.calendar_steps())?;
        let group = self.window(parent, origin);
        let total: f64 = group.observed.iter().sum();
        let share = window.observed.iter().sum::<f64>() / total;
        if total <= 0.0 || !share.is_finite() {
            return None;
        }
        let class = DemandClass::of(&group);
        let model = ModelName::fallback(&group).unwrap_or_else(|| self.choose(parent, &group, class, scoreboard));
        Some(Treatment::Share { parent: group, model, share: share.min(1.0) })
    }

    fn seed(&self, at: usize, back: usize) -> u64 {
        self.options.seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ self.inputs[at].key.stream().wrapping_add(back as u64)
    }

    /// The selected forecasts and every candidate alone, as means over series.
    fn summarise(&self, summary: &mut RunSummary) {
        summary.classes = self.classes.iter().map(|(class, tally)| (*class, tally.metrics())).collect();
        let keyed = || self.keyed.iter().map(|at| &self.memories[*at]);
        summary.selected = Metrics::mean_of(keyed().map(|memory| memory.selected.metrics()));
        for name in &ModelName::ALL[..ModelName::CANDIDATES] {
            let of = |memory: &Memory| Some(memory.methods[name.index()].metrics()).filter(|m| m.folds > 0);
            let measured = Metrics::mean_of(keyed().filter_map(of));
            if measured.observations == summary.selected.observations {
                summary.methods.insert(*name, measured);
            } else if measured.observations > 0 {
                summary.partial_methods.insert(*name, measured);
            }
        }
    }

    fn accuracy(&self) -> Vec<ClassLeadAccuracy> {
        let row = |((class, bucket), tally): (&(DemandClass, usize), &Tally)| {
            let (lead_from, lead_to) = self.options.frequency.bucket_leads(*bucket);
            ClassLeadAccuracy { class: *class, lead_from, lead_to, metrics: tally.metrics() }
        };
        self.accuracy.iter().map(row).filter(|row| row.metrics.observations > 0).collect()
    }
}

/// The days on which anything was asked for, where weekdays are steps.
fn weeks(inputs: &[SeriesInput], frequency: Frequency) -> Weeks {
    if frequency != Frequency::Day {
        return Weeks::default();
    }
    Weeks::new(inputs.iter().flat_map(|input| {
        let demanded = |at: &usize| input.series.quantities[*at] > 0.0 && !input.series.censored[*at];
        (0..input.series.len()).filter(demanded).map(|at| frequency.advance(input.series.start, at))
    }))
}

fn end(series: &DemandSeries, frequency: Frequency) -> NaiveDate {
    frequency.advance(series.start, series.len())
}
