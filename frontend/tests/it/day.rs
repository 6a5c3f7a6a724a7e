use frontend::day::Day;

fn day(text: &str) -> Day {
    text.parse().unwrap()
}

#[test]
fn days_survive_the_way_through_their_text() {
    for text in ["1970-01-01", "2000-02-29", "2024-12-31", "2025-10-31", "1999-03-01"] {
        assert_eq!(day(text).to_string(), text);
    }
}

#[test]
fn days_that_no_calendar_has_are_refused() {
    for text in
        ["2025-02-29", "2025-13-01", "2025-00-10", "2025-04-31", "", "2025-10", "31/10/2025", "2025-10-31T00:00"]
    {
        assert!(text.parse::<Day>().is_err(), "{text}");
    }
}

#[test]
fn arithmetic_crosses_months_and_leap_years() {
    assert_eq!(day("2024-02-28").plus(2).to_string(), "2024-03-01");
    assert_eq!(day("2025-01-01").plus(-1).to_string(), "2024-12-31");
    assert_eq!(day("2025-03-01").since(day("2024-03-01")), 365);
}

#[test]
fn weeks_begin_on_monday_and_months_end_where_they_end() {
    assert_eq!(day("2025-11-02").week_start().to_string(), "2025-10-27");
    assert_eq!(day("2025-10-27").week_start().to_string(), "2025-10-27");
    assert_eq!(day("2024-02-10").month_end().to_string(), "2024-02-29");
    assert_eq!(day("2025-12-31").month_end().to_string(), "2025-12-31");
}
