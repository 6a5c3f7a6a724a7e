use chrono::Days;
use planning::policy::{
    AlertCategory, AlertLevel, LeadTime, Locale, MessageCode, OpenOrder, Position, Projection, Subject, alert,
};

use super::{demand, input, today};

const SUBJECT: Subject<'_> = Subject { sku: "010825", site_code: "T7", item: "Cable", site: "Tower 7" };

fn position() -> Position {
    Position::of(&input(&demand(), &LeadTime::fixed(14)))
}

fn stock(on_hand: f64, available: f64) -> Option<alert::Alert> {
    let projection = Projection::of(today(), on_hand, &[], &demand());
    alert::stock(SUBJECT, on_hand, available, &position(), projection, today() + Days::new(14))
}

#[test]
fn an_alert_keeps_its_key_while_its_cause_lasts() {
    let (one, two) = (stock(10.0, 10.0).unwrap(), stock(9.0, 9.0).unwrap());
    assert_eq!(one.key, "STOCKOUT_RISK/010825/T7");
    assert_eq!(one.key, two.key);
    assert_ne!(one.message, two.message);
    assert_eq!(stock(500.0, 500.0), None);
}

#[test]
fn stock_alerts_rise_with_the_danger() {
    let empty = stock(0.0, 0.0).unwrap();
    assert_eq!((empty.level, empty.category), (AlertLevel::Critical, AlertCategory::Stockout));
    assert_eq!(stock(10.0, 10.0).unwrap().message.code, MessageCode::StockoutRisk);
    let below = stock(40.0, 40.0).unwrap();
    assert_eq!((below.level, below.message.code), (AlertLevel::Warning, MessageCode::BelowReorderPoint));
    // Low stock that is about to run out is news to whoever has read that it is low.
    assert_eq!(below.key, "BELOW_REORDER_POINT/010825/T7");
}

#[test]
fn too_much_stock_is_said_quietly() {
    let rich = Position { cover_days: Some(400.0), ..position() };
    assert_eq!(alert::overstock(SUBJECT, 800.0, &rich, 180.0).unwrap().level, AlertLevel::Normal);
    assert_eq!(alert::overstock(SUBJECT, 800.0, &rich, 500.0), None);
}

#[test]
fn an_order_is_late_from_the_day_after_its_promise() {
    let order =
        |back| OpenOrder { order: "PO-1/2".to_owned(), quantity: 5.0, expected: Some(today() - Days::new(back)) };
    assert_eq!(alert::delayed_order(SUBJECT, &order(0), today(), 14), None);
    assert_eq!(alert::delayed_order(SUBJECT, &order(1), today(), 14).unwrap().level, AlertLevel::Warning);
    let grave = alert::delayed_order(SUBJECT, &order(15), today(), 14).unwrap();
    assert_eq!((grave.level, grave.key.as_str()), (AlertLevel::Critical, "DELAYED_ORDER/PO-1/2/010825"));
}

#[test]
fn data_and_jobs_have_alerts_too() {
    assert_eq!(alert::data_quality("a.xlsx", 100, 5, 0.05), None);
    assert!(alert::data_quality("a.xlsx", 100, 6, 0.05).is_some());
    assert_eq!(alert::stale_data(today(), today() + Days::new(7), 7), None);
    assert_eq!(alert::stale_data(today(), today() + Days::new(8), 7).unwrap().level, AlertLevel::Warning);
    assert_eq!(alert::stale_data(today(), today() + Days::new(29), 7).unwrap().level, AlertLevel::Critical);
    assert_eq!(alert::job_failure("forecast").key, "JOB_FAILURE/forecast");
    let nightly = alert::nightly_failure(&["import", "backup"]);
    assert_eq!(nightly.key, alert::nightly_failure(&[]).key, "whichever step failed, it is the one alert");
    assert_eq!(nightly.message.render(Locale::En), "The nightly run failed at: import, backup.");
}
