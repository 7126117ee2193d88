use secrecy::ExposeSecret;

use super::*;

const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

fn with(text: &str, environment: &[(&str, &str)]) -> Sources {
    let dir = tempfile::tempdir().unwrap().keep();
    let file = dir.join("aligate.toml");
    std::fs::write(&file, text).unwrap();
    let environment = environment.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
    Sources { file: Some(file), environment }
}

fn keys(sources: &Sources) -> Vec<String> {
    load(sources).unwrap_err().0.into_iter().map(|fault| fault.key).collect()
}

#[test]
fn the_defaults_alone_are_valid_and_so_is_the_example_but_for_its_files() {
    let config = load(&Sources::default()).unwrap();
    assert_eq!(config.intake.listen.port(), 8080);
    assert_eq!(config.aliexpress.requests_per_second, 40);
    assert!(config.shops.is_empty());
    let faults = load(&with(EXAMPLE, &[])).unwrap_err();
    assert!(faults.0.iter().all(|fault| fault.key.ends_with("_file")), "{faults}");
}

#[test]
fn every_fault_is_found_at_once_each_with_its_key() {
    let text = format!(
        r#"
        [intake]
        listne = "x"
        body_bytes_max = "4 MB"
        events_per_request_max = 0
        [worker.lanes.stock]
        lease_secs = 3
        backoff_ms_min = -1
        [aliexpress]
        gateway_url = "ftp://x"
        [wroker]
        [[shops]]
        id = "a b"
        webhook_secrets = ["{SECRET}"]
        [[shops]]
        id = "two"
        mode = "dry"
        dialekt = "local"
        "#
    );
    let found = keys(&with(&text, &[]));
    for key in [
        "intake.listne",
        "intake.body_bytes_max",
        "worker.lanes.stock.backoff_ms_min",
        "wroker",
        "shops.0.id",
        "shops.1.mode",
        "shops.1.dialekt",
    ] {
        assert!(found.contains(&key.to_owned()), "{key} not in {found:?}");
    }
    let text = format!(
        "[intake]\npublic_url = \"gateway.example\"\nevents_per_request_max = 0\n[worker.lanes.stock]\nlease_secs = 3\n[aliexpress]\ngateway_url = \"ftp://x\"\n[guard]\nshare_percent = 0\nlook_secs = 30\n[[shops]]\nid = \"a\"\n[[shops]]\nid = \"a\"\nwebhook_secrets = [\"{SECRET}\"]\n"
    );
    let found = keys(&with(&text, &[]));
    let expected = [
        "aliexpress.gateway_url",
        "guard.look_secs_max",
        "guard.share_percent",
        "intake.events_per_request_max",
        "intake.public_url",
        "shops.0.webhook_secrets",
        "shops.1.id",
        "worker.lanes.stock.lease_secs",
    ];
    assert_eq!(found, expected);
    let fault = load(&with("[intake]\nlistne = 1", &[])).unwrap_err();
    assert!(fault.to_string().contains("did you mean `listen`?"), "{fault}");
}

#[test]
fn the_environment_wins_and_reaches_into_shops() {
    let sources = with(
        &format!("[intake]\nlisten = \"127.0.0.1:1\"\n[[shops]]\nid = \"main\"\nwebhook_secrets = [\"{SECRET}\"]\n"),
        &[
            ("ALIGATE__INTAKE__LISTEN", "127.0.0.1:0"),
            ("ALIGATE__SHOPS__0__STOCK_RESERVE", "3"),
            ("ALIGATE__SHOPS__1__ID", "second"),
            ("ALIGATE__SHOPS__1__WEBHOOK_SECRETS", SECRET),
            ("ALIGATE__WORKER__LANES__STOCK__WINDOW_MS", "0"),
            ("PATH", "/bin"),
        ],
    );
    let config = load(&sources).unwrap();
    assert_eq!(config.intake.listen.port(), 0);
    assert_eq!(config.shops[0].stock.reserve, 3);
    assert_eq!(config.shops[1].id.as_str(), "second");
    assert!(config.worker.lane(crate::domain::Lane::Stock).window().is_zero());
    assert_eq!(keys(&with("", &[("ALIGATE__INTAKE__NOPE", "1")])), ["ALIGATE__INTAKE__NOPE"]);
    assert_eq!(keys(&with("", &[("ALIGATE__STORE__TIMEOUT_MS", "soon")])), ["ALIGATE__STORE__TIMEOUT_MS"]);
}

#[test]
fn shops_inherit_the_shop_defaults() {
    let text = format!(
        "[shop_defaults]\napp_key = \"77\"\napp_secret = \"s\"\n[[shops]]\nid = \"a\"\nwebhook_secrets = [\"{SECRET}\"]\n"
    );
    assert_eq!(load(&with(&text, &[])).unwrap().shops[0].app_key, "77");
}

#[test]
fn secrets_come_from_files_and_are_never_shown() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("secret");
    std::fs::write(&file, "top-secret-value\n").unwrap();
    let text = format!(
        "[admin]\ntoken = \"0123456789abcdef-admin\"\n[store]\nurl = \"redis://user:hunter2@localhost/1\"\n[[shops]]\nid = \"a\"\nwebhook_secrets = [\"{SECRET}\"]\napp_key = \"1\"\napp_secret_file = {file:?}\nbitrix_url = \"https://shop.example/hook/abc123\"\n"
    );
    let sources = with(&text, &[]);
    let config = load(&sources).unwrap();
    assert_eq!(config.shops[0].app_secret.expose_secret(), "top-secret-value");
    let shown = show(&sources).unwrap() + &format!("{config:?}");
    for secret in ["hunter2", "top-secret-value", &SECRET[6..], "abc123", "0123456789abcdef-admin"] {
        assert!(!shown.contains(secret), "{secret} is shown");
    }
    assert!(shown.contains("redis://***@localhost/1"));
}

#[test]
fn a_secret_given_twice_is_a_fault() {
    let text =
        format!("[[shops]]\nid = \"a\"\nwebhook_secrets = [\"{SECRET}\"]\ntoken = \"x\"\ntoken_file = \"/nowhere\"\n");
    assert_eq!(keys(&with(&text, &[])), ["shops.0.token"]);
}

#[test]
fn a_shop_without_the_module_says_what_its_orders_need() {
    let shop = format!("[[shops]]\nid = \"a\"\nwebhook_secrets = [\"{SECRET}\"]\n");
    let rest =
        |more: &str| with(&format!("{shop}[shops.rest]\nurl = \"https://b.example/rest/1/abc123/\"\n{more}"), &[]);
    let whole = "person_type = 1\ndelivery = 2\npay_system = 3\ncatalogs = [\"24\", \"23\"]\nsku = \"property:77\"\n";
    let config = load(&rest(whole)).unwrap();
    let settings = config.shops[0].rest.as_ref().unwrap();
    assert_eq!((settings.sku, settings.unknown_sku), (SkuField::Property(77), UnknownSku::Line));
    assert_eq!((settings.catalogs.as_slice(), settings.site.as_str()), (&[24, 23][..], "s1"));
    assert_eq!(settings.properties[3], (BuyerPart::WholeAddress, "ADDRESS".to_owned()));
    assert_eq!(settings.statuses[&crate::domain::OrderStatus::Finish], "F");
    let shown = show(&rest(whole)).unwrap() + &format!("{config:?}");
    assert!(!shown.contains("abc123"), "the webhook is shown");
    assert!(load(&with(&shop, &[])).unwrap().shops[0].rest.is_none());
    assert_eq!(
        keys(&rest("")),
        ["shops.0.rest.catalogs", "shops.0.rest.delivery", "shops.0.rest.pay_system", "shops.0.rest.person_type"]
    );
    let bad = "unkown_sku = \"x\"\nsku = \"article\"\ncatalogs = [\"x\"]\nproperties = [\"nose = N\"]\nstatuses = [\"LOST = F\", \"FINISH\"]\n";
    let found = keys(&rest(bad));
    for key in ["unkown_sku", "sku", "catalogs", "properties", "statuses"] {
        assert!(found.contains(&format!("shops.0.rest.{key}")), "{key} not in {found:?}");
    }
    let both = with(
        &format!(
            "{shop}bitrix_url = \"https://b.example/\"\n[shops.rest]\nurl = \"https://b.example/rest/1/x\"\n{whole}"
        ),
        &[],
    );
    assert_eq!(keys(&both), ["shops.0.rest.url"]);
    let environment = [
        ("URL", "https://b.example/x"),
        ("PERSON_TYPE", "1"),
        ("DELIVERY", "1"),
        ("PAY_SYSTEM", "1"),
        ("CATALOGS", "1,2"),
    ];
    let environment = environment.map(|(key, value)| (format!("ALIGATE__SHOPS__0__REST__{key}"), value));
    let environment: Vec<(&str, &str)> = environment.iter().map(|(key, value)| (key.as_str(), *value)).collect();
    assert_eq!(keys(&with(&shop, &environment)), ["shops.0.rest.url"], "it has no token");
}
