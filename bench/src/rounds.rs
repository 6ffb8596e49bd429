//! Two servers in turn: what the machine does meanwhile hits both.

use anyhow::Result;

use crate::load::Load;

/// The median of each number.
#[derive(Debug, Clone, Copy)]
pub struct Compared {
    pub ours: Load,
    pub other: Load,
    /// Of the requests per second, round by round.
    pub ratio: f64,
}

pub async fn compared(
    rounds: usize,
    mut ours: impl AsyncFnMut() -> Result<Load>,
    mut other: impl AsyncFnMut() -> Result<Load>,
) -> Result<Compared> {
    let mut pairs = Vec::new();
    for _ in 0..rounds {
        pairs.push((ours().await?, other().await?));
    }
    let of = |pick: &dyn Fn(&(Load, Load)) -> f64| median(pairs.iter().map(pick).collect());
    let load = |side: &dyn Fn(&(Load, Load)) -> Load| Load {
        per_second: of(&|pair| side(pair).per_second),
        p50: of(&|pair| side(pair).p50),
        p99: of(&|pair| side(pair).p99),
        cpu: of(&|pair| side(pair).cpu),
    };
    Ok(Compared {
        ours: load(&|pair| pair.0),
        other: load(&|pair| pair.1),
        ratio: of(&|pair| pair.0.per_second / pair.1.per_second),
    })
}

/// The middle of an odd number of values.
pub fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}
