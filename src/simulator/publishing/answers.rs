//! The methods of publishing.

use actix_web::web::Bytes;
use serde_json::{Value, json};

use super::super::catalogue::{CatalogueProduct, CatalogueSku};
use super::super::gateway::{Params, Refused};
use super::super::methods::Done;
use super::super::{World, methods};
use super::{Posted, Status, convert, tree, validate};

const TREE: &str = "aliexpress.solution.seller.category.tree.query";
const ATTRIBUTES: &str = "aliexpress.category.redefining.getchildattributesresultbypostcateidandpath";
const SUGGEST: &str = "aliexpress.solution.product.category.suggest";
const SCHEMA: &str = "aliexpress.solution.product.schema.get";
const UPLOAD: &str = "aliexpress.photobank.redefining.uploadimageforsdk";
const POST: &str = "aliexpress.solution.product.post";
const EDIT: &str = "aliexpress.solution.product.edit";
const INSTANCE: &str = "aliexpress.solution.schema.product.instance.post";
const UPDATE: &str = "aliexpress.solution.schema.product.full.update";
const ONLINE: &str = "aliexpress.postproduct.redefining.onlineaeproduct";
const OFFLINE: &str = "aliexpress.postproduct.redefining.offlineaeproduct";
const DELETE: &str = "aliexpress.solution.batch.product.delete";
const STATUS: &str = "aliexpress.postproduct.redefining.findaeproductstatusbyid";

pub(crate) fn known(method: &str) -> bool {
    let all =
        [TREE, ATTRIBUTES, SUGGEST, SCHEMA, UPLOAD, POST, EDIT, INSTANCE, UPDATE, ONLINE, OFFLINE, DELETE, STATUS];
    all.contains(&method)
}

type Answer = Result<Done, Refused>;

/// Answers a method of publishing. `upload` is the file of a multipart body.
pub(crate) fn answer(world: &World, method: &str, params: &Params, upload: Option<&Bytes>) -> Answer {
    match method {
        TREE => categories(world, params),
        ATTRIBUTES => attributes(params),
        SUGGEST => suggest(params),
        SCHEMA => schema(params),
        UPLOAD => photo(world, params, upload),
        POST => post(world, methods::json_param(params, "post_product_request")?),
        INSTANCE => post(world, converted(methods::json_param(params, "product_instance_request")?)?),
        EDIT => edit(world, methods::json_param(params, "edit_product_request")?, false),
        UPDATE => {
            let body = methods::json_param(params, "schema_full_update_request")?;
            let id = body["aliexpress_product_id"].clone();
            let mut posted = converted(body)?;
            posted["product_id"] = id;
            edit(world, posted, true)
        }
        ONLINE | OFFLINE => sale(world, params, method == ONLINE),
        DELETE => delete(world, params),
        _ => audit(world, params),
    }
}

fn id(params: &Params, name: &str) -> Result<u64, Refused> {
    let id = params.get(name).and_then(|text| text.parse().ok());
    id.ok_or_else(|| methods::invalid(&format!("{name} is missing")))
}

fn categories(world: &World, params: &Params) -> Answer {
    let items = tree::below(id(params, "category_id")?);
    let mut value = json!({"is_success": true});
    if !items.is_empty() {
        value["children_category_list"] = methods::wrapped(world, "category_info", items);
    }
    Ok(Done::read(value))
}

fn leaf(category: u64) -> Result<u64, Refused> {
    if tree::is_leaf(category) {
        Ok(category)
    } else {
        Err(Refused::remote("F00-00-10003-001", "the category is no leaf"))
    }
}

fn attributes(params: &Params) -> Answer {
    let known = tree::attributes(leaf(id(params, "param1")?)?);
    let path: Vec<String> = match params.get("param2") {
        Some(text) => serde_json::from_str(text).map_err(|_| methods::invalid("param2 is no list of texts"))?,
        None => Vec::new(),
    };
    let pair = |item: &String| {
        let (attribute, value) = item.split_once('=')?;
        Some((attribute.parse().ok()?, value.parse().ok()?))
    };
    let pairs: Option<Vec<(u64, u64)>> = path.iter().map(pair).collect();
    let last = pairs.ok_or_else(|| methods::invalid("param2 is no path"))?.last().copied();
    let asked = known.iter().filter(|attribute| attribute.when == last);
    let all: Vec<Value> = asked.map(|attribute| attribute.listed(&known)).collect();
    Ok(Done::read(json!({"result": {"success": true, "attributes": {"aeop_attribute_dto": all}}})))
}

fn suggest(params: &Params) -> Answer {
    let title = params.get("title").cloned().unwrap_or_default();
    let found = tree::suggested(&title);
    let mut value = json!({});
    if !found.is_empty() {
        value["suggest_category_list"] = json!({"suggest_category": found});
    }
    Ok(Done::read(value))
}

fn schema(params: &Params) -> Answer {
    let category = leaf(id(params, "aliexpress_category_id")?)?;
    Ok(Done::read(json!({"result": {"success": true, "schema": tree::schema(category).to_string()}})))
}

fn photo(world: &World, params: &Params, upload: Option<&Bytes>) -> Answer {
    let name = params.get("file_name").filter(|name| name.contains('.') && name.chars().count() <= 256);
    let name = name.ok_or_else(|| methods::invalid("file_name is missing"))?;
    let bytes = upload.ok_or_else(|| methods::invalid("image_bytes is missing"))?;
    let result = match world.publishing.photos.take(bytes) {
        Ok((url, photo)) => json!({"success": true, "status": "SUCCESS", "file_name": name, "photobank_url": url,
            "width": photo.width, "height": photo.height, "photobank_total_size": "6144.00", "photobank_used_size": "96.95"}),
        Err(why) => json!({"success": false, "status": "FAILED", "error_code": 10_004_002, "error_message": why}),
    };
    let whole = result["success"] == true;
    Ok(Done { whole, ..Done::read(json!({ "result": result })) })
}

fn converted(instance: Value) -> Result<Value, Refused> {
    convert::posted(&instance).map_err(|message| Refused::remote("F00-00-10020-002", &message))
}

fn refused((code, message): validate::Fault) -> Refused {
    Refused::remote(code, &message)
}

fn post(world: &World, content: Value) -> Answer {
    validate::product(&content, &world.publishing.photos).map_err(refused)?;
    let id = world.publishing.next_id();
    stock(world, id, &content);
    let mut posted = Posted { id, status: Status::Auditing, reason: None, content, edits: 0, audited_until: 0 };
    posted.start_audit(world.publishing.audited_until());
    world.publishing.lock().insert(id, posted);
    Ok(Done { products: 1, ..Done::read(json!({"result": {"product_id": methods::id(world, id)}})) })
}

fn missing() -> Refused {
    Refused::remote("F00-00-10001-002", "the product does not exist")
}

fn edit(world: &World, change: Value, bare: bool) -> Answer {
    let id = methods::number(&change["product_id"]).ok_or_else(|| methods::invalid("product_id is missing"))?;
    let until = world.publishing.audited_until();
    let mut all = world.publishing.lock();
    let posted = all.get_mut(&id).ok_or_else(missing)?;
    posted.look(super::super::now_us());
    if posted.status == Status::Auditing {
        return Err(Refused::remote("PRODUCT_IN_AUDIT_PENDING", "the product is being audited"));
    }
    let mut content = posted.content.clone();
    for (name, value) in change.as_object().into_iter().flatten().filter(|(name, _)| *name != "product_id") {
        content[name.as_str()] = value.clone();
    }
    validate::product(&content, &world.publishing.photos).map_err(refused)?;
    posted.content = content;
    posted.edits += 1;
    let off = posted.status == Status::Offline;
    posted.start_audit(until);
    if off {
        posted.status = Status::Offline;
    }
    if world.publishing.rules().applies_late {
        world.publishing.hold(id, &posted.content);
    } else {
        stock(world, id, &posted.content);
    }
    let value = json!({"product_id": methods::id(world, id)});
    Ok(Done { products: 1, ..Done::read(if bare { value } else { json!({ "result": value }) }) })
}

/// The SKUs of what was posted are what is sold.
fn stock(world: &World, id: u64, content: &Value) {
    let text = |value: &Value| value.as_str().map(str::to_owned);
    let sku = |item: &Value| CatalogueSku {
        sku: text(&item["sku_code"]).unwrap_or_default(),
        stock: methods::number(&item["inventory"]).unwrap_or_default(),
        price: text(&item["price"]).unwrap_or_default(),
        discount_price: text(&item["discount_price"]),
    };
    let skus = content["sku_info_list"].as_array().map(|all| all.iter().map(sku).collect());
    world.catalogue.add(vec![CatalogueProduct { id, skus: skus.unwrap_or_default() }]);
}

fn sale(world: &World, params: &Params, online: bool) -> Answer {
    let ids = params.get("product_ids").map(String::as_str).unwrap_or_default();
    let (mut changed, mut failed) = (0, None);
    let mut all = world.publishing.lock();
    for id in ids.split(';').filter_map(|id| id.parse::<u64>().ok()) {
        let Some(posted) = all.get_mut(&id) else {
            failed = Some(("090014", "the product does not exist"));
            continue;
        };
        posted.look(super::super::now_us());
        match (online, posted.status) {
            (true, Status::Offline) => posted.status = Status::OnSelling,
            (false, Status::OnSelling) => posted.status = Status::Offline,
            _ => {
                failed = Some(("090015", "the product's status does not allow it"));
                continue;
            }
        }
        changed += 1;
    }
    let mut result = json!({"success": failed.is_none(), "modify_count": changed});
    if let Some((code, message)) = failed {
        (result["error_code"], result["error_message"]) = (json!(code), json!(message));
    }
    Ok(Done { whole: failed.is_none(), products: 1, ..Done::read(json!({ "result": result })) })
}

fn delete(world: &World, params: &Params) -> Answer {
    let ids = params.get("product_ids").map(String::as_str).unwrap_or_default();
    for id in ids.split(',').filter_map(|id| id.parse::<u64>().ok()) {
        world.publishing.lock().remove(&id);
        world.catalogue.add(vec![CatalogueProduct { id, skus: Vec::new() }]);
    }
    Ok(Done { products: 1, ..Done::read(json!({})) })
}

fn audit(world: &World, params: &Params) -> Answer {
    let asked = id(params, "product_id")?;
    let known = world.catalogue.product(asked).is_some();
    if let Some(content) = world.publishing.take_late(asked) {
        stock(world, asked, &content);
    }
    let mut all = world.publishing.lock();
    let mut result =
        json!({"product_id": methods::id(world, asked), "status": "approved", "time_stamp": "2026-03-05 00:20:30"});
    match all.get_mut(&asked) {
        Some(posted) => {
            posted.look(super::super::now_us());
            result["status"] = json!(match posted.status {
                Status::Auditing => "auditing",
                Status::EditingRequired => "refuse",
                Status::OnSelling | Status::Offline => "approved",
            });
            if let Some(reason) = &posted.reason {
                (result["error_code"], result["error_message"]) = (json!("AUDIT_REFUSED"), json!(reason));
            }
        }
        None if known => {}
        None => return Err(missing()),
    }
    Ok(Done::read(json!({ "result": result })))
}
