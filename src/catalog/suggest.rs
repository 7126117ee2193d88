//! Suggestions by name: which of AliExpress's names is meant by a name of the shop. Pure; a person decides.

use super::schema::Names;

/// How much two names must have in common to be suggested, of 100.
const LEAST: u32 = 60;

/// How much a name has in common with any of `names`, of 100.
pub fn likeness(name: &str, names: &Names) -> u32 {
    names.values().map(|other| alike(name, other)).max().unwrap_or(0)
}

/// The candidates that are most like a name, best first, at most `max`.
pub fn suggest<'c, T>(
    name: &str,
    candidates: impl Iterator<Item = (&'c T, &'c Names)>,
    max: usize,
) -> Vec<(&'c T, u32)> {
    let mut found: Vec<(&T, u32)> = candidates
        .map(|(candidate, names)| (candidate, likeness(name, names)))
        .filter(|(_, score)| *score >= LEAST)
        .collect();
    found.sort_by_key(|(_, score)| std::cmp::Reverse(*score));
    found.truncate(max);
    found
}

/// Words as they are compared: lower case, ё as е, without punctuation.
fn words(text: &str) -> Vec<String> {
    let text = text.to_lowercase().replace('ё', "е");
    text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

/// 100 for the same words, less for some of them, and for words that begin alike (an ending, a plural).
fn alike(one: &str, other: &str) -> u32 {
    let (one, other) = (words(one), words(other));
    if one.is_empty() || other.is_empty() {
        return 0;
    }
    if one == other {
        return 100;
    }
    let best = |word: &String, among: &[String]| among.iter().map(|other| begin(word, other)).max().unwrap_or(0);
    let sum = |from: &[String], among: &[String]| from.iter().map(|word| best(word, among)).sum::<u32>();
    let count = u32::try_from(one.len() + other.len()).unwrap_or(u32::MAX);
    ((sum(&one, &other) + sum(&other, &one)) / count).min(99)
}

/// How much of the longer word both begin with, of 100; nothing for less than half.
fn begin(one: &str, other: &str) -> u32 {
    let same = one.chars().zip(other.chars()).take_while(|(a, b)| a == b).count();
    let longer = one.chars().count().max(other.chars().count());
    let percent = u32::try_from(same * 100 / longer.max(1)).unwrap_or(0);
    if percent < 50 || (percent < 100 && same < 3) { 0 } else { percent }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(ru: &str, en: &str) -> Names {
        [("ru", ru), ("en", en)].map(|(language, name)| (language.to_owned(), name.to_owned())).into()
    }

    #[test]
    fn the_same_word_in_either_language_comes_first() {
        let colour = names("Цвет", "Color");
        let material = names("Материал", "Material");
        let sole = names("Материал подошвы", "Sole material");
        let all = [&colour, &material, &sole];
        let of = |name: &str| {
            let found = suggest(name, all.iter().map(|names| (*names, *names)), 3);
            found.into_iter().map(|(names, score)| (names["en"].clone(), score)).collect::<Vec<_>>()
        };
        assert_eq!(of("материал")[0], ("Material".into(), 100));
        assert_eq!(of("Color"), [("Color".into(), 100)]);
        assert_eq!(of("Материалы")[0].0, "Material");
        assert_eq!(of("Зелёный"), []);
        assert!(likeness("Зелёный", &names("Зеленый", "Green")) == 100);
    }
}
