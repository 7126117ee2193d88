//! The parcel, and the terms of sale.

use super::Terms;
use crate::catalog::faults::{Fault, FaultKind};
use crate::catalog::product::Product;

/// Kilograms as text with a dot and at most three decimals, in grams.
pub fn grams(text: &str) -> Option<u64> {
    let (whole, part) = text.trim().split_once('.').unwrap_or((text.trim(), "0"));
    let digits = |s: &str, max: usize| (1..=max).contains(&s.len()) && s.bytes().all(|b| b.is_ascii_digit());
    // 1C writes 0.3000: zeros behind the third decimal say nothing.
    let part = if part.len() > 3 { part.trim_end_matches('0') } else { part };
    let part = if part.is_empty() { "0" } else { part };
    if !digits(whole, 6) || !digits(part, 3) {
        return None;
    }
    Some(whole.parse::<u64>().ok()? * 1000 + format!("{part:0<3}").parse::<u64>().ok()?)
}

pub(super) fn pack(product: &Product, terms: &Terms<'_>, faults: &mut Vec<Fault>) -> (u64, [u32; 3]) {
    let (given, settings, limits) = (&product.package, &terms.view.settings, &terms.limits);
    let weight = Some(given.weight_kg.as_str()).filter(|text| is_given(text)).or(settings.weight_kg.as_deref());
    let grams = match weight.map(grams) {
        None => {
            faults.push(Fault::of("package.weight_kg", FaultKind::WeightMissing));
            0
        }
        Some(Some(grams)) if (1..=limits.weight_grams_max).contains(&grams) => grams,
        Some(_) => {
            let kind = FaultKind::WeightInvalid { max_grams: limits.weight_grams_max };
            faults.push(Fault::of("package.weight_kg", kind));
            0
        }
    };
    let sides = [
        ("length", &given.length_cm, settings.length_cm),
        ("width", &given.width_cm, settings.width_cm),
        ("height", &given.height_cm, settings.height_cm),
    ];
    let sides = sides.map(|(side, given, default)| {
        let field = format!("package.{side}_cm");
        // A part of a centimetre counts as a whole one.
        let centimetres =
            if is_given(given) { given.trim().parse::<f64>().ok().map(f64::ceil) } else { default.map(f64::from) };
        let valid = |cm: &f64| (1.0..=f64::from(limits.side_cm_max)).contains(cm);
        match (centimetres, is_given(given) || default.is_some()) {
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "it is a whole number within the limit"
            )]
            (Some(cm), _) if valid(&cm) => cm as u32,
            (_, true) => {
                faults.push(Fault::of(field, FaultKind::SideInvalid { side, max: limits.side_cm_max }));
                0
            }
            (_, false) => {
                faults.push(Fault::of(field, FaultKind::SideMissing { side }));
                0
            }
        }
    });
    (grams, sides)
}

/// Bitrix says zero for what nobody entered.
fn is_given(text: &str) -> bool {
    !text.trim().is_empty() && text.trim().parse::<f64>() != Ok(0.0)
}

/// What the mapping says of the sale.
pub(super) struct TermsOfSale {
    pub(super) lead_time_days: u32,
    pub(super) freight_template_id: u64,
    pub(super) service_template_id: u64,
}

pub(super) fn terms_of_sale(terms: &Terms<'_>, faults: &mut Vec<Fault>) -> TermsOfSale {
    let (settings, schema) = (&terms.view.settings, terms.schema);
    let lead_time = match (settings.lead_time_days, schema.stated.lead_time_days_max) {
        (None, _) => Some(FaultKind::LeadTimeMissing),
        (Some(days), Some(max)) if days > max => Some(FaultKind::LeadTimeLong { max }),
        _ => None,
    };
    faults.extend(lead_time.map(|kind| Fault::of("mapping.lead_time_days", kind)));
    let freight_template_id = settings.freight_template_id.unwrap_or_default();
    let known = |choices: &[crate::catalog::schema::Choice], id: u64| {
        choices.is_empty() || choices.iter().any(|choice| choice.id == id.to_string())
    };
    if settings.freight_template_id.is_none() {
        faults.push(Fault::of("mapping.freight_template_id", FaultKind::FreightTemplateMissing));
    } else if !known(&schema.freight_templates, freight_template_id) {
        let kind = FaultKind::FreightTemplateUnknown { id: freight_template_id };
        faults.push(Fault::of("mapping.freight_template_id", kind));
    }
    let service_template_id = settings.service_template_id.unwrap_or_default();
    if !known(&schema.service_templates, service_template_id) {
        let kind = FaultKind::ServiceTemplateUnknown { id: service_template_id };
        faults.push(Fault::of("mapping.service_template_id", kind));
    }
    if let Some(id) = settings.group_id.filter(|id| !known(&schema.groups, *id)) {
        faults.push(Fault::of("mapping.group_id", FaultKind::GroupUnknown { id }));
    }
    TermsOfSale {
        lead_time_days: settings.lead_time_days.unwrap_or_default(),
        freight_template_id,
        service_template_id,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kilograms_are_read_to_the_gram() {
        for (text, becomes) in [("0.300", 300), ("0.3", 300), ("12", 12_000), (" 1.5 ", 1_500), ("0.30000", 300)] {
            assert_eq!(grams(text), Some(becomes), "{text}");
        }
        for bad in ["", ".5", "0,3", "1e3", "-1", "0.0001", "1.2.3"] {
            assert_eq!(grams(bad), None, "{bad}");
        }
    }
}
