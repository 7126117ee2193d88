//! Which products a change of a mapping touches: those whose section, attributes or constants are no longer the same.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::{CategoryMapping, Mapping};

/// Products that a change touches.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Touched {
    /// None.
    None,
    /// Those of these sections.
    Sections(BTreeSet<String>),
    /// All.
    All,
}

impl Touched {
    /// Between two versions of a mapping. Prices are not content: their rule touches no product here.
    pub fn between(before: &Mapping, after: &Mapping) -> Self {
        let whole = |m: &Mapping| {
            let Mapping { language, title, description, defaults, attributes, sku_attributes, .. } = m.clone();
            (language, title, description, defaults, attributes, sku_attributes)
        };
        if whole(before) != whole(after) {
            return Touched::All;
        }
        let lines = |m: &Mapping| -> std::collections::BTreeMap<String, CategoryMapping> {
            m.categories.iter().map(|line| (line.section.clone(), line.clone())).collect()
        };
        let (before, after) = (lines(before), lines(after));
        let differs = |section: &&String| before.get(*section) != after.get(*section);
        let sections: BTreeSet<String> = before.keys().chain(after.keys()).filter(differs).cloned().collect();
        if sections.is_empty() { Touched::None } else { Touched::Sections(sections) }
    }

    /// These and the others.
    #[must_use]
    pub fn and(self, others: Self) -> Self {
        match (self, others) {
            (Touched::None, touched) | (touched, Touched::None) => touched,
            (Touched::All, _) | (_, Touched::All) => Touched::All,
            (Touched::Sections(mut sections), Touched::Sections(others)) => {
                sections.extend(others);
                Touched::Sections(sections)
            }
        }
    }

    /// Whether the products of a section are touched.
    pub fn touches(&self, section: &str) -> bool {
        match self {
            Touched::None => false,
            Touched::Sections(sections) => sections.contains(section),
            Touched::All => true,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_touches_its_sections_and_no_others() {
        let read = |text: &str| serde_json::from_str::<Mapping>(text).unwrap();
        let before =
            read(r#"{"language":"ru","categories":[{"section":"1","category":1},{"section":"2","category":2}]}"#);
        let after = read(
            r#"{"language":"ru","price":{"factor":"2"},"categories":[{"section":"3","category":3},{"section":"2","category":9},{"section":"1","category":1}]}"#,
        );
        let touched = Touched::between(&before, &after);
        assert_eq!(touched, Touched::Sections(["2", "3"].map(String::from).into()));
        assert!(touched.touches("2") && !touched.touches("1"));
        assert_eq!(Touched::between(&before, &before), Touched::None);
        assert_eq!(touched.clone().and(Touched::None), touched);
        let more = touched.clone().and(Touched::Sections(["5".to_owned()].into()));
        assert!(more.and(Touched::None).touches("5"));
        assert_eq!(touched.and(Touched::All), Touched::All);
        let other = Mapping { title: "{brand}".into(), ..before.clone() };
        assert_eq!(Touched::between(&before, &other), Touched::All);
    }
}
