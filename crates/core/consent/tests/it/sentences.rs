//! Each sentence can be read by everybody: at most 20 words, Flesch-Kincaid grade at most 6, and in Spanish too.

use consent::Policies;
use std::collections::HashSet;

/// Syllables, as readability formulas count them: groups of vowels, without a silent e at the end.
fn syllables(word: &str) -> usize {
    let word = word.to_lowercase();
    let vowel = |c: char| "aeiouy".contains(c);
    let groups = word
        .chars()
        .fold((0, false), |(count, inside), c| {
            (count + usize::from(vowel(c) && !inside), vowel(c))
        })
        .0;
    // Two vowels that are two syllables.
    let groups = groups + word.matches("pient").count();
    let silent = (word.ends_with('e') && !word.ends_with("le") && !word.ends_with("ee"))
        || (word.ends_with("ed") && !word.ends_with("ted") && !word.ends_with("ded"))
        || (word.ends_with("es") && !word.ends_with("ses"));
    (groups - usize::from(silent && groups > 1)).max(1)
}

fn words(text: &str) -> Vec<&str> {
    text.split(|c: char| !c.is_alphabetic() && c != '\'')
        .filter(|word| !word.is_empty())
        .collect()
}

fn grade(text: &str) -> f64 {
    let words = words(text);
    let sentences = text
        .split(['.', '!', '?', ':'])
        .filter(|part| !part.trim().is_empty())
        .count();
    let syllables: usize = words.iter().map(|word| syllables(word)).sum();
    0.39 * words.len() as f64 / sentences as f64 + 11.8 * syllables as f64 / words.len() as f64 - 15.59
}

#[test]
fn syllables_are_counted() {
    for (word, count) in [
        ("scan", 1),
        ("patient", 2),
        ("recipient", 4),
        ("erased", 2),
        ("changed", 1),
        ("agreement", 3),
        ("table", 2),
    ] {
        assert_eq!(syllables(word), count, "{word}");
    }
    assert!(grade("The cat sat on the mat.") < 1.0);
    assert!(
        grade("Individuals authorizing unanticipated disclosures necessitate additional documentation.")
            > 15.0
    );
}

#[test]
fn all_sentences_are_short_plain_and_in_both_languages() {
    let policies = Policies::new("").unwrap();
    let mut seen = HashSet::new();
    let mut hard = Vec::new();
    for reason in policies.sentences() {
        for text in [&reason.plain, &reason.llano] {
            if words(text).len() > 20 || !text.ends_with('.') {
                hard.push(format!("{}: {} words: {text}", reason.policy, words(text).len()));
            }
            assert!(seen.insert(text.clone()), "twice: {text}");
        }
        let grade = grade(&reason.plain);
        if grade > 6.0 {
            hard.push(format!("{}: grade {grade:.1}: {}", reason.policy, reason.plain));
        }
    }
    assert!(hard.is_empty(), "{}", hard.join("\n"));
}
