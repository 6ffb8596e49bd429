//! When a circuit opens, and when it closes.

use super::*;

const ORIGIN: &str = "https://api.example";
const STATUS: Verdict = Verdict::Fails(Fault::Status(503));

/// Seconds after 14:03:00 UTC.
fn at(seconds: i64) -> Timestamp {
    Timestamp(1_700_000_000_000)
        .plus_seconds(-(80_000 - 50_580))
        .plus_seconds(seconds)
}

fn project(name: &str) -> ProjectId {
    ProjectId::from(name)
}

/// One call; whether it went through.
fn call(circuits: &Circuits, seconds: i64, verdict: Verdict) -> bool {
    let project = project("prj_1");
    let admitted = circuits.admit(&project, ORIGIN, at(seconds));
    admitted
        .map(|admitted| admitted.ended(verdict, at(seconds)))
        .is_ok()
}

fn opened() -> Circuits {
    let circuits = Circuits::default();
    for _ in 0..OPENS_AFTER {
        assert!(call(&circuits, 0, STATUS));
    }
    circuits
}

#[test]
fn it_opens_after_failures_in_a_row_and_says_since_when() {
    let circuits = opened();
    let project = project("prj_1");
    let Err(rejected) = circuits.admit(&project, ORIGIN, at(3)) else {
        panic!("it went through");
    };
    assert_eq!(
        rejected.to_string(),
        "The tool's server has been failing since 14:03 UTC (10 calls in a row; last: answered \
         503), so nothing was sent. Trying again at 14:03:05 UTC."
    );
    let long = Rejected {
        now: at(86_400),
        ..rejected
    };
    assert!(long.to_string().contains("for more than a day (10 calls"));
}

#[test]
fn one_that_works_in_between_begins_the_count_anew() {
    let circuits = Circuits::default();
    for _ in 0..5 {
        for _ in 1..OPENS_AFTER {
            assert!(call(&circuits, 0, STATUS));
        }
        assert!(call(&circuits, 0, Verdict::Works));
    }
    assert!(circuits.0.is_empty(), "nothing is kept of what works");
}

#[test]
fn what_says_nothing_of_the_server_does_not_count() {
    let circuits = Circuits::default();
    for _ in 0..100 {
        assert!(call(&circuits, 0, Verdict::Unknown));
        let project = project("prj_1");
        drop(circuits.admit(&project, ORIGIN, at(0)));
    }
    assert!(circuits.0.is_empty());
}

#[test]
fn each_project_and_each_origin_has_its_own() {
    let circuits = opened();
    assert!(!call(&circuits, 1, STATUS));
    let (one, other) = (project("prj_1"), project("prj_2"));
    assert!(circuits.admit(&other, ORIGIN, at(1)).is_ok());
    for origin in ["https://api.example:8443", "http://api.example"] {
        assert!(circuits.admit(&one, origin, at(1)).is_ok(), "{origin}");
    }
}

#[test]
fn one_call_a_pause_finds_out_and_each_failure_makes_the_pause_longer() {
    let circuits = opened();
    let mut now = 0;
    for pause in [5, 10, 20, 40, 60, 60] {
        assert!(!call(&circuits, now + pause - 1, STATUS));
        now += pause;
        assert!(call(&circuits, now, STATUS), "after {pause} s");
        assert!(!call(&circuits, now, STATUS));
    }
    now += 60;
    assert!(call(&circuits, now, Verdict::Works));
    for _ in 1..OPENS_AFTER {
        assert!(call(&circuits, now, STATUS), "the count began anew");
    }
}

#[test]
fn while_one_finds_out_the_others_wait_for_a_pause_only() {
    let circuits = opened();
    let project = project("prj_1");
    let slow = circuits.admit(&project, ORIGIN, at(5));
    assert!(slow.is_ok());
    assert!(circuits.admit(&project, ORIGIN, at(9)).is_err());
    assert!(circuits.admit(&project, ORIGIN, at(10)).is_ok());
}

#[test]
fn one_that_is_cancelled_leaves_finding_out_to_the_next() {
    let circuits = opened();
    let project = project("prj_1");
    drop(circuits.admit(&project, ORIGIN, at(5)));
    assert!(call(&circuits, 5, Verdict::Works));
    assert!(call(&circuits, 5, STATUS));
}

#[test]
fn those_under_way_when_it_opened_do_not_make_the_pause_longer() {
    let circuits = Circuits::default();
    let project = project("prj_1");
    let under_way: Vec<_> = (0..100)
        .map(|_| circuits.admit(&project, ORIGIN, at(0)).ok().unwrap())
        .collect();
    for admitted in under_way {
        admitted.ended(STATUS, at(1));
    }
    assert!(!call(&circuits, 5, STATUS));
    assert!(call(&circuits, 6, Verdict::Works));
}

#[test]
fn a_clock_that_is_set_back_does_not_hold_it_open() {
    let circuits = opened();
    assert!(!call(&circuits, -50, STATUS));
    assert!(call(&circuits, -3_600, STATUS));
}

#[test]
fn memory_is_bounded() {
    let circuits = Circuits::default();
    let project = project("prj_1");
    for number in 0..3 * MOST {
        let origin = format!("https://{number}.example");
        let admitted = circuits.admit(&project, &origin, at(0)).ok().unwrap();
        admitted.ended(STATUS, at(0));
    }
    assert!(circuits.0.len() <= MOST, "{}", circuits.0.len());
}
