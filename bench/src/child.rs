//! Processes beside this one. Each ends with the value that stands for it, however that goes.

use std::{
    fs::{self, File},
    io::{BufRead, BufReader},
    net::SocketAddr,
    path::Path,
    process::{self, ChildStdin, Command, Stdio},
    time::Duration,
};

use anyhow::{Context, Result, bail};
use rustix::process::{Pid, Signal, kill_process};

/// What anything but a load may take.
pub const PATIENCE: Duration = Duration::from_secs(20);
/// USER_HZ, the unit of /proc/PID/stat: 100 in every build of Linux.
const TICKS_PER_SECOND: u64 = 100;

#[derive(Debug)]
pub struct Child {
    process: process::Child,
    /// Its end tells our own servers to end, even where this program was killed.
    _stdin: Option<ChildStdin>,
}

impl Child {
    /// Starts a server; what it writes goes to `log`.
    pub fn start(command: &mut Command, log: &Path) -> Result<Self> {
        let log = File::options().create(true).append(true).open(log)?;
        let process = command
            .stdin(Stdio::null())
            .stdout(log.try_clone()?)
            .stderr(log)
            .spawn()
            .with_context(|| format!("{command:?}"))?;
        Ok(Self {
            process,
            _stdin: None,
        })
    }

    /// Starts a server of this program.
    pub fn start_own(arguments: &[&str]) -> Result<(Self, SocketAddr)> {
        let mut process = Command::new(std::env::current_exe()?)
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let stdin = process.stdin.take();
        let stdout = process.stdout.take();
        let child = Self {
            process,
            _stdin: stdin,
        };
        let mut port = String::new();
        BufReader::new(stdout.context("it has a standard output")?).read_line(&mut port)?;
        let port: u16 = port
            .trim()
            .parse()
            .with_context(|| format!("bench {} did not start", arguments.join(" ")))?;
        Ok((child, SocketAddr::from(([127, 0, 0, 1], port))))
    }

    /// Asks it to stop, and waits until it did.
    pub async fn stop(mut self) -> Result<()> {
        kill_process(Pid::from_child(&self.process), Signal::TERM)?;
        let begun = std::time::Instant::now();
        while self.process.try_wait()?.is_none() {
            if begun.elapsed() > PATIENCE {
                bail!("the server did not stop");
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        Ok(())
    }

    /// # Errors
    /// Where it ended.
    pub fn must_run(&mut self) -> Result<()> {
        match self.process.try_wait()? {
            None => Ok(()),
            Some(status) => bail!("the server ended: {status}"),
        }
    }

    /// Its time on a processor so far, in user and kernel mode, of all its threads.
    pub fn cpu(&self) -> Result<Duration> {
        let stat = fs::read_to_string(format!("/proc/{}/stat", self.process.id()))?;
        // The second field is a name in parentheses, which may hold anything.
        let (_, fields) = stat.rsplit_once(')').context("/proc/PID/stat")?;
        let mut fields = fields.split_whitespace().skip(11);
        let mut ticks = || -> Result<u64> { Ok(fields.next().context("/proc/PID/stat")?.parse()?) };
        let ticks = ticks()? + ticks()?;
        Ok(Duration::from_millis(ticks * 1_000 / TICKS_PER_SECOND))
    }

    /// A field of /proc/PID/status, in KiB.
    pub fn memory_kib(&self, field: &str) -> Result<u64> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.process.id()))?;
        let line = status
            .lines()
            .find_map(|line| line.strip_prefix(field)?.strip_prefix(':'))
            .with_context(|| format!("/proc/PID/status has no {field}"))?;
        Ok(line.trim().trim_end_matches(" kB").parse()?)
    }
}

impl Drop for Child {
    fn drop(&mut self) {
        // It may have ended already.
        let _killed = self.process.kill();
        let _waited = self.process.wait();
    }
}
