//! Answers, read tolerantly: the root may be there or not, lists may be wrapped or bare, numbers may be text, errors may
//! come with HTTP 200 in two shapes. What cannot be read is no answer; it is never taken for success.

use std::collections::HashMap;

use serde_json::Value;

use crate::aliexpress::{
    BatchAnswer, CallError, ListedProduct, ListedSku, MerchantProfile, ProductInfo, ProductPage, Refusal, Verdict,
};
use crate::domain::{ListingId, Money};

/// The result of an answer: what stands under `<method>_response` (and `result`), or AliExpress's refusal.
///
/// # Errors
/// `Refused`, or a text where it is nothing that AliExpress sends.
pub(super) fn result(body: &[u8]) -> Result<Value, Trouble> {
    let body = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body);
    let mut value: Value = serde_json::from_slice(body).map_err(|_| Trouble::Unreadable(shown(body)))?;
    if !value.is_object() {
        return Err(Trouble::Unreadable(shown(body)));
    }
    if let Some(error) = value.get("error_response").filter(|error| !error.is_null()) {
        // An error that names no code is none that can be acted on, but never a success either.
        return Err(refusal(error).map_or_else(|| Trouble::Unreadable(shown(body)), Trouble::Refused));
    }
    if let Some(refusal) = refusal(&value) {
        return Err(Trouble::Refused(refusal));
    }
    let is_root = |key: &&String| key.ends_with("_response") && *key != "error_response";
    let root = value.as_object().and_then(|fields| fields.keys().find(is_root).cloned());
    if let Some(root) = root {
        value = value[&root].take();
    }
    if let Some(refusal) = value.get("error_response").and_then(refusal) {
        return Err(Trouble::Refused(refusal));
    }
    match value.get_mut("result").map(Value::take) {
        Some(result) if result.is_object() => in_band(result),
        _ if value.is_object() => in_band(value),
        _ => Err(Trouble::Unreadable(shown(body))),
    }
}

/// Why an answer has no result.
#[derive(Debug)]
pub(super) enum Trouble {
    /// AliExpress refuses.
    Refused(Refusal),
    /// It is nothing that AliExpress sends; what it starts with.
    Unreadable(String),
}

impl Trouble {
    /// The error of a call that `harmless`ly may be lost or not.
    pub(super) fn of_call(self, harmless: bool) -> CallError {
        match self {
            Trouble::Refused(refusal) => CallError::Refused(refusal),
            Trouble::Unreadable(detail) => CallError::NoAnswer { detail, harmless },
        }
    }
}

/// The start of a body, for a log line.
fn shown(body: &[u8]) -> String {
    let text: String =
        String::from_utf8_lossy(&body[..body.len().min(200)]).chars().filter(|c| !c.is_control()).collect();
    if text.is_empty() { "nothing".into() } else { format!("{} bytes that start with {text:?}", body.len()) }
}

/// A failure by its flag: samples carry error codes beside `success: true`, which mean nothing.
fn in_band(result: Value) -> Result<Value, Trouble> {
    if truth(&result["success"]) == Some(false) && result.get("update_success").is_none() {
        let message = [&result["error_message"], &result["error_msg"]].into_iter().find_map(text).unwrap_or_default();
        let code = text(&result["error_code"]).unwrap_or_else(|| "unnamed".into());
        return Err(Trouble::Refused(Refusal::new(&code, &message, "", "")));
    }
    Ok(result)
}

/// The refusal that an object is, if it is one: `{code, msg|message, sub_code, sub_msg}`.
fn refusal(value: &Value) -> Option<Refusal> {
    let code = text(&value["code"]).filter(|code| code != "0")?;
    let message = [&value["msg"], &value["message"]].into_iter().find_map(text);
    let (sub_code, sub_message) = (text(&value["sub_code"]), text(&value["sub_msg"]));
    if message.is_none() && sub_code.is_none() && value.get("type").is_none() {
        return None;
    }
    Some(Refusal::new(
        &code,
        &message.unwrap_or_default(),
        &sub_code.unwrap_or_default(),
        &sub_message.unwrap_or_default(),
    ))
}

/// Text, or a number as text.
pub(super) fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

pub(super) fn truth(value: &Value) -> Option<bool> {
    match value {
        Value::Bool(truth) => Some(*truth),
        Value::String(text) => text.trim().to_ascii_lowercase().parse().ok(),
        _ => None,
    }
}

pub(super) fn number(value: &Value) -> Option<u64> {
    match value {
        Value::Number(number) => number.as_u64(),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    }
}

/// A list in any of its forms: bare, wrapped in an object with one key, null, missing.
pub(super) fn list(value: &Value) -> &[Value] {
    let filled = |value: &&Value| value.as_array().is_some_and(|items| !items.is_empty());
    match value {
        Value::Array(items) => items,
        Value::Object(fields) => fields.values().find(filled).and_then(Value::as_array).map_or(&[], Vec::as_slice),
        _ => &[],
    }
}

/// Whether a list is none in any of its forms; what is no list at all says something, though nobody knows what.
fn is_no_list(value: &Value) -> bool {
    let nothing = |value: &Value| value.is_null() || value.as_array().is_some_and(Vec::is_empty);
    // A product without its id, in the place of a wrapper, is not nothing.
    let is_wrapper = |fields: &serde_json::Map<String, Value>| !fields.contains_key("product_id");
    nothing(value) || value.as_object().is_some_and(|fields| is_wrapper(fields) && fields.values().all(nothing))
}

/// The answer to a batch update of these products.
///
/// The lists decide, product by product; where there are none, a flag that says "all of them" does. A product of which
/// nothing is said is unknown.
///
/// # Errors
/// `Refused` where AliExpress refuses the whole, says why and names no product.
pub(super) fn batch(result: &Value, asked: &[ListingId]) -> Result<BatchAnswer, Trouble> {
    let (failed, updated) = (list(&result["update_failed_list"]), list(&result["update_successful_list"]));
    let all = truth(&result["update_success"]);
    if all.is_none() && failed.is_empty() && updated.is_empty() {
        return Err(Trouble::Unreadable("an answer that names no product and no success".into()));
    }
    let (code, message) = (text(&result["update_error_code"]), text(&result["update_error_message"]));
    let unlisted = is_no_list(&result["update_failed_list"]) && is_no_list(&result["update_successful_list"]);
    if all == Some(false) && unlisted && (code.is_some() || message.is_some()) {
        let code = code.unwrap_or_else(|| "unnamed".into());
        return Err(Trouble::Refused(Refusal::new(&code, &message.unwrap_or_default(), "", "")));
    }
    let mut verdicts: HashMap<u64, Verdict> = HashMap::new();
    for item in updated {
        verdicts.extend(number(&item["product_id"]).map(|id| (id, Verdict::Accepted)));
    }
    // A product in both lists has failed: taking it for updated could lose its state.
    for item in failed {
        let code = text(&item["error_code"]).or_else(|| code.clone()).unwrap_or_else(|| "unnamed".into());
        let message = text(&item["error_message"]).or_else(|| message.clone()).unwrap_or_default();
        let refused = Verdict::Refused(Refusal::new(&code, &message, "", ""));
        verdicts.extend(number(&item["product_id"]).map(|id| (id, refused)));
    }
    let unnamed = if all == Some(true) && unlisted { Verdict::Accepted } else { Verdict::Missing };
    let verdict = |listing: &ListingId| verdicts.get(&listing.0).cloned().unwrap_or_else(|| unnamed.clone());
    Ok(BatchAnswer { verdicts: asked.iter().map(verdict).collect() })
}

/// A page of products.
pub(super) fn product_page(result: &Value) -> Result<ProductPage, Trouble> {
    let products = list(&result["aeop_a_e_product_display_d_t_o_list"]);
    let total = number(&result["product_count"]);
    if products.is_empty() && total.is_none() && number(&result["total_page"]).is_none() {
        return Err(Trouble::Unreadable("a page without products and without a count".into()));
    }
    let product = |item: &Value| Some(ListedProduct { listing: ListingId(number(&item["product_id"])?) });
    Ok(ProductPage {
        products: products.iter().filter_map(product).collect(),
        total: total.unwrap_or(products.len() as u64),
        total_pages: number(&result["total_page"]).unwrap_or(1),
    })
}

/// A product.
pub(super) fn product_info(result: &Value, listing: ListingId) -> Result<ProductInfo, Trouble> {
    if number(&result["product_id"]) != Some(listing.0) {
        return Err(Trouble::Unreadable("an answer that is not about the product asked for".into()));
    }
    let currency = |value: &Value| text(&value["currency_code"]).and_then(|code| code.parse().ok());
    let skus = list(&result["aeop_ae_product_s_k_us"]);
    let money = |value: &Value| text(value).and_then(|text| text.parse::<Money>().ok());
    let sku = |item: &Value| {
        Some(ListedSku {
            sku: text(&item["sku_code"])?.parse().ok()?,
            price: money(&item["sku_price"]),
            discount_price: money(&item["sku_discount_price"]),
            stock: number(&item["ipm_sku_stock"]),
        })
    };
    Ok(ProductInfo {
        listing,
        status: text(&result["product_status_type"]).unwrap_or_default(),
        currency: currency(result).or_else(|| skus.iter().find_map(currency)),
        skus: skus.iter().filter_map(sku).collect(),
    })
}

/// The seller.
pub(super) fn profile(result: &Value) -> Result<MerchantProfile, Trouble> {
    if result.get("shop_id").is_none() && result.get("merchant_login_id").is_none() {
        return Err(Trouble::Unreadable("an answer that names no seller".into()));
    }
    Ok(MerchantProfile {
        shop_name: text(&result["shop_name"]).unwrap_or_default(),
        product_posting_forbidden: truth(&result["product_posting_forbidden"]).unwrap_or(false),
    })
}
