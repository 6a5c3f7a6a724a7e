//! How the stock stands: how long it lasts, in which classes, what runs out first, what lies the longest, and its value.

use leptos::prelude::*;

use super::materials::filter_of;
use crate::address::{Address, Leaving};
use crate::charts::health::{Cell, Health, ascending};
use crate::charts::stock::{cover, matrix, values};
use crate::components::chart::Chart;
use crate::components::chart_panel::ChartPanel;
use crate::components::data_table::NamedTable;
use crate::components::filter::clear_filters;
use crate::components::loaded::Loaded;
use crate::components::panel::{Empty, Panel};
use crate::components::selection::SelectionFilter;
use crate::components::shown::shown;
use crate::graphql::fetch::{Answer, use_query};
use crate::graphql::queries::enums::ItemKind;
use crate::graphql::queries::inventory::{ItemStock, StockOfItems, StockValue, StockVariables, ValueVariables};
use crate::graphql::queries::materials::{Families, ItemFilter};
use crate::graphql::queries::session::Viewer;
use crate::i18n::{fill, use_lang, use_texts};
use crate::kept::{Kept, kept};
use crate::session::Session;
use crate::state::filters::{Cursor, MaterialsState, Selection};
use crate::state::pairs::encode;
use crate::state::{UrlState, use_url_state};

/// How many families the chart of values names.
const FAMILIES: usize = 12;

/// The page at `/inventory`.
#[component]
pub fn Inventory() -> impl IntoView {
    let (lang, texts) = (use_lang(), use_texts());
    super::title(texts.inventory_title);
    let viewer = expect_context::<Session>().viewer_untracked();
    let costs = viewer.as_ref().is_some_and(Viewer::sees_costs);
    let currency = viewer.map(|viewer| viewer.currency).unwrap_or_default();
    let state = use_url_state::<Selection>();
    let page = use_query::<StockOfItems>(move || {
        let filter = ItemFilter { kind: Some(ItemKind::Material), ..filter_of(state.get()) };
        Some(StockVariables { filter: Some(filter) })
    });
    let worth = use_query::<StockValue>(move || {
        costs.then(|| ValueVariables { families: filter_of(state.get()).families, costs })
    });
    let families = use_query::<Families>(|| Some(()));
    let count = move || {
        page.data().map(|data| {
            let (shown, all) = (data.items.nodes.len() as f64, f64::from(data.items.total_count));
            let (shown, all) = (lang.number(shown, 0), lang.number(all, 0));
            if shown == all { fill(texts.results, &[&all]) } else { fill(texts.shown_of, &[&shown, &all]) }
        })
    };
    view! {
        <div class="page-head"><h1>{texts.inventory_title}</h1></div>
        <div class="filters" role="search">
            <SelectionFilter families=Signal::derive(move || families.data().map(|data| data.families.clone()).unwrap_or_default())
                chosen=Signal::derive(move || state.get()) choose=move |chosen| state.push(|state| *state = chosen) />
            {clear_filters(Signal::derive(move || state.get() != Selection::default()), move || state.push(|state| *state = Selection::default()))}
        </div>
        <p class="note-line" role="status" data-testid="count">{count}</p>
        <Loaded of=page lines=4 tall=true let:data>{health_part(data)}</Loaded>
        {costs.then(|| view! {
            <Panel title=texts.value_title>
                <Loaded of=worth lines=4 let:data>{value_part(data, currency.clone())}</Loaded>
            </Panel>
        })}
    }
}

fn health_part(data: Answer<StockOfItems>) -> AnyView {
    let texts = use_texts();
    let health = kept(move || Health::of(&data.get().items.nodes));
    let empty = kept(move || {
        let nothing = data.get().items.nodes.is_empty();
        (nothing || !health.read().has_stock()).then_some(nothing)
    });
    let drawn = move || {
        match empty.get() {
        Some(true) => view! { <div class="panel"><Empty title=texts.no_materials hint=texts.no_materials_hint /></div> }.into_any(),
        Some(false) => view! { <div class="panel"><Empty title=texts.no_stock_data hint=texts.no_inventory_hint /></div> }.into_any(),
        None => view! {
            <div class="columns">
                <Panel title=texts.cover_title>{cover_part(health)}</Panel>
                <Panel title=texts.matrix_title>{matrix_part(health)}</Panel>
            </div>
            <div class="columns columns-even">
                <Panel title=texts.shortest_title>{move || list(&health.read().shortest, "shortest", texts.shortest_title)}</Panel>
                <Panel title=texts.longest_title>{move || list(&health.read().longest, "longest", texts.longest_title)}</Panel>
            </div>
        }
        .into_any(),
    }
    };
    view! { <div class="stack">{shown(drawn)}</div> }.into_any()
}

fn cover_part(health: Kept<Health>) -> AnyView {
    let (lang, texts) = (use_lang(), use_texts());
    let table = move || {
        let count = |count: usize| (lang.number(count as f64, 0), Some(count as f64));
        let rows = health.read().covers.iter().map(|(cover, many)| (cover.name(lang), vec![count(*many)])).collect();
        view! { <NamedTable testid="cover-table" caption=texts.cover_title first=texts.cover_days columns=vec![texts.materials.to_owned()] rows /> }.into_any()
    };
    let marks = vec![("mark-out-now", texts.stocked_out), ("mark-cover", texts.on_hand)];
    view! {
        <ChartPanel marks=Signal::derive(move || marks.clone()) table_id="cover-table" table>
            <Chart draw=move |look| cover(&health.read().covers, look) label=fill(texts.chart_label, &[texts.cover_title]) testid="cover-chart" />
        </ChartPanel>
    }
    .into_any()
}

fn matrix_part(health: Kept<Health>) -> AnyView {
    let (lang, texts) = (use_lang(), use_texts());
    let address = expect_context::<Address>();
    let materials = |cell: &Cell| {
        let selection = Selection { families: Vec::new(), abc: vec![cell.abc], xyz: vec![cell.xyz] };
        MaterialsState { search: String::new(), selection, cursor: Cursor::Start }.href("/materials")
    };
    let open = move |index: usize| {
        if let Some(target) = health.with_untracked(|health| health.cells.get(index).map(materials)) {
            address.go(&target, Leaving::Kept);
        }
    };
    let table = move || {
        let row = |cell: &Cell| {
            let cover = cell.median_cover.map_or_else(|| "–".to_owned(), |days| lang.number(days, 0));
            let cells = vec![(lang.number(cell.count as f64, 0), Some(cell.count as f64)), (cover, cell.median_cover)];
            (format!("{} · {}", cell.abc.word(), cell.xyz.word()), cells)
        };
        let rows = health.read().cells.iter().map(row).collect();
        let links = health.read().cells.iter().map(materials).collect::<Vec<_>>();
        let columns = vec![texts.materials.to_owned(), texts.median_cover.to_owned()];
        view! { <NamedTable testid="matrix-table" caption=texts.matrix_title first=texts.classes columns rows links /> }
            .into_any()
    };
    view! {
        <p class="words">{texts.matrix_hint}</p>
        <ChartPanel marks=Signal::derive(Vec::new) table_id="matrix-table" table>
            <Chart draw=move |look| matrix(&health.read().cells, look) label=fill(texts.chart_label, &[texts.matrix_title])
                on_click=Callback::new(open) testid="matrix-chart" />
        </ChartPanel>
    }
    .into_any()
}

fn list(items: &[ItemStock], testid: &'static str, caption: &'static str) -> AnyView {
    let (lang, texts) = (use_lang(), use_texts());
    if items.is_empty() {
        return view! { <Empty title=texts.no_materials /> }.into_any();
    }
    let rows = items.iter().map(|item| {
        let stock = item.stock.as_ref();
        let days = stock.and_then(|stock| stock.days_of_cover);
        let on_hand = stock.map(|stock| format!("{} {}", lang.quantity(stock.on_hand), item.unit));
        let href = format!("/materials/{}", encode(&item.sku));
        view! {
            <tr data-sku=item.sku.clone()>
                <th scope="row" class="wide"><a href=href class="code">{item.sku.clone()}</a>" "{item.name.clone()}</th>
                <td class="number">{on_hand}</td>
                <td class="number" data-value=days.map(|days| days.to_string())>{days.map(|days| lang.number(days, 0))}</td>
            </tr>
        }
    });
    let rows = rows.collect_view();
    view! {
        <div class="table-scroll">
            <table data-testid=testid class="table-list">
                <caption class="visually-hidden">{caption}</caption>
                <thead><tr>
                    <th scope="col">{texts.name}</th><th scope="col" class="number">{texts.on_hand}</th><th scope="col" class="number">{texts.cover_days}</th>
                </tr></thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
    .into_any()
}

fn value_part(data: Answer<StockValue>, currency: String) -> AnyView {
    let (lang, texts) = (use_lang(), use_texts());
    let currency = StoredValue::new(currency);
    let families = kept(move || {
        let data = data.get();
        let newest = data.kpis.iter().map(|kpi| kpi.date).max();
        let of_newest = data.kpis.iter().filter(|kpi| Some(kpi.date) == newest);
        let known: Vec<_> = of_newest.filter_map(|kpi| kpi.inventory_value.map(|value| (&kpi.member, value))).collect();
        let order = ascending(&known.iter().map(|(_, value)| *value).collect::<Vec<_>>());
        order.iter().rev().map(|at| (known[*at].0.clone(), known[*at].1)).collect::<Vec<_>>()
    });
    let first = move || families.read().iter().take(FAMILIES).cloned().collect::<Vec<_>>();
    let table = move || {
        let money = |value: f64| (currency.with_value(|currency| lang.money(value, currency)), Some(value));
        let rows = families.get().into_iter().map(|(family, value)| (family, vec![money(value)])).collect();
        view! { <NamedTable testid="value-table" caption=texts.value_title first=texts.family columns=vec![texts.value.to_owned()] rows /> }.into_any()
    };
    let none = kept(move || families.read().is_empty());
    let drawn = move || {
        if none.get() {
            return view! { <Empty title=texts.no_stock_data hint=texts.no_inventory_hint /> }.into_any();
        }
        view! {
            <ChartPanel marks=Signal::derive(Vec::new) table_id="value-table" table>
                <Chart draw=move |look| currency.with_value(|currency| values(&first(), currency, look))
                    label=fill(texts.chart_label, &[texts.value_title]) testid="value-chart" />
            </ChartPanel>
        }
        .into_any()
    };
    shown(drawn)
}
