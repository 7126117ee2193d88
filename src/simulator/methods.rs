//! The methods: what each reads, changes and answers.

use actix_web::web::Bytes;
use serde_json::{Value, json};

use super::catalogue::{CatalogueProduct, NotThere};
use super::fault::Kind;
use super::gateway::{Params, Refused, request_id};
use super::ledger::Applied;
use super::{World, order_methods, publishing};

const INVENTORY: &str = "aliexpress.solution.batch.product.inventory.update";
const PRICE: &str = "aliexpress.solution.batch.product.price.update";
const LIST: &str = "aliexpress.solution.product.list.get";
const INFO: &str = "aliexpress.solution.product.info.get";
const PROFILE: &str = "aliexpress.solution.merchant.profile.get";

const PRODUCTS_MAX: usize = 20;
const SKUS_MAX: usize = 200;
const QUANTITY_MAX: u64 = 999_999;

/// What a call came to.
pub(super) struct Done {
    pub(super) value: Value,
    pub(super) products: usize,
    pub(super) skus: usize,
    pub(super) applied: Vec<Applied>,
    pub(super) whole: bool,
}

impl Done {
    pub(super) fn read(value: Value) -> Self {
        Self { value, products: 0, skus: 0, applied: Vec::new(), whole: true }
    }
}

pub(super) fn known(method: &str) -> bool {
    let own = [INVENTORY, PRICE, LIST, INFO, PROFILE].contains(&method);
    own || order_methods::ALL.contains(&method) || publishing::known(method)
}

pub(super) fn answer(
    world: &World,
    method: &str,
    params: &Params,
    upload: Option<&Bytes>,
    faults: &[Kind],
    at_us: u64,
) -> Result<Done, Refused> {
    let mut done = match method {
        INVENTORY | PRICE => update(world, method == PRICE, params, faults, at_us)?,
        LIST => list(world, params)?,
        INFO => info(world, params)?,
        method if order_methods::ALL.contains(&method) => order_methods::answer(world, method, params)?,
        method if publishing::known(method) => publishing::answer(world, method, params, upload)?,
        _ => profile(),
    };
    done.value["request_id"] = request_id().into();
    done.value = json!({ (format!("{}_response", method.replace('.', "_"))): done.value });
    Ok(done)
}

/// A list as this simulator is to write it.
pub(super) fn wrapped(world: &World, element: &str, items: Vec<Value>) -> Value {
    if world.options.bare_lists { Value::Array(items) } else { json!({ element: items }) }
}

pub(super) fn id(world: &World, id: u64) -> Value {
    if world.options.ids_as_text { id.to_string().into() } else { id.into() }
}

pub(super) fn json_param(params: &Params, name: &str) -> Result<Value, Refused> {
    let text =
        params.get(name).ok_or_else(|| Refused::remote("isv.missing-parameter", &format!("{name} is missing")))?;
    serde_json::from_str(text).map_err(|_| invalid(&format!("{name} is not JSON")))
}

pub(super) fn invalid(message: &str) -> Refused {
    Refused::remote("isv.invalid-parameter", message)
}

pub(super) fn number(value: &Value) -> Option<u64> {
    value.as_u64().or_else(|| value.as_str()?.parse().ok())
}

/// One product of an update, read strictly.
struct Wanted {
    id: u64,
    codes: Vec<String>,
    values: Vec<Value>,
}

fn wanted(params: &Params) -> Result<Vec<Wanted>, Refused> {
    let list = json_param(params, "mutiple_product_update_list")?;
    let list = list.as_array().ok_or_else(|| invalid("mutiple_product_update_list is not a list"))?;
    if list.is_empty() || list.len() > PRODUCTS_MAX {
        return Err(invalid(&format!(
            "mutiple_product_update_list has {} products; 1 to {PRODUCTS_MAX} are allowed",
            list.len()
        )));
    }
    let mut all: Vec<Wanted> = Vec::new();
    for item in list {
        let id = number(&item["product_id"]).ok_or_else(|| invalid("product_id is missing"))?;
        let skus = item["multiple_sku_update_list"].as_array().cloned().unwrap_or_default();
        if skus.is_empty() || skus.len() > SKUS_MAX {
            return Err(invalid(&format!("product {id} has {} SKUs; 1 to {SKUS_MAX} are allowed", skus.len())));
        }
        if all.iter().any(|other| other.id == id) {
            return Err(invalid(&format!("product {id} stands in the list twice")));
        }
        let codes = skus.iter().map(|sku| sku["sku_code"].as_str().map(str::to_owned)).collect::<Option<Vec<_>>>();
        all.push(Wanted { id, codes: codes.ok_or_else(|| invalid("sku_code is missing"))?, values: skus });
    }
    Ok(all)
}

fn update(world: &World, price: bool, params: &Params, faults: &[Kind], at_us: u64) -> Result<Done, Refused> {
    let wanted = wanted(params)?;
    let names = |code: &str| wanted.iter().any(|product| product.codes.iter().any(|other| other == code));
    for fault in faults {
        if let Kind::PoisonRequest { sku } = fault
            && names(sku)
        {
            return Err(invalid(&format!("a parameter is invalid near {} bytes", params.len())));
        }
    }
    let (mut failed, mut updated, mut applied) = (Vec::new(), Vec::new(), Vec::new());
    for product in &wanted {
        if faults.contains(&Kind::Missing { product: product.id }) {
            continue;
        }
        let changed = match world.publishing.locks(product.id) {
            true => Err(failure("PRODUCT_IN_AUDIT_PENDING", "the product is being audited")),
            false => change(world, price, product, faults),
        };
        match changed {
            Ok(mut items) => {
                updated.push(json!({"product_id": id(world, product.id)}));
                items.iter_mut().for_each(|item| item.at_us = at_us);
                applied.append(&mut items);
            }
            Err((code, message)) => {
                failed.push(json!({"product_id": id(world, product.id), "error_code": code, "error_message": message}));
            }
        }
    }
    let whole = updated.len() == wanted.len();
    let mut value = json!({ "update_success": whole });
    if let Some(first) = failed.first() {
        value["update_error_code"] = first["error_code"].clone();
        value["update_error_message"] = first["error_message"].clone();
        value["update_failed_list"] = wrapped(world, "synchronize_product_response_dto", failed);
    }
    if !updated.is_empty() {
        value["update_successful_list"] = wrapped(world, "synchronize_product_response_dto", updated);
    }
    let skus = wanted.iter().map(|product| product.codes.len()).sum();
    Ok(Done { value, products: wanted.len(), skus, applied, whole })
}

type Failure = (String, String);

fn change(world: &World, price: bool, product: &Wanted, faults: &[Kind]) -> Result<Vec<Applied>, Failure> {
    for fault in faults {
        match fault {
            Kind::Product { product: id, code } if *id == product.id => {
                return Err((code.clone(), "on purpose".into()));
            }
            Kind::PoisonSku { sku, code } if product.codes.contains(sku) => {
                return Err((code.clone(), "the product was refused".into()));
            }
            _ => {}
        }
    }
    let mut applied = Vec::new();
    let changed = world.catalogue.change(product.id, &product.codes, |at, sku| {
        let value = &product.values[at];
        let mut item = Applied {
            sequence: 0,
            at_us: 0,
            product: product.id,
            sku: sku.sku.clone(),
            stock: None,
            price: None,
            discount_price: None,
        };
        if price {
            let text = |name: &str| value[name].as_str().map(str::to_owned);
            let price = text("price").filter(|price| cents(price).is_some_and(|cents| cents > 0));
            let price = price.ok_or_else(|| failure("F00-00-10014-020", "price must be above 0"))?;
            let discount = Some(&value["discount_price"]).filter(|discount| !discount.is_null());
            let below = |text: &&str| cents(text).is_some_and(|cents| cents > 0 && Some(cents) < self::cents(&price));
            let fits = |discount: &Value| discount.as_str().filter(below).map(str::to_owned);
            let discount = discount.map(|discount| {
                fits(discount).ok_or_else(|| failure("F00-00-10014-021", "discount_price must be below price"))
            });
            let discount = discount.transpose()?;
            (item.price, item.discount_price) = (Some(price.clone()), discount.clone());
            (sku.price, sku.discount_price) = (price, discount);
        } else {
            let stock = number(&value["inventory"]).filter(|stock| *stock <= QUANTITY_MAX);
            sku.stock = stock.ok_or_else(|| failure("F00-00-10014-022", "inventory must be from 0 to 999999"))?;
            item.stock = Some(sku.stock);
        }
        applied.push(item);
        Ok(())
    });
    match changed {
        Err(NotThere::Product) => Err(failure("F00-00-10001-002", "the product does not exist")),
        Err(NotThere::Sku) => Err(failure(
            "F00-00-10014-015",
            "sku_code in multiple_sku_update_list must already existed in this Aliexpress product",
        )),
        Ok(Err(failure)) => Err(failure),
        Ok(Ok(())) => Ok(applied),
    }
}

fn failure(code: &str, message: &str) -> Failure {
    (code.to_owned(), message.to_owned())
}

/// Decimal text in hundredths.
pub(super) fn cents(text: &str) -> Option<u64> {
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if part.len() > 2 || !digits(whole) || !digits(part) {
        return None;
    }
    whole.parse::<u64>().ok()?.checked_mul(100)?.checked_add(format!("{part:0<2}").parse().ok()?)
}

fn list(world: &World, params: &Params) -> Result<Done, Refused> {
    let query = json_param(params, "aeop_a_e_product_list_query")?;
    let status = query["product_status_type"].as_str().ok_or_else(|| invalid("product_status_type is missing"))?;
    if !["onSelling", "offline", "auditing", "editingRequired"].contains(&status) {
        return Err(invalid("product_status_type is none of those known"));
    }
    let size = number(&query["page_size"]).unwrap_or(20);
    let page = number(&query["current_page"]).unwrap_or(1);
    if !(1..100).contains(&size) || page == 0 {
        return Err(invalid("page_size must be below 100, current_page above 0"));
    }
    let sku = query["sku_code"].as_str();
    let has = |product: &CatalogueProduct| sku.is_none_or(|sku| product.skus.iter().any(|other| other.sku == sku));
    let stands = |product: &CatalogueProduct| world.publishing.status_of(product.id).as_str() == status;
    let products: Vec<_> =
        world.catalogue.products().into_iter().filter(|product| has(product) && stands(product)).collect();
    let (count, from) = (products.len() as u64, usize::try_from((page - 1).saturating_mul(size)).unwrap_or(usize::MAX));
    let item = |product: &CatalogueProduct| {
        json!({"product_id": id(world, product.id), "subject": format!("Product {}", product.id), "currency_code": world.options.currency,
            "product_min_price": product.skus.first().map(|sku| sku.price.clone()), "gmt_create": "2026-03-01 10:00:00", "gmt_modified": "2026-03-02 10:00:00"})
    };
    let items: Vec<Value> = products.iter().skip(from).take(size as usize).map(item).collect();
    let mut result =
        json!({"success": true, "product_count": count, "total_page": count.div_ceil(size), "current_page": page});
    if !items.is_empty() {
        result["aeop_a_e_product_display_d_t_o_list"] = wrapped(world, "item_display_dto", items);
    }
    Ok(Done::read(json!({ "result": result })))
}

fn info(world: &World, params: &Params) -> Result<Done, Refused> {
    let asked =
        params.get("product_id").and_then(|text| text.parse().ok()).ok_or_else(|| invalid("product_id is missing"))?;
    let missing = || Refused::remote("F00-00-10001-002", "the product does not exist");
    let product = world.catalogue.product(asked).ok_or_else(missing)?;
    let sku = |sku: &super::CatalogueSku| {
        let mut value = json!({"id": "<none>", "sku_code": sku.sku, "sku_price": sku.price, "ipm_sku_stock": sku.stock,
            "sku_stock": sku.stock > 0, "currency_code": world.options.currency});
        if let Some(discount) = &sku.discount_price {
            value["sku_discount_price"] = discount.as_str().into();
        }
        value
    };
    let skus = product.skus.iter().map(sku).collect();
    Ok(Done::read(
        json!({"result": {"product_id": id(world, product.id), "product_status_type": world.publishing.status_of(product.id).as_str(),
        "currency_code": world.options.currency, "subject": format!("Product {}", product.id),
        "aeop_ae_product_s_k_us": wrapped(world, "global_aeop_ae_product_sku", skus)}}),
    ))
}

fn profile() -> Done {
    Done::read(
        json!({"country_code": "RU", "product_posting_forbidden": false, "merchant_login_id": "ru1234567890abcd",
        "shop_id": 1_234_321, "shop_name": "Simulator", "shop_type": "official", "shop_url": "//www.aliexpress.com/store/1234321"}),
    )
}
