//! Descriptions as AliExpress may show them: sanitised, without scripts, forms and links, with pictures from where they are told.

use std::collections::{BTreeMap, HashSet};
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use ammonia::{Builder, UrlRelative};
use url::Url;

/// Attributes that are kept on every element.
static KEPT: LazyLock<HashSet<&str>> = LazyLock::new(|| HashSet::from(["align", "title"]));

fn builder<'b>() -> Builder<'b> {
    let mut builder = Builder::default();
    builder
        // A link out of AliExpress is a reason to be refused; its text stays.
        .rm_tags(["a", "area", "map"])
        .generic_attributes(KEPT.clone())
        .url_schemes(HashSet::from(["http", "https"]))
        .url_relative(UrlRelative::Deny)
        .link_rel(None);
    builder
}

/// The description without what AliExpress must not show. Pictures that it names without their host are those of `page`'s.
pub fn sanitised(html: &str, page: &str) -> String {
    let mut builder = builder();
    if let Ok(page) = Url::parse(page) {
        builder.url_relative(UrlRelative::RewriteWithBase(page));
    }
    builder.clean(html).to_string().trim().to_owned()
}

/// The URLs of pictures of a sanitised description, each once, in order.
pub fn images(html: &str) -> Vec<String> {
    let found: Arc<Mutex<Vec<String>>> = Arc::default();
    let mut looking = builder();
    let seen = Arc::clone(&found);
    looking.attribute_filter(move |element, attribute, value| {
        let mut seen = seen.lock().unwrap_or_else(PoisonError::into_inner);
        if element == "img" && attribute == "src" && !seen.iter().any(|known| known == value) {
            seen.push(value.to_owned());
        }
        Some(value.into())
    });
    drop(looking.clean(html).to_string());
    std::mem::take(&mut *found.lock().unwrap_or_else(PoisonError::into_inner))
}

/// The description with its pictures taken from elsewhere; those that are not in `urls` stay.
pub fn with_images(html: &str, urls: &BTreeMap<String, String>) -> String {
    let urls = urls.clone();
    let mut rewriting = builder();
    rewriting.attribute_filter(move |element, attribute, value| {
        let moved = if element == "img" && attribute == "src" { urls.get(value) } else { None };
        Some(moved.map_or(value, String::as_str).to_owned().into())
    });
    rewriting.clean(html).to_string()
}

/// Text as it stands in HTML.
pub fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            c => safe.push(c),
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_runs_or_leads_away_is_left() {
        for (hostile, left) in [
            ("<p onclick=\"x()\">a</p>", "<p>a</p>"),
            ("<script>alert(1)</script>b", "b"),
            ("<a href=\"https://elsewhere.example\">shop</a>", "shop"),
            ("<img src=\"javascript:alert(1)\">", "<img>"),
            ("<iframe src=\"https://x.example\"></iframe>c", "c"),
            ("<style>p{}</style><b>d</b>", "<b>d</b>"),
            ("<form><input name=\"q\"></form>e", "e"),
            ("<p style=\"background:url(x)\">f", "<p>f</p>"),
            ("<svg><style><img src=x onerror=alert(1)></style></svg>g", "<img>g"),
        ] {
            let clean = sanitised(hostile, "");
            assert_eq!(clean, left, "{hostile}");
            assert_eq!(sanitised(&clean, ""), clean, "cleaning is done once");
        }
    }

    #[test]
    fn pictures_are_found_once_and_moved() {
        let html = sanitised(
            "<p><img src=\"https://s.example/1.jpg\"><img src='https://s.example/2.jpg?a=1&amp;b=2'><img src=\"/1.jpg\"></p>",
            "https://s.example/p/1",
        );
        assert_eq!(images(&html), ["https://s.example/1.jpg", "https://s.example/2.jpg?a=1&b=2"]);
        let urls = BTreeMap::from([("https://s.example/1.jpg".to_owned(), "https://cdn.example/a.jpg".to_owned())]);
        let moved = with_images(&html, &urls);
        assert_eq!(moved.matches("https://cdn.example/a.jpg").count(), 2);
        assert_eq!(images(&moved), ["https://cdn.example/a.jpg", "https://s.example/2.jpg?a=1&b=2"]);
    }
}
