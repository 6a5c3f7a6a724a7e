//! Builders of a position, and the parts in the crate's order.

mod alert;
mod message;
mod recommend;
mod surprise;
mod textbook;

use chrono::NaiveDate;
use planning::abc::AbcClass;
use planning::forecast::CumulativeDemand;
use planning::policy::{LeadTime, PolicyInput, Recommendation, Rules, recommend};

pub fn today() -> NaiveDate {
    NaiveDate::from_ymd_opt(2025, 6, 2).unwrap()
}

/// 90 days of smooth demand, two a day.
pub fn demand() -> CumulativeDemand {
    CumulativeDemand::from_daily(&[(2.0, [0.0, 1.0, 1.0, 2.0, 3.0, 4.0, 5.0]); 90], 1.0)
}

/// Ten on hand, nothing on order, 14 days lead time, a week's review.
pub fn input<'a>(demand: &'a CumulativeDemand, lead_time: &'a LeadTime) -> PolicyInput<'a> {
    PolicyInput {
        today: today(),
        item: "Cable",
        site: "Tower 7",
        on_hand: Some(10.0),
        on_order: Some(0.0),
        open_orders: &[],
        demand,
        lead_time,
        review_days: 7,
        cycle_days: 30,
        service_level: 0.95,
        unit_cost: Some(12.5),
        min_quantity: None,
        max_quantity: None,
        pack: None,
        integer: true,
        usual_use: None,
        days_since_demand: Some(1),
        abc: AbcClass::B,
        criticality: 5,
        elsewhere: &[],
        rules: Rules::default(),
    }
}

/// The one thing to do here.
pub fn only(input: &PolicyInput<'_>) -> Recommendation {
    let [made] = <[Recommendation; 1]>::try_from(recommend(input)).unwrap();
    made
}
