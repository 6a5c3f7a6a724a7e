//! Where the company works: towers, warehouses and distribution centers, and the states they stand in.

use super::draw::Draw;
use super::rows::{RegionRow, SiteRow, SiteType};

/// A state: its letters, name, economic zone, extra days of freight, and rain against the national mean.
struct State {
    code: &'static str,
    name: &'static str,
    zone: &'static str,
    freight_days: i64,
    rain: f64,
}

const fn state(code: &'static str, name: &'static str, zone: &'static str, freight_days: i64, rain: f64) -> State {
    State { code, name, zone, freight_days, rain }
}

const STATES: &[State] = &[
    state("AM", "Amazonas", "Norte", 9, 1.35),
    state("BA", "Bahia", "Nordeste", 3, 0.85),
    state("CE", "Ceará", "Nordeste", 5, 0.75),
    state("DF", "Distrito Federal", "Centro-Oeste", 3, 1.05),
    state("GO", "Goiás", "Centro-Oeste", 3, 1.1),
    state("MG", "Minas Gerais", "Sudeste", 1, 1.05),
    state("PA", "Pará", "Norte", 8, 1.3),
    state("PE", "Pernambuco", "Nordeste", 4, 0.8),
    state("PR", "Paraná", "Sul", 1, 1.0),
    state("RJ", "Rio de Janeiro", "Sudeste", 1, 1.0),
    state("RS", "Rio Grande do Sul", "Sul", 2, 0.95),
    state("SP", "São Paulo", "Sudeste", 0, 1.05),
];

/// Hubs come first: distribution centers and warehouses take them in order.
const HUBS: &[(&str, &str, f64, f64)] = &[
    ("SP", "GUARULHOS", -23.454, -46.533),
    ("BA", "SALVADOR", -12.971, -38.501),
    ("RJ", "DUQUE DE CAXIAS", -22.786, -43.312),
    ("PE", "RECIFE", -8.054, -34.881),
    ("MG", "CONTAGEM", -19.932, -44.054),
    ("GO", "GOIÂNIA", -16.687, -49.265),
    ("PR", "CURITIBA", -25.429, -49.271),
    ("PA", "BELÉM", -1.456, -48.490),
];

const TOWERS: &[(&str, &str, f64, f64)] = &[
    ("BA", "FEIRA DE SANTANA", -12.267, -38.967),
    ("SP", "CAMPINAS", -22.906, -47.061),
    ("MG", "UBERLÂNDIA", -18.919, -48.277),
    ("RJ", "PETRÓPOLIS", -22.505, -43.178),
    ("BA", "VITÓRIA DA CONQUISTA", -14.866, -40.839),
    ("PR", "LONDRINA", -23.304, -51.169),
    ("CE", "SOBRAL", -3.686, -40.348),
    ("SP", "RIBEIRÃO PRETO", -21.170, -47.810),
    ("RS", "CAXIAS DO SUL", -29.168, -51.179),
    ("PE", "CARUARU", -8.284, -35.976),
    ("MG", "MONTES CLAROS", -16.735, -43.862),
    ("GO", "ANÁPOLIS", -16.328, -48.953),
    ("DF", "TAGUATINGA", -15.833, -48.056),
    ("AM", "MANAUS", -3.119, -60.021),
    ("PA", "SANTARÉM", -2.443, -54.708),
    ("BA", "ILHÉUS", -14.789, -39.046),
];

/// A site and what generation must know of it.
pub(super) struct Place {
    pub(super) row: SiteRow,
    /// Days that freight adds to every promise.
    pub(super) freight_days: i64,
    /// Rain of the state against the national mean.
    pub(super) rain: f64,
}

/// The sites: one distribution center for each sixty, a quarter warehouses, the others towers.
pub(super) fn make(count: usize, draw: &mut Draw) -> Vec<Place> {
    let centers = 1 + count / 60;
    let hubs = centers + count / 4;
    (0..count)
        .map(|index| {
            let (list, position, kind, prefix, word) = if index < centers {
                (HUBS, index, SiteType::DistributionCenter, "CD", "CENTRO DE DISTRIBUIÇÃO")
            } else if index < hubs {
                (HUBS, index, SiteType::Warehouse, "ALM", "ALMOXARIFADO")
            } else {
                (TOWERS, index - hubs, SiteType::Tower, "TOR", "TORRE")
            };
            let (code, city, latitude, longitude) = list[position % list.len()];
            let again = position / list.len();
            let name = if again == 0 { format!("{word} {city}") } else { format!("{word} {city} {}", again + 1) };
            let state = STATES.iter().find(|state| state.code == code);
            // Neighbours must not lie on one another on a map; four decimals are ten metres.
            let near = |degrees: f64, draw: &mut Draw| ((degrees + draw.range(-0.05, 0.05)) * 1e4).round() / 1e4;
            Place {
                row: SiteRow {
                    code: format!("{prefix}-{code}-{:03}", index + 1).into(),
                    name,
                    r#type: kind,
                    region_code: code.to_owned(),
                    latitude: near(latitude, draw),
                    longitude: near(longitude, draw),
                    active: true,
                },
                freight_days: state.map_or(0, |state| state.freight_days),
                rain: state.map_or(1.0, |state| state.rain),
            }
        })
        .collect()
}

/// The states in which there is a site, in order of their letters.
pub(super) fn regions(places: &[Place]) -> Vec<RegionRow> {
    STATES
        .iter()
        .filter(|state| places.iter().any(|place| place.row.region_code == state.code))
        .map(|state| RegionRow {
            code: state.code.to_owned(),
            name: state.name.to_owned(),
            state: state.code.to_owned(),
            economic_zone: state.zone.to_owned(),
        })
        .collect()
}
