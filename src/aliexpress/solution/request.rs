//! Parameters of calls: common ones, business ones as compact JSON text, and the signature over all of them.

use secrecy::{ExposeSecret, SecretString};
use serde_json::{Value, json};

use crate::aliexpress::{ProductPrices, ProductStock};
use crate::clock::Timestamp;
use crate::signing::iop;

/// The parameter of batch updates; the platform's spelling.
pub(super) const UPDATE_LIST: &str = "mutiple_product_update_list";

/// All parameters of a call, signed. `timestamp` is in milliseconds, as the platform wants it.
pub(super) fn signed(
    app_key: &str,
    app_secret: &SecretString,
    token: &str,
    method: &str,
    business: Vec<(&'static str, String)>,
    now: Timestamp,
) -> Vec<(&'static str, String)> {
    let mut params = vec![
        ("method", method.to_owned()),
        ("app_key", app_key.to_owned()),
        ("session", token.to_owned()),
        ("timestamp", now.as_millis().to_string()),
        ("sign_method", "sha256".to_owned()),
        ("format", "json".to_owned()),
        ("v", "2.0".to_owned()),
    ];
    params.extend(business);
    let sign = iop::sign(app_secret.expose_secret(), None, &params);
    params.push(("sign", sign));
    params
}

/// Products with their SKUs' stock.
pub(super) fn inventory(products: &[ProductStock]) -> String {
    let product = |product: &ProductStock| {
        let sku = |(sku, pieces): &(crate::domain::Sku, u64)| json!({"sku_code": sku, "inventory": pieces});
        let skus: Vec<Value> = product.skus.iter().map(sku).collect();
        json!({"product_id": product.listing, "multiple_sku_update_list": skus})
    };
    Value::Array(products.iter().map(product).collect()).to_string()
}

/// Products with their SKUs' prices; a discount that is left out is erased by AliExpress.
pub(super) fn prices(products: &[ProductPrices]) -> String {
    let product = |product: &ProductPrices| {
        let sku = |sku: &crate::aliexpress::SkuPrice| {
            let mut price = json!({"sku_code": sku.sku, "price": sku.price});
            if let Some(discount) = sku.discount {
                price["discount_price"] = json!(discount);
            }
            price
        };
        let skus: Vec<Value> = product.skus.iter().map(sku).collect();
        json!({"product_id": product.listing, "multiple_sku_update_list": skus})
    };
    Value::Array(products.iter().map(product).collect()).to_string()
}
