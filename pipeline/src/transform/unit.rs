//! Units of measure: one spelling for one unit, and never a conversion.

/// Longest unit; they are abbreviations.
const LIMIT: usize = 8;

/// The house spelling of a unit, or `None` when the text is no unit (empty, a number, a sentence).
///
/// Only spellings of the very same unit are joined: `M²` is `M2`, `M³` is `M3`, `MT` is `M`. A box is never pieces.
pub fn normalise_unit(text: &str) -> Option<String> {
    let unit: String = text.trim().trim_end_matches('.').to_uppercase().replace('²', "2").replace('³', "3");
    let plain = unit.chars().all(|c| c.is_alphanumeric() || "/%°ºª".contains(c));
    let starts = unit.chars().next().is_some_and(|c| c.is_alphabetic() || c == '%');
    if !plain || !starts || unit.chars().count() > LIMIT {
        return None;
    }
    Some(match unit.as_str() {
        "MT" | "MTS" | "METRO" | "METROS" => "M".into(),
        "UND" | "UNID" | "UNIDADE" => "UN".into(),
        _ => unit,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_one_unit_become_one() {
        for (text, unit) in [
            ("M²", "M2"),
            ("m2", "M2"),
            (" M³ ", "M3"),
            ("MT", "M"),
            ("m", "M"),
            ("un", "UN"),
            ("Unid.", "UN"),
            ("CX", "CX"),
        ] {
            assert_eq!(normalise_unit(text).as_deref(), Some(unit), "{text}");
        }
    }

    #[test]
    fn what_is_no_unit_is_not_guessed() {
        for text in ["", "  ", "12", "=1+1", "uma caixa", "CAIXA COM 10", "@X", "U\0N"] {
            assert_eq!(normalise_unit(text), None, "{text}");
        }
    }
}
