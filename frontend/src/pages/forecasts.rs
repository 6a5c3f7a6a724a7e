//! Forecasts beside each other: of materials, families, regions and the whole company, as they are or by their own level.

use leptos::prelude::*;

use super::forecast_accuracy::{accuracy_panel, judged_panel};
use crate::charts::comparison::{Comparison, Source};
use crate::charts::forecasts::comparison;
use crate::charts::outlook::Fan;
use crate::components::chart::Chart;
use crate::components::chart_panel::ChartPanel;
use crate::components::data_table::{NamedTable, told};
use crate::components::filter::{MultiSelect, clear_filters};
use crate::components::legend::{Entry, Legend};
use crate::components::panel::{Empty, ErrorPanel, Panel, Skeleton};
use crate::components::search::Suggest;
use crate::components::segmented::Segmented;
use crate::components::shown::shown;
use crate::graphql::fetch::{Fetched, Phase, Several, use_queries, use_query};
use crate::graphql::queries::enums::{ForecastLevel, Granularity, ItemKind};
use crate::graphql::queries::forecasts::{ForecastGroups, SeriesForecast, SeriesForecastVariables};
use crate::graphql::queries::materials::{ItemFilter, Materials, MaterialsVariables};
use crate::graphql::queries::session::Viewer;
use crate::i18n::{Lang, fill, use_lang, use_texts};
use crate::kept::{Kept, kept};
use crate::session::Session;
use crate::state::comparison::{ComparisonState, MOST, STEPS, Series, placed};
use crate::state::filters::{MaterialsState, Selection};
use crate::state::pairs::encode;
use crate::state::period::HORIZONS;
use crate::state::{Located, UrlState, use_url_state};

/// How many materials are proposed.
const PROPOSED: i32 = 8;

fn variables(series: &Series) -> SeriesForecastVariables {
    let material = series.level == ForecastLevel::Item;
    let plain = SeriesForecastVariables::default();
    if material {
        return SeriesForecastVariables { sku: series.member.clone(), material, ..plain };
    }
    let member = (!series.member.is_empty()).then(|| series.member.clone());
    SeriesForecastVariables { level: series.level, member, ..plain }
}

/// What the parts of the page share.
#[derive(Clone, Copy)]
struct Compared {
    lang: Lang,
    state: Located<ComparisonState>,
    /// The series with the places of their colours.
    placed: Memo<Vec<(Series, usize)>>,
    asked: Several<Series, SeriesForecast>,
    groups: Fetched<ForecastGroups>,
}

impl Compared {
    /// What a series is called; a material by its code until its name is there.
    fn name(self, series: &Series) -> String {
        match series.level {
            ForecastLevel::All => self.lang.forecast_level(series.level).to_owned(),
            ForecastLevel::Region => self.region(&series.member),
            ForecastLevel::Item => match self.asked.of(series).and_then(Fetched::data) {
                Some(data) => data.item.as_ref().map_or_else(
                    || series.member.clone(),
                    |item| format!("{} {} ({})", series.member, item.name, item.unit),
                ),
                None => series.member.clone(),
            },
            ForecastLevel::Family | ForecastLevel::ItemSite => series.member.clone(),
        }
    }

    /// What a region is called.
    fn region(self, code: &str) -> String {
        let groups = self.groups.data();
        let region = groups.as_ref().and_then(|data| data.regions.nodes.iter().find(|region| region.code == code));
        region.map_or_else(|| code.to_owned(), |region| format!("{} · {}", region.code, region.name))
    }

    /// The comparison, of what has come.
    fn comparison(self) -> Comparison {
        let (state, placed) = (self.state.get(), self.placed.read());
        let sources = placed.iter().filter_map(|(series, place)| {
            let data = self.asked.of(series)?.data()?;
            Some(Source { name: self.name(series), place: *place, fan: Fan::from(data.of()?) })
        });
        Comparison::new(sources.collect(), state.horizon, state.granularity, state.normalised)
    }

    /// Whether anything has not come yet.
    fn waits(self) -> bool {
        let waits = |query: Fetched<SeriesForecast>| query.asked.phase() == Phase::Waiting;
        self.placed.read().iter().any(|(series, _)| self.asked.of(series).is_none_or(waits))
    }

    /// The queries that failed.
    fn failed(self) -> Vec<Fetched<SeriesForecast>> {
        let placed = self.placed.read();
        let queries = placed.iter().filter_map(|(series, _)| self.asked.of(series));
        queries.filter(|query| query.asked.phase() == Phase::Failed).collect()
    }

    /// Why a series is not in the chart.
    fn note(self, series: &Series, comparison: &Comparison, place: usize) -> Option<&'static str> {
        let texts = self.lang.texts();
        let query = self.asked.of(series);
        let Some(data) = query.and_then(Fetched::data) else {
            let failed = query.is_some_and(|query| query.asked.phase() == Phase::Failed);
            return Some(if failed { texts.error_title } else { texts.loading });
        };
        if data.of().is_none() {
            return Some(texts.without_forecast);
        }
        let nothing = comparison.curves.iter().any(|curve| curve.place == place && curve.is_nothing());
        (nothing && comparison.normalised).then_some(texts.without_level)
    }
}

/// The page at `/forecasts`.
#[component]
pub fn Forecasts() -> impl IntoView {
    let texts = use_texts();
    super::title(texts.forecasts_title);
    let analyst = expect_context::<Session>().viewer_untracked().as_ref().is_some_and(Viewer::sees_accuracy);
    let state = use_url_state::<ComparisonState>();
    let compared = Compared {
        lang: use_lang(),
        state,
        placed: Memo::new(move |before: Option<&Vec<(Series, usize)>>| {
            placed(before.map_or(&[][..], Vec::as_slice), state.get().series)
        }),
        asked: use_queries(move || state.get().series, variables),
        groups: use_query::<ForecastGroups>(|| Some(())),
    };
    view! {
        <div class="page-head"><h1>{texts.forecasts_title}</h1>{controls(state)}</div>
        {chooser(compared)}
        <Panel title=texts.comparison_title>{comparison_part(compared)}</Panel>
        {analyst.then(accuracy_panel)}
        {judged_panel(state)}
    }
}

/// Bucket width, horizon and scale.
fn controls(state: Located<ComparisonState>) -> AnyView {
    let (lang, texts) = (use_lang(), use_texts());
    let steps = STEPS.map(|step| (step, lang.granularity(step).to_owned())).to_vec();
    let horizons = HORIZONS.map(|days| (days, fill(texts.days, &[&days.to_string()]))).to_vec();
    let scales = vec![(false, texts.quantities.to_owned()), (true, texts.normalised.to_owned())];
    view! {
        <div class="page-controls">
            <Segmented label=texts.scale options=scales chosen=move || Some(state.get().normalised)
                choose=move |normalised| state.push(|state| state.normalised = normalised) />
            <Segmented label=texts.by options=steps chosen=move || Some(state.get().granularity)
                choose=move |by| state.push(|state| state.granularity = by) />
            <Segmented label=texts.horizon options=horizons chosen=move || Some(state.get().horizon)
                choose=move |days| state.push(|state| state.horizon = days) />
        </div>
    }
    .into_any()
}

/// What adds series.
fn chooser(compared: Compared) -> AnyView {
    let (lang, texts) = (use_lang(), use_texts());
    let state = compared.state;
    let words = RwSignal::new(String::new());
    let proposals = use_query::<Materials>(move || {
        let search = words.get();
        let filter =
            Some(ItemFilter { search: Some(search.clone()), kind: Some(ItemKind::Material), ..ItemFilter::default() });
        (!search.is_empty()).then(|| MaterialsVariables {
            filter,
            first: Some(PROPOSED),
            ..MaterialsVariables::default()
        })
    });
    let found = Signal::derive(move || {
        let data = words.with(|words| !words.is_empty()).then(|| proposals.data()).flatten()?;
        let named = data.items.nodes.iter().map(|item| (item.sku.clone(), format!("{} {}", item.sku, item.name)));
        Some(named.collect::<Vec<_>>())
    });
    let material = move |member: String| state.push(|state| state.add(Series { level: ForecastLevel::Item, member }));
    let families = Signal::derive(move || compared.groups.data().map(|data| data.families.clone()).unwrap_or_default());
    let choose_families = move |members: Vec<String>| state.push(|state| state.choose(ForecastLevel::Family, members));
    let codes = move || {
        let groups = compared.groups.data();
        groups.iter().flat_map(|data| &data.regions.nodes).map(|region| region.code.clone()).collect::<Vec<_>>()
    };
    let regions = move |codes: Vec<String>| codes.iter().map(|code| compared.region(code)).collect::<Vec<_>>();
    let choose_regions = move |names: Vec<String>| {
        let named = untrack(|| codes().into_iter().filter(|code| names.contains(&compared.region(code))).collect());
        state.push(|state| state.choose(ForecastLevel::Region, named));
    };
    let whole = move || state.get().series.contains(&Series::whole());
    let toggle = move |_| {
        state.push(|state| {
            if state.series.contains(&Series::whole()) {
                state.remove(&Series::whole().word());
            } else {
                state.add(Series::whole());
            }
        });
    };
    view! {
        <div class="filters" role="search">
            <Suggest label=texts.add_material found typed=move |text: String| words.set(text) choose=material />
            <MultiSelect label=texts.family options=families chosen=Signal::derive(move || state.get().members(ForecastLevel::Family))
                choose=choose_families />
            <MultiSelect label=texts.region options=Signal::derive(move || regions(codes()))
                chosen=Signal::derive(move || regions(state.get().members(ForecastLevel::Region))) choose=choose_regions />
            <button type="button" class="chip" data-testid="whole" aria-pressed=move || whole().to_string() on:click=toggle>{lang.forecast_level(ForecastLevel::All)}</button>
            {clear_filters(Signal::derive(move || state.get() != ComparisonState::default()), move || state.push(|state| *state = ComparisonState::default()))}
        </div>
    }
    .into_any()
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Stage {
    NothingChosen,
    Waiting,
    NoForecast,
    Drawn,
}

fn comparison_part(compared: Compared) -> AnyView {
    let texts = use_texts();
    let state = compared.state;
    let comparing = kept(move || compared.comparison());
    let stage = kept(move || {
        if compared.placed.read().is_empty() {
            Stage::NothingChosen
        } else if !comparing.read().curves.is_empty() {
            Stage::Drawn
        } else if compared.waits() {
            Stage::Waiting
        } else {
            Stage::NoForecast
        }
    });
    let entries = kept(move || {
        let entry = |(series, place): &(Series, usize)| Entry {
            place: *place,
            word: series.word(),
            name: compared.name(series),
            href: more_of(series),
            note: compared.note(series, &comparing.read(), *place),
        };
        compared.placed.read().iter().map(entry).collect::<Vec<_>>()
    });
    let retry = move || {
        for query in untrack(|| compared.failed()) {
            query.again();
        }
    };
    let failed = move || {
        let error = compared.failed().first().and_then(|query| query.asked.error());
        error.map(|error| view! { <ErrorPanel error retry /> })
    };
    let notes = move || {
        let state = state.get();
        let notes = [
            (state.series.len() >= MOST).then_some(texts.most_series),
            state.normalised.then_some(texts.normalised_hint),
            (state.granularity != Granularity::Day).then_some(texts.sums_have_no_band),
        ];
        notes.into_iter().flatten().map(|note| view! { <p class="note">{note}</p> }).collect_view()
    };
    let drawn = move || match stage.get() {
        Stage::NothingChosen => {
            view! { <Empty title=texts.nothing_chosen hint=texts.nothing_chosen_hint /> }.into_any()
        }
        Stage::Waiting => view! { <Skeleton lines=1 tall=true /> }.into_any(),
        // What failed is told above, and each series says what it lacks.
        Stage::NoForecast if !compared.failed().is_empty() => ().into_any(),
        Stage::NoForecast => view! { <Empty title=texts.no_forecast /> }.into_any(),
        Stage::Drawn => view! { {notes}{comparison_chart(comparing)} }.into_any(),
    };
    view! {
        <Legend entries remove=move |word: String| state.push(|state| state.remove(&word)) />
        {failed}
        {shown(drawn)}
    }
    .into_any()
}

fn comparison_chart(comparing: Kept<Comparison>) -> AnyView {
    let texts = use_texts();
    let marks =
        Signal::derive(
            move || if comparing.read().has_band() { vec![("mark-bands", texts.band80)] } else { Vec::new() },
        );
    view! {
        <ChartPanel marks table_id="comparison-table" table=move || comparison_table(&comparing.read())>
            <Chart draw=move |look| comparison(&comparing.read(), look) label=fill(texts.chart_label, &[texts.comparison_title]) testid="comparison-chart" />
        </ChartPanel>
    }
    .into_any()
}

fn comparison_table(of: &Comparison) -> AnyView {
    let (lang, texts) = (use_lang(), use_texts());
    let mut columns = Vec::new();
    for curve in &of.curves {
        columns.push(curve.name.clone());
        if curve.has_band() {
            columns.extend([texts.lower80, texts.upper80].map(|edge| format!("{} · {edge}", curve.name)));
        }
    }
    let cell = |value| told(value, |number| lang.quantity(number));
    let rows = of.dates.iter().enumerate().map(|(index, date)| {
        let mut cells = Vec::new();
        for curve in &of.curves {
            cells.push(cell(curve.means.get(index).copied().flatten()));
            if curve.has_band() {
                let band = curve.bands.get(index).copied().flatten();
                cells.extend([cell(band.map(|(lower, _)| lower)), cell(band.map(|(_, upper)| upper))]);
            }
        }
        (lang.date(*date), cells)
    });
    let rows = rows.collect();
    let first = if of.granularity == Granularity::Day { texts.date } else { texts.week_of };
    view! { <NamedTable testid="comparison-table" caption=texts.comparison_title first columns rows /> }.into_any()
}

/// Where more of a series is.
fn more_of(series: &Series) -> Option<String> {
    match series.level {
        ForecastLevel::Item => Some(format!("/materials/{}", encode(&series.member))),
        ForecastLevel::Family => {
            let selection = Selection { families: vec![series.member.clone()], ..Selection::default() };
            Some(MaterialsState { selection, ..MaterialsState::default() }.href("/materials"))
        }
        ForecastLevel::All => Some("/".to_owned()),
        ForecastLevel::Region | ForecastLevel::ItemSite => None,
    }
}
