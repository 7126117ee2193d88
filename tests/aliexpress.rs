//! The client of dialect `solution` against the simulator, over HTTP.

#![expect(clippy::unwrap_used, reason = "helpers of tests are tests")]

use std::sync::Arc;
use std::time::Duration;

use aligate::aliexpress::solution::{ClientOptions, SolutionClient};
use aligate::aliexpress::{CallError, Class, ListingStatus, ProductPrices, ProductStock, Scope, SkuPrice, Verdict};
use aligate::clock::SystemClock;
use aligate::config::{self, Sources};
use aligate::domain::ListingId;
use aligate::simulator::{CatalogueSku, Fault, Kind, Simulator, SimulatorOptions};

const FIRST: ListingId = ListingId(1_005_000_000_000_001);
const SECOND: ListingId = ListingId(1_005_000_000_000_002);
const SKU: &str = "SKU-00001-01";
const SKU_OF_SECOND: &str = "SKU-00002-01";
const SECRET: &str = "secret-of-the-application";
const TOKEN: &str = "token-of-the-shop";
const INVENTORY: &str = "aliexpress.solution.batch.product.inventory.update";

fn simulator(change: impl FnOnce(&mut SimulatorOptions)) -> Simulator {
    let mut options = SimulatorOptions {
        app_secret: SECRET.into(),
        tokens: vec![TOKEN.into()],
        products: 30,
        skus: 3,
        requests_per_second: 0,
        ..SimulatorOptions::default()
    };
    change(&mut options);
    Simulator::start(options).unwrap()
}

fn client_of(url: String, secret: &str, timeout: Duration) -> SolutionClient {
    let methods = config::load(&Sources::default()).unwrap().aliexpress.methods;
    let app_key = SimulatorOptions::default().app_key;
    let options = ClientOptions { gateway_url: url, app_key, app_secret: secret.to_owned().into(), methods };
    let http = aligate::http_client::build(timeout, timeout).unwrap();
    SolutionClient::new(options, http, Arc::new(SystemClock))
}

/// A simulator without a limit of requests, and a client that it knows.
fn both() -> (Simulator, SolutionClient) {
    let simulator = simulator(|_| {});
    let client = client_of(simulator.url(), SECRET, Duration::from_secs(30));
    (simulator, client)
}

/// Where connections are refused while the socket lives: it is bound and does not listen.
fn refusing() -> (tokio::net::TcpSocket, String) {
    let socket = tokio::net::TcpSocket::new_v4().unwrap();
    socket.bind(([127, 0, 0, 1], 0).into()).unwrap();
    let url = format!("http://{}/", socket.local_addr().unwrap());
    (socket, url)
}

fn stock(listing: ListingId, skus: &[(&str, u64)]) -> ProductStock {
    ProductStock { listing, skus: skus.iter().map(|(sku, pieces)| (sku.parse().unwrap(), *pieces)).collect() }
}

fn price(listing: ListingId, sku: &str, price: &str, discount: Option<&str>) -> ProductPrices {
    let discount = discount.map(|discount| discount.parse().unwrap());
    ProductPrices {
        listing,
        skus: vec![SkuPrice { sku: sku.parse().unwrap(), price: price.parse().unwrap(), discount }],
    }
}

fn sold(simulator: &Simulator, sku: &str) -> CatalogueSku {
    simulator.catalogue().sku(sku).unwrap()
}

/// Sets the stock of one SKU of each of the two products.
async fn update(client: &SolutionClient) -> Result<Vec<Verdict>, CallError> {
    let products = [stock(FIRST, &[(SKU, 77)]), stock(SECOND, &[(SKU_OF_SECOND, 78)])];
    Ok(client.update_inventory(TOKEN, &products).await?.verdicts)
}

#[tokio::test]
async fn stock_that_is_updated_is_what_aliexpress_sells() {
    let (simulator, client) = both();
    let products = [stock(FIRST, &[(SKU, 7), ("SKU-00001-03", 0)]), stock(SECOND, &[(SKU_OF_SECOND, 999_999)])];
    let answer = client.update_inventory(TOKEN, &products).await.unwrap();
    assert_eq!(answer.verdicts, [Verdict::Accepted, Verdict::Accepted]);
    let stock = |sku| sold(&simulator, sku).stock;
    assert_eq!((stock(SKU), stock("SKU-00001-02"), stock("SKU-00001-03")), (7, 10, 0));
    assert_eq!(stock(SKU_OF_SECOND), 999_999);
    let calls = simulator.ledger().calls();
    assert_eq!((calls.len(), calls[0].products, calls[0].skus, calls[0].outcome.as_str()), (1, 2, 3, "ok"));
    assert_eq!(calls[0].method, INVENTORY);
    assert_eq!(simulator.ledger().items().len(), 3);
}

#[tokio::test]
async fn a_price_without_a_discount_erases_the_discount() {
    let (simulator, client) = both();
    let at = |sku: CatalogueSku| (sku.price, sku.discount_price);
    let answer = client.update_prices(TOKEN, &[price(FIRST, SKU, "1990", Some("1490.5"))]).await.unwrap();
    assert_eq!(answer.verdicts, [Verdict::Accepted]);
    assert_eq!(at(sold(&simulator, SKU)), ("1990.00".into(), Some("1490.50".into())));
    client.update_prices(TOKEN, &[price(FIRST, SKU, "1890", None)]).await.unwrap();
    assert_eq!(at(sold(&simulator, SKU)), ("1890.00".into(), None));
    assert_eq!(sold(&simulator, SKU).stock, 10);
}

#[tokio::test]
async fn a_discount_that_is_none_is_refused_and_changes_nothing() {
    let (simulator, client) = both();
    let products = [price(FIRST, SKU, "10", Some("10")), price(SECOND, SKU_OF_SECOND, "10", Some("9.99"))];
    let verdicts = client.update_prices(TOKEN, &products).await.unwrap().verdicts;
    let Verdict::Refused(refusal) = &verdicts[0] else { panic!("{verdicts:?}") };
    assert!(!refusal.says_unknown_sku_or_product());
    assert_eq!(verdicts[1], Verdict::Accepted);
    assert_eq!(sold(&simulator, SKU).price, "1000.00");
}

#[tokio::test]
async fn an_unknown_sku_or_product_refuses_its_product_alone_and_whole() {
    let (simulator, client) = both();
    let products = [
        stock(FIRST, &[(SKU, 7), ("NOT-SOLD", 8)]),
        stock(SECOND, &[(SKU_OF_SECOND, 9)]),
        stock(ListingId(7), &[(SKU, 7)]),
    ];
    let verdicts = client.update_inventory(TOKEN, &products).await.unwrap().verdicts;
    for at in [0, 2] {
        let Verdict::Refused(refusal) = &verdicts[at] else { panic!("{verdicts:?}") };
        assert!(refusal.says_unknown_sku_or_product(), "{refusal:?}");
        assert_eq!(refusal.class, Class::Rejected);
    }
    assert_eq!(verdicts[1], Verdict::Accepted);
    assert_eq!((sold(&simulator, SKU).stock, sold(&simulator, SKU_OF_SECOND).stock), (10, 9));
    assert_eq!(simulator.ledger().summary().by_outcome["partial"], 1);
}

#[tokio::test]
async fn more_products_than_a_request_may_have_are_refused_whole() {
    let (simulator, client) = both();
    let product = |at: u64| stock(ListingId(FIRST.0 + at), &[(&format!("SKU-{:05}-01", at + 1), 5)]);
    let products: Vec<ProductStock> = (0..21).map(product).collect();
    let error = client.update_inventory(TOKEN, &products).await.unwrap_err();
    assert_eq!((error.class(), error.code()), (Class::Rejected, "isv.invalid-parameter"));
    assert!(!error.blames_application());
    assert_eq!(simulator.ledger().summary().applied, 0);
    let answer = client.update_inventory(TOKEN, &products[..20]).await.unwrap();
    assert_eq!(answer.verdicts, vec![Verdict::Accepted; 20]);
    assert_eq!(simulator.ledger().summary().applied, 20);
}

#[tokio::test]
async fn products_are_listed_page_by_page_in_every_form_of_answer() {
    for (bare_lists, ids_as_text) in [(false, false), (true, false), (false, true), (true, true)] {
        let simulator = simulator(|options| (options.bare_lists, options.ids_as_text) = (bare_lists, ids_as_text));
        let client = client_of(simulator.url(), SECRET, Duration::from_secs(30));
        let mut listed = Vec::new();
        for page in 1..=4 {
            let page = client.list_products(TOKEN, ListingStatus::OnSelling, page, 12).await.unwrap();
            assert_eq!((page.total, page.total_pages), (30, 3));
            listed.extend(page.products.iter().map(|product| product.listing.0));
        }
        assert_eq!(listed, (FIRST.0..FIRST.0 + 30).collect::<Vec<_>>());
        let none = client.list_products(TOKEN, ListingStatus::Auditing, 1, 99).await.unwrap();
        assert_eq!((none.products.len(), none.total), (0, 0));
        let info = client.product_info(TOKEN, SECOND).await.unwrap().unwrap();
        assert_eq!((info.listing, info.skus.len()), (SECOND, 3));
        let products = [stock(FIRST, &[(SKU, 7)]), stock(SECOND, &[("NOT-SOLD", 7)])];
        let verdicts = client.update_inventory(TOKEN, &products).await.unwrap().verdicts;
        assert!(matches!(verdicts.as_slice(), [Verdict::Accepted, Verdict::Refused(_)]), "{verdicts:?}");
    }
}

#[tokio::test]
async fn a_product_is_told_with_its_skus_and_a_missing_one_is_none() {
    let (_simulator, client) = both();
    client.update_prices(TOKEN, &[price(FIRST, SKU, "19.99", Some("14.99"))]).await.unwrap();
    client.update_inventory(TOKEN, &[stock(FIRST, &[(SKU, 7)])]).await.unwrap();
    let info = client.product_info(TOKEN, FIRST).await.unwrap().unwrap();
    assert_eq!((info.status.as_str(), info.currency), ("onSelling", "RUB".parse().ok()));
    let sku = &info.skus[0];
    assert_eq!((sku.sku.as_str(), sku.stock), (SKU, Some(7)));
    assert_eq!((sku.price, sku.discount_price), ("19.99".parse().ok(), "14.99".parse().ok()));
    assert_eq!(info.skus[1].discount_price, None);
    assert_eq!(client.product_info(TOKEN, ListingId(7)).await.unwrap(), None);
}

#[tokio::test]
async fn the_seller_is_told() {
    let (_simulator, client) = both();
    let profile = client.merchant_profile(TOKEN).await.unwrap();
    assert_eq!((profile.shop_name.as_str(), profile.product_posting_forbidden), ("Simulator", false));
}

#[tokio::test]
async fn a_wrong_secret_blames_the_application_and_a_wrong_token_the_shop() {
    let (simulator, client) = both();
    let stranger = client_of(simulator.url(), "another-secret", Duration::from_secs(30));
    let error = stranger.merchant_profile(TOKEN).await.unwrap_err();
    assert!(error.blames_application(), "{error}");
    let error = client.merchant_profile("another-token").await.unwrap_err();
    assert_eq!(error.class(), Class::Unauthorized);
    simulator.revoke_tokens(true);
    let error = update(&client).await.unwrap_err();
    assert_eq!((error.class(), error.code()), (Class::Unauthorized, "IllegalAccessToken"));
    assert!(!error.blames_application());
    assert_eq!(sold(&simulator, SKU).stock, 10);
    simulator.revoke_tokens(false);
    assert_eq!(update(&client).await.unwrap(), [Verdict::Accepted, Verdict::Accepted]);
}

#[tokio::test]
async fn requests_over_the_limit_are_throttled_for_the_seconds_that_aliexpress_says() {
    let simulator = simulator(|options| options.requests_per_second = 3);
    let client = client_of(simulator.url(), SECRET, Duration::from_secs(30));
    let calls = futures_util::future::join_all((0..6).map(|_| client.merchant_profile(TOKEN))).await;
    let (ok, refused): (Vec<_>, Vec<_>) = calls.into_iter().partition(Result::is_ok);
    assert_eq!((ok.len(), refused.len()), (3, 3));
    for error in refused.into_iter().filter_map(Result::err) {
        let expected = Class::Throttled { scope: Scope::App, retry_after: Duration::from_secs(1) };
        assert_eq!((error.class(), error.code()), (expected, "AppCallLimit"));
    }
    assert_eq!(simulator.ledger().summary().by_outcome["AppCallLimit"], 3);
}

/// What goes wrong on the way, and whether the call has its effect nevertheless.
fn losses() -> Vec<(Kind, bool)> {
    vec![
        (Kind::Status { status: 502 }, false),
        (Kind::Status { status: 504 }, false),
        (Kind::Html, false),
        (Kind::Reset, false),
        (Kind::Truncate, true),
        (Kind::AnswerLost, true),
    ]
}

#[tokio::test]
async fn an_answer_that_is_lost_leaves_a_write_unknown_and_a_read_to_be_repeated() {
    for (kind, effect) in losses() {
        let (simulator, client) = both();
        simulator.faults().add(Fault::times(2, kind.clone()));
        let error = update(&client).await.unwrap_err();
        assert_eq!((error.class(), error.code()), (Class::Unknown, "no_answer"), "{kind:?}: {error}");
        assert_eq!(sold(&simulator, SKU).stock == 77, effect, "{kind:?}");
        assert_eq!(simulator.ledger().summary().applied, if effect { 2 } else { 0 }, "{kind:?}");
        let error = client.merchant_profile(TOKEN).await.unwrap_err();
        assert_eq!(error.class(), Class::Transient, "{kind:?}: {error}");
        assert_eq!(update(&client).await.unwrap(), [Verdict::Accepted, Verdict::Accepted], "{kind:?}");
        assert!(simulator.faults().waiting().is_empty());
    }
}

#[tokio::test]
async fn a_call_that_hangs_ends_with_the_clients_timeout() {
    let simulator = simulator(|_| {});
    let client = client_of(simulator.url(), SECRET, Duration::from_millis(300));
    simulator.faults().add(Fault::times(2, Kind::Hang { ms: 60_000 }));
    assert_eq!(update(&client).await.unwrap_err().class(), Class::Unknown);
    assert_eq!(client.merchant_profile(TOKEN).await.unwrap_err().class(), Class::Transient);
    assert_eq!(sold(&simulator, SKU).stock, 10);
    // Late is not lost: the call had its effect, nobody was told.
    simulator.faults().add(Fault::times(1, Kind::Latency { ms: 60_000 }));
    assert_eq!(update(&client).await.unwrap_err().class(), Class::Unknown);
    assert_eq!(sold(&simulator, SKU).stock, 77);
}

#[tokio::test]
async fn what_was_never_sent_may_be_sent_again() {
    let (_socket, url) = refusing();
    let client = client_of(url, SECRET, Duration::from_secs(30));
    let error = update(&client).await.unwrap_err();
    assert_eq!((error.class(), error.code()), (Class::Transient, "not_reached"), "{error}");
    assert_eq!(client.merchant_profile(TOKEN).await.unwrap_err().class(), Class::Transient);
}

#[tokio::test]
async fn an_answer_is_read_by_its_content_whatever_it_is_called() {
    let (simulator, client) = both();
    simulator.faults().add(Fault::always(Kind::ContentType));
    assert_eq!(update(&client).await.unwrap(), [Verdict::Accepted, Verdict::Accepted]);
    assert!(client.product_info(TOKEN, FIRST).await.unwrap().is_some());
}

#[tokio::test]
async fn errors_of_the_gateway_have_their_class_and_no_effect() {
    let (simulator, client) = both();
    let throttled = |scope, secs| Class::Throttled { scope, retry_after: Duration::from_secs(secs) };
    let rows = [
        ("7", "", "This ban will last for 31 more seconds", throttled(Scope::App, 31)),
        ("ApiCallLimit", "", "this ban will last 5 seconds", throttled(Scope::Method, 5)),
        ("15", "isp.50001", "server error", Class::Transient),
        ("ServiceUnavailable", "", "", Class::Transient),
        ("27", "session-expired", "", Class::Unauthorized),
        ("15", "PRODUCT_IN_AUDIT_PENDING", "", Class::NotNow),
        ("15", "isv.invalid-parameter", "", Class::Rejected),
        ("InsufficientPermission", "", "", Class::Rejected),
    ];
    for (code, sub_code, message, class) in rows {
        let (code, message, sub_code) = (code.to_owned(), message.to_owned(), sub_code.to_owned());
        simulator.faults().add(Fault::times(1, Kind::Error { code, message, sub_code }));
        let error = update(&client).await.unwrap_err();
        assert_eq!(error.class(), class, "{error}");
    }
    assert_eq!(simulator.ledger().summary().applied, 0);
    assert_eq!(update(&client).await.unwrap(), [Verdict::Accepted, Verdict::Accepted]);
}

#[tokio::test]
async fn faults_of_one_product_leave_the_other_alone() {
    let code = || "F00-00-10014-018".to_owned();
    for kind in [
        Kind::Product { product: FIRST.0, code: code() },
        Kind::PoisonSku { sku: SKU.into(), code: code() },
        Kind::Missing { product: FIRST.0 },
    ] {
        let (simulator, client) = both();
        simulator.faults().add(Fault::times(1, kind.clone()));
        let verdicts = update(&client).await.unwrap();
        match (&verdicts[0], &kind) {
            (Verdict::Missing, Kind::Missing { .. }) => {}
            (Verdict::Refused(refusal), Kind::Product { .. } | Kind::PoisonSku { .. }) => {
                assert_eq!((refusal.code.as_str(), refusal.class), ("F00-00-10014-018", Class::Transient));
            }
            (verdict, kind) => panic!("{kind:?}: {verdict:?}"),
        }
        assert_eq!(verdicts[1], Verdict::Accepted, "{kind:?}");
        assert_eq!((sold(&simulator, SKU).stock, sold(&simulator, SKU_OF_SECOND).stock), (10, 78), "{kind:?}");
    }
}

#[tokio::test]
async fn a_product_that_nothing_is_said_of_is_unknown_even_when_it_is_alone() {
    let (simulator, client) = both();
    simulator.faults().add(Fault::always(Kind::Missing { product: FIRST.0 }));
    let answer = client.update_inventory(TOKEN, &[stock(FIRST, &[(SKU, 7)])]).await.unwrap();
    assert_eq!(answer.verdicts, [Verdict::Missing]);
}

#[tokio::test]
async fn a_sku_that_poisons_its_request_refuses_all_of_it() {
    let (simulator, client) = both();
    simulator.faults().add(Fault::always(Kind::PoisonRequest { sku: SKU_OF_SECOND.into() }));
    let error = update(&client).await.unwrap_err();
    assert_eq!((error.class(), error.blames_application()), (Class::Rejected, false), "{error}");
    assert_eq!(simulator.ledger().summary().applied, 0);
    let answer = client.update_inventory(TOKEN, &[stock(FIRST, &[(SKU, 7)])]).await.unwrap();
    assert_eq!(answer.verdicts, [Verdict::Accepted]);
}

#[tokio::test]
async fn no_error_and_no_client_shows_a_secret() {
    let simulator = simulator(|_| {});
    let client = client_of(simulator.url(), SECRET, Duration::from_millis(300));
    let (_socket, url) = refusing();
    let closed = client_of(url, SECRET, Duration::from_millis(300));
    let mut errors = vec![update(&closed).await.unwrap_err()];
    let error = Kind::Error { code: "15".into(), message: "no".into(), sub_code: String::new() };
    let hang = Kind::Hang { ms: 60_000 };
    for kind in losses().into_iter().map(|(kind, _)| kind).chain([hang, error]) {
        simulator.faults().add(Fault::times(1, kind));
        errors.push(update(&client).await.unwrap_err());
    }
    simulator.revoke_tokens(true);
    errors.push(update(&client).await.unwrap_err());
    let shown: String = errors.iter().map(|error| format!("{error} {error:?}\n")).collect();
    for text in [shown, format!("{client:?}")] {
        assert!(!text.contains(SECRET) && !text.contains(TOKEN) && !text.contains("sign="), "{text}");
    }
}
