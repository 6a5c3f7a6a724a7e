//! The executive dashboard: what was demanded and is expected, how the company does, what to do today.

use leptos::prelude::*;

use super::decisions::{DecisionNotice, use_decisions};
use crate::charts::demand::demand;
use crate::charts::outlook::{Outlook, bucket_of};
use crate::components::alert_row::AlertRow;
use crate::components::chart::Chart;
use crate::components::chart_panel::{ChartPanel, Mark};
use crate::components::data_table::DemandTable;
use crate::components::date_range::DateRange;
use crate::components::kpi_card::{KpiCard, Standing};
use crate::components::loaded::Loaded;
use crate::components::panel::{Empty, Panel};
use crate::components::recommendation_row::RecommendationRow;
use crate::components::segmented::Segmented;
use crate::components::shown::shown;
use crate::graphql::fetch::{Answer, use_query};
use crate::graphql::queries::dashboard::{Dashboard as Tiles, DashboardSeries, Kpi, SeriesVariables};
use crate::graphql::queries::enums::Granularity;
use crate::i18n::{Lang, fill, use_lang, use_texts};
use crate::kept::kept;
use crate::session::Session;
use crate::state::period::{BUCKETS, Period, SeriesState};
use crate::state::use_url_state;

/// The page at `/`.
#[component]
pub fn Dashboard() -> impl IntoView {
    let (lang, texts) = (use_lang(), use_texts());
    super::title(texts.dashboard_title);
    let today = expect_context::<Session>().viewer_untracked().and_then(|viewer| viewer.today);
    let state = use_url_state::<SeriesState>();
    let tiles = use_query::<Tiles>(|| Some(()));
    let series = use_query::<DashboardSeries>(move || {
        let state = state.get();
        let bounds = today.map(|today| state.period.bounds(today));
        Some(SeriesVariables {
            from: bounds.map(|(from, _)| from),
            to: bounds.map(|(_, to)| to),
            granularity: state.granularity,
            horizon: state.ahead().into(),
        })
    });
    let buckets = BUCKETS.map(|bucket| (bucket, lang.granularity(bucket).to_owned())).to_vec();
    view! {
        <div class="page-head">
            <h1>{texts.dashboard_title}</h1>
            <div class="page-controls">
                <Segmented label=texts.by options=buckets chosen=move || Some(state.with(|state| state.granularity))
                    choose=move |by| state.push(|state| state.granularity = by) />
                <DateRange period=Signal::derive(move || state.with(|state| state.period)) today choose=move |period| state.push(|state| state.period = period) />
            </div>
        </div>
        <section aria-label=texts.kpis>
            <Loaded of=tiles lines=2 let:data>
                <ul class="kpis">{move || kpi_cards(lang, data.get().kpis.iter().max_by_key(|kpi| kpi.date))}</ul>
            </Loaded>
        </section>
        <Panel title=texts.demand_title>
            <Loaded of=series tall=true let:data>{demand_chart(data, state, today)}</Loaded>
        </Panel>
        <div class="columns">
            {to_do(tiles, today)}
            <Panel title=texts.latest_alerts aside=move || view! { <a href="/alerts">{texts.see_all_alerts}</a> }>
                <Loaded of=tiles let:data>
                    {shown(move || {
                        let alerts = data.get().alerts.nodes.clone();
                        if alerts.is_empty() {
                            return view! { <Empty title=texts.no_alerts hint=texts.no_alerts_hint /> }.into_any();
                        }
                        view! { <ul class="rows">{alerts.into_iter().map(|alert| view! { <AlertRow alert mark=None /> }).collect_view()}</ul> }.into_any()
                    })}
                </Loaded>
            </Panel>
        </div>
    }
}

fn to_do(tiles: crate::graphql::fetch::Fetched<Tiles>, today: Option<crate::day::Day>) -> impl IntoView {
    let texts = use_texts();
    let decisions = use_decisions();
    let count = move || tiles.data().map_or(0, |data| data.recommendations.total_count).to_string();
    view! {
        <Panel title=texts.do_today aside=move || view! { <a href="/recommendations">{move || fill(texts.see_all, &[&count()])}</a> }>
            <DecisionNotice decisions />
            <Loaded of=tiles let:data>
                {shown(move || {
                    let nodes = data.get().recommendations.nodes.clone();
                    if nodes.is_empty() {
                        return view! { <Empty title=texts.nothing_to_do hint=texts.nothing_to_do_hint /> }.into_any();
                    }
                    let rows = nodes.into_iter().map(|recommendation| {
                        let status = decisions.status(&recommendation);
                        view! { <RecommendationRow recommendation status decide=decisions.decide() today /> }
                    });
                    view! { <ul class="rows">{rows.collect_view()}</ul> }.into_any()
                })}
            </Loaded>
        </Panel>
    }
}

fn demand_chart(
    data: Answer<DashboardSeries>,
    state: crate::state::Located<SeriesState>,
    today: Option<crate::day::Day>,
) -> AnyView {
    let (lang, texts) = (use_lang(), use_texts());
    let outlook = kept(move || {
        let data = data.get();
        Outlook::of_company(&data.demand, data.forecast.as_ref(), state.with(|state| state.granularity), today)
    });
    let marks = Signal::derive(move || marks_of(lang, &outlook.read()));
    let drill = move |index: usize| {
        let Some((row, by)) = outlook.with(|outlook| outlook.rows.get(index).map(|row| (*row, outlook.granularity)))
        else {
            return;
        };
        if by != Granularity::Day {
            let (from, to) = bucket_of(row.date, by);
            state.push(|state| (state.period, state.granularity) = (Period::Between(from, to), Granularity::Day));
        }
    };
    let summary = move || {
        let total = lang.quantity(outlook.read().total_actual());
        view! { <p class="figure"><span>{texts.demand_in_period}</span><strong data-testid="demand-total">{total}</strong><small>{texts.all_units}</small></p> }
    };
    view! {
        {summary}
        {move || notes(lang, &outlook.read())}
        <ChartPanel marks table_id="demand-table" table=move || view! { <DemandTable outlook=outlook.get() /> }.into_any()>
            <Chart draw=move |look| demand(&outlook.read(), look) label=fill(texts.chart_label, &[texts.demand_title]) on_click=Callback::new(drill) testid="demand-chart" />
        </ChartPanel>
    }
    .into_any()
}

/// The key of a demand chart, without what the chart does not show.
pub fn marks_of(lang: Lang, outlook: &Outlook) -> Vec<Mark> {
    let texts = lang.texts();
    let mut marks = vec![("mark-actual", texts.actual)];
    if outlook.has_forecast() {
        marks.push(("mark-forecast", texts.forecast));
    }
    if outlook.rows.iter().any(|row| row.wide.is_some()) {
        marks.push(("mark-wide", texts.band80));
    }
    if outlook.rows.iter().any(|row| row.narrow.is_some()) {
        marks.push(("mark-narrow", texts.band50));
    }
    if outlook.rows.iter().any(|row| row.stocked_out) {
        marks.push(("mark-out", texts.stocked_out));
    }
    marks
}

/// What must be said in words beside a demand chart.
pub fn notes(lang: Lang, outlook: &Outlook) -> AnyView {
    let texts = lang.texts();
    let empty =
        outlook.has_no_demand().then(|| view! { <p class="note">{texts.no_demand}" "{texts.no_demand_hint}</p> });
    let forecast = match (outlook.has_forecast(), outlook.granularity) {
        (true, Granularity::Day) => None,
        (true, _) => Some(texts.sums_have_no_band),
        (false, _) => Some(texts.no_forecast),
    };
    view! { {empty}{forecast.map(|sentence| view! { <p class="note">{sentence}</p> })} }.into_any()
}

fn kpi_cards(lang: Lang, kpi: Option<&Kpi>) -> AnyView {
    let texts = lang.texts();
    let Some(kpi) = kpi else {
        return view! { <li class="kpi kpi-wide"><Empty title=texts.company_empty hint=texts.company_empty_hint /></li> }.into_any();
    };
    let targets = &kpi.targets;
    let below = |value: Option<f64>, target: f64| match value {
        Some(value) if value < target => Standing::Good,
        Some(_) => Standing::Bad,
        None => Standing::Neutral,
    };
    let rate_note = |target: f64| fill(texts.target_below, &[&lang.percent(target)]);
    let percent = |value: Option<f64>| value.map(|share| lang.percent(share));
    let turnover = match kpi.turnover {
        Some(value) if (targets.turnover_min..=targets.turnover_max).contains(&value) => Standing::Good,
        Some(_) => Standing::Bad,
        None => Standing::Neutral,
    };
    let turnover_note =
        fill(texts.target_between, &[&lang.number(targets.turnover_min, 1), &lang.number(targets.turnover_max, 1)]);
    let turnover_note = match kpi.days_of_cover {
        Some(days) => format!("{turnover_note} · {}", fill(texts.cover_for, &[&lang.number(days, 0)])),
        None => turnover_note,
    };
    let minutes_note = fill(texts.target_below, &[&fill(texts.minutes, &[&lang.number(targets.decision_minutes, 0)])]);
    // A company that sends no stock still has a card worth reading where turnover would be.
    let stock = if kpi.turnover.is_some() || kpi.stockout_rate.is_some() {
        view! {
            <KpiCard title=texts.kpi_turnover value=kpi.turnover.map(|value| lang.number(value, 1)) missing=texts.no_stock_data note=turnover_note
                standing=turnover testid="kpi-turnover" />
        }
        .into_any()
    } else {
        view! {
            <KpiCard title=texts.kpi_a_share value=percent(kpi.a_class_share) missing=texts.no_data_yet note=texts.kpi_a_share_note testid="kpi-a-share" />
        }
        .into_any()
    };
    view! {
        <KpiCard title=texts.kpi_demand value=kpi.total_demand.map(|quantity| lang.number(quantity, 0)) missing=texts.no_data_yet
            note=texts.all_units testid="kpi-demand" />
        <KpiCard title=texts.kpi_mape value=percent(kpi.forecast_mape) missing=texts.no_tested_forecast note=rate_note(targets.forecast_mape)
            standing=below(kpi.forecast_mape, targets.forecast_mape) testid="kpi-forecast-error" />
        <KpiCard title=texts.kpi_stockout value=percent(kpi.stockout_rate) missing=texts.no_stock_data note=rate_note(targets.stockout_rate)
            standing=below(kpi.stockout_rate, targets.stockout_rate) testid="kpi-stockout" />
        <KpiCard title=texts.kpi_delayed value=percent(kpi.delayed_orders_rate) missing=texts.no_promises note=rate_note(targets.delayed_orders_rate)
            standing=below(kpi.delayed_orders_rate, targets.delayed_orders_rate) testid="kpi-delayed" />
        {stock}
        <KpiCard title=texts.kpi_decision value=kpi.decision_minutes.map(|minutes| fill(texts.minutes, &[&lang.number(minutes, 0)])) missing=texts.no_decisions
            note=minutes_note standing=below(kpi.decision_minutes, targets.decision_minutes) testid="kpi-decision" />
    }
    .into_any()
}
