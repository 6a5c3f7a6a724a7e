use planning::policy::{LeadTime, Locale, Message, MessageCode, PolicyInput};

use super::{demand, input, only, today};

fn slots(template: &str) -> Vec<&str> {
    let mut slots: Vec<&str> = template.split('{').skip(1).map(|part| part.split_once('}').unwrap().0).collect();
    slots.sort_unstable();
    slots
}

#[test]
fn both_languages_have_the_same_slots() {
    for code in MessageCode::ALL {
        assert_eq!(slots(code.template(Locale::PtBr)), slots(code.template(Locale::En)), "{code:?}");
    }
}

#[test]
fn numbers_and_dates_follow_the_language() {
    assert_eq!(Locale::PtBr.number(1_234_567.5), "1.234.567,5");
    assert_eq!(Locale::En.number(-1234.0), "-1,234");
    assert_eq!(Locale::PtBr.number(0.25), "0,25");
    assert_eq!(Locale::PtBr.number(1777.9833), "1.778", "a sentence rounds what nobody can count");
    assert_eq!(Locale::PtBr.number(52.2332), "52,23");
    assert_eq!(Locale::PtBr.number(0.0125), "0,0125");
    assert_eq!(Locale::PtBr.number(100.0), "100");
    assert_eq!(Locale::PtBr.date(today()), "02/06/2025");
    assert_eq!(Locale::En.date(today()), "2025-06-02");
    assert_eq!(Locale::of("en-GB,en"), Locale::En);
    assert_eq!(Locale::of("pt-BR"), Locale::PtBr);
}

#[test]
fn a_recommendations_message_has_no_gap_in_either_language() {
    let (demand, lead_time) = (demand(), LeadTime::fixed(14));
    for (on_hand, silent) in [(10.0, 1), (500.0, 1), (10.0, 300)] {
        let case =
            PolicyInput { on_hand: Some(on_hand), days_since_demand: Some(silent), ..input(&demand, &lead_time) };
        let message = only(&case).message;
        for locale in Locale::ALL {
            let text = message.render(locale);
            assert!(!text.contains('{') && text.contains("Cable"), "{text}");
        }
    }
}

#[test]
fn a_message_survives_storage_and_shows_its_gaps() {
    let message = Message::new(MessageCode::StaleData).date("date", today()).text("unused", "x");
    let back: Message = serde_json::from_str(&serde_json::to_string(&message).unwrap()).unwrap();
    assert_eq!(back, message);
    assert_eq!(back.render(Locale::En), "The data end on 2025-06-02, {days} days ago.");
}
