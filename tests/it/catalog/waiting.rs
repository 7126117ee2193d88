//! Stock and prices beside product requests: never in flight together, and an edit never brings back what was there before it.

use std::time::Duration;

use aligate::simulator::publishing::{AuditRules, Status};
use aligate::simulator::{Call, Fault, Kind};
use serde_json::json;

use super::flow::shirt;
use super::shop::{Pictures, changed, end, publishing, settled};
use crate::app::{INVENTORY, Store, TestApp, on_both_stores, price, stock};

on_both_stores!(
    stock_waits_for_the_end_of_an_edit,
    an_edit_waits_for_the_end_of_an_update_of_stock,
    an_edit_that_has_its_effect_late_brings_no_old_stock_back,
    what_is_refused_during_an_audit_is_sent_after_it,
    a_refused_audit_sends_stock_anew_too,
);

const EDIT: &str = "aliexpress.solution.product.edit";
/// How long an answer takes where a test looks at what happens meanwhile.
const LATE: u64 = 1_000;

fn last(app: &TestApp, method: &str) -> Option<Call> {
    app.simulator().ledger().calls().into_iter().rev().find(|call| call.method == method)
}

async fn arrived(app: &TestApp, method: &str) -> Call {
    app.until(method, async || last(app, method)).await
}

fn late(method: &str) -> Fault {
    Fault { method: Some(method.into()), ..Fault::times(1, Kind::Latency { ms: LATE }) }
}

async fn stock_waits_for_the_end_of_an_edit(store: Store) {
    let (app, pictures) = (publishing(store, &[]).await, Pictures::start());
    let mut shirt = shirt(&pictures, 1);
    app.accepted(&[stock("SKU-1", 1, 9), changed(2, &shirt)]).await;
    settled(&app).await;
    app.simulator().faults().add(late(EDIT));
    shirt["name"] = json!("Рубашка");
    app.accepted(&[changed(3, &shirt)]).await;
    let edit = arrived(&app, EDIT).await;
    app.accepted(&[stock("SKU-1", 4, 5), price("SKU-1", 5, "7.00")]).await;
    settled(&app).await;
    let update = last(&app, INVENTORY).unwrap();
    assert!(update.at_us >= edit.at_us + LATE * 1_000, "the update set out before the edit was answered");
    // Once after the edit, and once after its audit.
    assert_eq!((app.stock_there("SKU-1"), app.updates()), (5, 4));
    assert_eq!(app.simulator().catalogue().sku("SKU-1").unwrap().price, "7.00");
    end(app, &[]).await;
}

async fn an_edit_waits_for_the_end_of_an_update_of_stock(store: Store) {
    let (app, pictures) = (publishing(store, &[]).await, Pictures::start());
    let mut shirt = shirt(&pictures, 1);
    app.accepted(&[changed(1, &shirt)]).await;
    settled(&app).await;
    app.simulator().faults().add(late(INVENTORY));
    app.accepted(&[stock("SKU-1", 2, 5)]).await;
    let update = arrived(&app, INVENTORY).await;
    shirt["name"] = json!("Рубашка");
    app.accepted(&[changed(3, &shirt)]).await;
    settled(&app).await;
    let edit = last(&app, EDIT).unwrap();
    assert!(edit.at_us >= update.at_us + LATE * 1_000, "the edit set out before the update was answered");
    assert_eq!((app.stock_there("SKU-1"), app.updates()), (5, 1));
    end(app, &[]).await;
}

/// Works until everything but audits is done.
async fn at_audit(app: &TestApp) {
    app.until("the audit", async || {
        app.drained().await;
        (app.count().await.get("product: awaiting") == Some(&1)).then_some(())
    })
    .await;
}

async fn edited_under_audit(app: &TestApp, pictures: &Pictures, name: &str) {
    let mut shirt = shirt(pictures, 1);
    app.accepted(&[stock("SKU-1", 1, 9), changed(2, &shirt)]).await;
    settled(app).await;
    app.simulator().publishing().set_audit(Duration::from_secs(86_400));
    shirt["name"] = json!(name);
    app.accepted(&[changed(3, &shirt)]).await;
    at_audit(app).await;
}

async fn an_edit_that_has_its_effect_late_brings_no_old_stock_back(store: Store) {
    let (app, pictures) = (publishing(store, &[]).await, Pictures::start());
    app.simulator().publishing().set_rules(AuditRules { applies_late: true, ..AuditRules::default() });
    edited_under_audit(&app, &pictures, "Рубашка").await;
    // It takes days; stock goes on meanwhile.
    app.accepted(&[stock("SKU-1", 4, 2)]).await;
    at_audit(&app).await;
    assert_eq!((app.stock_there("SKU-1"), app.updates()), (2, 1));
    app.simulator().publishing().end_audits();
    settled(&app).await;
    // The edit came with nine, and they had their effect just now.
    assert_eq!(app.stock_there("SKU-1"), 2);
    let sent = app.updates();
    assert!((2..=3).contains(&sent), "stock and price once more: {sent}");
    // Where nothing changed meanwhile, nothing is sent again.
    let mut shirt = shirt(&pictures, 1);
    shirt["name"] = json!("Кепка");
    app.accepted(&[changed(5, &shirt)]).await;
    at_audit(&app).await;
    app.simulator().publishing().end_audits();
    settled(&app).await;
    assert_eq!((app.stock_there("SKU-1"), app.updates()), (2, sent));
    end(app, &[]).await;
}

async fn what_is_refused_during_an_audit_is_sent_after_it(store: Store) {
    let (app, pictures) = (publishing(store, &[]).await, Pictures::start());
    edited_under_audit(&app, &pictures, "Рубашка").await;
    app.simulator().publishing().set_rules(AuditRules { locks_figures: true, ..AuditRules::default() });
    app.accepted(&[stock("SKU-1", 4, 2)]).await;
    app.until("the refusal", async || last(&app, INVENTORY)).await;
    assert_eq!(app.stock_there("SKU-1"), 9);
    app.simulator().publishing().end_audits();
    settled(&app).await;
    assert_eq!(app.stock_there("SKU-1"), 2);
    end(app, &[]).await;
}

async fn a_refused_audit_sends_stock_anew_too(store: Store) {
    let (app, pictures) = (publishing(store, &[]).await, Pictures::start());
    app.simulator().publishing().set_rules(AuditRules { applies_late: true, ..AuditRules::default() });
    edited_under_audit(&app, &pictures, "Replica").await;
    app.accepted(&[stock("SKU-1", 4, 2)]).await;
    at_audit(&app).await;
    app.simulator().publishing().end_audits();
    settled(&app).await;
    assert_eq!(app.simulator().publishing().posted()[0].status, Status::EditingRequired);
    assert_eq!(app.stock_there("SKU-1"), 2);
    end(app, &[]).await;
}
