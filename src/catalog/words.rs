//! Faults in the seller's words, Russian and English.

use super::faults::FaultKind as K;

/// In Russian.
pub(super) fn ru(kind: &K) -> String {
    match kind {
        K::TitleEmpty { language } => format!("нет названия ({language})"),
        K::TitleLong { language, has, max } => {
            format!("название ({language}) длиннее, чем разрешает AliExpress: {has} символов, можно {max}")
        }
        K::TitleForbidden { language } => format!("в названии ({language}) есть знаки < или >"),
        K::DescriptionLong { language, has, max } => {
            format!("описание ({language}) длиннее, чем разрешает AliExpress: {has} символов, можно {max}")
        }
        K::LanguageUnknown { language } => format!("языка {language} на AliExpress нет"),
        K::ImagesMissing => "нет ни одной картинки".into(),
        K::ImagesTooMany { has, max } => format!("картинок {has}, можно {max}"),
        K::ImageSmall { width, height, min } => {
            format!("картинка {width}×{height} мала: нужно не меньше {min}×{min}")
        }
        K::ImageType { found } => format!("картинка не JPEG и не PNG ({found})"),
        K::ImageLarge { bytes, max } => format!("картинка весит {bytes} байт, можно {max}"),
        K::ImageUnreachable { why } => format!("картинку не удалось получить: {why}"),
        K::BarcodeInvalid => "штрихкод не EAN-13 или в нём ошибка в контрольной цифре".into(),
        K::AttributeMissing { name } => format!("не заполнена обязательная характеристика «{name}»"),
        K::AttributeUnmapped { name } => format!("обязательная характеристика «{name}» ни с чем не сопоставлена"),
        K::ValueUnmapped { name, value } => {
            format!("значение «{value}» характеристики «{name}» не сопоставлено со значением AliExpress")
        }
        K::ValueUnknown { name, id } => format!("у характеристики «{name}» на AliExpress больше нет значения {id}"),
        K::ValueNotNumber { name, value } => format!("характеристика «{name}» — число, а не «{value}»"),
        K::ValueLong { name, max } => format!("значение характеристики «{name}» длиннее {max} символов"),
        K::ValueForbidden { name } => format!("в значении характеристики «{name}» есть знаки # : = или запятая"),
        K::UnitUnknown { name, unit } => format!("у характеристики «{name}» нет единицы «{unit}»"),
        K::BrandMissing => "не указан бренд".into(),
        K::BrandUnknown { brand } => format!("бренда «{brand}» нет среди ваших брендов на AliExpress"),
        K::SkusMissing => "у товара нет торговых предложений".into(),
        K::SkusTooMany { has, max } => format!("торговых предложений {has}, можно {max}"),
        K::SkuTwice => "артикул повторяется".into(),
        K::SkuLong { max } => format!("артикул длиннее {max} символов"),
        K::SkuForbidden => "в артикуле есть пробел или знаки < >".into(),
        K::SkuAttributeMissing { name } => format!("у предложения нет значения «{name}»"),
        K::SkusNotApart => "предложения ничем не различаются: сопоставьте свойство, например цвет или размер".into(),
        K::SkusAlike { other } => format!("те же значения, что у предложения {other}"),
        K::PriceMissing => "нет цены".into(),
        K::PriceInvalid => "цена должна быть больше нуля, не больше двух знаков после точки".into(),
        K::PriceTooHigh { max } => format!("цена выше {max}"),
        K::DiscountNotBelow => "цена со скидкой не ниже цены".into(),
        K::WeightMissing => "нет веса с упаковкой".into(),
        K::WeightInvalid { max_grams } => format!("вес должен быть от 0.001 до {} кг", max_grams / 1000),
        K::SideMissing { side } => format!("нет размера упаковки ({})", side_ru(side)),
        K::SideInvalid { side, max } => format!("размер упаковки ({}) должен быть от 1 до {max} см", side_ru(side)),
        K::LeadTimeMissing => "не указан срок отправки".into(),
        K::LeadTimeLong { max } => format!("срок отправки в этой категории — не больше {max} дней"),
        K::FreightTemplateMissing => "не выбран шаблон доставки".into(),
        K::FreightTemplateUnknown { id } => format!("шаблона доставки {id} на AliExpress нет"),
        K::ServiceTemplateUnknown { id } => format!("шаблона обслуживания {id} на AliExpress нет"),
        K::GroupUnknown { id } => format!("группы товаров {id} на AliExpress нет"),
    }
}

fn side_ru(side: &str) -> &'static str {
    match side {
        "length" => "длина",
        "width" => "ширина",
        _ => "высота",
    }
}

/// In English.
pub(super) fn en(kind: &K) -> String {
    match kind {
        K::TitleEmpty { language } => format!("there is no title ({language})"),
        K::TitleLong { language, has, max } => {
            format!("the title ({language}) has {has} characters; AliExpress takes {max}")
        }
        K::TitleForbidden { language } => format!("the title ({language}) has < or >"),
        K::DescriptionLong { language, has, max } => {
            format!("the description ({language}) has {has} characters; AliExpress takes {max}")
        }
        K::LanguageUnknown { language } => format!("AliExpress has no language {language}"),
        K::ImagesMissing => "there is no picture".into(),
        K::ImagesTooMany { has, max } => format!("there are {has} pictures; AliExpress takes {max}"),
        K::ImageSmall { width, height, min } => {
            format!("the picture of {width}×{height} is small: at least {min}×{min} is wanted")
        }
        K::ImageType { found } => format!("the picture is neither JPEG nor PNG ({found})"),
        K::ImageLarge { bytes, max } => format!("the picture has {bytes} bytes; AliExpress takes {max}"),
        K::ImageUnreachable { why } => format!("the picture could not be fetched: {why}"),
        K::BarcodeInvalid => "the barcode is no EAN-13, or its check digit is wrong".into(),
        K::AttributeMissing { name } => format!("the mandatory attribute “{name}” is empty"),
        K::AttributeUnmapped { name } => format!("nothing is mapped to the mandatory attribute “{name}”"),
        K::ValueUnmapped { name, value } => {
            format!("the value “{value}” of “{name}” is mapped to no value of AliExpress")
        }
        K::ValueUnknown { name, id } => format!("“{name}” has no value {id} on AliExpress any more"),
        K::ValueNotNumber { name, value } => format!("“{name}” is a number, not “{value}”"),
        K::ValueLong { name, max } => format!("the value of “{name}” is longer than {max} characters"),
        K::ValueForbidden { name } => format!("the value of “{name}” has # : = or a comma"),
        K::UnitUnknown { name, unit } => format!("“{name}” has no unit “{unit}”"),
        K::BrandMissing => "there is no brand".into(),
        K::BrandUnknown { brand } => format!("“{brand}” is none of your brands on AliExpress"),
        K::SkusMissing => "the product has no offers".into(),
        K::SkusTooMany { has, max } => format!("there are {has} offers; AliExpress takes {max}"),
        K::SkuTwice => "the SKU stands twice".into(),
        K::SkuLong { max } => format!("the SKU is longer than {max} characters"),
        K::SkuForbidden => "the SKU has a space or < >".into(),
        K::SkuAttributeMissing { name } => format!("the offer has no value of “{name}”"),
        K::SkusNotApart => "nothing tells the offers apart: map a property such as colour or size".into(),
        K::SkusAlike { other } => format!("has the same values as {other}"),
        K::PriceMissing => "there is no price".into(),
        K::PriceInvalid => "the price must be above zero with at most two decimals".into(),
        K::PriceTooHigh { max } => format!("the price is above {max}"),
        K::DiscountNotBelow => "the discount price is not below the price".into(),
        K::WeightMissing => "there is no weight with packaging".into(),
        K::WeightInvalid { max_grams } => format!("the weight must be from 0.001 to {} kg", max_grams / 1000),
        K::SideMissing { side } => format!("there is no {side} of the package"),
        K::SideInvalid { side, max } => format!("the package's {side} must be from 1 to {max} cm"),
        K::LeadTimeMissing => "there is no lead time".into(),
        K::LeadTimeLong { max } => format!("the category allows a lead time of at most {max} days"),
        K::FreightTemplateMissing => "no template of delivery prices is chosen".into(),
        K::FreightTemplateUnknown { id } => format!("AliExpress has no template of delivery prices {id}"),
        K::ServiceTemplateUnknown { id } => format!("AliExpress has no template of service {id}"),
        K::GroupUnknown { id } => format!("AliExpress has no group of products {id}"),
    }
}
