//! Stock and orders in flight: what AliExpress has sold is not sold again by a restock.

use std::time::Duration;

use aligate::domain::Lane;
use aligate::queue::Place;

use super::bench::Bench;

const SKU: &str = "SKU-00001-01";
const SECOND: Duration = Duration::from_secs(1);

fn on_sale(bench: &Bench) -> u64 {
    bench.simulator.catalogue().sku(SKU).unwrap().stock
}

/// A shop with ten pieces, of which AliExpress knows.
async fn with_stock() -> Bench {
    let mut bench = Bench::at("2026-11-23T10:00:00Z").await;
    bench.list().await;
    bench.poll().await;
    bench.stock(SKU, 10).await;
    bench.drain().await;
    assert_eq!(on_sale(&bench), 10);
    bench
}

#[tokio::test]
async fn pieces_that_the_shop_has_not_taken_are_held_back_from_a_restock() {
    let mut bench = with_stock().await;
    bench.shop.lock().unwrap().down = true;
    bench.paid_order(&[(SKU, 3)]);
    bench.advance(60 * SECOND);
    bench.poll().await;
    bench.drain().await;
    assert_eq!(on_sale(&bench), 7);
    // The shop knows nothing of the order yet and gets new goods.
    bench.stock(SKU, 12).await;
    bench.drain().await;
    assert_eq!(on_sale(&bench), 9, "12 less the 3 that are sold");
    // A state that equals what AliExpress has by chance is no reason to sell what is sold.
    bench.stock(SKU, 9).await;
    bench.drain().await;
    assert_eq!(on_sale(&bench), 6);
    bench.stop().await;
}

#[tokio::test]
async fn stock_that_was_told_before_the_order_was_taken_stays_lessened_and_later_stock_knows_of_it() {
    let mut bench = with_stock().await;
    bench.paid_order(&[(SKU, 3)]);
    bench.advance(60 * SECOND);
    bench.poll().await;
    bench.drain().await;
    assert_eq!((on_sale(&bench), bench.shop.lock().unwrap().orders.len()), (7, 1), "the shop has the order");
    // Sent once more for whatever reason, the old state must not undo the sale.
    bench.advance(SECOND);
    let which = aligate::queue::Which::All;
    bench.desk.queue.forget(&bench.id(), Lane::Stock, &which, true).await.unwrap();
    bench.drain().await;
    assert_eq!(on_sale(&bench), 7);
    // The shop's own stock fell by the order; that state is sent as it is.
    bench.stock(SKU, 7).await;
    bench.drain().await;
    assert_eq!(on_sale(&bench), 7);
    bench.stock(SKU, 8).await;
    bench.drain().await;
    assert_eq!(on_sale(&bench), 8);
    bench.stop().await;
}

#[tokio::test]
async fn an_order_forgets_what_was_confirmed() {
    let mut bench = with_stock().await;
    bench.shop.lock().unwrap().down = true;
    // AliExpress loses pieces that nobody ordered from the gateway's point of view, then an order comes.
    bench.simulator.catalogue().sell(SKU, 5);
    bench.paid_order(&[(SKU, 1)]);
    bench.advance(60 * SECOND);
    bench.poll().await;
    bench.drain().await;
    assert_eq!(on_sale(&bench), 9, "the newest state was sent once more, less the order");
    assert_eq!(bench.in_place(Lane::Stock, Place::Due).await.len(), 0);
    bench.stop().await;
}

#[tokio::test]
async fn a_cancelled_order_gives_its_pieces_back() {
    let mut bench = with_stock().await;
    bench.shop.lock().unwrap().down = true;
    let id = bench.paid_order(&[(SKU, 3)]);
    bench.advance(60 * SECOND);
    bench.poll().await;
    bench.drain().await;
    assert_eq!(on_sale(&bench), 7);
    bench.simulator.orders().finish(id, "buyer_cancel_order");
    bench.advance(60 * SECOND);
    bench.poll().await;
    bench.drain().await;
    assert_eq!(on_sale(&bench), 10);
    bench.stop().await;
}
