use super::*;

const NOW: Timestamp = Timestamp(1_760_000_000_000_000);
const HOUR: Duration = Duration::from_secs(3_600);

fn grant(access: &str, refresh: Option<&str>, days: u32, refresh_days: Option<u32>) -> TokenGrant {
    TokenGrant {
        access_token: access.to_owned().into(),
        expires_in: DAY * days,
        refresh_token: refresh.map(|refresh| refresh.to_owned().into()),
        refresh_expires_in: refresh_days.map(|days| DAY * days),
        seller_id: "seller".into(),
        seller_name: String::new(),
    }
}

/// A consent of 30 and 60 days, given now.
fn consented() -> Record {
    let mut record = Record::default();
    record.consented(grant("a1", Some("r1"), 30, Some(60)), NOW).unwrap();
    record
}

fn after(days: u32) -> Timestamp {
    NOW.plus(DAY * days)
}

fn access(record: &Record) -> &str {
    record.tokens.as_ref().unwrap().access.0.expose_secret()
}

fn refresh(record: &Record) -> Option<&str> {
    record.tokens.as_ref().unwrap().refresh.as_ref().map(|refresh| refresh.0.expose_secret())
}

#[test]
fn a_token_is_refreshed_a_day_before_its_end_after_a_pause_that_every_replica_sees() {
    let mut record = consented();
    for at in [NOW, after(15), after(28).plus(HOUR * 23)] {
        assert_eq!(record.step(at, false), Step::Rest, "{at:?}");
    }
    let due = after(29).plus(HOUR);
    assert_eq!(record.step(due, false), Step::Plan);
    assert_eq!(record.rest(due), None);
    record.plan(due);
    assert_eq!(record.step(due, false), Step::Rest);
    let (from, until) = record.rest(due).unwrap();
    assert!(from < PLAN_AHEAD && until > PLAN_AHEAD + Duration::from_secs(20));
    let at = due.plus(PLAN_AHEAD);
    assert_eq!(record.step(at, false), Step::Refresh(Reason::Ahead));
    assert_eq!(record.rest(at).unwrap().0, Duration::ZERO);
    // Whoever planned it is gone: it is planned anew.
    assert_eq!(record.step(due.plus(PLAN_AHEAD + PLAN_LIFE), false), Step::Plan);
}

#[test]
fn a_token_that_has_ended_or_is_refused_is_refreshed_at_once() {
    let record = consented();
    assert_eq!(record.step(after(30), false), Step::Refresh(Reason::Ahead));
    assert_eq!(record.step(NOW, true), Step::Refresh(Reason::Refused));
}

#[test]
fn a_refresh_replaces_the_tokens_and_keeps_the_old_ones_until_the_new_are_proved() {
    let mut record = consented();
    record.attempt(after(29), Reason::Ahead, 0.5);
    record.refreshed(grant("a2", Some("r2"), 30, Some(31)), Reason::Ahead, after(29));
    assert_eq!((access(&record), refresh(&record), record.generation), ("a2", Some("r2"), 2));
    assert_eq!((record.attempts, record.next_at, record.refresh_at), (0, 0, 0));
    assert_eq!(record.previous.as_ref().unwrap().refresh.as_ref().unwrap().0.expose_secret(), "r1");
    // The new refresh token is refused before its access token was ever taken: the one before is tried.
    let mut doubted = record.clone();
    assert!(doubted.refresh_refused("IllegalRefreshToken".into()));
    assert_eq!(refresh(&doubted), Some("r1"));
    assert!(!doubted.refresh_refused("IllegalRefreshToken".into()));
    assert_eq!(refresh(&doubted), None);
    // Proved, the old ones are forgotten.
    assert!(record.prove(false) && !record.prove(true));
    assert!(record.previous.is_none());
    assert!(!record.refresh_refused("IllegalRefreshToken".into()));
}

#[test]
fn a_refresh_that_names_no_refresh_token_keeps_the_old_one_and_its_end() {
    let mut record = consented();
    record.refreshed(grant("a2", None, 30, None), Reason::Ahead, after(29));
    assert_eq!(refresh(&record), Some("r1"));
    assert_eq!(record.tokens.as_ref().unwrap().refresh_ends_at, Some(after(60).0));
    // Zero: AliExpress says that it cannot be refreshed again.
    record.refreshed(grant("a3", Some("r3"), 30, Some(0)), Reason::Ahead, after(58));
    assert_eq!(refresh(&record), None);
    assert_eq!(record.tokens.as_ref().unwrap().consent_ends_at(), Some(after(88).0));
}

#[test]
fn the_last_refresh_of_a_consent_comes_just_before_its_end_once() {
    let mut record = consented();
    record.refreshed(grant("a2", Some("r2"), 30, Some(31)), Reason::Ahead, after(29));
    record.announced = Some(3);
    assert_eq!(record.step(after(57).plus(HOUR * 23), false), Step::Rest);
    record.refreshed(grant("a3", Some("r3"), 30, Some(2)), Reason::Ahead, after(58));
    record.announced = Some(1);
    assert_eq!(record.step(after(58).plus(HOUR), false), Step::Rest);
    let end = after(59).plus(HOUR);
    assert_eq!(record.step(end, false), Step::Plan);
    record.refreshed(grant("a4", Some("r4"), 30, Some(1)), Reason::Ahead, end);
    assert_eq!(record.step(end.plus(HOUR), false), Step::Rest);
    assert_eq!(record.announced, Some(1), "the consent did not become longer");
}

#[test]
fn a_refusal_is_answered_by_one_refresh_then_the_seller_is_asked() {
    let mut record = consented();
    record.refreshed(grant("a2", Some("r2"), 30, Some(60)), Reason::Refused, NOW);
    // Another replica may know that AliExpress took it, and has some seconds to say so.
    assert_eq!(record.step(NOW, true), Step::Rest);
    assert!(matches!(record.step(NOW.plus(PROOF_AFTER), true), Step::AskSeller(_)));
    record.ask_seller("refused", None, NOW);
    assert_eq!(record.step(NOW.plus(PROOF_AFTER), true), Step::Rest);
    // It was taken before it was refused: that mends nothing. AliExpress takes it after all: that does.
    assert!(record.prove(false) && record.needs_consent.is_some());
    assert!(record.prove(true));
    assert_eq!(record.needs_consent, None);
    assert_eq!(record.step(NOW, true), Step::Refresh(Reason::Refused), "a proved token may be refreshed once more");
}

#[test]
fn a_token_that_cannot_be_refreshed_serves_to_its_end() {
    let mut record = Record::default();
    record.consented(grant("a1", Some("r1"), 30, Some(0)), NOW).unwrap();
    record.announced = Some(1);
    assert_eq!(record.step(after(29), false), Step::Rest);
    assert!(matches!(record.step(after(30), false), Step::AskSeller(_)));
    assert!(matches!(record.step(NOW, true), Step::AskSeller(_)));
}

#[test]
fn a_configured_token_that_is_refused_asks_the_seller() {
    let mut record = Record::default();
    assert_eq!(record.step(NOW, false), Step::Rest);
    assert!(matches!(record.step(NOW, true), Step::AskSeller(_)));
    record.ask_seller("refused", Some("digest".into()), NOW);
    assert_eq!(record.needs_consent.as_ref().unwrap().configured.as_deref(), Some("digest"));
    assert_eq!(record.step(NOW, true), Step::Rest);
}

#[test]
fn failures_back_off_with_jitter_faster_while_lanes_wait() {
    let (mut last, mut record) = (Duration::ZERO, consented());
    for attempt in 0..30 {
        record.attempt(NOW, Reason::Ahead, 1.0);
        let pause = Timestamp(record.next_at).since(NOW);
        assert!(pause >= last && pause <= BACKOFF_MAX, "{attempt}");
        last = pause;
        let mut low = consented();
        low.attempts = attempt;
        low.attempt(NOW, Reason::Ahead, 0.0);
        assert_eq!(Timestamp(low.next_at).since(NOW) * 2, pause);
    }
    assert_eq!(last, BACKOFF_MAX);
    record.attempt(NOW, Reason::Refused, 1.0);
    assert_eq!(Timestamp(record.next_at).since(NOW), BACKOFF_MAX_WAITING);
    assert_eq!(record.step(NOW, true), Step::Rest);
    assert_eq!(record.step(NOW.plus(BACKOFF_MAX_WAITING), true), Step::Refresh(Reason::Refused));
}

#[test]
fn the_end_is_announced_14_7_3_and_1_days_before_once_each() {
    let mut record = consented();
    record.refreshed(grant("a2", Some("r2"), 90, Some(60)), Reason::Ahead, NOW);
    let mut told = Vec::new();
    for hours in 0..59 * 24 {
        if let Step::Announce(days) = record.step(NOW.plus(HOUR * hours), false) {
            told.push((hours / 24, days));
            record.announced = Some(days);
        }
    }
    assert_eq!(told, [(46, 14), (53, 7), (57, 3)]);
    record.tokens.as_mut().unwrap().obtained_at = after(59).0;
    assert_eq!(record.step(after(59), false), Step::Announce(1));
    // A consent that is short from its start is announced once, for what it is.
    let mut short = Record::default();
    short.consented(grant("a1", Some("r1"), 1, Some(2)), NOW).unwrap();
    assert_eq!(short.step(NOW, false), Step::Announce(3));
    short.announced = Some(3);
    assert_eq!(short.step(NOW.plus(HOUR), false), Step::Rest);
}

#[test]
fn a_clock_that_was_wrong_costs_a_pause_and_never_a_consent() {
    let mut record = consented();
    // Two years ahead: everything seems over. A refresh is tried; only AliExpress's word would end the consent.
    let ahead = after(700);
    assert_eq!(record.step(ahead, false), Step::Refresh(Reason::Ahead));
    record.attempt(ahead, Reason::Ahead, 1.0);
    record.plan(ahead);
    // The clock is right again: what was written by the wrong one does not count.
    assert_eq!(record.step(after(1), false), Step::Rest);
    assert_eq!(record.rest(after(1)), None);
    assert_eq!(record.step(after(1), true), Step::Refresh(Reason::Refused));
    // Ten years behind: nothing lives longer than AliExpress said.
    let behind = Timestamp(NOW.0 - 10 * 365 * 86_400_000_000);
    assert_eq!(record.tokens.as_ref().unwrap().left(behind), DAY * 30);
    assert_eq!(record.step(behind, false), Step::Rest);
    assert_eq!(record.step(behind, true), Step::Refresh(Reason::Refused));
}

#[test]
fn another_seller_waits_for_a_persons_word_and_the_first_may_return() {
    let mut record = consented();
    let other = TokenGrant { seller_id: "other".into(), ..grant("b1", Some("s1"), 30, Some(60)) };
    let sellers = record.consented(other.clone(), NOW).unwrap_err();
    assert_eq!((sellers.first.as_str(), sellers.second.as_str()), ("seller", "other"));
    assert_eq!((access(&record), record.generation), ("a1", 1));
    assert!(!record.confirm("a third"));
    assert!(record.clone().confirm("other"));
    record.consented(grant("a2", Some("r2"), 30, Some(60)), NOW).unwrap();
    assert!(!record.confirm("other"), "the first seller came back: the other's tokens are gone");
    assert!(record.consented(other, NOW).is_err() && record.confirm("other"));
    assert_eq!((access(&record), record.generation), ("b1", 3));
}

#[test]
fn a_record_shows_no_token_and_survives_its_stored_form() {
    let mut record = consented();
    record.refreshed(grant("a2", Some("r2"), 30, Some(60)), Reason::Ahead, NOW);
    let text = serde_json::to_string(&record).unwrap();
    let read: Record = serde_json::from_str(&text).unwrap();
    assert_eq!((access(&read), refresh(&read), read.generation), ("a2", Some("r2"), 2));
    let shown = format!("{record:?}");
    assert!(!["\"a1\"", "\"a2\"", "\"r1\"", "\"r2\""].iter().any(|token| shown.contains(token)), "{shown}");
    // An older version's record, and a newer one's with members that are not known yet.
    let old: Record = serde_json::from_str(r#"{"generation":3,"later":true}"#).unwrap();
    assert_eq!((old.generation, old.tokens.is_none()), (3, true));
}
