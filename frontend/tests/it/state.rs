use frontend::graphql::queries::enums::{AbcClass, Granularity, RecommendationStatus, XyzClass};
use frontend::pages::export::member;
use frontend::state::filters::{Cursor, MaterialsState, QueueState, Selection};
use frontend::state::period::{Period, SeriesState};
use frontend::state::{Pairs, UrlState};

fn read<S: UrlState>(query: &str) -> S {
    S::read(&Pairs::parse(query))
}

#[test]
fn the_default_state_has_the_shortest_address() {
    assert_eq!(SeriesState::default().href("/"), "/");
    assert_eq!(MaterialsState::default().href("/materials"), "/materials");
}

#[test]
fn a_copied_address_restores_a_series_page() {
    let state = SeriesState {
        period: Period::Between("2025-01-01".parse().unwrap(), "2025-03-31".parse().unwrap()),
        granularity: Granularity::Week,
        horizon: Some(60),
        site: Some("c2l0ZTox/+=".to_owned()),
    };
    let address = state.href("/materials/010825");
    assert_eq!(address, "/materials/010825?from=2025-01-01&to=2025-03-31&by=week&horizon=60&site=c2l0ZTox%2F%2B%3D");
    assert_eq!(read::<SeriesState>(address.split_once('?').unwrap().1), state);
}

#[test]
fn a_copied_address_restores_the_materials_table() {
    let state = MaterialsState {
        search: "conexão 1/2 & 50%".to_owned(),
        selection: Selection {
            families: vec!["MATERIAL ELETRICO".to_owned(), "FERRO E AÇO".to_owned()],
            abc: vec![AbcClass::A, AbcClass::C],
            xyz: vec![XyzClass::Z],
        },
        cursor: Cursor::After("YWJj==".to_owned()),
    };
    assert_eq!(read::<MaterialsState>(state.href("/").split_once('?').unwrap().1), state);
}

#[test]
fn an_edited_address_falls_back_instead_of_failing() {
    let state: SeriesState = read("?period=x&by=fortnight&horizon=7&from=2025-13-01&to=");
    assert_eq!(state, SeriesState::default());
    let queue: QueueState = read("status=open,nonsense&after=");
    assert_eq!(queue.statuses, [RecommendationStatus::Open]);
    assert_eq!(queue.cursor, Cursor::Start);
    assert_eq!(read::<MaterialsState>("q=%ZZ%4").search, "%ZZ%4");
}

#[test]
fn presets_end_the_day_before_the_company_s_today() {
    let (from, to) = Period::Last(30).bounds("2025-11-01".parse().unwrap());
    assert_eq!((from.to_string().as_str(), to.to_string().as_str()), ("2025-10-02", "2025-10-31"));
}

#[test]
fn an_export_is_filtered_by_the_graph_s_names() {
    let selection =
        Selection { families: vec!["FERRO E AÇO".to_owned()], abc: vec![AbcClass::A], xyz: vec![XyzClass::Z] };
    let mut pairs = Pairs::default();
    selection.for_export(&mut pairs);
    assert_eq!(pairs.to_string(), "families=FERRO+E+A%C3%87O&abcClasses=A&xyzClasses=Z");
    assert_eq!(member("stockout-risk"), "STOCKOUT_RISK");
}
