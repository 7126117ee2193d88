//! The tree of categories in memory: looked up and searched without walking through all of it.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use crate::catalog::schema::{Names, name_in};

/// The most results of a search.
const FOUND_MAX: usize = 50;
/// Deeper than any tree: a circle ends too.
const DEPTH_MAX: usize = 20;

/// A category of the kept tree.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Category {
    /// Its id.
    pub id: u64,
    /// The one above; 0 for roots.
    pub parent: u64,
    /// Products can stand in it.
    pub leaf: bool,
    /// Its names.
    pub names: Names,
}

/// A leaf as it is searched.
#[derive(Debug, Clone)]
struct Leaf {
    at: usize,
    /// Its names, lower case.
    own: Vec<String>,
    /// All names from the top in Russian and English, lower case.
    path: String,
}

/// The kept tree.
#[derive(Debug, Clone, Default)]
pub struct Tree {
    /// When it was read, milliseconds since the epoch.
    pub at_ms: u64,
    categories: Vec<Category>,
    by_id: HashMap<u64, usize>,
    below: HashMap<u64, Vec<usize>>,
    leaves: Vec<Leaf>,
}

impl Tree {
    /// The tree of these categories.
    pub fn new(at_ms: u64, categories: Vec<Category>) -> Self {
        let mut tree = Self { at_ms, categories, ..Self::default() };
        for (at, category) in tree.categories.iter().enumerate() {
            tree.by_id.insert(category.id, at);
            tree.below.entry(category.parent).or_default().push(at);
        }
        let leaf = |(at, category): (usize, &Category)| {
            let own = category.names.values().map(|name| name.to_lowercase()).collect();
            let mut path = tree.path(category.id, "ru");
            path.extend(tree.path(category.id, "en"));
            Leaf { at, own, path: path.join(" ").to_lowercase() }
        };
        tree.leaves = tree.categories.iter().enumerate().filter(|(_, category)| category.leaf).map(leaf).collect();
        tree
    }

    /// A category.
    pub fn get(&self, id: u64) -> Option<&Category> {
        self.by_id.get(&id).map(|at| &self.categories[*at])
    }

    /// The categories below one; 0 = the roots.
    pub fn below(&self, parent: u64) -> impl Iterator<Item = &Category> {
        self.below.get(&parent).into_iter().flatten().map(|at| &self.categories[*at])
    }

    /// Names from the top.
    pub fn path(&self, id: u64, language: &str) -> Vec<String> {
        let (mut path, mut at) = (Vec::new(), id);
        while let Some(category) = self.get(at).filter(|_| path.len() < DEPTH_MAX) {
            path.push(name_in(&category.names, language).to_owned());
            at = category.parent;
        }
        path.reverse();
        path
    }

    /// Leaves whose name or path has every word asked for, best first; at most 50.
    pub fn search(&self, words: &str) -> Vec<&Category> {
        let words: Vec<String> = words.to_lowercase().split_whitespace().take(10).map(str::to_owned).collect();
        if words.is_empty() {
            return Vec::new();
        }
        let has_all = |text: &str| words.iter().all(|word| text.contains(word.as_str()));
        let score = |leaf: &Leaf| match leaf.own.iter().any(|name| has_all(name)) {
            true => Some((0, &self.categories[leaf.at])),
            false => has_all(&leaf.path).then(|| (1, &self.categories[leaf.at])),
        };
        let mut found: Vec<(u8, &Category)> = self.leaves.iter().filter_map(score).collect();
        found.sort_by_key(|(score, category)| (*score, category.id));
        found.into_iter().take(FOUND_MAX).map(|(_, category)| category).collect()
    }
}
