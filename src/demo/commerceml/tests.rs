use std::path::PathBuf;

use super::*;

fn fixture(name: &str) -> Loaded {
    load(&PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/commerceml").join(name)).unwrap()
}

fn folder(files: &[(&str, &[u8])]) -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    for (name, text) in files {
        std::fs::write(dir.path().join(name), text).unwrap();
    }
    dir
}

fn offers(text: &str) -> String {
    format!(
        r#"<?xml version="1.0" encoding="UTF-8"?><КоммерческаяИнформация><ПакетПредложений><Предложения>{text}</Предложения></ПакетПредложений></КоммерческаяИнформация>"#
    )
}

fn one(loaded: &Loaded, sku: &str) -> (Option<String>, u64) {
    let mut all = loaded.shop.products.iter().flat_map(|product| &product.offers);
    let offer = all.find(|offer| offer.sku.as_str() == sku).unwrap_or_else(|| panic!("{sku} is missing: {loaded:?}"));
    (offer.price.map(|price| price.to_string()), offer.quantity)
}

#[test]
fn a_classic_export_is_read_whole() {
    let loaded = fixture("classic");
    assert_eq!(loaded.warnings, Vec::<String>::new());
    assert_eq!(loaded.shop.products.len(), 6, "the deleted product is left out");
    assert_eq!(one(&loaded, "TS-100-M-Белый"), (Some("1201.50".into()), 1));
    assert_eq!(one(&loaded, "MUG-350"), (Some("1210.50".into()), 10));
    assert_eq!(loaded.shop.products[5].name, "Носки & тапочки");
    assert_eq!(loaded.shop.products[0].offers[0].currency.unwrap().as_str(), "RUB");
}

#[test]
fn prices_and_rests_in_files_of_their_own_come_to_the_same() {
    let (classic, rests) = (fixture("classic"), fixture("rests"));
    assert_eq!(classic.shop, rests.shop);
}

#[test]
fn windows_1251_is_understood() {
    let text = r#"<?xml version="1.0" encoding="windows-1251"?><КоммерческаяИнформация><ПакетПредложений><Предложения><Предложение><Ид>1</Ид><Артикул>ЖАР</Артикул><Количество>3</Количество></Предложение></Предложения></ПакетПредложений></КоммерческаяИнформация>"#;
    let byte = |c: char| match c {
        'А'..='я' => u8::try_from(u32::from(c) - 0x410 + 0xc0).unwrap(),
        c => u8::try_from(c).unwrap(),
    };
    let bytes: Vec<u8> = text.chars().map(byte).collect();
    let dir = folder(&[("offers.xml", &bytes)]);
    assert_eq!(one(&load(dir.path()).unwrap(), "ЖАР"), (None, 3));
}

#[test]
fn numbers_and_articles_of_every_kind_are_made_good_or_told() {
    let text = offers(
        "<Предложение><Ид>1</Ид><Артикул>A</Артикул><Количество>-5</Количество></Предложение>
         <Предложение><Ид>2</Ид><Артикул>A</Артикул><Количество>1 234,9</Количество></Предложение>
         <Предложение><Ид>3</Ид><Количество>99999999</Количество><Цены><Цена><ЦенаЗаЕдиницу>0</ЦенаЗаЕдиницу></Цена></Цены></Предложение>
         <Предложение><Ид>4</Ид><Артикул>B</Артикул><Цены><Цена><ЦенаЗаЕдиницу>дорого</ЦенаЗаЕдиницу></Цена></Цены></Предложение>",
    );
    let dir = folder(&[("o.xml", text.as_bytes())]);
    let loaded = load(dir.path()).unwrap();
    assert_eq!(one(&loaded, "A"), (None, 0));
    assert_eq!(one(&loaded, "A~2"), (None, 1234));
    assert_eq!(one(&loaded, "3"), (None, 999_999));
    assert_eq!(loaded.warnings.len(), 3, "{:?}", loaded.warnings);
}

#[test]
fn broken_and_hostile_files_are_refused_with_their_place() {
    let cut = offers("<Предложение><Ид>1</Ид>");
    let laughs =
        r#"<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]><Каталог>&b;</Каталог>"#;
    let deep = "<a>".repeat(100_000);
    let unfinished = &cut[..cut.find("<Ид>").unwrap()];
    for (text, why) in
        [(unfinished, "ends inside"), (laughs, "not XML's own"), (deep.as_str(), "nested deeper"), ("<a></b>", "o.xml")]
    {
        let dir = folder(&[("o.xml", text.as_bytes())]);
        let error = load(dir.path()).unwrap_err().to_string();
        assert!(error.contains(why) && error.contains("o.xml"), "{error}");
    }
    let dir = folder(&[("readme.txt", b"x"), ("other.xml", b"<yml_catalog/>")]);
    assert!(matches!(load(dir.path()), Err(CommerceMlError::Nothing(_))));
    assert!(matches!(load(&dir.path().join("nowhere")), Err(CommerceMlError::Unreadable { .. })));
}

#[test]
fn a_huge_text_costs_no_memory_to_speak_of() {
    let text = offers(&format!("<Предложение><Ид>1</Ид><Артикул>{}</Артикул></Предложение>", "я".repeat(2_000_000)));
    let dir = folder(&[("o.xml", text.as_bytes())]);
    assert_eq!(load(dir.path()).unwrap().shop.products[0].offers[0].sku.as_str().chars().count(), 50);
}
