//! Words of a text as MIDI-B's scorer takes them: without stop words and punctuation, in lower case.

/// English words that say nothing (the usual list).
const STOP: &str = " i me my myself we our ours ourselves you your yours yourself yourselves he him his himself she her hers herself \
 it its itself they them their theirs themselves what which who whom this that these those am is are was were be been \
 being have has had having do does did doing a an the and but if or because as until while of at by for with about \
 against between into through during before after above below to from up down in out on off over under again further \
 then once here there when where why how all any both each few more most other some such no nor not only own same so \
 than too very s t can will just don should now d ll m o re ve y ain aren couldn didn doesn hadn hasn haven isn ma \
 mightn mustn needn shan shouldn wasn weren won wouldn ";

const PUNCTUATION: [char; 20] = [
    ',', ';', ':', '!', '?', '(', ')', '[', ']', '{', '}', '"', '\'', '`', '<', '>', '“', '”', '\\', '*',
];

/// The words that count.
pub(super) fn words(text: &str) -> Vec<String> {
    let text = text.to_lowercase();
    text.split(|c: char| c.is_whitespace() || c == '\\')
        .map(|word| {
            word.trim_matches(PUNCTUATION)
                .trim_end_matches('.')
                .trim_matches(PUNCTUATION)
        })
        .filter(|word| !word.is_empty() && word.chars().any(char::is_alphanumeric))
        .filter(|word| !STOP.contains(&format!(" {word} ")))
        .map(str::to_owned)
        .collect()
}

/// How many of the words of `text` stand in `value`, and how many there are.
pub(super) fn found(value: &str, text: &str) -> (usize, usize) {
    let value = value.to_lowercase();
    let words = words(text);
    let found = words.iter().filter(|word| value.contains(word.as_str())).count();
    (found, words.len())
}

/// Numbers are compared as numbers, when both are.
pub(super) fn as_numbers(value: &str, text: &str) -> Option<bool> {
    let number = |text: &str| {
        let digits = text.chars().all(|c| c.is_ascii_digit() || c == '.');
        (digits && !text.is_empty()).then(|| text.parse::<f64>().ok())?
    };
    Some((number(value)? - number(text)?).abs() < f64::EPSILON)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stop_words_and_punctuation_do_not_count() {
        assert_eq!(
            words("CT of the Chest, seen (2019-03-14)."),
            ["ct", "chest", "seen", "2019-03-14"]
        );
        assert_eq!(found("chest ct", "CT of the chest with contrast"), (2, 3));
        assert_eq!(as_numbers("12", "12.0"), Some(true));
        assert_eq!(as_numbers("12", "twelve"), None);
    }
}
