//! Notices to the shop (`alerts`), which are states of the lane `notice`.

use std::time::Duration;

use aligate::alerts::{self, Notice, Severity};
use aligate::domain::Lane;
use aligate::queue::{Class, Confirmed, Outcome, Place};

use super::harness::{Harness, MOMENT};

fn notice(detail: &str) -> Notice {
    Notice::new("token_refused", Severity::Warning, detail)
}

/// Takes the notices that are due.
async fn take(h: &Harness) -> Vec<Notice> {
    h.advance(MOMENT).await;
    let mut told = Vec::new();
    for leased in h.reserve(Lane::Notice, Class::Any, 10, 10).await {
        told.push(serde_json::from_str(&leased.payload).unwrap());
        h.settle(&leased, Outcome::Done { confirmed: Confirmed::new() }).await;
    }
    told
}

async fn notices_of_one_cause_add_up_until_the_shop_is_told(h: &mut Harness) {
    let (queue, shop) = (h.queue(), &h.shop);
    alerts::tell(queue, shop, notice("first")).await.unwrap();
    alerts::tell(queue, shop, notice("second").counting(4)).await.unwrap();
    alerts::tell(queue, shop, Notice::new("other", Severity::Info, "other")).await.unwrap();
    let mut told = take(h).await;
    told.sort_by(|a, b| b.code.cmp(&a.code));
    assert_eq!(told, [notice("second").counting(5), Notice::new("other", Severity::Info, "other")]);
    // What the shop knows is not counted again, though the clock went nowhere.
    alerts::tell(h.queue(), &h.shop, notice("third")).await.unwrap();
    assert_eq!(take(h).await, [notice("third")]);
    assert_eq!(take(h).await, []);
}

async fn a_report_replaces_the_one_that_waits(h: &mut Harness) {
    alerts::report(h.queue(), &h.shop, notice("seven wait").counting(7)).await.unwrap();
    alerts::report(h.queue(), &h.shop, notice("five wait").counting(5)).await.unwrap();
    assert_eq!(take(h).await, [notice("five wait").counting(5)]);
}

async fn what_is_told_once_is_told_once_for_a_week(h: &mut Harness) {
    for _ in 0..3 {
        alerts::once(h.queue(), &h.shop, "ends:7", notice("7 days")).await.unwrap();
    }
    assert_eq!(take(h).await, [notice("7 days")]);
    h.advance(Duration::from_secs(6 * 86_400)).await;
    alerts::once(h.queue(), &h.shop, "ends:7", notice("7 days")).await.unwrap();
    assert_eq!(take(h).await, []);
    alerts::once(h.queue(), &h.shop, "ends:3", notice("3 days")).await.unwrap();
    assert_eq!(take(h).await, [notice("3 days")]);
}

async fn a_long_detail_is_cut_and_a_dead_notice_makes_way_for_the_next(h: &mut Harness) {
    alerts::tell(h.queue(), &h.shop, notice(&"ж".repeat(2_000))).await.unwrap();
    h.advance(MOMENT).await;
    let leased = h.reserve(Lane::Notice, Class::Any, 10, 10).await.remove(0);
    assert_eq!(serde_json::from_str::<Notice>(&leased.payload).unwrap().detail.chars().count(), 500);
    let fault = aligate::queue::Fault { code: "422".into(), detail: "refused".into() };
    h.settle(&leased, Outcome::Dead { fault }).await;
    alerts::tell(h.queue(), &h.shop, notice("again")).await.unwrap();
    let due = h.queue().list(&h.shop, Lane::Notice, Place::Due, None, 10).await.unwrap().items;
    assert_eq!(serde_json::from_str::<Notice>(&due[0].payload).unwrap().detail, "again");
}

contract!(
    notices_of_one_cause_add_up_until_the_shop_is_told,
    a_report_replaces_the_one_that_waits,
    what_is_told_once_is_told_once_for_a_week,
    a_long_detail_is_cut_and_a_dead_notice_makes_way_for_the_next,
);
