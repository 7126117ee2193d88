//! Reads one file as a stream: only the path of the element at hand is kept, so the size of a file does not matter.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::Path;

use quick_xml::Reader;
use quick_xml::encoding::DecodingReader;
use quick_xml::events::{BytesStart, Event};

use super::{CommerceMlError, OFFERS_MAX, Raw, RawOffer, RawProduct};

/// The deepest nesting.
const DEPTH_MAX: usize = 64;
/// The longest text of an element that matters, in bytes; longer ones are cut.
const TEXT_MAX: usize = 4096;

/// What is being read.
#[derive(Default)]
struct Place {
    path: Vec<String>,
    text: String,
    product: Option<(String, RawProduct)>,
    offer: Option<(String, RawOffer)>,
    price: (String, String, String),
    characteristic: (String, String),
}

/// Reads a file into what is known.
pub(super) fn file(path: &Path, raw: &mut Raw) -> Result<(), CommerceMlError> {
    let source = File::open(path).map_err(|source| CommerceMlError::Unreadable { file: path.to_path_buf(), source })?;
    let broken = |at: u64, why: String| CommerceMlError::Broken { file: path.to_path_buf(), at, why };
    let decoded = decoded(BufReader::new(source))
        .map_err(|source| CommerceMlError::Unreadable { file: path.to_path_buf(), source })?;
    let mut reader = Reader::from_reader(decoded);
    let (mut buffer, mut place) = (Vec::new(), Place::default());
    loop {
        let at = reader.buffer_position();
        let event =
            reader.read_event_into(&mut buffer).map_err(|error| broken(reader.error_position(), error.to_string()))?;
        match event {
            Event::Start(start) => {
                let name = start.local_name().as_ref().to_owned();
                let attributes = attributes(&start);
                if place.path.len() >= DEPTH_MAX {
                    return Err(broken(at, format!("elements are nested deeper than {DEPTH_MAX}")));
                }
                place.open(name, &attributes, raw);
            }
            Event::Empty(start) => {
                let name = start.local_name().as_ref().to_owned();
                let attributes = attributes(&start);
                place.open(name, &attributes, raw);
                place.close(raw)?;
            }
            Event::End(_) => place.close(raw)?,
            Event::Text(text) => place.add(&text),
            Event::CData(text) => place.add(&text),
            // Only the five entities of XML itself and numbers are resolved: what a document defines is never expanded.
            Event::GeneralRef(reference) => match reference.resolve_char_ref() {
                Ok(Some(character)) => place.add(character.encode_utf8(&mut [0; 4])),
                Ok(None) => {
                    let name = reference.to_string();
                    let resolved = quick_xml::escape::resolve_xml_entity(&name);
                    place.add(resolved.ok_or_else(|| broken(at, format!("the entity &{name}; is not XML's own")))?);
                }
                Err(error) => return Err(broken(at, error.to_string())),
            },
            Event::Eof if place.path.is_empty() => return Ok(()),
            Event::Eof => return Err(broken(at, format!("the file ends inside <{}>", place.path.join("/")))),
            Event::Decl(_) | Event::PI(_) | Event::Comment(_) | Event::DocType(_) => {}
        }
        buffer.clear();
    }
}

/// The file as UTF-8. The declaration is looked at before anything is decoded: Cyrillic may follow it at once.
fn decoded(mut source: BufReader<File>) -> std::io::Result<DecodingReader<BufReader<File>>> {
    let head = source.fill_buf()?;
    let end = head.windows(2).position(|pair| pair == b"?>").map_or(0, |at| at + 2);
    let encoding = match std::str::from_utf8(&head[..end]).map(|declaration| Reader::from_str(declaration).read_event())
    {
        Ok(Ok(Event::Decl(declaration))) => declaration.encoder(),
        _ => None,
    };
    let mut decoded = DecodingReader::new(source);
    if let Some(encoding) = encoding {
        decoded.set_encoding(encoding);
    }
    Ok(decoded)
}

fn attributes(start: &BytesStart<'_>) -> Vec<(String, String)> {
    let known = start.attributes().flatten();
    known.map(|attribute| (attribute.key.local_name().as_ref().to_owned(), attribute.value.to_string())).collect()
}

/// A number as 1C writes it: a comma or a dot, spaces between thousands.
fn number(text: &str) -> Option<f64> {
    let plain: String = text.chars().filter(|c| !c.is_whitespace() && *c != '\u{a0}').collect();
    plain.replace(',', ".").parse().ok().filter(|number: &f64| number.is_finite())
}

impl Place {
    fn is_in(&self, names: &[&str]) -> bool {
        names.len() <= self.path.len()
            && self.path[self.path.len() - names.len()..].iter().zip(names).all(|(a, b)| a == b)
    }

    fn add(&mut self, text: &str) {
        let room = TEXT_MAX.saturating_sub(self.text.len());
        self.text.push_str(&text[..text.floor_char_boundary(room.min(text.len()))]);
    }

    fn open(&mut self, name: String, attributes: &[(String, String)], raw: &mut Raw) {
        let attribute = |name: &str| attributes.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str());
        match name.as_str() {
            "Каталог" | "ПакетПредложений" | "ИзмененияПакетаПредложений" => {
                raw.any = true
            }
            "Товар" if self.is_in(&["Товары"]) => {
                let deleted = attribute("Статус") == Some("Удален");
                self.product = Some((String::new(), RawProduct { deleted, ..RawProduct::default() }));
            }
            "Предложение" if self.is_in(&["Предложения"]) => {
                self.offer = Some(Default::default())
            }
            "Цена" if self.is_in(&["Цены"]) => self.price = Default::default(),
            "ХарактеристикаТовара" => self.characteristic = Default::default(),
            "Склад" => {
                if let (Some((_, offer)), Some(quantity)) =
                    (&mut self.offer, attribute("КоличествоНаСкладе").and_then(number))
                {
                    *offer.warehouses.get_or_insert(0.0) += quantity;
                }
            }
            _ => {}
        }
        self.path.push(name);
        self.text.clear();
    }

    fn close(&mut self, raw: &mut Raw) -> Result<(), CommerceMlError> {
        let text = std::mem::take(&mut self.text).trim().to_owned();
        let name = self.path.pop().unwrap_or_default();
        let parent = self.path.last().map(String::as_str).unwrap_or_default();
        match (parent, name.as_str()) {
            ("Товары", "Товар") => {
                if let Some((id, product)) = self.product.take().filter(|(id, _)| !id.is_empty()) {
                    raw.products.insert(id, product);
                }
            }
            ("Предложения", "Предложение") => {
                if let Some((id, offer)) = self.offer.take().filter(|(id, _)| !id.is_empty()) {
                    merge(raw.offers.entry(id).or_default(), offer);
                }
            }
            ("ТипЦены", "Ид") => raw.price_types.push(text),
            ("Цены", "Цена") => {
                if let Some((_, offer)) = &mut self.offer {
                    offer.prices.push(std::mem::take(&mut self.price));
                }
            }
            ("Цена", "ИдТипаЦены") => self.price.0 = text,
            ("Цена", "ЦенаЗаЕдиницу") => self.price.1 = text,
            ("Цена", "Валюта") => self.price.2 = text,
            ("ХарактеристикаТовара", "Наименование") => self.characteristic.0 = text,
            ("ХарактеристикаТовара", "Значение") => self.characteristic.1 = text,
            ("ХарактеристикиТовара", "ХарактеристикаТовара") => {
                if let Some((_, offer)) = &mut self.offer {
                    offer.characteristics.push(std::mem::take(&mut self.characteristic).1);
                }
            }
            ("Склад" | "Остаток", "Количество") => {
                if let (Some((_, offer)), Some(quantity)) = (&mut self.offer, number(&text)) {
                    *offer.warehouses.get_or_insert(0.0) += quantity;
                }
            }
            ("Товар", _) => self.close_in_product(&name, text),
            ("Предложение", _) => self.close_in_offer(&name, text),
            _ => {}
        }
        if raw.products.len() > OFFERS_MAX || raw.offers.len() > OFFERS_MAX {
            return Err(CommerceMlError::TooMuch);
        }
        Ok(())
    }

    fn close_in_product(&mut self, name: &str, text: String) {
        let Some((id, product)) = &mut self.product else { return };
        match name {
            "Ид" => *id = text,
            "Наименование" => product.name = text,
            "Артикул" => product.article = text,
            "ПометкаУдаления" | "Статус" => product.deleted |= text == "true" || text == "Удален",
            _ => {}
        }
    }

    fn close_in_offer(&mut self, name: &str, text: String) {
        let Some((id, offer)) = &mut self.offer else { return };
        match name {
            "Ид" => *id = text,
            "Артикул" => offer.article = text,
            "Количество" => offer.quantity = number(&text),
            _ => {}
        }
    }
}

/// Prices and rests may come in files of their own: what a later file says stands.
fn merge(known: &mut RawOffer, more: RawOffer) {
    if !more.article.is_empty() {
        known.article = more.article;
    }
    if !more.characteristics.is_empty() {
        known.characteristics = more.characteristics;
    }
    if !more.prices.is_empty() {
        known.prices = more.prices;
    }
    known.quantity = more.quantity.or(known.quantity);
    known.warehouses = more.warehouses.or(known.warehouses);
}
