//! The calls of publishing against the simulator, over HTTP; and what the check lets through against what AliExpress refuses.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use aligate::aliexpress::solution::{ClientOptions, SolutionClient};
use aligate::aliexpress::{AuditState, CallError, Class, ListingStatus};
use aligate::catalog::check::{Picture, Pictures, picture_urls};
use aligate::catalog::draft::{Draft, Figures, FiguresOf};
use aligate::catalog::mapping::Mapping;
use aligate::catalog::product::Product;
use aligate::catalog::schema::{CategorySchema, Choice, Choosing};
use aligate::clock::SystemClock;
use aligate::config::{Sources, load};
use aligate::simulator::publishing::Status;
use aligate::simulator::{Simulator, SimulatorOptions};
use proptest::prelude::*;
use proptest::test_runner::TestRunner;
use serde_json::{Value, json};

use super::materials::{checked_with, limits, mapping, offer, product};

pub fn start() -> (Simulator, SolutionClient) {
    let options = SimulatorOptions { products: 0, requests_per_second: 0, ..SimulatorOptions::default() };
    let simulator = Simulator::start(options.clone()).unwrap();
    let client_options = ClientOptions {
        gateway_url: simulator.url(),
        app_key: options.app_key,
        app_secret: options.app_secret.into(),
        methods: load(&Sources::default()).unwrap().aliexpress.methods,
    };
    let http = aligate::http_client::build(Duration::from_secs(30), Duration::from_secs(30)).unwrap();
    (simulator, SolutionClient::new(client_options, http, Arc::new(SystemClock)))
}

fn token() -> String {
    SimulatorOptions::default().tokens[0].clone()
}

/// The smallest file that says it is a PNG of this size.
pub fn png(width: u32, height: u32, salt: u8) -> Vec<u8> {
    let mut bytes = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR".to_vec();
    bytes.extend(width.to_be_bytes());
    bytes.extend(height.to_be_bytes());
    bytes.extend([8, 2, 0, 0, 0, salt]);
    bytes
}

/// A leaf's schema as the gateway puts it together.
async fn schema(client: &SolutionClient, category: u64) -> CategorySchema {
    let extras = client.schema_extras(&token(), category).await.unwrap();
    let (mut attributes, mut open) = (Vec::new(), vec![Vec::new()]);
    while let Some(path) = open.pop() {
        let read = client.category_attributes(&token(), category, &path).await.unwrap();
        attributes.extend(read.attributes);
        open.extend(read.open);
    }
    CategorySchema {
        category,
        attributes,
        stated: extras.stated,
        freight_templates: extras.freight_templates,
        service_templates: extras.service_templates,
        groups: extras.groups,
    }
}

fn figures(draft: &Draft) -> FiguresOf {
    let figures = Figures { price: "1990".parse().unwrap(), discount: None, stock: 7 };
    draft.skus.iter().map(|sku| (sku.sku.clone(), figures)).collect()
}

/// A picture of that size in the photo bank, as the check knows it.
async fn picture(client: &SolutionClient, width: u32, height: u32) -> Picture {
    let bytes = png(width, height, 0);
    let size = bytes.len() as u64;
    let url = client.upload_image(&token(), "a.png", bytes).await.unwrap();
    Picture::Measured { width: width as usize, height: height as usize, bytes: size, url: Some(url) }
}

#[tokio::test]
async fn the_tree_is_walked_to_leaves_of_any_depth_in_two_languages() {
    let (simulator, client) = start();
    let (mut open, mut leaves) = (vec![0], Vec::new());
    while let Some(parent) = open.pop() {
        for node in client.categories(&token(), parent).await.unwrap() {
            assert!(node.names.contains_key("ru") && node.names.contains_key("en"), "{node:?}");
            if node.leaf { leaves.push(node.id) } else { open.push(node.id) }
        }
    }
    leaves.sort_unstable();
    assert_eq!(leaves, [201, 348, 349, 1504, 5_090_301]);
    let proposed = client.suggest_category(&token(), "Футболка хлопковая", "ru").await.unwrap();
    assert_eq!((proposed[0].id, proposed[0].path.len()), (348, 3));
    simulator.stop().await;
}

#[tokio::test]
async fn a_leafs_schema_has_attributes_limits_and_what_is_the_sellers() {
    let (simulator, client) = start();
    let schema = schema(&client, 348).await;
    let brand = schema.attribute(2).unwrap();
    assert!(brand.required && brand.value_named("acme").is_some());
    assert!(schema.attribute(14).unwrap().sku && schema.attribute(14).unwrap().custom_names);
    assert_eq!(schema.attribute(284).unwrap().units, ["cm", "inch"]);
    assert_eq!((schema.stated.title_chars_max, schema.stated.images_max), (Some(128), Some(6)));
    assert_eq!(schema.freight_templates, [Choice { id: "714844311".into(), name: "Standard".into() }]);
    // Asked for with the values that they depend on, and with those alone.
    let pair = |attribute, value| Choosing { attribute, value };
    assert_eq!(schema.attribute(400).unwrap().when, [pair(326, 350)]);
    assert_eq!(schema.attribute(401).unwrap().when, [pair(326, 350), pair(400, 4001)]);
    assert!(schema.attribute(326).unwrap().when.is_empty());
    let error = client.category_attributes(&token(), 100, &[]).await.unwrap_err();
    assert_eq!(error.class(), Class::Rejected);
    simulator.stop().await;
}

#[tokio::test]
async fn a_product_is_posted_audited_edited_taken_off_and_found_again() {
    let (simulator, client) = start();
    let schema = schema(&client, 348).await;
    let pictures = Pictures::from([("https://shop.example/upload/1.jpg".to_owned(), picture(&client, 800, 800).await)]);
    let draft = checked_with(&product(), &mapping(), &schema, &pictures).unwrap();
    for by_schema in [false, true] {
        simulator.publishing().set_audit(Duration::from_secs(3600));
        let figures = figures(&draft);
        let body = if by_schema { draft.instance(None, &figures) } else { draft.post(&figures) };
        let listing = client.post_product(&token(), &body, by_schema).await.unwrap();
        assert_eq!(client.audit_state(&token(), listing).await.unwrap(), AuditState::Auditing);
        let body = if by_schema { draft.instance(Some(listing), &figures) } else { draft.edit(listing, &figures) };
        let early = client.edit_product(&token(), &body, by_schema).await.unwrap_err();
        assert_eq!(early.class(), Class::NotNow);
        let found = client.products_with_sku(&token(), ListingStatus::Auditing, "TSHIRT").await.unwrap();
        assert_eq!(found, [listing]);
        simulator.publishing().end_audits();
        assert_eq!(client.audit_state(&token(), listing).await.unwrap(), AuditState::Approved);
        client.set_online(&token(), listing, false).await.unwrap();
        assert_eq!(client.set_online(&token(), listing, false).await.unwrap_err().code(), "090015");
        client.set_online(&token(), listing, true).await.unwrap();
        simulator.publishing().set_audit(Duration::ZERO);
        assert_eq!(client.edit_product(&token(), &body, by_schema).await.unwrap(), listing);
        assert_eq!(client.audit_state(&token(), listing).await.unwrap(), AuditState::Approved);
        client.delete_product(&token(), listing).await.unwrap();
        assert!(matches!(client.audit_state(&token(), listing).await, Err(CallError::Refused(_))));
    }
    simulator.stop().await;
}

#[tokio::test]
async fn the_audit_says_why_it_refuses() {
    let (simulator, client) = start();
    let schema = schema(&client, 348).await;
    let pictures = Pictures::from([("https://shop.example/upload/1.jpg".to_owned(), picture(&client, 800, 800).await)]);
    let mut replica = product();
    replica["name"] = json!("Replica of a shirt");
    let draft = checked_with(&replica, &mapping(), &schema, &pictures).unwrap();
    let listing = client.post_product(&token(), &draft.post(&figures(&draft)), false).await.unwrap();
    let AuditState::Refused { reasons } = client.audit_state(&token(), listing).await.unwrap() else {
        panic!("it is sold")
    };
    assert_eq!(reasons, ["the goods imitate a brand", "remove the brand name"]);
    assert_eq!(simulator.publishing().posted()[0].status, Status::EditingRequired);
    simulator.stop().await;
}

#[tokio::test]
async fn a_file_that_is_no_picture_is_refused_by_the_photo_bank() {
    let (simulator, client) = start();
    let error = client.upload_image(&token(), "a.png", b"GIF89a".to_vec()).await.unwrap_err();
    assert_eq!(error.class(), Class::Rejected);
    assert_eq!(simulator.publishing().photos().uploads(), 0);
    simulator.stop().await;
}

/// Products of all kinds, each possibly broken in one way or another.
fn products() -> impl Strategy<Value = (Value, Vec<(usize, u32, u32)>)> {
    let name = prop_oneof![30 => "[А-Яа-я ]{1,60}".prop_filter("has letters", |s: &String| !s.trim().is_empty()), 1 => "[a-z]{120,140}", 1 => Just("a < b".to_owned()), 1 => Just(" ".to_owned())];
    let brand = prop_oneof![40 => Just("Acme"), 1 => Just("NONE"), 1 => Just("Nobody"), 1 => Just("")];
    let material = prop_oneof![40 => Just("Хлопок"), 1 => Just("Wool"), 1 => Just("Бамбук"), 1 => Just("")];
    let weight = prop_oneof![40 => Just("0.300"), 1 => Just("501"), 1 => Just("0,3"), 1 => Just("500")];
    let barcode = prop_oneof![20 => Just(""), 20 => Just("4006381333931"), 1 => Just("4006381333932"), 1 => Just("12")];
    let price = prop_oneof![40 => Just("1990.00"), 1 => Just("0"), 1 => Just("1000000"), 1 => Just("")];
    let length = prop_oneof![30 => Just(""), 10 => Just("72.5"), 1 => Just("long")];
    let colour = prop_oneof![30 => Just("Red"), 30 => Just("Синий"), 30 => Just("Black"), 1 => Just("Ultraviolet"), 1 => Just("")];
    let size = prop_oneof![2 => Just(""), 3 => Just("M"), 2 => Just("L")];
    let skus = prop::collection::vec(
        (
            colour,
            size,
            prop_oneof![40 => Just(""), 1 => Just(" x"), 1 => Just("dddddddddddddddddddddddddddddddddddddddddddddddddd")],
        ),
        1..4,
    );
    let picture =
        (prop_oneof![60 => 800u32..1000, 1 => 100u32..799], prop_oneof![60 => 800u32..1000, 1 => 100u32..799]);
    let pictures = prop::collection::vec(picture, 0..8);
    let style = prop_oneof![20 => Just(""), 10 => Just("Casual"), 1 => Just("Baroque")];
    let occasion = prop_oneof![10 => Just("Пляж"), 10 => Just("Office"), 1 => Just("Moon"), 1 => Just("")];
    let own = (name, brand, material, weight, barcode, style, occasion);
    (own, (price, length, skus, pictures, prop::bool::weighted(0.1))).prop_map(
        |((name, brand, material, weight, barcode, style, occasion), (price, length, skus, pictures, twice))| {
            let mut made = product();
            made["name"] = json!(name);
            made["brand"] = json!(brand);
            made["package"] = json!({"weight_kg": weight});
            made["properties"] = json!([{"code": "MATERIAL", "value": material}, {"code": "LENGTH", "value": length},
                {"code": "STYLE", "value": style}, {"code": "OCCASION", "value": occasion}]);
            let offers = skus.iter().enumerate().map(|(at, (colour, size, suffix))| {
                let number = if twice { 0 } else { at };
                let mut offer = offer(&format!("S{number}{suffix}"), &[("COLOR", colour), ("SIZE", size)]);
                offer["barcode"] = json!(barcode);
                offer["price"] = json!(price);
                offer
            });
            made["offers"] = offers.collect();
            let urls = (0..pictures.len()).map(|at| json!(format!("https://shop.example/{at}.png")));
            made["images"] = urls.collect();
            (made, pictures.into_iter().enumerate().map(|(at, (width, height))| (at, width, height)).collect())
        },
    )
}

/// What passes the check is never refused, in either form; and what AliExpress would refuse does not pass.
#[test]
fn the_check_and_aliexpress_are_of_one_mind() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let (simulator, client) = start();
    let schema = runtime.block_on(schema(&client, 348));
    let mut mapping = mapping();
    mapping["attributes"].as_array_mut().unwrap().extend([
        json!({"attribute": 284, "property": "LENGTH", "unit": "cm"}),
        json!({"attribute": 326, "property": "STYLE"}),
        json!({"attribute": 400, "property": "OCCASION"}),
    ]);
    let (passed, refused) = (std::cell::Cell::new(0), std::cell::Cell::new(0));
    let mut runner =
        TestRunner::new(ProptestConfig { cases: 150, failure_persistence: None, ..ProptestConfig::default() });
    let result = runner.run(&products(), |(product, sizes)| {
        runtime.block_on(async {
            let mut pictures = Pictures::new();
            for (at, width, height) in &sizes {
                let picture = picture(&client, *width, *height).await;
                pictures.insert(format!("https://shop.example/{at}.png"), picture);
            }
            match checked_with(&product, &mapping, &schema, &pictures) {
                Ok(draft) => {
                    passed.set(passed.get() + 1);
                    let prices = prices(&product, &draft);
                    for body in [(draft.post(&prices), false), (draft.instance(None, &prices), true)] {
                        let posted = client.post_product(&token(), &body.0, body.1).await;
                        prop_assert!(posted.is_ok(), "{:?} {}", posted, body.0);
                    }
                }
                Err(faults) => {
                    refused.set(refused.get() + 1);
                    // The draft that would have left without the check, as far as there is one.
                    let body = unchecked(&product, &mapping, &schema, &pictures);
                    let posted = client.post_product(&token(), &body, false).await;
                    prop_assert!(posted.is_err(), "AliExpress takes it, the check finds {:?}: {}", faults, body);
                }
            }
            Ok(())
        })
    });
    result.unwrap_or_else(|failure| panic!("{failure}"));
    let (passed, refused) = (passed.get(), refused.get());
    assert!(passed > 10 && refused > 10, "{passed} passed, {refused} were refused");
    runtime.block_on(simulator.stop());
}

fn prices(product: &Value, draft: &Draft) -> FiguresOf {
    let price = product["offers"][0]["price"].as_str().unwrap().parse().unwrap();
    draft.skus.iter().map(|sku| (sku.sku.clone(), Figures { price, discount: None, stock: 7 })).collect()
}

/// The product as somebody would post it who checks nothing: every field as the shop has it.
fn unchecked(product: &Value, mapping: &Value, schema: &CategorySchema, pictures: &Pictures) -> Value {
    let mapping: Mapping = serde_json::from_value(mapping.clone()).unwrap();
    let read = Product::read(&product.to_string()).unwrap();
    let view = mapping.of_section("77").unwrap();
    let terms = aligate::catalog::check::Terms::new(view, schema, &limits());
    let on_aliexpress: BTreeMap<&str, &str> = pictures
        .iter()
        .filter_map(|(from, picture)| match picture {
            Picture::Measured { url: Some(url), .. } => Some((from.as_str(), url.as_str())),
            _ => None,
        })
        .collect();
    let images: Vec<&str> = picture_urls(&read, &terms).iter().map(|url| on_aliexpress[url.as_str()]).collect();
    let value = |attribute: u64, name: &str| schema.attribute(attribute).and_then(|a| Some(a.value_named(name)?.id));
    let property = |at: usize| product["properties"][at]["value"].as_str().unwrap_or_default().to_owned();
    let mut attributes = Vec::new();
    if !read.brand.is_empty() {
        attributes
            .push(json!({"aliexpress_attribute_name_id": 2, "aliexpress_attribute_value_id": value(2, &read.brand)}));
    }
    if !property(0).is_empty() {
        attributes.push(
            json!({"aliexpress_attribute_name_id": 10, "aliexpress_attribute_value_id": value(10, &property(0))}),
        );
    }
    if !property(1).is_empty() {
        attributes.push(json!({"aliexpress_attribute_name_id": 284, "attribute_value": format!("{} cm", property(1))}));
    }
    for (attribute, at) in [(326, 2), (400, 3)] {
        if !property(at).is_empty() && (attribute != 400 || property(2) == "Casual") {
            let id = value(attribute, &property(at));
            attributes.push(json!({"aliexpress_attribute_name_id": attribute, "aliexpress_attribute_value_id": id}));
        }
    }
    let sku = |offer: &aligate::catalog::product::Offer| {
        let mut own = Vec::new();
        for (id, property) in [14, 5].into_iter().zip(&offer.properties) {
            if !property.value.is_empty() {
                own.push(json!({"sku_attribute_name_id": id, "sku_attribute_value_id": value(id, &property.value)}));
            }
        }
        let mut sku = json!({"sku_code": offer.sku, "price": offer.price, "inventory": 7, "sku_attributes_list": own});
        if !offer.barcode.is_empty() {
            sku["ean_code"] = json!(offer.barcode);
        }
        sku
    };
    let detail =
        json!({"version": "2.0.0", "moduleList": [{"type": "html", "html": {"content": "<p>a</p>"}}]}).to_string();
    json!({"aliexpress_category_id": 348, "language": "ru", "multi_language_subject_list": [{"language": "ru", "subject": read.name.trim()}],
        "multi_language_description_list": [{"language": "ru", "web_detail": detail}], "main_image_urls_list": images, "attribute_list": attributes,
        "sku_info_list": read.offers.iter().map(sku).collect::<Vec<_>>(), "inventory_deduction_strategy": "place_order_withhold",
        "weight": read.package.weight_kg, "package_length": 30, "package_width": 20, "package_height": 3, "freight_template_id": 714_844_311_u64,
        "service_policy_id": 0, "shipping_lead_time": 3, "product_unit": 100_000_015})
}
