use frontend::charts::outlook::bucket_of;
use frontend::graphql::queries::enums::{AbcClass, ForecastLevel, Granularity, RecommendationStatus, XyzClass};
use frontend::pages::export::member;
use frontend::state::comparison::{ComparisonState, MOST, Series, placed};
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
fn buckets_of_the_last_days_begin_whole_and_those_of_two_days_where_they_were_put() {
    let (today, day) = ("2025-11-01".parse().unwrap(), |text: &str| text.parse().unwrap());
    let from = |granularity| Period::Last(200).whole(today, granularity).0;
    assert_eq!(from(Granularity::Day), day("2025-04-15"));
    assert_eq!(from(Granularity::Week), day("2025-04-14"));
    assert_eq!(from(Granularity::Month), day("2025-04-01"));
    assert_eq!(Period::Last(150).whole(today, Granularity::Quarter), (day("2025-04-01"), day("2025-10-31")));
    assert_eq!(from(Granularity::Year), day("2025-01-01"));
    let given = Period::Between(day("2025-02-10"), day("2025-03-10"));
    assert_eq!(given.whole(today, Granularity::Month), (day("2025-02-10"), day("2025-03-10")));
}

#[test]
fn a_bucket_ends_on_its_last_day() {
    let bucket = |granularity| bucket_of("2024-02-29".parse().unwrap(), granularity).1.to_string();
    assert_eq!(bucket(Granularity::Month), "2024-02-29");
    assert_eq!(bucket(Granularity::Quarter), "2024-03-31");
    assert_eq!(bucket(Granularity::Year), "2024-12-31");
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

fn series(level: ForecastLevel, member: &str) -> Series {
    Series { level, member: member.to_owned() }
}

#[test]
fn a_copied_address_restores_a_comparison() {
    let state = ComparisonState {
        series: vec![
            series(ForecastLevel::Item, "010825"),
            series(ForecastLevel::Family, "FERRO: AÇO & CIA"),
            series(ForecastLevel::Region, "BA"),
            Series::whole(),
        ],
        granularity: Granularity::Week,
        horizon: 30,
        normalised: true,
        judged: Some("010825".to_owned()),
    };
    let address = state.href("/forecasts");
    assert!(address.starts_with("/forecasts?of=item:010825&of=family:FERRO:+A"), "{address}");
    assert_eq!(read::<ComparisonState>(address.split_once('?').unwrap().1), state);
}

#[test]
fn a_comparison_begins_with_the_whole_company_and_may_be_empty() {
    assert_eq!(ComparisonState::default().href("/forecasts"), "/forecasts");
    assert_eq!(read::<ComparisonState>(""), ComparisonState::default());
    assert_eq!(
        read::<ComparisonState>("of=item:&of=item-site:x&of=all:x&by=month&horizon=7"),
        ComparisonState::default()
    );
    let mut state = ComparisonState::default();
    state.remove("all");
    assert_eq!(state.href("/forecasts"), "/forecasts?of=none");
    assert_eq!(read::<ComparisonState>("of=none"), state);
}

#[test]
fn a_comparison_holds_each_series_once_and_at_most_eight() {
    let mut state = ComparisonState::default();
    state.choose(ForecastLevel::Item, (0..20).map(|sku| sku.to_string()).collect());
    state.add(Series::whole());
    assert_eq!(state.series.len(), MOST);
    assert_eq!(state.judged().as_deref(), Some("0"), "the first");
    state.judged = Some("3".to_owned());
    assert_eq!(state.judged().as_deref(), Some("3"));
    state.choose(ForecastLevel::Item, vec!["5".to_owned(), "0".to_owned()]);
    assert_eq!(state.members(ForecastLevel::Item), ["0", "5"], "what stays keeps its place");
    assert_eq!(state.judged().as_deref(), Some("0"), "the chosen one is not compared any more");
    assert_eq!(state.series[0], Series::whole());
}

#[test]
fn taking_a_series_away_recolours_no_other() {
    let (a, b, c) = (Series::whole(), series(ForecastLevel::Item, "b"), series(ForecastLevel::Item, "c"));
    let first = placed(&[], vec![a.clone(), b.clone()]);
    assert_eq!(first, [(a, 0), (b.clone(), 1)]);
    let second = placed(&first, vec![b.clone()]);
    assert_eq!(second, [(b.clone(), 1)]);
    assert_eq!(placed(&second, vec![c.clone(), b.clone()]), [(c, 0), (b, 1)]);
}
