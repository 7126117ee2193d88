//! Templates of titles and descriptions: text with `{name}`, `{brand}`, `{section}`, `{xml_id}`, `{description}` and `{property:CODE}`.

use super::product::Product;

/// The longest template, in characters.
pub const TEMPLATE_CHARS_MAX: usize = 20_000;

/// The name in braces that nothing answers to, if there is one.
pub fn unknown_name(template: &str) -> Option<&str> {
    names(template).find(|name| !is_known(name))
}

fn is_known(name: &str) -> bool {
    let plain = ["name", "brand", "section", "xml_id", "description"].contains(&name);
    plain || name.strip_prefix("property:").is_some_and(|code| !code.is_empty())
}

/// What stands in braces. Braces that hold no word, as in styles, are text.
fn names(template: &str) -> impl Iterator<Item = &str> {
    let is_name =
        |name: &&str| !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | ':' | '-'));
    template.split('{').skip(1).filter_map(|rest| rest.split_once('}')).map(|(name, _)| name).filter(is_name)
}

/// What texts a template is filled with.
#[derive(Debug, Clone, Copy)]
pub struct Texts<'p> {
    /// The product.
    pub product: &'p Product,
    /// Its name in the language of the template's use.
    pub name: &'p str,
    /// Its description in that language.
    pub description: &'p str,
}

/// Fills a template; `escape` is done to everything but the template itself and the description.
pub fn fill(template: &str, texts: Texts<'_>, escape: impl Fn(&str) -> String) -> String {
    let mut filled = String::with_capacity(template.len());
    let mut rest = template;
    while let Some(at) = rest.find('{') {
        filled.push_str(&rest[..at]);
        let found = rest[at + 1..].split_once('}').filter(|(name, _)| is_known(name));
        match found {
            Some((name, after)) => {
                match name {
                    "description" => filled.push_str(texts.description),
                    name => filled.push_str(&escape(&value(name, texts))),
                }
                rest = after;
            }
            None => {
                filled.push('{');
                rest = &rest[at + 1..];
            }
        }
    }
    filled.push_str(rest);
    filled
}

fn value(name: &str, texts: Texts<'_>) -> String {
    let product = texts.product;
    match name {
        "name" => texts.name.to_owned(),
        "brand" => product.brand.clone(),
        "xml_id" => product.xml_id.clone(),
        "section" => product.section.as_ref().and_then(|section| section.path.last()).cloned().unwrap_or_default(),
        other => {
            let code = other.strip_prefix("property:").unwrap_or_default();
            let property = product.properties.iter().find(|property| property.code == code);
            let values = property.map(super::product::Property::all).unwrap_or_default();
            values.into_iter().map(|value| value.value).collect::<Vec<_>>().join(", ")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_in_braces_are_filled_and_other_braces_stay() {
        let product = Product::read(
            r#"{"product_id":"1","name":"Cap","brand":"A<b","properties":[{"code":"M","multiple":true,"values":["x","y"]}]}"#,
        )
        .unwrap();
        let texts = Texts { product: &product, name: "Cap", description: "<p>{brand}</p>" };
        let escape = |text: &str| text.replace('<', "&lt;");
        let filled = fill("{brand} {name} ({property:M}) { a } {b {description}", texts, escape);
        assert_eq!(filled, "A&lt;b Cap (x, y) { a } {b <p>{brand}</p>");
        assert_eq!(unknown_name("{name} {nmae}"), Some("nmae"));
        assert_eq!(unknown_name("p { color: red }"), None);
    }
}
