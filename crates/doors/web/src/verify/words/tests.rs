use super::{Words, words};
use seal::Verdict;

const VERDICTS: [Verdict; 11] = [
    Verdict::Authentic,
    Verdict::AuthenticAmended,
    Verdict::DisplayAltered,
    Verdict::AttributesAltered,
    Verdict::PixelsAltered,
    Verdict::Derived,
    Verdict::Incomplete,
    Verdict::Unsealed,
    Verdict::Stripped,
    Verdict::Revoked,
    Verdict::Unproven,
];

const REASONS: [&str; 14] = [
    "not-decoded",
    "lossy-reencoded",
    "examination-failed",
    "bundle-signature",
    "seal-signature",
    "log-forked",
    "log-rolled-back",
    "log-consistency-not-shown",
    "log-proof-missing",
    "log-proof-wrong",
    "log-signature",
    "trust-unreadable",
    "no-trust",
    "no-store",
];

fn all() -> Vec<(String, Words)> {
    let mut all = Vec::new();
    for verdict in VERDICTS {
        for has_pixels in [true, false] {
            all.push((verdict.as_str().to_owned(), words(verdict, None, has_pixels)));
        }
    }
    all.push((
        "cleared bits".into(),
        words(
            Verdict::Authentic,
            Some("bits outside bits stored are cleared"),
            true,
        ),
    ));
    all.push((
        "hidden bits".into(),
        words(Verdict::DisplayAltered, Some("hidden-bits"), true),
    ));
    all.extend(REASONS.map(|reason| (reason.to_owned(), words(Verdict::Unproven, Some(reason), true))));
    all
}

/// Syllables by the usual rule of thumb: groups of vowels, without a silent e at the end.
fn syllables(word: &str) -> usize {
    let word: String = word
        .to_lowercase()
        .chars()
        .filter(char::is_ascii_alphabetic)
        .collect();
    let vowel = |c: char| "aeiouy".contains(c);
    let (mut count, mut before) = (0, false);
    for c in word.chars() {
        count += usize::from(vowel(c) && !before);
        before = vowel(c);
    }
    let silent =
        word.ends_with('e') && !word.ends_with("le") || word.ends_with("ed") && !word.ends_with("ted");
    (count - usize::from(silent && count > 1)).max(1)
}

/// Flesch-Kincaid grade level.
fn grade(text: &str) -> f64 {
    let words: Vec<&str> = text
        .split_whitespace()
        .filter(|w| w.chars().any(char::is_alphabetic))
        .collect();
    let sentences = text.matches(['.', '?', '!']).count().max(1);
    let count = words.len() as f64;
    let spoken: usize = words.iter().map(|word| syllables(word)).sum();
    0.39 * count / sentences as f64 + 11.8 * spoken as f64 / count - 15.59
}

#[test]
fn the_measure_tells_plain_from_learned() {
    assert!(grade("The cat sat on the mat. It was glad.") < 2.0);
    assert!(
        grade("Cryptographic verification demonstrates unauthorised manipulation of radiological imagery.")
            > 15.0
    );
}

#[test]
fn every_verdict_reads_at_grade_six_or_below() {
    for (name, words) in all() {
        let whole = format!("{} {} {}", words.headline, words.means, words.next);
        assert!(
            grade(&whole) <= 6.0,
            "{name}: grade {:.1}: {whole}",
            grade(&whole)
        );
    }
}

#[test]
fn every_verdict_says_what_it_means_and_what_to_do() {
    for (name, words) in all() {
        for text in [words.headline, words.means, words.next] {
            assert!(text.ends_with('.'), "{name}: {text}");
            assert!(!text.contains("  "), "{name}: {text}");
        }
        assert!(!words.name.is_empty() && words.name.len() < 40, "{name}");
    }
}

#[test]
fn verdicts_have_words_of_their_own() {
    let headlines: std::collections::BTreeSet<&str> = VERDICTS
        .iter()
        .map(|verdict| words(*verdict, None, true).headline)
        .collect();
    assert_eq!(headlines.len(), VERDICTS.len());
}

#[test]
fn only_what_was_sealed_is_called_unchanged() {
    use super::Tone;
    for verdict in VERDICTS {
        let same = words(verdict, None, true).tone == Tone::Same;
        assert_eq!(same, verdict.exit_code() == 0, "{}", verdict.as_str());
    }
}
