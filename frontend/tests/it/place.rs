use frontend::place::Place;

#[test]
fn every_address_shows_its_page() {
    assert_eq!(Place::of("/"), Place::Dashboard);
    assert_eq!(Place::of("/materials"), Place::Materials);
    assert_eq!(Place::of("/materials/"), Place::Materials);
    assert_eq!(Place::of("/forecasts"), Place::Forecasts);
    assert_eq!(Place::of("/admin"), Place::Admin(String::new()));
    assert_eq!(Place::of("/admin/audit"), Place::Admin("audit".to_owned()));
    assert_eq!(Place::of("/login"), Place::Login);
}

#[test]
fn a_material_is_found_by_its_code_whatever_letters_it_has() {
    assert_eq!(Place::of("/materials/010825"), Place::Material("010825".to_owned()));
    assert_eq!(Place::of("/materials/A%2FB+%C3%87%2B"), Place::Material("A/B Ç+".to_owned()));
}

#[test]
fn other_addresses_lead_nowhere() {
    for path in ["/nothing", "/materials/a/b", "/admin/users/1", "/login/x", "/alerts/1"] {
        assert_eq!(Place::of(path), Place::Nowhere, "{path}");
    }
}
