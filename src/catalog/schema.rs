//! What AliExpress asks of a product of a category. Comes of two calls of AliExpress and is kept with its age.

use std::collections::{BTreeMap, HashMap};
use std::sync::OnceLock;

use serde::{Deserialize, Serialize};

/// AliExpress's id of the attribute "Brand".
pub const BRAND_ATTRIBUTE: u64 = 2;
/// AliExpress's id of the value "Other", which wants a text.
pub const OTHER_VALUE: u64 = 4;

/// Names by language code.
pub type Names = BTreeMap<String, String>;

/// A name in a language, else in English, else in any.
pub fn name_in<'n>(names: &'n Names, language: &str) -> &'n str {
    let found = names.get(language).or_else(|| names.get("en")).or_else(|| names.values().next());
    found.map_or("", String::as_str)
}

/// What AliExpress asks of a product of a category.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CategorySchema {
    /// The category.
    pub category: u64,
    /// Its attributes, those of SKUs among them in AliExpress's order.
    pub attributes: Vec<Attribute>,
    /// Limits that the schema states; they win over the settings.
    #[serde(default)]
    pub stated: StatedLimits,
    /// The seller's templates of delivery prices.
    #[serde(default)]
    pub freight_templates: Vec<Choice>,
    /// The seller's templates of service.
    #[serde(default)]
    pub service_templates: Vec<Choice>,
    /// The seller's groups of products.
    #[serde(default)]
    pub groups: Vec<Choice>,
}

impl CategorySchema {
    /// All but the attributes.
    #[must_use]
    pub fn clone_without_attributes(&self) -> Self {
        Self {
            category: self.category,
            attributes: Vec::new(),
            stated: self.stated,
            freight_templates: self.freight_templates.clone(),
            service_templates: self.service_templates.clone(),
            groups: self.groups.clone(),
        }
    }

    /// An attribute by its id; the first of those that depend on values of others.
    pub fn attribute(&self, id: u64) -> Option<&Attribute> {
        self.attributes.iter().find(|attribute| attribute.id == id)
    }
}

/// Limits that a category's schema states.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct StatedLimits {
    /// Characters of a title.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title_chars_max: Option<usize>,
    /// Characters of a description.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description_chars_max: Option<usize>,
    /// Main pictures.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub images_max: Option<usize>,
    /// SKUs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub skus_max: Option<usize>,
    /// Characters of a SKU.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sku_chars_max: Option<usize>,
    /// Grams of a parcel.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub weight_grams_max: Option<u64>,
    /// Centimetres of each side of a parcel.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub side_cm_max: Option<u32>,
    /// Days until a parcel leaves.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lead_time_days_max: Option<u32>,
}

/// One thing to choose.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choice {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
}

/// An attribute of a category.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attribute {
    /// AliExpress's id of it.
    pub id: u64,
    /// Its names.
    pub names: Names,
    /// A product without it is refused.
    #[serde(default)]
    pub required: bool,
    /// Products with it are found more often.
    #[serde(default)]
    pub recommended: bool,
    /// It tells SKUs of a product apart.
    #[serde(default)]
    pub sku: bool,
    /// What its value is.
    pub kind: AttributeKind,
    /// Units, one of which goes with the value; empty: none.
    #[serde(default)]
    pub units: Vec<String>,
    /// A SKU's value may be named by the seller.
    #[serde(default)]
    pub custom_names: bool,
    /// A SKU's value may have a picture.
    #[serde(default)]
    pub custom_pictures: bool,
    /// It is asked for only where these attributes have these values, all of them; empty: always.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub when: Vec<Choosing>,
    /// Values to choose from.
    #[serde(default)]
    pub values: Vec<AttributeValue>,
    /// Values by id and by name, made when it is asked for first: some lists have thousands.
    #[serde(skip)]
    pub index: Index,
}

/// An attribute and the value that it has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Choosing {
    /// The attribute.
    pub attribute: u64,
    /// The value.
    pub value: u64,
}

/// Values by id and by name.
#[derive(Debug, Clone, Default)]
pub struct Index(OnceLock<(HashMap<u64, usize>, HashMap<String, usize>)>);

impl PartialEq for Index {
    /// It follows from the values.
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for Index {}

impl Attribute {
    /// Its name in English, by which the schema methods know it.
    pub fn key(&self) -> &str {
        name_in(&self.names, "en")
    }

    fn index(&self) -> &(HashMap<u64, usize>, HashMap<String, usize>) {
        self.index.0.get_or_init(|| {
            let (mut ids, mut names) = (HashMap::new(), HashMap::new());
            for (at, value) in self.values.iter().enumerate() {
                ids.entry(value.id).or_insert(at);
                for name in value.names.values() {
                    names.entry(name.trim().to_lowercase()).or_insert(at);
                }
            }
            (ids, names)
        })
    }

    /// The attribute without its values.
    #[must_use]
    pub fn without_values(&self) -> Self {
        Self {
            names: self.names.clone(),
            units: self.units.clone(),
            when: self.when.clone(),
            values: Vec::new(),
            index: Index::default(),
            ..*self
        }
    }

    /// A value by its id.
    pub fn value(&self, id: u64) -> Option<&AttributeValue> {
        self.index().0.get(&id).map(|at| &self.values[*at])
    }

    /// Whether a text may stand in for a value of the list.
    pub fn takes_other(&self) -> bool {
        self.value(OTHER_VALUE).is_some()
    }

    /// The value that has this name in some language.
    pub fn value_named(&self, name: &str) -> Option<&AttributeValue> {
        let wanted = name.trim().to_lowercase();
        if wanted.is_empty() { None } else { self.index().1.get(&wanted).map(|at| &self.values[*at]) }
    }
}

/// What the value of an attribute is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AttributeKind {
    /// Free text.
    Text,
    /// A number as text.
    Number,
    /// One value of a list.
    One,
    /// Any number of values of a list.
    Many,
}

/// A value to choose.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AttributeValue {
    /// AliExpress's id of it.
    pub id: u64,
    /// Its names.
    pub names: Names,
}
