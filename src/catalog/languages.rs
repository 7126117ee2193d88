//! Languages of listings: AliExpress's codes in `product.post`, its locales in the schema methods.

/// Codes and locales.
const LANGUAGES: &[(&str, &str)] = &[
    ("en", "en_US"),
    ("ru", "ru_RU"),
    ("es", "es_ES"),
    ("fr", "fr_FR"),
    ("it", "it_IT"),
    ("tr", "tr_TR"),
    ("pt", "pt_BR"),
    ("de", "de_DE"),
    ("nl", "nl_NL"),
    ("in", "in_ID"),
    ("ar", "ar_MA"),
    ("ja", "ja_JP"),
    ("ko", "ko_KR"),
    ("th", "th_TH"),
    ("vi", "vi_VN"),
    ("iw", "iw_IL"),
    ("pl", "pl_PL"),
];

/// Whether AliExpress knows the code.
pub fn is_known(code: &str) -> bool {
    LANGUAGES.iter().any(|(known, _)| *known == code)
}

/// The locale of a code that is known.
pub fn locale(code: &str) -> &'static str {
    LANGUAGES.iter().find(|(known, _)| *known == code).map_or("en_US", |(_, locale)| locale)
}
