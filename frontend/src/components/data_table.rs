//! The table behind a chart: a real one, for eyes, screen readers, spreadsheets and tests alike.
//! Every number also stands raw in `data-value`, its column in `data-series` and its day in `data-date`.

use leptos::prelude::*;

use crate::charts::outlook::{Outlook, Row};
use crate::day::Day;
use crate::graphql::queries::enums::Granularity;
use crate::graphql::queries::material::InventorySeries;
use crate::i18n::{Lang, use_lang, use_texts};

type Value = fn(&Row) -> Option<f64>;

/// The numbers of a demand chart, newest first as a planner looks for them.
#[component]
pub fn DemandTable(outlook: Outlook) -> impl IntoView {
    let (lang, texts) = (use_lang(), use_texts());
    let has_band = outlook.rows.iter().any(|row| row.wide.is_some());
    let mut columns: Vec<(&'static str, &'static str, Value)> =
        vec![("actual", texts.actual, |row| row.actual), ("forecast", texts.forecast, |row| row.mean)];
    if has_band {
        columns.push(("lower80", texts.lower80, |row| row.wide.map(|(lower, _)| lower)));
        columns.push(("upper80", texts.upper80, |row| row.wide.map(|(_, upper)| upper)));
    }
    let first = match outlook.granularity {
        Granularity::Day => texts.date,
        Granularity::Week => texts.week_of,
        _ => texts.month,
    };
    let body = outlook.rows.iter().rev().map(|row| {
        let cells = columns.iter().map(|(series, _, value)| cell(lang, row.date, series, value(row))).collect_view();
        view! { <tr>{heading(lang, row.date)}{cells}</tr> }
    });
    let body = body.collect_view();
    let heads = columns.iter().map(|(_, name, _)| view! { <th scope="col" class="number">{*name}</th> }).collect_view();
    table("demand-table", texts.demand_title, first, heads.into_any(), body.into_any())
}

/// The numbers of an inventory chart, newest first.
#[component]
pub fn InventoryTable(series: InventorySeries) -> impl IntoView {
    let (lang, texts) = (use_lang(), use_texts());
    let at = |values: &Option<Vec<Option<f64>>>, index: usize| {
        values.as_ref().and_then(|values| values.get(index).copied().flatten())
    };
    let body = (0..series.dates.len()).rev().map(|index| {
        let date = series.dates[index];
        view! {
            <tr>
                {heading(lang, date)}
                {cell(lang, date, "on-hand", series.on_hand.get(index).copied())}
                {cell(lang, date, "on-order", at(&series.on_order, index))}
                {cell(lang, date, "reorder-point", at(&series.reorder_point, index))}
                {cell(lang, date, "safety-stock", at(&series.safety_stock, index))}
            </tr>
        }
    });
    let body = body.collect_view();
    let names = [texts.on_hand, texts.on_order, texts.reorder_point, texts.safety_stock];
    let heads = names.map(|name| view! { <th scope="col" class="number">{name}</th> }).collect_view();
    table("inventory-table", texts.inventory_title, texts.date, heads.into_any(), body.into_any())
}

/// What is read in a cell and, where it is a number, that number.
pub type Cell = (String, Option<f64>);

/// A cell for what may not be known.
pub fn told(value: Option<f64>, write: impl Fn(f64) -> String) -> Cell {
    (value.map_or_else(|| "–".to_owned(), write), value)
}

/// A table of names and numbers: its columns after the first, then each row's name and cells.
#[component]
pub fn NamedTable(
    testid: &'static str,
    caption: &'static str,
    first: &'static str,
    columns: Vec<String>,
    rows: Vec<(String, Vec<Cell>)>,
    /// Where each row leads, for tables whose chart leads somewhere: a chart is for the mouse alone.
    #[prop(optional)]
    links: Vec<String>,
) -> impl IntoView {
    let mut links = links.into_iter();
    let body = rows.into_iter().map(|(name, cells)| {
        let name = match links.next() {
            Some(href) => view! { <a href=href>{name}</a> }.into_any(),
            None => name.into_any(),
        };
        let cells = cells.into_iter().map(|(text, value)| {
            view! { <td class="number" data-value=value.map(|number| number.to_string())>{text}</td> }
        });
        view! { <tr><th scope="row">{name}</th>{cells.collect_view()}</tr> }
    });
    let body = body.collect_view();
    let heads = columns.into_iter().map(|name| view! { <th scope="col" class="number">{name}</th> }).collect_view();
    table(testid, caption, first, heads.into_any(), body.into_any())
}

/// A table of words.
pub fn text_table(
    testid: &'static str,
    caption: &'static str,
    columns: &[&'static str],
    rows: Vec<Vec<String>>,
) -> AnyView {
    let cells = |row: Vec<String>| row.into_iter().map(|cell| view! { <td>{cell}</td> }).collect_view();
    let body = rows.into_iter().map(|row| view! { <tr>{cells(row)}</tr> }).collect_view();
    let heads = columns.iter().skip(1).map(|name| view! { <th scope="col">{*name}</th> }).collect_view();
    let first = columns.first().copied().unwrap_or_default();
    table(testid, caption, first, heads.into_any(), body.into_any()).into_any()
}

fn heading(lang: Lang, date: Day) -> impl IntoView {
    view! { <th scope="row" data-date=date.to_string()>{lang.date(date)}</th> }
}

fn cell(lang: Lang, date: Day, series: &'static str, value: Option<f64>) -> impl IntoView {
    view! {
        <td class="number" data-date=date.to_string() data-series=series data-value=value.map(|number| number.to_string())>
            {told(value, |number| lang.quantity(number)).0}
        </td>
    }
}

fn table(
    testid: &'static str,
    caption: &'static str,
    first: &'static str,
    heads: AnyView,
    body: AnyView,
) -> impl IntoView {
    view! {
        <div class="table-scroll table-behind" tabindex="0" role="region" aria-label=caption>
            <table data-testid=testid>
                <caption class="visually-hidden">{caption}</caption>
                <thead><tr><th scope="col">{first}</th>{heads}</tr></thead>
                <tbody>{body}</tbody>
            </table>
        </div>
    }
}
