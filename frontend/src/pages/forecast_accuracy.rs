//! How good forecasts were: the newest run on the past, for analysts, and a material's forecasts beside what came.

use leptos::prelude::*;

use crate::address::{Address, Leaving};
use crate::charts::accuracy::{Coverage, beating_naive, leads};
use crate::charts::forecasts::{coverage, judged};
use crate::components::chart::Chart;
use crate::components::chart_panel::ChartPanel;
use crate::components::data_table::{NamedTable, told};
use crate::components::filter::Choice;
use crate::components::loaded::Loaded;
use crate::components::panel::{Empty, Panel};
use crate::components::shown::shown;
use crate::graphql::fetch::{Answer, use_query};
use crate::graphql::queries::enums::ForecastLevel;
use crate::graphql::queries::forecasts::{
    ForecastAccuracy, ItemAccuracy, MaterialAccuracy, MaterialAccuracyVariables, RunAccuracy,
};
use crate::i18n::{Lang, fill, use_lang, use_texts};
use crate::kept::{Kept, kept};
use crate::state::comparison::ComparisonState;
use crate::state::pairs::encode;
use crate::state::period::{Period, SeriesState};
use crate::state::{Located, UrlState};

/// The newest run, by class of demand and lead. Only analysts may ask for it.
pub fn accuracy_panel() -> AnyView {
    let texts = use_texts();
    let run = use_query::<RunAccuracy>(|| Some(()));
    view! {
        <Panel title=texts.accuracy_title>
            <Loaded of=run lines=4 let:data>{run_part(data)}</Loaded>
        </Panel>
    }
    .into_any()
}

fn run_part(data: Answer<RunAccuracy>) -> AnyView {
    let (lang, texts) = (use_lang(), use_texts());
    let rows = kept(move || {
        let data = data.get();
        data.forecast_runs.nodes.first().and_then(|run| run.accuracy.clone()).unwrap_or_default()
    });
    let none = kept(move || rows.read().is_empty());
    let made = move || {
        let data = data.get();
        let run = data.forecast_runs.nodes.first();
        run.map(|run| fill(texts.accuracy_run, &[&lang.date(run.origin), &lang.number(run.series.into(), 0)]))
    };
    let naive = move || {
        let (won, known) = beating_naive(&rows.read());
        fill(texts.beating_naive, &[&won.to_string(), &known.to_string()])
    };
    let drawn = move || {
        if none.get() {
            return view! { <Empty title=texts.no_accuracy hint=texts.no_accuracy_hint /> }.into_any();
        }
        view! {
            <p class="words">{made}" "<strong data-testid="naive">{naive}</strong></p>
            <p class="words">{texts.accuracy_hint}</p>
            {move || accuracy_table(&rows.read())}
            <h3>{texts.coverage_title}</h3>
            {coverage_part(rows)}
        }
        .into_any()
    };
    view! { <div class="stack">{shown(drawn)}</div> }.into_any()
}

fn accuracy_table(rows: &[ForecastAccuracy]) -> AnyView {
    let (lang, texts) = (use_lang(), use_texts());
    let share = |value| told(value, |share| lang.percent(share));
    let row = |row: &ForecastAccuracy| {
        let name = format!("{} · {}", lang.class_name(row.demand_class), leads(lang, row.lead_from, row.lead_to));
        let many = f64::from(row.observations);
        let cells = vec![
            told(row.rmsse, |error| lang.fixed(error, 2)),
            share(row.wape),
            share(row.bias),
            share(row.coverage80),
            share(row.ideal80),
            share(row.coverage95),
            share(row.ideal95),
            (lang.number(many, 0), Some(many)),
        ];
        (name, cells)
    };
    let level = |share: f64| lang.percent(share);
    let columns = vec![
        "RMSSE".to_owned(),
        texts.wape.to_owned(),
        texts.bias.to_owned(),
        fill(texts.covered, &[&level(0.8)]),
        fill(texts.covered_ideal, &[&level(0.8)]),
        fill(texts.covered, &[&level(0.95)]),
        fill(texts.covered_ideal, &[&level(0.95)]),
        texts.observations.to_owned(),
    ];
    let rows = rows.iter().map(row).collect();
    view! { <NamedTable testid="accuracy-table" caption=texts.accuracy_title first=texts.class_and_lead columns rows /> }
        .into_any()
}

fn coverage_part(rows: Kept<Vec<ForecastAccuracy>>) -> AnyView {
    let (lang, texts) = (use_lang(), use_texts());
    let ranges = kept(move || Coverage::of(&rows.read()));
    let table = move || {
        let share = |value| told(value, |share| lang.percent(share));
        let row =
            |range: &Coverage| (leads(lang, range.from, range.to), vec![share(range.measured), share(range.ideal)]);
        let rows = ranges.read().iter().map(row).collect();
        let columns = vec![texts.measured.to_owned(), texts.true_band.to_owned()];
        view! { <NamedTable testid="coverage-table" caption=texts.coverage_title first=texts.days_ahead columns rows /> }
            .into_any()
    };
    let marks = vec![("mark-actual", texts.measured), ("mark-forecast", texts.true_band)];
    view! {
        <ChartPanel marks=Signal::derive(move || marks.clone()) table_id="coverage-table" table>
            <Chart draw=move |look| coverage(&ranges.read(), look) label=fill(texts.chart_label, &[texts.coverage_title]) testid="coverage-chart" />
        </ChartPanel>
    }
    .into_any()
}

/// Forecast against what came, for one of the materials that are compared.
pub fn judged_panel(state: Located<ComparisonState>) -> AnyView {
    let texts = use_texts();
    let materials = kept(move || state.get().members(ForecastLevel::Item));
    let sku = kept(move || state.get().judged());
    let known = kept(move || sku.read().is_some());
    let answer = use_query::<MaterialAccuracy>(move || sku.get().map(|sku| MaterialAccuracyVariables { sku }));
    let choice = move || {
        let options: Vec<_> = materials.get().into_iter().map(|sku| (sku.clone(), sku)).collect();
        (options.len() > 1).then(|| {
            view! {
                <Choice label=texts.name options chosen=Signal::derive(move || sku.get().unwrap_or_default())
                    choose=move |sku: String| state.push(|state| state.judged = Some(sku)) testid="judged" />
            }
        })
    };
    let part = move || {
        if known.get() {
            view! { <Loaded of=answer let:data>{judged_part(data, sku)}</Loaded> }.into_any()
        } else {
            view! { <Empty title=texts.no_material hint=texts.no_material_hint /> }.into_any()
        }
    };
    view! { <Panel title=texts.judged_title aside=move || choice>{part}</Panel> }.into_any()
}

fn judged_part(data: Answer<MaterialAccuracy>, sku: Kept<Option<String>>) -> AnyView {
    let texts = use_texts();
    let weeks = kept(move || data.get().item.as_ref().and_then(|item| item.accuracy.clone()));
    let none = kept(move || weeks.read().is_none());
    let drawn = move || {
        if none.get() {
            return view! { <Empty title=texts.not_judged hint=texts.not_judged_hint /> }.into_any();
        }
        judged_chart(data, weeks, sku)
    };
    shown(drawn)
}

fn judged_chart(
    data: Answer<MaterialAccuracy>,
    weeks: Kept<Option<ItemAccuracy>>,
    sku: Kept<Option<String>>,
) -> AnyView {
    let (lang, texts) = (use_lang(), use_texts());
    let address = expect_context::<Address>();
    // An answer without weeks takes the chart away, but it may be drawn once more before.
    let known = move || weeks.get().unwrap_or_default();
    let open = move |index: usize| {
        let (known, sku) = untrack(|| (known(), sku.get()));
        if let (Some(week), Some(sku)) = (known.weeks.get(index), sku) {
            let series = SeriesState { period: Period::Between(*week, week.plus(6)), ..SeriesState::default() };
            let target = series.href(&format!("/materials/{}", encode(&sku)));
            address.go(&target, Leaving::Kept);
        }
    };
    let unit = move || data.get().item.as_ref().map(|item| item.unit.clone()).unwrap_or_default();
    let table = move || judged_table(lang, &known(), &unit());
    let marks = vec![("mark-actual", texts.actual), ("mark-forecast", texts.forecast)];
    view! {
        {move || judged_figures(lang, &known())}
        <p class="words">{texts.judged_hint}</p>
        <ChartPanel marks=Signal::derive(move || marks.clone()) table_id="judged-table" table>
            <Chart draw=move |look| judged(&known(), look) label=fill(texts.chart_label, &[texts.judged_title])
                on_click=Callback::new(open) testid="judged-chart" />
        </ChartPanel>
    }
    .into_any()
}

fn judged_figures(lang: Lang, of: &ItemAccuracy) -> AnyView {
    let texts = lang.texts();
    let figures = [(texts.wape, of.wape, "judged-wape"), (texts.bias, of.bias, "judged-bias")];
    let figures = figures.map(|(name, share, testid)| {
        let (text, value) = told(share, |share| lang.percent(share));
        view! { <p class="figure"><span>{name}</span><strong data-testid=testid data-value=value.map(|share| share.to_string())>{text}</strong></p> }
    });
    view! { <div class="figures">{figures.collect_view()}</div> }.into_any()
}

fn judged_table(lang: Lang, of: &ItemAccuracy, unit: &str) -> AnyView {
    let texts = lang.texts();
    let cell = |quantity: f64| (lang.quantity(quantity), Some(quantity));
    let rows = of.weeks.iter().zip(&of.actuals).zip(&of.forecasts).rev().map(|((week, actual), forecast)| {
        (lang.date(*week), vec![cell(*actual), cell(*forecast), cell(forecast - actual)])
    });
    let rows = rows.collect();
    let columns = [texts.actual, texts.forecast, texts.difference].map(|name| format!("{name}, {unit}")).to_vec();
    view! { <NamedTable testid="judged-table" caption=texts.judged_title first=texts.week_of columns rows /> }
        .into_any()
}
