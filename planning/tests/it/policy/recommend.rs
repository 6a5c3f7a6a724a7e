use chrono::Days;
use planning::abc::AbcClass;
use planning::forecast::CumulativeDemand;
use planning::policy::position::textbook_safety_stock;
use planning::policy::{
    LeadTime, OpenOrder, PolicyInput, Position, Priority, Recommendation, RecommendationKind, ServiceLevels, Spare,
    order_quantity, recommend,
};

use super::{demand, input, only, today};

/// Computes everything again from the published fields alone, as a reader with a calculator would.
fn recompute(published: &Recommendation) {
    let e = serde_json::to_value(&published.explanation).unwrap();
    let n = |path: &str| e.pointer(path).and_then(serde_json::Value::as_f64);
    let round = |x: f64| (x * 1e4).round() / 1e4;
    let reorder_point = n("/leadTimeDemand/atServiceLevel").unwrap().max(n("/usualUse").unwrap_or(0.0));
    assert_eq!(n("/reorderPoint"), Some(reorder_point));
    assert_eq!(n("/safetyStock"), Some(round(reorder_point - n("/leadTimeDemand/mean").unwrap())));
    assert_eq!(n("/orderUpTo"), Some(round(reorder_point + n("/cycleDemand").unwrap())));
    let available = n("/onHand").unwrap() + n("/onOrder").unwrap_or(0.0);
    let needed = n("/orderUpTo").unwrap() - available;
    let quantity = match published.kind {
        RecommendationKind::Reorder => {
            let whole = e["wholeUnits"].as_bool().unwrap();
            let pack = n("/pack").or(whole.then_some(1.0)).unwrap();
            let wanted = (needed.max(n("/minQuantity").unwrap_or(0.0)) / pack - 1e-9).ceil() * pack;
            match n("/maxQuantity") {
                Some(max) if wanted > max => (max / pack).floor() * pack,
                _ => wanted,
            }
        }
        RecommendationKind::Hold => -needed,
        RecommendationKind::Promo => n("/onHand").unwrap(),
        RecommendationKind::Expedite => n("/orderQuantity").unwrap(),
        RecommendationKind::Reallocate => {
            let moved = needed.min(n("/spare").unwrap());
            if e["wholeUnits"] == true { moved.floor() } else { moved }
        }
    };
    assert_eq!(round(quantity), published.quantity);
    let value = n("/ifNothingIsDone/expectedShortage").unwrap() * n("/unitCost").unwrap_or(f64::NAN);
    assert_eq!(n("/ifNothingIsDone/valueAtRisk"), (!value.is_nan()).then(|| round(value)));
    for shown in [reorder_point, n("/orderUpTo").unwrap(), published.quantity] {
        assert!(
            published.explanation.formula.contains(&shown.to_string()),
            "{shown} is not in {}",
            published.explanation.formula
        );
    }
}

#[test]
fn every_recommendation_recomputes_from_its_published_fields() {
    let demand = demand();
    let lead_time = LeadTime::from_median_and_p90(14.0, 25.0);
    let mut kinds = Vec::new();
    let late = [OpenOrder { order: "PO-1".to_owned(), quantity: 7.5, expected: Some(today() + Days::new(40)) }];
    let spare = [Spare { site: "Depot".to_owned(), quantity: 61.25 }];
    for on_hand in [0.0, 3.0, 10.0, 33.0, 60.0, 900.0] {
        for (min, max, pack) in [(None, None, None), (Some(50.0), None, Some(12.0)), (None, Some(40.0), Some(7.0))] {
            for (on_order, days_since_demand, unit_cost, usual_use) in
                [(None, Some(1), None, Some(70.0)), (Some(4.0), Some(300), Some(3.3333), None)]
            {
                for (open_orders, elsewhere) in [(&[][..], &[][..]), (&late[..], &[][..]), (&[][..], &spare[..])] {
                    let case = PolicyInput {
                        on_hand: Some(on_hand),
                        min_quantity: min,
                        max_quantity: max,
                        pack,
                        on_order,
                        days_since_demand,
                        unit_cost,
                        usual_use,
                        open_orders,
                        elsewhere,
                        ..input(&demand, &lead_time)
                    };
                    for made in recommend(&case) {
                        recompute(&made);
                        kinds.push(made.kind);
                    }
                }
            }
        }
    }
    kinds.sort();
    kinds.dedup();
    assert_eq!(kinds, RecommendationKind::ALL);
}

#[test]
fn for_smooth_demand_the_safety_stock_meets_the_textbook() {
    // Independent days, mean 20, deviation 3: quantiles of a normal distribution.
    let q = |z: f64| 20.0 + 3.0 * z;
    let day = (20.0, [q(-1.96), q(-1.2816), q(-0.6745), 20.0, q(0.6745), q(1.2816), q(1.96)]);
    let demand = CumulativeDemand::from_daily(&[day; 90], 1.0);
    let lead_time = LeadTime::fixed(14);
    let position = Position::of(&PolicyInput { integer: false, ..input(&demand, &lead_time) });
    let textbook = textbook_safety_stock(0.95, 3.0, 21.0);
    assert!((position.safety_stock / textbook - 1.0).abs() < 0.1, "{} against {textbook}", position.safety_stock);
}

#[test]
fn an_uncertain_lead_time_needs_more_stock_than_a_certain_one() {
    let demand = demand();
    let (fixed, random) = (LeadTime::fixed(14), LeadTime::observed(&[4, 4, 24, 24]).unwrap());
    assert!((fixed.mean() - random.mean()).abs() < 1e-9);
    let point = |lead: &LeadTime| Position::of(&input(&demand, lead)).reorder_point;
    assert!(point(&random) > point(&fixed) + 5.0);
}

#[test]
fn stock_on_order_always_counts() {
    let (demand, lead_time) = (demand(), LeadTime::fixed(14));
    let without = only(&input(&demand, &lead_time));
    let with = only(&PolicyInput { on_order: Some(20.0), ..input(&demand, &lead_time) });
    assert_eq!(without.quantity - 20.0, with.quantity);
    let unknown = only(&PolicyInput { on_order: None, ..input(&demand, &lead_time) });
    assert_eq!(unknown.explanation.on_order, None);
    assert_eq!(unknown.quantity, without.quantity);
}

#[test]
fn a_company_without_stock_data_gets_no_recommendation() {
    let (demand, lead_time) = (demand(), LeadTime::fixed(14));
    assert_eq!(recommend(&PolicyInput { on_hand: None, ..input(&demand, &lead_time) }), []);
}

#[test]
fn enough_stock_asks_for_nothing() {
    let (demand, lead_time) = (demand(), LeadTime::fixed(14));
    assert_eq!(recommend(&PolicyInput { on_hand: Some(80.0), ..input(&demand, &lead_time) }), []);
}

#[test]
fn a_likely_stock_out_is_urgent_and_critical_for_what_matters() {
    let (demand, lead_time) = (demand(), LeadTime::fixed(14));
    let case = input(&demand, &lead_time);
    let likely = only(&case);
    // Ten on hand at two a day: the sixth day wants more than there is.
    assert_eq!(likely.explanation.if_nothing_is_done.stockout_date.likely, Some(today() + Days::new(5)));
    assert_eq!((likely.priority, likely.act_by), (Priority::High, today()));
    assert_eq!(only(&PolicyInput { abc: AbcClass::A, ..case }).priority, Priority::Critical);
    assert_eq!(only(&PolicyInput { criticality: 9, ..case }).priority, Priority::Critical);
    let later = only(&PolicyInput { on_hand: Some(40.0), ..case });
    assert!(later.priority < Priority::High && later.act_by > today(), "{later:?}");
}

#[test]
fn an_order_that_comes_too_late_is_hurried() {
    let (demand, lead_time) = (demand(), LeadTime::fixed(14));
    let open =
        |days| [OpenOrder { order: "PO-1".to_owned(), quantity: 100.0, expected: Some(today() + Days::new(days)) }];
    let case = PolicyInput { on_order: Some(100.0), ..input(&demand, &lead_time) };
    let late = only(&PolicyInput { open_orders: &open(12), ..case });
    assert_eq!((late.kind, late.order.as_deref(), late.quantity), (RecommendationKind::Expedite, Some("PO-1"), 100.0));
    assert_eq!(recommend(&PolicyInput { open_orders: &open(2), ..case }), []);
    // Hurrying it is not enough where all that is on its way is too little.
    let both = recommend(&PolicyInput { open_orders: &open(12), on_order: Some(15.0), ..case });
    assert_eq!(
        both.iter().map(|made| made.kind).collect::<Vec<_>>(),
        [RecommendationKind::Expedite, RecommendationKind::Reorder]
    );
}

#[test]
fn another_sites_spare_stock_is_moved_before_money_is_spent() {
    let (demand, lead_time) = (demand(), LeadTime::fixed(14));
    let spare = |quantity| [Spare { site: "Depot".to_owned(), quantity }];
    let case = input(&demand, &lead_time);
    let moved = only(&PolicyInput { elsewhere: &spare(70.0), ..case });
    assert_eq!((moved.kind, moved.from_site.as_deref()), (RecommendationKind::Reallocate, Some("Depot")));
    assert!(moved.quantity <= 70.0);
    assert_eq!(only(&PolicyInput { elsewhere: &spare(5.0), ..case }).kind, RecommendationKind::Reorder);
}

#[test]
fn dead_stock_is_cleared_and_too_much_is_held() {
    let (demand, lead_time) = (demand(), LeadTime::fixed(14));
    let case = input(&demand, &lead_time);
    assert_eq!(only(&PolicyInput { days_since_demand: Some(200), ..case }).kind, RecommendationKind::Promo);
    assert_eq!(only(&PolicyInput { on_hand: Some(500.0), ..case }).kind, RecommendationKind::Hold);
}

#[test]
fn quantities_keep_minimum_pack_and_maximum() {
    assert_eq!(order_quantity(7.2, None, None, None, true), 8.0);
    assert_eq!(order_quantity(7.2, None, None, None, false), 7.2);
    assert_eq!(order_quantity(7.2, Some(20.0), None, Some(6.0), true), 24.0);
    assert_eq!(order_quantity(100.0, None, Some(50.0), Some(12.0), true), 48.0);
    assert_eq!(order_quantity(0.3 * 3.0, None, None, Some(0.3), false), 0.9);
}

#[test]
fn service_rises_with_class_and_criticality() {
    let levels = ServiceLevels::default();
    assert_eq!(levels.of(AbcClass::A, 10), 0.99);
    assert!(levels.of(AbcClass::A, 5) > levels.of(AbcClass::C, 5));
    assert!(levels.of(AbcClass::C, 9) > levels.of(AbcClass::C, 2));
}

#[test]
fn a_shelf_in_use_is_never_planned_to_lie_empty() {
    // So seldom that every quantile that is kept is zero.
    let demand = CumulativeDemand::from_daily(&[(0.0, [0.0; 7]); 90], 1.0);
    let lead_time = LeadTime::fixed(14);
    let case = PolicyInput { on_hand: Some(0.0), ..input(&demand, &lead_time) };
    assert_eq!(recommend(&case), []);
    let made = only(&PolicyInput { usual_use: Some(3.0), ..case });
    assert_eq!((made.kind, made.quantity, made.explanation.reorder_point), (RecommendationKind::Reorder, 3.0, 3.0));
    assert!(made.explanation.formula.contains("max("), "{}", made.explanation.formula);
    recompute(&made);
    // What would be cleared the day it came is not bought.
    assert_eq!(recommend(&PolicyInput { usual_use: Some(3.0), days_since_demand: Some(200), ..case }), []);
}
