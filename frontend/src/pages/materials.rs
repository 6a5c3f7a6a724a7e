//! The table of materials: search as you type, filters, pages; all of it in the address.

use leptos::ev::{KeyboardEvent, MouseEvent};
use leptos::prelude::*;
use wasm_bindgen::JsCast;

use super::export::exports;
use crate::address::{Address, Leaving};
use crate::components::filter::clear_filters;
use crate::components::loaded::Loaded;
use crate::components::pager::Pager;
use crate::components::panel::Empty;
use crate::components::search::after_a_pause;
use crate::components::selection::SelectionFilter;
use crate::components::shown::shown;
use crate::graphql::fetch::use_query;
use crate::graphql::queries::enums::{AbcClass, XyzClass};
use crate::graphql::queries::materials::{Families, ItemFilter, ItemRow, Materials as Page, MaterialsVariables};
use crate::i18n::{fill, use_lang, use_texts};
use crate::state::filters::{Cursor, MaterialsState, Selection};
use crate::state::pairs::encode;
use crate::state::use_url_state;

const PAGE: i32 = 50;

/// The graph's filter for a selection.
pub fn filter_of(selection: Selection) -> ItemFilter {
    ItemFilter {
        families: (!selection.families.is_empty()).then_some(selection.families),
        abc_classes: (!selection.abc.is_empty()).then_some(selection.abc),
        xyz_classes: (!selection.xyz.is_empty()).then_some(selection.xyz),
        ..ItemFilter::default()
    }
}

fn variables(state: MaterialsState) -> MaterialsVariables {
    let search = (!state.search.is_empty()).then_some(state.search);
    let filter = Some(ItemFilter { search, ..filter_of(state.selection) });
    match state.cursor {
        Cursor::Start => MaterialsVariables { filter, first: Some(PAGE), ..MaterialsVariables::default() },
        Cursor::After(cursor) => {
            MaterialsVariables { filter, first: Some(PAGE), after: Some(cursor), ..MaterialsVariables::default() }
        }
        Cursor::Before(cursor) => {
            MaterialsVariables { filter, last: Some(PAGE), before: Some(cursor), ..MaterialsVariables::default() }
        }
    }
}

/// The page at `/materials`.
#[component]
pub fn Materials() -> impl IntoView {
    let (lang, texts) = (use_lang(), use_texts());
    super::title(texts.materials_title);
    let state = use_url_state::<MaterialsState>();
    let page = use_query::<Page>(move || Some(variables(state.get())));
    let families = use_query::<Families>(|| Some(()));

    // Typing on continues one step of the history; the first letter after a pause of the mind begins one.
    let typing = RwSignal::new(false);
    let search = after_a_pause(move |text: String| {
        let change =
            |state: &mut MaterialsState| (state.search, state.cursor) = (text.trim().to_owned(), Cursor::Start);
        if typing.try_get_untracked().unwrap_or(true) {
            state.replace(change);
        } else {
            state.push(change);
        }
        let _ = typing.try_set(true);
    });
    let info = move || page.data().map(|data| data.items.page_info.clone());
    let count = Signal::derive(move || {
        page.data()
            .map_or_else(String::new, |data| fill(texts.results, &[&lang.number(data.items.total_count.into(), 0)]))
    });
    let to = move |cursor: Option<String>, make: fn(String) -> Cursor| {
        if let Some(cursor) = cursor {
            state.push(|state| state.cursor = make(cursor));
        }
    };
    let exported = exports("items", move |pairs| {
        let state = state.get();
        if !state.search.is_empty() {
            pairs.push("search", state.search);
        }
        state.selection.for_export(pairs);
    });
    view! {
        <div class="page-head"><h1>{texts.materials_title}</h1>{exported}</div>
        <div class="filters" role="search">
            <input type="search" name="q" class="search" aria-label=texts.search_materials placeholder=texts.search_materials
                prop:value=move || state.with(|state| state.search.clone())
                on:input:target=move |event| search(event.target().value())
                on:blur=move |_| typing.set(false) />
            <SelectionFilter families=Signal::derive(move || families.data().map(|data| data.families.clone()).unwrap_or_default())
                chosen=Signal::derive(move || state.get().selection)
                choose=move |chosen| state.push(|state| (state.selection, state.cursor) = (chosen, Cursor::Start)) />
            {clear_filters(Signal::derive(move || state.with(MaterialsState::is_filtered)), move || state.push(|state| *state = MaterialsState::default()))}
        </div>
        <div class="panel panel-table">
            <Loaded of=page lines=10 let:data>
                {shown(move || {
                    let items = data.get().items.nodes.clone();
                    if items.is_empty() {
                        return view! { <Empty title=texts.no_materials hint=texts.no_materials_hint /> }.into_any();
                    }
                    view! { <Table items /> }.into_any()
                })}
            </Loaded>
            <Pager count
                has_previous=Signal::derive(move || info().is_some_and(|info| info.has_previous_page))
                has_next=Signal::derive(move || info().is_some_and(|info| info.has_next_page))
                previous=move |()| to(info().and_then(|info| info.start_cursor), Cursor::Before)
                next=move |()| to(info().and_then(|info| info.end_cursor), Cursor::After)
                previous_name=texts.previous />
        </div>
    }
}

#[component]
fn Table(items: Vec<ItemRow>) -> impl IntoView {
    let (lang, texts) = (use_lang(), use_texts());
    let address = expect_context::<Address>();
    let rows = items.into_iter().map(|item| {
        let href = format!("/materials/{}", encode(&item.sku));
        let target = href.clone();
        let open = move |event: MouseEvent| {
            // The link in the row goes there by itself, or to a new tab when asked to.
            let element = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
            if element.is_some_and(|element| element.closest("a").is_ok_and(|link| link.is_none())) {
                address.go(&target, Leaving::Kept);
            }
        };
        let stock = item.stock.map(|stock| lang.quantity(stock.on_hand));
        let class = |word: Option<&'static str>| word.unwrap_or("–");
        view! {
            <tr data-sku=item.sku.clone() on:click=open>
                <th scope="row" class="code"><a href=href>{item.sku.clone()}</a></th>
                <td class="wide">{item.name}<span class="cell-under">{item.family.clone()}</span></td>
                <td class="when-wide">{item.family}</td>
                <td class="class">{class(item.abc_class.map(AbcClass::word))}</td>
                <td class="class">{class(item.xyz_class.map(XyzClass::word))}</td>
                <td class="number when-roomy">{item.criticality}</td>
                <td class="number">{stock.unwrap_or_else(|| "–".to_owned())}</td>
                <td class="when-roomy">{item.unit}</td>
            </tr>
        }
    });
    let rows = rows.collect_view();
    view! {
        <div class="table-scroll">
            <table data-testid="materials-table" class="table-links" on:keydown=walk>
                <caption class="visually-hidden">{texts.materials_title}</caption>
                <thead>
                    <tr>
                        <th scope="col">{texts.sku}</th><th scope="col">{texts.name}</th><th scope="col" class="when-wide">{texts.family}</th>
                        <th scope="col" class="class">"ABC"</th><th scope="col" class="class">"XYZ"</th>
                        <th scope="col" class="number when-roomy">{texts.criticality}</th><th scope="col" class="number">{texts.on_hand}</th><th scope="col" class="when-roomy">{texts.unit}</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
}

/// Arrow up and down go from row to row; Enter is the link's own.
fn walk(event: KeyboardEvent) {
    let down = match event.key().as_str() {
        "ArrowDown" => true,
        "ArrowUp" => false,
        _ => return,
    };
    let row = event
        .target()
        .and_then(|target| target.dyn_into::<web_sys::Element>().ok())
        .and_then(|element| element.closest("tr").ok().flatten());
    let neighbour = row.and_then(|row| if down { row.next_element_sibling() } else { row.previous_element_sibling() });
    let link = neighbour
        .and_then(|row| row.query_selector("a").ok().flatten())
        .and_then(|link| link.dyn_into::<web_sys::HtmlElement>().ok());
    if let Some(link) = link {
        event.prevent_default();
        // A link that cannot take the focus leaves it where it is.
        let _ = link.focus();
    }
}
