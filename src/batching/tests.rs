use proptest::prelude::*;

use super::*;

const LIMITS: BatchLimits = BatchLimits { products: 20, skus_per_product: 200 };

fn entry(listings: &[u64]) -> Packable {
    Packable { targets: listings.iter().copied().map(ListingId).collect(), cohort: None }
}

fn closed(batches: &[Batch]) -> Vec<Closed> {
    batches.iter().map(|batch| batch.closed).collect()
}

#[test]
fn skus_are_packed_by_product_and_each_batch_says_why_it_closed() {
    assert!(pack(&[], LIMITS).is_empty());
    let interleaved: Vec<_> = (0..50).map(|n| entry(&[n % 25])).collect();
    let batches = pack(&interleaved, LIMITS);
    assert_eq!(closed(&batches), [Closed::Products, Closed::Drained]);
    assert!(batches.iter().flat_map(|batch| &batch.items).all(|item| item.entries.len() == 2));

    let one_large: Vec<_> = (0..401).map(|_| entry(&[7])).collect();
    assert_eq!(closed(&pack(&one_large, LIMITS)), [Closed::Skus, Closed::Skus, Closed::Drained]);
}

#[test]
fn an_sku_of_several_listings_goes_to_each() {
    let batches = pack(&[entry(&[1, 2]), entry(&[2]), entry(&[])], LIMITS);
    assert_eq!(batches.len(), 1);
    assert_eq!(batches[0].items[0], Item { listing: ListingId(1), entries: vec![0] });
    assert_eq!(batches[0].items[1], Item { listing: ListingId(2), entries: vec![0, 1] });
}

#[test]
fn those_refused_together_share_an_item_with_nobody_and_a_request_where_they_must() {
    let with = |id, alone| Packable { targets: vec![ListingId(1)], cohort: Some(Cohort { id, alone }) };
    let batches = pack(&[entry(&[1]), with(5, false), with(6, false), with(7, true), entry(&[2])], LIMITS);
    let shape: Vec<Vec<Vec<usize>>> =
        batches.iter().map(|batch| batch.items.iter().map(|item| item.entries.clone()).collect()).collect();
    assert_eq!(shape, [vec![vec![0], vec![4]], vec![vec![1]], vec![vec![2]], vec![vec![3]]]);
    assert_eq!(batches[3].closed, Closed::Cohort);
}

#[test]
fn bisection_keeps_products_whole_while_it_can_and_ends_at_one() {
    let halves = bisect(&[vec![0, 1], vec![2], vec![3]], true, [8, 9]).unwrap();
    let ids: Vec<u32> = halves.iter().map(|(_, cohort)| cohort.id).collect();
    assert_eq!(ids, [8, 8, 9, 9].map(|id| if id == 8 { 8 } else { 9 }));
    assert!(halves.iter().all(|(_, cohort)| cohort.alone));
    assert_eq!(bisect(&[vec![4, 5, 6]], false, [8, 9]).unwrap().iter().filter(|(_, c)| c.id == 8).count(), 1);
    assert_eq!(bisect(&[vec![4]], false, [8, 9]), None);
    assert_eq!(bisect(&[], true, [8, 9]), None);
}

proptest! {
    #[test]
    fn nothing_is_lost_nothing_is_doubled_and_limits_hold(
        raw in prop::collection::vec((prop::collection::btree_set(0u64..30, 0..3), prop::option::of((1u32..4, any::<bool>()))), 0..300),
        products in 1usize..25,
        skus in 1usize..10,
    ) {
        let entries: Vec<Packable> = raw
            .into_iter()
            .map(|(targets, cohort)| Packable {
                targets: targets.into_iter().map(ListingId).collect(),
                cohort: cohort.map(|(id, alone)| Cohort { id, alone }),
            })
            .collect();
        let limits = BatchLimits { products, skus_per_product: skus };
        let batches = pack(&entries, limits);
        let mut sent: Vec<(usize, ListingId)> = Vec::new();
        for batch in &batches {
            prop_assert!(!batch.items.is_empty() && batch.items.len() <= products);
            let mut listings = std::collections::HashSet::new();
            for item in &batch.items {
                prop_assert!(listings.insert(item.listing), "a product twice in a request");
                prop_assert!(!item.entries.is_empty() && item.entries.len() <= skus);
                let cohort = entries[item.entries[0]].cohort;
                prop_assert!(item.entries.iter().all(|&entry| entries[entry].cohort == cohort));
                sent.extend(item.entries.iter().map(|&entry| (entry, item.listing)));
            }
            let cohorts: Vec<_> = batch.items.iter().map(|item| entries[item.entries[0]].cohort).collect();
            if cohorts.iter().flatten().any(|cohort| cohort.alone) {
                prop_assert!(cohorts.iter().all(|cohort| *cohort == cohorts[0]), "a cohort that goes alone has company");
            }
        }
        let mut wanted: Vec<(usize, ListingId)> = entries
            .iter()
            .enumerate()
            .flat_map(|(number, entry)| entry.targets.iter().map(move |&listing| (number, listing)))
            .collect();
        sent.sort_unstable();
        wanted.sort_unstable();
        prop_assert_eq!(sent, wanted);
    }

    #[test]
    fn without_cohorts_the_number_of_requests_is_the_least_possible_for_whole_products(
        sizes in prop::collection::vec(1usize..5, 1..80),
        products in 1usize..25,
    ) {
        let entries: Vec<Packable> =
            sizes.iter().enumerate().flat_map(|(at, &size)| std::iter::repeat_n(entry(&[at as u64]), size)).collect();
        let batches = pack(&entries, BatchLimits { products, skus_per_product: 5 });
        prop_assert_eq!(batches.len(), sizes.len().div_ceil(products));
    }
}
