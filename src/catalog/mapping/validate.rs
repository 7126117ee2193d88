//! A mapping as a whole: every fault with its path, so that a page can show it where it is.

use std::collections::HashSet;

use serde::Serialize;
use utoipa::ToSchema;

use super::{AttributeMapping, CategoryMapping, Mapping, Settings};
use crate::catalog::languages;
use crate::catalog::template;
use crate::domain::price_rule::DiscountRule;

/// The most sections of a mapping.
const SECTIONS_MAX: usize = 20_000;
/// The most attributes of a list.
const ATTRIBUTES_MAX: usize = 1_000;
/// The most pairs of values of a whole mapping.
const VALUES_MAX: usize = 200_000;
/// The longest text anywhere else.
const TEXT_CHARS_MAX: usize = 500;
/// The most faults that are told.
const FAULTS_MAX: usize = 1_000;

/// A fault of a mapping.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct MappingFault {
    /// Where: `categories.3.attributes.0.value_id`.
    pub path: String,
    /// A stable code.
    pub code: &'static str,
    /// In Russian.
    pub ru: String,
    /// In English.
    pub en: String,
}

/// Every fault of a mapping, at most 1 000.
pub fn faults(mapping: &Mapping) -> Vec<MappingFault> {
    let mut found = Found::default();
    if !languages::is_known(&mapping.language) {
        found.add("language", "language_unknown", "такого языка у AliExpress нет", "AliExpress has no such language");
    }
    found.template("title", &mapping.title);
    found.template("description", &mapping.description);
    found.text("price_type", &mapping.price_type);
    if let DiscountRule::Percent(percent) = mapping.price.discount
        && !(1..=99).contains(&percent)
    {
        found.add("price.discount", "percent_invalid", "скидка — от 1 до 99 %", "a discount is from 1 to 99 per cent");
    }
    found.settings("defaults", &mapping.defaults);
    found.attributes("attributes", &mapping.attributes, false);
    found.attributes("sku_attributes", &mapping.sku_attributes, true);
    found.categories(&mapping.categories);
    let lists = |category: &CategoryMapping| category.attributes.len() + category.sku_attributes.len();
    let of_category = |category: &CategoryMapping| -> usize {
        category.attributes.iter().chain(&category.sku_attributes).map(|a| a.values.len()).sum()
    };
    let common = mapping.attributes.iter().chain(&mapping.sku_attributes).map(|a| a.values.len()).sum::<usize>();
    let pairs = common + mapping.categories.iter().map(of_category).sum::<usize>();
    let lists = mapping.categories.iter().map(lists).sum::<usize>();
    if pairs > VALUES_MAX || lists > VALUES_MAX {
        found.add("", "too_large", "слишком много пар значений", "there are too many pairs of values");
    }
    found.0
}

#[derive(Default)]
struct Found(Vec<MappingFault>);

impl Found {
    fn add(&mut self, path: impl Into<String>, code: &'static str, ru: &str, en: &str) {
        if self.0.len() < FAULTS_MAX {
            self.0.push(MappingFault { path: path.into(), code, ru: ru.to_owned(), en: en.to_owned() });
        }
    }

    fn text(&mut self, path: &str, text: &str) {
        if text.chars().count() > TEXT_CHARS_MAX {
            self.add(path, "text_long", "длиннее 500 символов", "is longer than 500 characters");
        }
    }

    fn template(&mut self, path: &str, text: &str) {
        if text.trim().is_empty() {
            self.add(path, "template_empty", "шаблон пуст", "the template is empty");
        }
        if text.chars().count() > template::TEMPLATE_CHARS_MAX {
            self.add(path, "template_long", "шаблон слишком длинный", "the template is too long");
        }
        if let Some(name) = template::unknown_name(text) {
            let (ru, en) = (format!("{{{name}}} ничего не обозначает"), format!("{{{name}}} stands for nothing"));
            self.add(path, "template_unknown_name", &ru, &en);
        }
    }

    fn settings(&mut self, path: &str, settings: &Settings) {
        let sides =
            [("length_cm", settings.length_cm), ("width_cm", settings.width_cm), ("height_cm", settings.height_cm)];
        for (side, value) in sides {
            if value.is_some_and(|value| !(1..=700).contains(&value)) {
                self.add(format!("{path}.{side}"), "side_invalid", "от 1 до 700 см", "is from 1 to 700 cm");
            }
        }
        if settings.lead_time_days.is_some_and(|days| !(1..=60).contains(&days)) {
            self.add(format!("{path}.lead_time_days"), "lead_time_invalid", "от 1 до 60 дней", "is from 1 to 60 days");
        }
        let weight = settings.weight_kg.as_deref().map(crate::catalog::check::grams);
        if weight.is_some_and(|grams| !grams.is_some_and(|grams| (1..=500_000).contains(&grams))) {
            let en = "is from 0.001 to 500 kg, with a dot";
            self.add(format!("{path}.weight_kg"), "weight_invalid", "от 0.001 до 500 кг, с точкой", en);
        }
    }

    fn categories(&mut self, categories: &[CategoryMapping]) {
        if categories.len() > SECTIONS_MAX {
            let en = "has more than 20000 sections";
            return self.add("categories", "too_large", "больше 20 000 разделов", en);
        }
        let mut sections = HashSet::new();
        for (at, category) in categories.iter().enumerate() {
            let path = format!("categories.{at}");
            if category.section.trim().is_empty() {
                self.add(format!("{path}.section"), "section_empty", "раздел не назван", "names no section");
            } else if !sections.insert(category.section.as_str()) {
                let (ru, en) = ("раздел уже сопоставлен выше", "the section has a category above already");
                self.add(format!("{path}.section"), "section_twice", ru, en);
            }
            self.text(&format!("{path}.section"), &category.section);
            if category.category == 0 {
                self.add(format!("{path}.category"), "category_empty", "категория не выбрана", "names no category");
            }
            for (name, template) in [("title", &category.title), ("description", &category.description)] {
                if let Some(template) = template {
                    self.template(&format!("{path}.{name}"), template);
                }
            }
            self.settings(&format!("{path}.settings"), &category.settings);
            self.attributes(&format!("{path}.attributes"), &category.attributes, false);
            self.attributes(&format!("{path}.sku_attributes"), &category.sku_attributes, true);
        }
    }

    fn attributes(&mut self, path: &str, attributes: &[AttributeMapping], of_sku: bool) {
        if attributes.len() > ATTRIBUTES_MAX {
            return self.add(path, "too_large", "больше 1 000 свойств", "has more than 1000 attributes");
        }
        let mut known = HashSet::new();
        for (at, attribute) in attributes.iter().enumerate() {
            let path = format!("{path}.{at}");
            if attribute.attribute == 0 || !known.insert(attribute.attribute) {
                let (ru, en) =
                    ("характеристика не названа или названа дважды", "names no attribute, or one named before");
                self.add(format!("{path}.attribute"), "attribute_invalid", ru, en);
            }
            let sources = [
                attribute.property.as_deref().is_some_and(|code| !code.trim().is_empty()),
                attribute.brand,
                attribute.value_id.is_some(),
                attribute.text.as_deref().is_some_and(|text| !text.trim().is_empty()),
            ];
            if sources.iter().filter(|given| **given).count() != 1 {
                let ru = "укажите одно: свойство, бренд, значение или текст";
                self.add(&path, "source_invalid", ru, "give one of property, brand, value_id and text");
            }
            if of_sku && attribute.property.is_none() {
                let (ru, en) =
                    ("торговые предложения различает только свойство", "SKUs are told apart by a property alone");
                self.add(&path, "source_of_sku_invalid", ru, en);
            }
            for text in [&attribute.property, &attribute.text, &attribute.unit].into_iter().flatten() {
                self.text(&path, text);
            }
            if let Some(long) = attribute.values.keys().find(|value| value.chars().count() > TEXT_CHARS_MAX) {
                let shown: String = long.chars().take(40).collect();
                self.add(
                    format!("{path}.values.{shown}"),
                    "text_long",
                    "длиннее 500 символов",
                    "is longer than 500 characters",
                );
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn codes(text: &str) -> Vec<(String, &'static str)> {
        let mapping: Mapping = serde_json::from_str(text).unwrap();
        faults(&mapping).into_iter().map(|fault| (fault.path, fault.code)).collect()
    }

    #[test]
    fn every_fault_is_found_with_its_path() {
        assert!(codes(r#"{"language":"ru","categories":[{"section":"7","category":348}]}"#).is_empty());
        let found = codes(
            r#"{"language":"xx","title":"{nmae}","description":" ","price":{"discount":{"percent":100}},
            "defaults":{"weight_kg":"0,3","length_cm":701,"lead_time_days":0},
            "attributes":[{"attribute":2},{"attribute":2,"brand":true,"text":"x"}],
            "sku_attributes":[{"attribute":14,"text":"red"}],
            "categories":[{"section":"","category":0},{"section":"7","category":1},{"section":"7","category":1,"title":"{x}"}]}"#,
        );
        let expected = [
            ("language", "language_unknown"),
            ("title", "template_unknown_name"),
            ("description", "template_empty"),
            ("price.discount", "percent_invalid"),
            ("defaults.length_cm", "side_invalid"),
            ("defaults.lead_time_days", "lead_time_invalid"),
            ("defaults.weight_kg", "weight_invalid"),
            ("attributes.0", "source_invalid"),
            ("attributes.1.attribute", "attribute_invalid"),
            ("attributes.1", "source_invalid"),
            ("sku_attributes.0", "source_of_sku_invalid"),
            ("categories.0.section", "section_empty"),
            ("categories.0.category", "category_empty"),
            ("categories.2.section", "section_twice"),
            ("categories.2.title", "template_unknown_name"),
        ];
        assert_eq!(found, expected.map(|(path, code)| (path.to_owned(), code)));
    }

    #[test]
    fn unknown_keys_are_refused() {
        assert!(serde_json::from_str::<Mapping>(r#"{"language":"ru","titel":"x"}"#).is_err());
    }
}
