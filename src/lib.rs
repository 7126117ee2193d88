//! aligate: an event-driven gateway between 1C-Bitrix shops and AliExpress.
//!
//! A shop says *that* something changed the moment it changes. The gateway keeps the newest state of each key durably, and
//! makes sure that AliExpress knows it within seconds, in the fewest requests, with nothing lost while either side is down.
//!
//! # Flow
//!
//! ```text
//! in       http::intake: verify, parse → one line: queue.drain, a commit for all that wait when the store is free → 202
//! out      worker: whose turn → budget open? → queue.reserve → render → batching → permit → AliExpress → queue.settle
//! back     orders::poll: cursor → a closed window of AliExpress's time → the book → queue (lane order) → the cursor moves
//!          worker::courier: reserve → the newest state from the book → bitrix (module or REST) → the book knows that the shop has it → settle
//! shipped  worker::fulfil: the shop's whole list of shipments → the difference to what was declared → a call a parcel → settle
//! held     worker, publishing: a change that takes from buyers → guard: counted in the store → goes, waits for seconds, or is held → a person
//! consent  http::oauth: state taken once → code exchanged → tokens encrypted and stored → handed out; oauth's keeper refreshes them
//! control  http::api and cli call the same functions of queue, jobs and worker; they have no rules of their own
//! ```
//!
//! Nothing is sent to a third party inside a request of a shop. The dialect of AliExpress is known to [`aliexpress`] alone.
//!
//! # The queue keeps state, not messages
//!
//! An entry is keyed by (shop, lane, key) and holds the latest state, whose version is the shop's. A newer state replaces it and
//! keeps its place in line: the depth is bounded by the number of SKUs. An entry is due, leased, awaiting (AliExpress will give
//! its verdict later), parked (waits for something outside, with its reason), held (for a person), a dead letter, or idle: nothing to
//! do, kept for its version and for what is confirmed. [`queue::Queue`] says what each operation does; both backends pass one suite.
//!
//! The rules ([`queue`]: `rules.rs`) are pure functions over one entry, used by both backends. SQLite runs them on its
//! writer thread inside a transaction. Redis has no place for them, so a step there is optimistic: a script loads the records, the rules
//! run here, and a second script commits, atomically for all records, if none has changed since (each carries a revision); else the step starts
//! again. What the store must decide itself — time, the seen-before check, the generation, picking what is due, fencing tokens — is in the scripts.
//!
//! # What always holds
//!
//! 1. *Durable before 202.* See the README for the conditions of each store. Each 202 carries the store's generation.
//! 2. *Nothing lost.* Each accepted state is confirmed, replaced by a newer one, or visible with its reason.
//! 3. *Never backwards.* No request with an older state starts after a newer one. A key whose lease ran out, or whose call ended
//!    `Unknown`, is suspect: its newest state is sent once more, one lease later.
//! 4. *At least once, harmless twice.* Stock and price are absolute; stock held back, and pieces of AliExpress orders that the shop had not
//!    taken when it told its stock, are subtracted when it is sent. A parcel whose declaration got no answer is looked for before it is
//!    declared again.
//! 5. *Signed at rest.* An entry whose seal does not verify is a dead letter (`tampered`) and is never sent.
//! 6. *Never over the limit.* Permits of an application, and of each method, are granted in the store's time, for all replicas.
//! 7. *One poison item fails alone.* What was refused together is bisected through the queue.
//! 8. *Nobody starves.* Sold-out SKUs first; every other lane and shop with work gets a twentieth.
//! 9. *A no-op costs nothing.* A state equal to the confirmed one, of a key with nothing in flight or suspect, is not sent.
//! 10. *Bounded.* Every body, list, queue, page, retry and wait has a limit; settings are in `config/default.toml`.
//!
//! # Rooms
//!
//! Below, in reading order: a room imports only from those above it, as `tests/architecture.rs` allows.
//!
//! # Decisions
//!
//! - Lanes `fulfilment`, `order`, `notice` and `product` are worked one entry at a time by a handler each; a lease that cannot be held drops the
//!   work where it stands, so that no request starts for an entry that somebody else may have.
//! - The lane `order` carries ids. What the shop gets lies in the order book, encrypted, always the newest: lists, dead letters and history
//!   hold nothing of a buyer, and erasing is one write.
//! - Orders are read in windows that end two seconds before AliExpress's present, by AliExpress's own clock, and never inside the hour that
//!   comes twice in autumn: orders only leave such a window, so its pages are read from the last to the first and none is missed.
//! - A stock state is lessened by pieces of orders that the shop took after it told that state; what is confirmed then (`4 of 7`) equals no
//!   state that was told without them.
//! - AliExpress takes no other number for a declared parcel over this interface: a changed number is one parcel more, and the shop is told.
//! - TMC messages are not pulled. Its methods are known (`taobao.tmc.user.permit`, `messages.consume`, `messages.confirm`), but not whether an
//!   application of today's platform may call them, nor on which gateway and with what signature beside the old TOP one, which is not spoken
//!   here; and a permit overwrites the topics that another program of the seller has set. A message says no more than a push or the poll.
//! - A shop without the module gets its orders by Bitrix's REST ([`bitrix::rest`]): what was written is read before anything is added, and a
//!   write whose answer was lost is waited out. Ours in such an order, and in the module's, is what `bitrix::rest::plan` names.
//! - A poller holds its shop while it reads and rests, so that another replica takes over within half a minute when it was killed.
//! - `publishing`: a product request takes stock and price from the newest states of their lanes and attests them there ([`queue::Queue::attest`]); a
//!   state that changed or was on its way meanwhile is sent after it. A post is repeated only after a look-up and a while (`catalog.repost_after_secs`).
//! - While an edit is on its way — the call itself, from the taking of figures to their attestation — its listing is barred in the queue
//!   ([`queue::Queue::bar`]): no replica starts stock or prices for it, and the edit waits for those on their way. A bar ends by itself when its owner
//!   dies. During the audit that follows, which may take days, stock and prices go on: a wait would sell what is not there. Where they were
//!   other than those of the edit when its audit ends, they are sent once more, so that a content which has its effect late brings no old stock back.
//! - A shop may have several mappings (`market`). The main one's work gives each state of a product to the markets that cover it as entries of their own
//!   (`product@market`), with their own record, audit, faults and retries. What is confirmed of a price is named by the main rule; each listing gets it by
//!   its market's rule when it is sent. A market takes over no listing that stood there before its own post.
//! - What a change of a mapping touches is written down before the mapping is exchanged, made due at once, and looked at again ten seconds later: for a
//!   process that died in between, and for replicas that still had the mapping before.
//! - Attributes that depend on a value of another are read with the path of values that leads to them, and are asked for and sent only beside these.
//! - What pages ask for is bounded: a schema shows at most 1 000 values of an attribute and 20 000 in all (`values_total` tells how many there are; the
//!   others come by pages), a listing page looks at 5 000 records, a check names 100 products of a cause with 20 SKUs each.
//! - Attributes are known by id from `getchildattributes…`; limits, templates, groups and brands come of `product.schema.get`.
//! - The sanitiser is ammonia 4.0: later ones bring a licence that is none of ours.
//! - `signing` stands above `config`, which checks webhook secrets with it.
//! - A request that carries sold-out SKUs takes along what else is due of the same listings, and sold-out SKUs yield every fourth turn, or
//!   every second where one request is enough for all of them: of a busy shop some are always sold out, and prices would wait for seconds.
//! - Batches have no timer. The budget is looked at before entries are taken: while it is spent they go on coalescing, so that requests
//!   leave at once when it is plentiful and fill by themselves when it is scarce. They are taken 12 ms before it opens, so that no permit
//!   waits for the store.
//! - A Redis that was emptied is filled again without a restart: senders learn of the new generation, fencing tokens start above all that
//!   were given before, and the replica that notices has the listings read again, since nothing can be sent without them.
//! - The embedded store's time is the machine's. When that is set back, what waits for its time moves back with it.
//! - Deliveries are remembered under 16 bytes of a digest. The embedded store writes those of one commit into one row, and knows in memory
//!   (about 20 bytes for each, for as long as it counts) which row to look into: an index of random names cost more than all else of an
//!   event. In Redis they are fields of a hash for each span of time, since a key for each is a command, and one more when it expires.
//! - In the embedded store a state that replaces one that still waits is written at the end of a table of its own, where several share a page, and
//!   goes into its row with the next lease: rows stand on a page of their own each, and to write that was half of what an event cost.
//! - The embedded store's log is carried into its file by a thread beside the writer, so that no request waits for that.
//! - A product's deletion sets the stock of the SKUs that it still owns to zero at once; its listing is taken off by the lane `product`.
//! - `alerts` stands beside `queue`, since every room below may have something to tell; `oauth` stands below `aliexpress`, whose calls give tokens.
//! - The AEAD is XChaCha20-Poly1305 (`chacha20poly1305`): its nonces are long enough to be random, so that no counter has to survive a crash.
//! - A refresh ahead of time is planned some seconds before it is made, and every replica lets the shop rest meanwhile: AliExpress may take the
//!   old access token back before its successor is known here. So nothing is sent with a dead token, at the price of some seconds a month.
//! - The refresh of a consent's last day gives the seller most of another month, if AliExpress grants it.
//! - A consent whose refresh token is refused goes on with its access token until that ends or is refused.
//! - The avalanche guard judges where a change would leave, not where it comes in: only there is it known what AliExpress has. It counts SKUs for stock
//!   and prices and products for withdrawals, each against its own total, in the store and in its time, so that replicas and restarts see one count.
//!   Kinds are lanes, so that an entry needs no mark of its own. What a person confirmed goes on by [`domain::Cause::Decision`], which survives
//!   retries; what is discarded rests as such, and no doubt about what AliExpress has sends it. See [`guard`].
//! - A zero that an order caused stays excused when an exchange says it again before it was sent.
//! - TOP's old gateway is not spoken. Dialect `local` comes later: its events are taken and kept, and the start says so.

pub mod domain;

pub mod clock;

pub mod signing;

pub mod config;

pub mod telemetry;

pub mod http_client;

pub mod store;

pub mod queue;

pub mod alerts;

pub mod batching;

pub mod rate_limit;

pub mod listings;

pub mod guard;

pub mod catalog;

pub mod aliexpress;

pub mod oauth;

pub mod bitrix;

pub mod orders;

pub mod jobs;

pub mod worker;

pub mod publishing;

pub mod http;

pub mod simulator;

pub mod app;

pub mod demo;

pub mod cli;
