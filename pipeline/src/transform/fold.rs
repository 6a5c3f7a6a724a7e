//! Natural codes from names, on top of the folding that the store searches and sorts with: `conexao` finds `CONEXÃO`.

pub use store::fold;

/// Longest code that is derived from a name.
const SLUG_LIMIT: usize = 100;

/// A natural code derived from a name: folded letters and digits, everything else one hyphen.
///
/// Two spellings that differ only in case, accents or punctuation are one code. A name without any letter or digit keeps its
/// characters as hexadecimal numbers, so that it still has a code of its own.
pub fn slug(name: &str) -> String {
    let folded = fold(name);
    let words: Vec<&str> = folded.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let mut slug = words.join("-");
    if slug.is_empty() {
        let numbers: Vec<String> = folded.chars().map(|c| format!("u{:x}", u32::from(c))).collect();
        slug = numbers.join("-");
    }
    if slug.chars().count() > SLUG_LIMIT {
        let mark = super::natural_key::fingerprint(&[&slug]);
        slug = slug.chars().take(SLUG_LIMIT - 11).collect::<String>() + "-" + &mark.to_string();
    }
    slug
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folding_drops_case_accents_and_double_spaces() {
        assert_eq!(fold("  CONEXÃO  Elétrica Nº 3"), "conexao eletrica no 3");
        assert_eq!(fold("M²"), "m2");
        assert_eq!(fold("SERVIÇOS\u{0}\tÜbrig"), "servicos ubrig");
        assert_eq!(fold("Stra\u{df}e"), "strasse");
    }

    #[test]
    fn folding_twice_is_folding_once() {
        for text in ["İstanbul", "ǅ", "Ａ１", "ﬁo", "ÇÃO", "ẞ"] {
            assert_eq!(fold(&fold(text)), fold(text), "{text}");
        }
    }

    #[test]
    fn a_code_comes_from_the_letters_and_digits_of_a_name() {
        assert_eq!(slug("L.M.C LEMOS MATERIAIS P/ CONSTRUÇÃO"), "l-m-c-lemos-materiais-p-construcao");
        assert_eq!(slug("BAJSS002-3"), "bajss002-3");
        assert_eq!(slug("***"), "u2a-u2a-u2a");
        assert_ne!(slug("***"), slug("**"));
    }

    #[test]
    fn long_names_get_short_codes_that_stay_apart() {
        let (one, two) = ("A".repeat(300) + "1", "A".repeat(300) + "2");
        assert!(slug(&one).chars().count() <= 100);
        assert_ne!(slug(&one), slug(&two));
    }
}
