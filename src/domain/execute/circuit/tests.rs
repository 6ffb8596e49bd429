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

const NO_CONNECTION: Verdict = Verdict::Fails(Fault::NotConnected);

fn project(name: &str) -> ProjectId {
    ProjectId::from(name)
}

/// The tool of most calls.
fn one() -> ToolId {
    ToolId::from("tool_1")
}

/// One call of a tool; whether it went through.
fn call_of(tool: &str, circuits: &Circuits, seconds: i64, verdict: Verdict) -> bool {
    let (project, tool) = (project("prj_1"), ToolId::from(tool));
    let admitted = circuits.admit(&project, ORIGIN, &tool, at(seconds));
    admitted
        .map(|admitted| admitted.ended(verdict, at(seconds)))
        .is_ok()
}

fn call(circuits: &Circuits, seconds: i64, verdict: Verdict) -> bool {
    call_of("tool_1", circuits, seconds, verdict)
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
    let (project, tool) = (project("prj_1"), one());
    let Err(rejected) = circuits.admit(&project, ORIGIN, &tool, at(3)) else {
        panic!("it went through");
    };
    assert_eq!(
        rejected.to_string(),
        "The tool's endpoint has been failing since 14:03 UTC (10 calls in a row; last: answered \
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
        let (project, tool) = (project("prj_1"), one());
        drop(circuits.admit(&project, ORIGIN, &tool, at(0)));
    }
    assert!(circuits.0.is_empty());
}

#[test]
fn each_project_and_each_origin_has_its_own() {
    let (one, other, tool) = (project("prj_1"), project("prj_2"), one());
    for verdict in [STATUS, NO_CONNECTION] {
        let circuits = Circuits::default();
        for _ in 0..OPENS_AFTER {
            assert!(call(&circuits, 0, verdict));
        }
        assert!(!call(&circuits, 1, verdict));
        assert!(circuits.admit(&other, ORIGIN, &tool, at(1)).is_ok());
        for origin in ["https://api.example:8443", "http://api.example"] {
            let admitted = circuits.admit(&one, origin, &tool, at(1));
            assert!(admitted.is_ok(), "{origin}");
        }
    }
}

#[test]
fn a_tool_closes_itself_and_not_its_neighbours() {
    for fault in [
        Fault::Status(500),
        Fault::NotInTime,
        Fault::NoTimeToConnect,
        Fault::HungUp,
        Fault::BadAnswer,
    ] {
        let circuits = Circuits::default();
        for _ in 0..OPENS_AFTER {
            assert!(call(&circuits, 0, Verdict::Fails(fault)));
        }
        assert!(!call(&circuits, 1, STATUS), "{fault:?}");
        for _ in 0..OPENS_AFTER {
            assert!(call_of("tool_2", &circuits, 1, Verdict::Works), "{fault:?}");
        }
        assert!(!call(&circuits, 1, STATUS), "a neighbour opens none either");
    }
}

#[test]
fn a_server_that_cannot_be_connected_to_is_left_alone_by_all_tools() {
    let circuits = Circuits::default();
    for number in 0..OPENS_AFTER {
        assert!(call_of(
            &format!("tool_{number}"),
            &circuits,
            0,
            NO_CONNECTION
        ));
    }
    let (project, tool) = (project("prj_1"), ToolId::from("tool_99"));
    let Err(rejected) = circuits.admit(&project, ORIGIN, &tool, at(3)) else {
        panic!("it went through");
    };
    assert_eq!(
        rejected.to_string(),
        "The tool's server has been failing since 14:03 UTC (10 calls in a row; last: could not \
         connect), so nothing was sent. Trying again at 14:03:05 UTC."
    );
    // Whatever it answers, there it is.
    assert!(call_of("tool_1", &circuits, 5, STATUS));
    assert!(call_of("tool_2", &circuits, 5, Verdict::Works));
}

#[test]
fn a_tool_without_time_to_connect_says_nothing_of_its_server() {
    let circuits = Circuits::default();
    let no_time = Verdict::Fails(Fault::NoTimeToConnect);
    for _ in 1..OPENS_AFTER {
        assert!(call_of("tool_2", &circuits, 0, NO_CONNECTION));
        assert!(call(&circuits, 0, no_time));
    }
    assert!(call_of("tool_2", &circuits, 0, NO_CONNECTION));
    assert!(!call_of("tool_2", &circuits, 0, NO_CONNECTION));
    // It finds out nothing, and leaves that to the next.
    assert!(call(&circuits, 5, no_time));
    assert!(call_of("tool_2", &circuits, 5, Verdict::Works));
    assert!(!call(&circuits, 5, no_time), "its own is the tenth");
}

#[test]
fn one_that_finds_out_for_both_does_so_or_leaves_it_to_the_next() {
    let both = || {
        let circuits = opened();
        for _ in 0..OPENS_AFTER {
            assert!(call_of("tool_2", &circuits, 0, NO_CONNECTION));
        }
        circuits
    };
    let circuits = both();
    assert!(call(&circuits, 5, Verdict::Works));
    assert!(circuits.0.is_empty());

    // No connection is no better for the tool: its pause grows as well.
    let circuits = both();
    assert!(call(&circuits, 5, NO_CONNECTION));
    assert!(call_of("tool_2", &circuits, 15, Verdict::Works));
    assert!(call(&circuits, 15, STATUS));
    assert!(!call(&circuits, 34, STATUS));
    assert!(call(&circuits, 35, STATUS));

    // One that its tool holds back does not take the server's turn to find out.
    let circuits = both();
    assert!(call_of("tool_2", &circuits, 5, NO_CONNECTION));
    assert!(call(&circuits, 15, STATUS), "the server works again");
    let circuits = both();
    let (project, tool) = (project("prj_1"), one());
    let slow = circuits.admit(&project, ORIGIN, &tool, at(5));
    assert!(slow.is_ok());
    drop(slow);
    assert!(call_of("tool_2", &circuits, 5, Verdict::Works));
}

#[test]
fn a_tool_that_is_held_back_does_not_find_out_for_its_server() {
    let circuits = opened();
    assert!(call(&circuits, 5, STATUS), "its pause is 10 s now");
    for _ in 0..OPENS_AFTER {
        assert!(call_of("tool_2", &circuits, 5, NO_CONNECTION));
    }
    // The server's pause is over, and that of the tool is not.
    assert!(!call(&circuits, 12, STATUS));
    assert!(call_of("tool_2", &circuits, 12, Verdict::Works));
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
    let (project, tool) = (project("prj_1"), one());
    let slow = circuits.admit(&project, ORIGIN, &tool, at(5));
    assert!(slow.is_ok());
    assert!(circuits.admit(&project, ORIGIN, &tool, at(9)).is_err());
    assert!(circuits.admit(&project, ORIGIN, &tool, at(10)).is_ok());
}

#[test]
fn one_that_is_cancelled_leaves_finding_out_to_the_next() {
    let circuits = opened();
    let (project, tool) = (project("prj_1"), one());
    drop(circuits.admit(&project, ORIGIN, &tool, at(5)));
    assert!(call(&circuits, 5, Verdict::Works));
    assert!(call(&circuits, 5, STATUS));
}

#[test]
fn those_under_way_when_it_opened_do_not_make_the_pause_longer() {
    let circuits = Circuits::default();
    let (project, tool) = (project("prj_1"), one());
    let under_way: Vec<_> = (0..100)
        .map(|_| circuits.admit(&project, ORIGIN, &tool, at(0)).ok().unwrap())
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
    for verdict in [STATUS, NO_CONNECTION] {
        let circuits = Circuits::default();
        let project = project("prj_1");
        for number in 0..3 * MOST {
            let origin = format!("https://{}.example", number / 2);
            let tool = ToolId::from(format!("tool_{number}"));
            let admitted = circuits.admit(&project, &origin, &tool, at(0));
            admitted.ok().unwrap().ended(verdict, at(0));
        }
        assert!(circuits.0.len() <= MOST, "{}", circuits.0.len());
    }
}
