use frontend::charts::comparison::Comparison;
use frontend::charts::forecasts::comparison;
use frontend::graphql::queries::enums::{
    AbcClass, DemandGroup, DemandMeasure, DemandOrderField, Granularity, XyzClass,
};
use frontend::graphql::queries::exploration::{
    DemandFilter, DemandGroupKey, DemandMeasureSeries, ExplorationVariables, Explored,
};
use frontend::state::exploration::ExploreState;
use frontend::state::filters::Selection;
use frontend::state::period::Period;
use frontend::state::{Pairs, UrlState};

use crate::charts::{days, look};

fn read(address: &str) -> ExploreState {
    ExploreState::read(&Pairs::parse(address.split_once('?').map_or("", |(_, query)| query)))
}

#[test]
fn a_copied_address_restores_an_exploration() {
    let state = ExploreState {
        measures: vec![DemandMeasure::Cost, DemandMeasure::StockedOutDays],
        groups: vec![DemandGroup::Region, DemandGroup::AbcClass],
        granularity: Granularity::Quarter,
        period: Period::Between("2024-01-01".parse().unwrap(), "2024-12-31".parse().unwrap()),
        selection: Selection {
            families: vec!["FERRO & AÇO".to_owned()],
            abc: vec![AbcClass::A, AbcClass::B],
            xyz: vec![XyzClass::Z],
        },
        regions: vec!["BA".to_owned(), "SP".to_owned()],
    };
    let address = state.href("/explore");
    assert!(
        address.starts_with("/explore?measure=cost,stocked-out-days&group=region,abc-class&by=quarter&from=2024-01-01"),
        "{address}"
    );
    assert_eq!(read(&address), state);
}

#[test]
fn an_exploration_begins_with_quantities_by_family_and_may_be_of_the_whole() {
    assert_eq!(ExploreState::default().href("/explore"), "/explore");
    assert_eq!(read("/explore?measure=&group=x&by=hour&period=0"), ExploreState::default());
    let whole = ExploreState { groups: Vec::new(), ..ExploreState::default() };
    assert_eq!(whole.href("/explore"), "/explore?group=none");
    assert_eq!(read("/explore?group=none"), whole);
    let quarter = ExploreState { period: Period::Last(90), ..ExploreState::default() };
    assert_eq!(quarter.href("/explore"), "/explore?period=90", "ninety days are no default here");
    assert_eq!(read("/explore?period=90"), quarter);
}

#[test]
fn who_may_not_see_costs_measures_none() {
    let state = read("/explore?measure=cost,peak,mean-unit-cost").without_costs();
    assert_eq!(state.measures, [DemandMeasure::Peak]);
    assert_eq!(read("/explore?measure=cost").without_costs().measures, [DemandMeasure::Quantity]);
}

#[test]
fn the_question_is_written_as_one_would_by_hand() {
    let variables = ExplorationVariables {
        filter: DemandFilter {
            from: Some("2025-01-01".parse().unwrap()),
            to: Some("2025-10-31".parse().unwrap()),
            families: Some(vec!["5\" TUBOS".to_owned()]),
            abc_classes: Some(vec![AbcClass::A, AbcClass::B]),
            xyz_classes: None,
            region_ids: Some(vec![cynic::Id::new("cmVnaW9uOjE=")]),
        },
        granularity: Granularity::Week,
        group_by: Some(vec![DemandGroup::Family, DemandGroup::AbcClass]),
        measures: Some(vec![DemandMeasure::Quantity, DemandMeasure::StockedOutDays]),
        order: DemandMeasure::Quantity.order(),
        first: 50,
    };
    insta::assert_snapshot!(variables.written());
}

#[test]
fn every_measure_has_an_order_of_its_own() {
    for measure in DemandMeasure::ALL {
        assert_eq!(measure.order().word(), measure.word());
    }
    assert_eq!(DemandMeasure::Peak.order(), DemandOrderField::Peak);
}

#[test]
fn explored_demand_is_drawn_for_the_eight_greatest_groups() {
    let group = |name: usize| Explored {
        keys: vec![DemandGroupKey { label: if name == 0 { String::new() } else { format!("F{name}") } }],
        dates: days("2025-11-01", 2),
        measures: vec![DemandMeasureSeries { values: vec![Some(name as f64), None], total: Some(name as f64) }],
    };
    let groups: Vec<_> = (0..10).map(group).collect();
    let drawn = Comparison::of_groups(&groups, Granularity::Day, "Quantity");
    assert_eq!(drawn.curves.len(), 8);
    assert_eq!(drawn.curves[0].name, "–", "what has no family is a group as well");
    assert_eq!(drawn.curves[1].means, [Some(1.0), None]);
    let chart = serde_json::to_value(comparison(&drawn, &look()).chart).unwrap();
    assert_eq!(chart["yAxis"]["name"], "Quantity");
    assert_eq!(chart["series"].as_array().unwrap().len(), 8, "no bands");
}
