//! Wildcard matching (PS3.4 C.2.2.2.4).

/// Whether the text matches a pattern in which `*` stands for any characters and `?` for one.
pub(crate) fn matches(pattern: &str, text: &str) -> bool {
    let (pattern, text): (Vec<char>, Vec<char>) = (pattern.chars().collect(), text.chars().collect());
    let (mut at, mut read) = (0, 0);
    // Where to go back to: behind the last star, and what it has swallowed so far.
    let mut star: Option<(usize, usize)> = None;
    while read < text.len() {
        match pattern.get(at) {
            Some('*') => {
                at += 1;
                star = Some((at, read));
                continue;
            }
            Some('?') => {}
            Some(wanted) if Some(wanted) == text.get(read) => {}
            _ => {
                let Some((behind, swallowed)) = star else {
                    return false;
                };
                star = Some((behind, swallowed + 1));
                at = behind;
                read = swallowed + 1;
                continue;
            }
        }
        at += 1;
        read += 1;
    }
    pattern
        .get(at..)
        .unwrap_or_default()
        .iter()
        .all(|rest| *rest == '*')
}

/// Whether a pattern has a wildcard.
pub(crate) fn is_wild(pattern: &str) -> bool {
    pattern.contains(['*', '?'])
}

#[cfg(test)]
mod tests {
    use super::matches;

    #[test]
    fn stars_and_question_marks() {
        for (pattern, text, expected) in [
            ("", "", true),
            ("", "a", false),
            ("*", "", true),
            ("DOE^J*", "DOE^JANE", true),
            ("DOE^J*", "ROE^JANE", false),
            ("*ANE", "DOE^JANE", true),
            ("*A*E", "DOE^JANE^A^BE", true),
            ("D?E*", "DOE", true),
            ("D?E", "DE", false),
            ("M*LLER", "MÜLLER", true),
            ("M?LLER", "MÜLLER", true),
            ("a*b*c", "aXbYbZ", false),
        ] {
            assert_eq!(matches(pattern, text), expected, "{pattern} on {text}");
        }
    }
}
