use planning::forecast::{CumulativeDemand, DemandClass};
use planning::policy::position::textbook_safety_stock;
use planning::policy::{LeadTime, PolicyInput};

use super::{input, only};

/// Independent days, mean 20, deviation 3: quantiles of a normal distribution.
fn normal() -> CumulativeDemand {
    let q = |z: f64| 20.0 + 3.0 * z;
    let day = (20.0, [q(-1.96), q(-1.2816), q(-0.6745), 20.0, q(0.6745), q(1.2816), q(1.96)]);
    CumulativeDemand::from_daily(&[day; 90], 1.0)
}

#[test]
fn the_reorder_point_of_smooth_demand_meets_the_textbooks_within_five_percent() {
    let demand = normal();
    for (lead, service_level) in [(5, 0.9), (14, 0.95), (30, 0.99)] {
        let lead_time = LeadTime::fixed(lead);
        let case = PolicyInput { integer: false, service_level, ..input(&demand, &lead_time) };
        let why = only(&case).beside_textbook(DemandClass::Smooth, &demand).explanation;
        let textbook = why.textbook_safety_stock.unwrap();
        assert!((textbook.sigma - 3.0).abs() < 0.3, "the deviation that the days were made with: {textbook:?}");
        assert!((textbook.reorder_point / why.reorder_point - 1.0).abs() < 0.05, "{textbook:?} {}", why.reorder_point);
        // It recomputes from its own parts.
        let round = |x: f64| (x * 1e4).round() / 1e4;
        assert_eq!(textbook.days, why.lead_time_days + why.review_days as f64);
        assert_eq!(textbook.safety_stock, round(textbook.z * textbook.sigma * textbook.days.sqrt()));
        assert_eq!(textbook.reorder_point, round(why.lead_time_demand.mean + textbook.safety_stock));
        let exact = textbook_safety_stock(service_level, textbook.sigma, textbook.days);
        assert!((textbook.safety_stock / exact - 1.0).abs() < 1e-3);
        for shown in [textbook.z, textbook.sigma, textbook.days, textbook.safety_stock, textbook.reorder_point] {
            assert!(textbook.formula.contains(&shown.to_string()), "{shown} is not in {}", textbook.formula);
        }
    }
}

#[test]
fn only_smooth_demand_is_shown_the_textbook() {
    let (demand, lead_time) = (normal(), LeadTime::fixed(14));
    for class in DemandClass::ALL {
        let made = only(&input(&demand, &lead_time)).beside_textbook(class, &demand);
        assert_eq!(made.explanation.textbook_safety_stock.is_some(), class == DemandClass::Smooth, "{class:?}");
    }
}
