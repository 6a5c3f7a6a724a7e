//! File names with `*` and `?` in them.

/// Whether a file's name fits: `*` stands for any characters, `?` for one; upper and lower case are one.
pub(super) fn fits(pattern: &str, name: &str) -> bool {
    let (pattern, name): (Vec<char>, Vec<char>) =
        (pattern.to_lowercase().chars().collect(), name.to_lowercase().chars().collect());
    let (mut p, mut n) = (0, 0);
    // Where to go on when the last `*` has to take one character more.
    let mut star: Option<(usize, usize)> = None;
    while n < name.len() {
        match pattern.get(p) {
            Some('*') => {
                star = Some((p + 1, n));
                p += 1;
            }
            Some(c) if *c == '?' || *c == name[n] => {
                p += 1;
                n += 1;
            }
            _ => match &mut star {
                Some((after, taken)) => {
                    *taken += 1;
                    (p, n) = (*after, *taken);
                }
                None => return false,
            },
        }
    }
    pattern[p..].iter().all(|c| *c == '*')
}

#[cfg(test)]
mod tests {
    use super::fits;

    #[test]
    fn stars_and_question_marks_stand_for_characters() {
        for (pattern, name) in [
            ("dim_item.csv", "DIM_ITEM.csv"),
            ("dim_item*", "dim_item_2025.csv.txt"),
            ("*_item.*", "a_item_item.csv"),
            ("f?ct.csv", "fact.csv"),
            ("*", "x"),
            ("a*b*c", "aXbbYc"),
        ] {
            assert!(fits(pattern, name), "{pattern} {name}");
        }
        for (pattern, name) in
            [("dim_item.csv", "dim_items.csv"), ("f?ct.csv", "fct.csv"), ("a*b", "abc"), ("", "x"), ("?", "")]
        {
            assert!(!fits(pattern, name), "{pattern} {name}");
        }
    }
}
