//! One material: what it is, what was demanded, what is expected and how sure that is, what to do.

use cynic::Id;
use leptos::prelude::*;

use super::dashboard::{marks_of, notes};
use super::decisions::{DecisionNotice, use_decisions};
use super::material_forecast::about_forecast;
use crate::charts::demand::demand;
use crate::charts::inventory::inventory;
use crate::charts::outlook::Outlook;
use crate::components::alert_row::AlertRow;
use crate::components::chart::Chart;
use crate::components::chart_panel::ChartPanel;
use crate::components::data_table::{DemandTable, InventoryTable};
use crate::components::date_range::DateRange;
use crate::components::filter::Choice;
use crate::components::loaded::Loaded;
use crate::components::panel::{Empty, Panel};
use crate::components::recommendation_row::RecommendationRow;
use crate::components::segmented::Segmented;
use crate::components::shown::shown;
use crate::day::Day;
use crate::graphql::fetch::{Answer, use_query};
use crate::graphql::queries::material::{Item, Material as Page, MaterialSeries, MaterialVariables, SeriesVariables};
use crate::graphql::queries::session::Viewer;
use crate::i18n::{fill, use_lang, use_texts};
use crate::kept::kept;
use crate::session::Session;
use crate::state::period::{BUCKETS, HORIZONS, SeriesState};
use crate::state::{Located, use_url_state};

/// The page at `/materials/:sku`.
pub fn material(sku: String) -> AnyView {
    let texts = use_texts();
    let viewer = expect_context::<Session>().viewer_untracked();
    let (today, costs) =
        (viewer.as_ref().and_then(|viewer| viewer.today), viewer.as_ref().is_some_and(Viewer::sees_costs));
    let currency = viewer.map(|viewer| viewer.currency).unwrap_or_default();
    super::title(&sku);
    let sku = StoredValue::new(sku);
    let state = use_url_state::<SeriesState>();
    let page = use_query::<Page>(move || Some(MaterialVariables { sku: sku.get_value(), costs }));
    let series = use_query::<MaterialSeries>(move || {
        let state = state.get();
        let bounds = today.map(|today| state.period.bounds(today));
        Some(SeriesVariables {
            sku: sku.get_value(),
            site: state.site.map(Id::new),
            from: bounds.map(|(from, _)| from),
            to: bounds.map(|(_, to)| to),
            granularity: state.granularity,
            horizon: state.horizon.unwrap_or(90).into(),
        })
    });
    let currency = StoredValue::new(currency);
    view! {
        <p class="crumb"><a href="/materials">{texts.materials_title}</a></p>
        <Loaded of=page lines=4 let:data>
            {shown(move || match data.get().item.clone() {
                Some(item) => view! { <Header item currency=currency.get_value() /> }.into_any(),
                None => view! {
                    <h1 class="visually-hidden">{texts.material_missing}</h1>
                    <Empty title=texts.material_missing hint=fill(texts.material_missing_hint, &[&sku.get_value()])>
                        <a class="button" href="/materials">{texts.back_to_materials}</a>
                    </Empty>
                }.into_any(),
            })}
        </Loaded>
        <Controls state today sites=Signal::derive(move || page.data().and_then(|data| data.item.as_ref().map(|item| {
            item.sites.iter().map(|site| (site.id.inner().to_owned(), format!("{} · {}", site.code, site.name))).collect()
        })).unwrap_or_default()) />
        <Panel title=texts.demand_title>
            <Loaded of=series tall=true let:data>{demand_part(data, state, today)}</Loaded>
        </Panel>
        <div class="columns">
            <Panel title=texts.forecast_about>
                <Loaded of=series let:data>{move || about_forecast(data.get().item.as_ref().and_then(|item| item.forecast.as_ref()))}</Loaded>
            </Panel>
            <Panel title=texts.inventory_title>
                <Loaded of=series let:data>{inventory_part(data)}</Loaded>
            </Panel>
        </div>
        <Loaded of=page lines=2 let:data>{move || data.get().item.clone().map(|item| advice(item, today))}</Loaded>
    }
    .into_any()
}

#[component]
fn Header(item: Item, currency: String) -> impl IntoView {
    let (lang, texts) = (use_lang(), use_texts());
    let stock = item.stock.map_or_else(
        || texts.no_stock_data.to_owned(),
        |stock| {
            let mut words = format!(
                "{} {} {}",
                lang.quantity(stock.on_hand),
                item.unit,
                fill(texts.stock_as_of, &[&lang.date(stock.as_of)])
            );
            if let Some(days) = stock.days_of_cover {
                words = format!("{words}, {}", fill(texts.cover_for, &[&lang.number(days, 0)]));
            }
            words
        },
    );
    let attributes = [
        (texts.family, item.family),
        (texts.category, item.category),
        (texts.abc, item.abc_class.map(|class| class.word().to_owned())),
        (texts.xyz, item.xyz_class.map(|class| class.word().to_owned())),
        (texts.criticality, Some(format!("{} / 10", item.criticality))),
        (texts.unit, Some(item.unit)),
        (texts.on_hand, Some(stock)),
        (texts.unit_cost, item.unit_cost.map(|cost| lang.money(cost, &currency))),
    ];
    let attributes = attributes
        .into_iter()
        .filter_map(|(name, value)| value.map(|value| view! { <div><dt>{name}</dt><dd>{value}</dd></div> }));
    view! {
        <div class="material-head">
            <p class="code" data-testid="sku">{item.sku}</p>
            <h1>{item.name}</h1>
            <p class="row-meta">
                <span class="badge">{lang.kind(item.kind)}</span>
                {(!item.active).then(|| view! { <span class="badge badge-warning">{texts.inactive}</span> })}
                {item.description.map(|description| view! { <span>{description}</span> })}
            </p>
            <dl class="attributes">{attributes.collect_view()}</dl>
        </div>
    }
}

#[component]
fn Controls(state: Located<SeriesState>, today: Option<Day>, sites: Signal<Vec<(String, String)>>) -> impl IntoView {
    let (lang, texts) = (use_lang(), use_texts());
    let buckets = BUCKETS.map(|bucket| (bucket, lang.granularity(bucket).to_owned())).to_vec();
    let horizons = HORIZONS.map(|days| (days, fill(texts.days, &[&days.to_string()]))).to_vec();
    let site = kept(move || state.with(|state| state.site.clone().unwrap_or_default()));
    let sites = kept(move || sites.get());
    view! {
        <div class="page-controls page-controls-bar">
            {shown(move || {
                let mut options = vec![(String::new(), texts.all_sites.to_owned())];
                options.extend(sites.get());
                view! { <Choice label=texts.site options chosen=site choose=move |id: String| state.push(|state| state.site = (!id.is_empty()).then_some(id)) testid="site" /> }.into_any()
            })}
            <Segmented label=texts.by options=buckets chosen=move || Some(state.with(|state| state.granularity))
                choose=move |by| state.push(|state| state.granularity = by) />
            <DateRange period=Signal::derive(move || state.with(|state| state.period)) today choose=move |period| state.push(|state| state.period = period) />
            <div class="labelled"><span>{texts.horizon}</span>
                <Segmented label=texts.horizon options=horizons chosen=move || Some(state.with(|state| state.horizon.unwrap_or(90)))
                    choose=move |days| state.push(|state| state.horizon = Some(days)) /></div>
        </div>
    }
}

fn demand_part(data: Answer<MaterialSeries>, state: Located<SeriesState>, today: Option<Day>) -> AnyView {
    let (lang, texts) = (use_lang(), use_texts());
    let outlook = kept(move || {
        let (data, by) = (data.get(), state.with(|state| state.granularity));
        match &data.item {
            Some(item) => Outlook::of_material(&item.demand, item.forecast.as_ref(), by, today),
            None => Outlook::new([], None, by, today),
        }
    });
    let figures = move || {
        let outlook = outlook.read();
        let expected = outlook.has_forecast().then(|| {
            view! { <p class="figure"><span>{texts.expected_demand}</span><strong data-testid="expected-total">{lang.quantity(outlook.total_mean())}</strong></p> }
        });
        view! {
            <div class="figures">
                <p class="figure"><span>{texts.demand_in_period}</span><strong data-testid="demand-total">{lang.quantity(outlook.total_actual())}</strong></p>
                {expected}
            </div>
        }
    };
    view! {
        {figures}
        {move || notes(lang, &outlook.read())}
        <ChartPanel marks=Signal::derive(move || marks_of(lang, &outlook.read())) table_id="demand-table"
            table=move || view! { <DemandTable outlook=outlook.get() /> }.into_any()>
            <Chart draw=move |look| demand(&outlook.read(), look) label=fill(texts.chart_label, &[texts.demand_title]) testid="demand-chart" />
        </ChartPanel>
    }
    .into_any()
}

fn inventory_part(data: Answer<MaterialSeries>) -> AnyView {
    let texts = use_texts();
    let stock = kept(move || {
        data.get().item.as_ref().map(|item| item.inventory.clone()).filter(|series| !series.dates.is_empty())
    });
    let known = kept(move || stock.read().is_some());
    let draw = move || {
        let series = move || {
            stock.get().unwrap_or_else(|| crate::graphql::queries::material::InventorySeries {
                dates: Vec::new(),
                on_hand: Vec::new(),
                on_order: None,
                safety_stock: None,
                reorder_point: None,
            })
        };
        let marks = vec![
            ("mark-forecast", texts.on_hand),
            ("mark-warning", texts.reorder_point),
            ("mark-danger", texts.safety_stock),
        ];
        view! {
            <ChartPanel marks=Signal::derive(move || marks.clone()) table_id="inventory-table" table=move || view! { <InventoryTable series=series() /> }.into_any()>
                <Chart draw=move |look| inventory(&series(), look) label=fill(texts.chart_label, &[texts.inventory_title]) testid="inventory-chart" />
            </ChartPanel>
        }
        .into_any()
    };
    (move || {
        if known.get() {
            draw()
        } else {
            view! { <Empty title=texts.no_stock_data hint=texts.no_inventory_hint /> }.into_any()
        }
    })
    .into_any()
}

fn advice(item: Item, today: Option<Day>) -> impl IntoView {
    let texts = use_texts();
    let decisions = use_decisions();
    let rows = item.recommendations.into_iter().map(|recommendation| {
        let status = decisions.status(&recommendation);
        view! { <RecommendationRow recommendation status decide=decisions.decide() today explained=true /> }
    });
    let rows = rows.collect_view();
    let alerts = item.alerts.into_iter().map(|alert| view! { <AlertRow alert mark=None /> }).collect_view();
    let (no_rows, no_alerts) = (rows.is_empty(), alerts.is_empty());
    view! {
        <div class="columns">
            <Panel title=texts.recommendations_title>
                <DecisionNotice decisions />
                <ul class="rows">{rows}</ul>
                {no_rows.then(|| view! { <Empty title=texts.nothing_to_do hint=texts.nothing_to_do_hint /> })}
            </Panel>
            <Panel title=texts.alerts_title>
                <ul class="rows">{alerts}</ul>
                {no_alerts.then(|| view! { <Empty title=texts.no_alerts /> })}
            </Panel>
        </div>
    }
}
