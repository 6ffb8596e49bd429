//! What a run found, as tables.

use crate::rounds::Compared;

#[derive(Debug, Default)]
pub struct Report {
    loads: Vec<LoadRow>,
    findings: Vec<Finding>,
}

#[derive(Debug)]
struct LoadRow {
    scenario: &'static str,
    connections: u64,
    compared: Compared,
    /// The least ratio that is good enough.
    target: Option<f64>,
}

/// One number.
#[derive(Debug)]
struct Finding {
    what: String,
    value: String,
    target: String,
    is_met: bool,
}

impl Report {
    pub fn load(
        &mut self,
        scenario: &'static str,
        connections: u64,
        compared: Compared,
        target: Option<f64>,
    ) {
        self.loads.push(LoadRow {
            scenario,
            connections,
            compared,
            target,
        });
    }

    pub fn finding(
        &mut self,
        what: impl Into<String>,
        value: impl Into<String>,
        target: impl Into<String>,
        is_met: bool,
    ) {
        self.findings.push(Finding {
            what: what.into(),
            value: value.into(),
            target: target.into(),
            is_met,
        });
    }

    pub fn print(&self) {
        self.print_loads();
        self.print_findings();
        let missed = self.missed();
        if !missed.is_empty() {
            println!("\nMissed: {}", missed.join("; "));
        }
    }

    fn print_loads(&self) {
        if self.loads.is_empty() {
            return;
        }
        println!(
            "\n{:<18}{:>5} |{:^17}|{:^17}|{:^17}|{:^17}|",
            "", "", "requests/s", "p50 µs", "p99 µs", "CPU µs"
        );
        println!(
            "{:<18}{:>5} |{:>8}{:>8} |{:>8}{:>8} |{:>8}{:>8} |{:>8}{:>8} |{:>8}{:>8}  met",
            "",
            "conn",
            "ours",
            "other",
            "ours",
            "other",
            "ours",
            "other",
            "ours",
            "other",
            "ratio",
            "target"
        );
        for row in &self.loads {
            let Compared { ours, other, ratio } = row.compared;
            let (target, met) = match row.target {
                None => (String::new(), ""),
                Some(target) => (percent(target), yes(ratio >= target)),
            };
            println!(
                "{:<18}{:>5} |{:>8.0}{:>8.0} |{:>8.0}{:>8.0} |{:>8.0}{:>8.0} |{:>8.1}{:>8.1} |{:>8}{:>8}  {met}",
                row.scenario,
                row.connections,
                ours.per_second,
                other.per_second,
                ours.p50,
                other.p50,
                ours.p99,
                other.p99,
                ours.cpu,
                other.cpu,
                percent(ratio),
                target,
            );
        }
        println!(
            "other: a bare server that does the same with nothing around it; of “call, large”, our \
             own with a small project. CPU: of the server's process, for one request."
        );
    }

    fn print_findings(&self) {
        if self.findings.is_empty() {
            return;
        }
        println!("\n{:<58}{:>24}{:>12}  met", "", "measured", "target");
        for finding in &self.findings {
            let Finding {
                what,
                value,
                target,
                is_met,
            } = finding;
            println!("{what:<58}{value:>24}{target:>12}  {}", yes(*is_met));
        }
    }

    fn missed(&self) -> Vec<String> {
        let loads = self
            .loads
            .iter()
            .filter(|row| row.target.is_some_and(|target| row.compared.ratio < target));
        let loads = loads.map(|row| format!("{} at {}", row.scenario, row.connections));
        let findings = self.findings.iter().filter(|finding| !finding.is_met);
        loads
            .chain(findings.map(|finding| finding.what.clone()))
            .collect()
    }
}

fn percent(ratio: f64) -> String {
    format!("{:.1} %", ratio * 100.0)
}

const fn yes(is_met: bool) -> &'static str {
    if is_met { "yes" } else { "NO" }
}
