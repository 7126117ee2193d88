//! Titles and descriptions, in the main language and in those that the shop translates to.

use std::collections::BTreeMap;

use super::pictures::{self, Pictures};
use super::{Terms, shown};
use crate::catalog::faults::{Fault, FaultKind};
use crate::catalog::html;
use crate::catalog::languages;
use crate::catalog::product::Product;
use crate::catalog::template::{Texts, fill};

/// Texts by language, the main one first.
type ByLanguage = Vec<(String, String)>;

pub(super) fn texts(
    product: &Product,
    terms: &Terms<'_>,
    pictures: &Pictures,
    faults: &mut Vec<Fault>,
) -> (ByLanguage, ByLanguage) {
    let main = terms.view.mapping.language.as_str();
    let own = product.translations.get(main);
    let name = own.map(|own| own.name.as_str()).filter(|name| !name.trim().is_empty()).unwrap_or(&product.name);
    let description = own.map(|own| own.description_html.as_str()).filter(|text| !text.trim().is_empty());
    let mut given = vec![(main, name, description.unwrap_or(&product.description_html))];
    for (language, translation) in &product.translations {
        if language != main && !translation.name.trim().is_empty() {
            if languages::is_known(language) {
                given.push((language, &translation.name, &translation.description_html));
            } else {
                let kind = FaultKind::LanguageUnknown { language: shown(language) };
                faults.push(Fault::of(format!("translations.{}", shown(language)), kind));
            }
        }
    }
    let (mut titles, mut descriptions) = (Vec::new(), Vec::new());
    for (language, name, description) in given {
        let texts = Texts { product, name, description };
        titles.push((language.to_owned(), title(texts, language, terms, faults)));
        // A translation without a description is translated by AliExpress.
        if language == main || !description.trim().is_empty() {
            descriptions.push((language.to_owned(), html_of(texts, language, terms, pictures, faults)));
        }
    }
    (titles, descriptions)
}

fn field(what: &str, language: &str, main: &str) -> String {
    let own = match what {
        "title" => "name",
        _ => "description_html",
    };
    if language == main { own.to_owned() } else { format!("translations.{language}.{own}") }
}

fn title(texts: Texts<'_>, language: &str, terms: &Terms<'_>, faults: &mut Vec<Fault>) -> String {
    let filled = fill(terms.view.title(), texts, str::to_owned);
    let title = filled.split_whitespace().collect::<Vec<_>>().join(" ");
    let language = language.to_owned();
    let path = field("title", &language, &terms.view.mapping.language);
    let (has, max) = (title.chars().count(), terms.limits.title_chars_max);
    if title.is_empty() {
        faults.push(Fault::of(path.clone(), FaultKind::TitleEmpty { language: language.clone() }));
    }
    if has > max {
        faults.push(Fault::of(path.clone(), FaultKind::TitleLong { language: language.clone(), has, max }));
    }
    if title.contains(['<', '>']) {
        faults.push(Fault::of(path, FaultKind::TitleForbidden { language }));
    }
    title
}

fn html_of(
    texts: Texts<'_>,
    language: &str,
    terms: &Terms<'_>,
    pictures: &Pictures,
    faults: &mut Vec<Fault>,
) -> String {
    let filled = fill(terms.view.description(), texts, html::escaped);
    let mut clean = html::sanitised(&filled, &texts.product.url);
    if clean.is_empty() {
        clean = format!("<p>{}</p>", html::escaped(texts.name));
    }
    let path = field("description", language, &terms.view.mapping.language);
    let mut urls = BTreeMap::new();
    for url in html::images(&clean) {
        let found = pictures.get(&url).and_then(|picture| pictures::fault(picture, &terms.limits, false));
        faults.extend(found.map(|kind| Fault::of(path.clone(), kind)));
        urls.insert(url.clone(), pictures::moved(&url, pictures));
    }
    if urls.iter().any(|(from, to)| from != to) {
        clean = html::with_images(&clean, &urls);
    }
    let (has, max) = (clean.chars().count(), terms.limits.description_chars_max);
    if has > max {
        faults.push(Fault::of(path, FaultKind::DescriptionLong { language: language.to_owned(), has, max }));
    }
    clean
}
