use frontend::i18n::{Lang, fill};

#[test]
fn numbers_are_written_as_each_language_writes_them() {
    assert_eq!(Lang::PtBr.fixed(1234.56, 2), "1.234,56");
    assert_eq!(Lang::En.fixed(1234.56, 2), "1,234.56");
    assert_eq!(Lang::PtBr.fixed(1_234_567.0, 0), "1.234.567");
    assert_eq!(Lang::PtBr.fixed(-999.0, 0), "−999");
}

#[test]
fn quantities_leave_off_zeros_that_say_nothing() {
    assert_eq!(Lang::PtBr.quantity(12.0), "12");
    assert_eq!(Lang::PtBr.quantity(12.5), "12,5");
    assert_eq!(Lang::PtBr.quantity(1200.0), "1.200");
    assert_eq!(Lang::PtBr.quantity(-0.001), "0");
}

#[test]
fn shares_become_per_cent() {
    assert_eq!(Lang::PtBr.money(1_234.5, "BRL"), "R$\u{a0}1.234,50");
    assert_eq!(Lang::En.money(0.5, "CLP"), "CLP\u{a0}0.50");
    assert_eq!(Lang::PtBr.percent(0.034), "3,4\u{202f}%");
    assert_eq!(Lang::En.percent(1.0), "100\u{202f}%");
}

#[test]
fn dates_cannot_be_taken_for_the_american_order() {
    let day = "2025-02-03".parse().unwrap();
    assert_eq!(Lang::PtBr.date(day), "03/02/2025");
    assert_eq!(Lang::En.date(day), "3 Feb 2025");
    assert_eq!(Lang::PtBr.month(day), "fev/25");
}

#[test]
fn the_browser_decides_between_english_and_portuguese() {
    assert_eq!(Lang::of_tag("en-GB"), Lang::En);
    assert_eq!(Lang::of_tag("pt-BR"), Lang::PtBr);
    assert_eq!(Lang::of_tag("es"), Lang::PtBr);
}

#[test]
fn sentences_take_their_values() {
    assert_eq!(fill("{1} de {0}", &["dez", "um"]), "um de dez");
}
