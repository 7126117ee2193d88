//! Suggestions by name: which of AliExpress's names is meant by a name of the shop. Pure; a person decides.

use std::collections::{BTreeSet, HashMap};

use super::schema::Names;

/// How much two names must have in common to be suggested, of 100.
const LEAST: u32 = 60;

/// Names to choose from, prepared once: lists of values may be long.
#[derive(Debug)]
pub struct Candidates<'c, T> {
    all: Vec<(&'c T, Vec<Vec<String>>)>,
    /// Candidates by how their words begin: others have nothing in common with a word.
    beginnings: HashMap<String, Vec<usize>>,
}

/// How a word begins: what two words that are anything alike share.
fn beginning(word: &str) -> String {
    word.chars().take(3).collect()
}

impl<'c, T> Candidates<'c, T> {
    /// These, each with its names.
    pub fn new(candidates: impl Iterator<Item = (&'c T, &'c Names)>) -> Self {
        let mut all = Vec::new();
        let mut beginnings: HashMap<String, Vec<usize>> = HashMap::new();
        for (at, (candidate, names)) in candidates.enumerate() {
            let names: Vec<Vec<String>> = names.values().map(|name| words(name)).collect();
            let begun: BTreeSet<String> = names.iter().flatten().map(|word| beginning(word)).collect();
            begun.into_iter().for_each(|begun| beginnings.entry(begun).or_default().push(at));
            all.push((candidate, names));
        }
        Self { all, beginnings }
    }

    /// The candidate that is most like a name, and how much of 100; none where none is like it.
    pub fn best(&self, name: &str) -> Option<(&'c T, u32)> {
        let wanted = words(name);
        let near = wanted.iter().filter_map(|word| self.beginnings.get(&beginning(word))).flatten();
        let near: BTreeSet<usize> = near.copied().collect();
        let score = |at: usize| self.all[at].1.iter().map(|other| alike(&wanted, other)).max().unwrap_or(0);
        let scored = near.into_iter().map(|at| (self.all[at].0, score(at))).filter(|(_, score)| *score >= LEAST);
        scored.min_by_key(|(_, score)| std::cmp::Reverse(*score))
    }
}

/// Words as they are compared: lower case, ё as е, without punctuation.
fn words(text: &str) -> Vec<String> {
    let text = text.to_lowercase().replace('ё', "е");
    text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

/// 100 for the same words, less for some of them, and for words that begin alike (an ending, a plural).
fn alike(one: &[String], other: &[String]) -> u32 {
    if one.is_empty() || other.is_empty() {
        return 0;
    }
    if one == other {
        return 100;
    }
    let best = |word: &String, among: &[String]| among.iter().map(|other| begin(word, other)).max().unwrap_or(0);
    let sum = |from: &[String], among: &[String]| from.iter().map(|word| best(word, among)).sum::<u32>();
    let count = u32::try_from(one.len() + other.len()).unwrap_or(u32::MAX);
    ((sum(one, other) + sum(other, one)) / count).min(99)
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
        let candidates = Candidates::new(all.iter().map(|names| (*names, *names)));
        let of = |name: &str| candidates.best(name).map(|(names, score)| (names["en"].clone(), score));
        assert_eq!(of("материал"), Some(("Material".into(), 100)));
        assert_eq!(of("Color"), Some(("Color".into(), 100)));
        assert_eq!(of("Материалы").unwrap().0, "Material");
        assert_eq!((of("Зелёный"), of("")), (None, None));
        let green = names("Зеленый", "Green");
        assert_eq!(Candidates::new([(&green, &green)].into_iter()).best("Зелёный").unwrap().1, 100);
    }
}
