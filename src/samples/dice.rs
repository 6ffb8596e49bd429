//! `POST /dice/roll`

use std::sync::Arc;

use axum::{Json, extract::State, http::StatusCode};
use domain::clock::Random;
use serde::{Deserialize, Serialize};

#[derive(Deserialize)]
pub(super) struct Input {
    #[serde(default = "one")]
    count: u32,
    #[serde(default = "six")]
    sides: u32,
}

const fn one() -> u32 {
    1
}
const fn six() -> u32 {
    6
}

#[derive(Serialize)]
pub(super) struct Rolled {
    rolls: Vec<u32>,
    total: u32,
}

pub(super) async fn roll(
    State(random): State<Arc<dyn Random>>,
    Json(input): Json<Input>,
) -> Result<Json<Rolled>, (StatusCode, &'static str)> {
    if !(1..=100).contains(&input.count) || !(2..=1_000).contains(&input.sides) {
        return Err((
            StatusCode::BAD_REQUEST,
            "count is from 1 to 100 and sides from 2 to 1000",
        ));
    }
    let rolls: Vec<u32> = (0..input.count)
        .map(|_| die(&*random, input.sides))
        .collect();
    let total = rolls.iter().sum();
    Ok(Json(Rolled { rolls, total }))
}

/// From 1 to `sides`, each as likely as the others.
fn die(random: &dyn Random, sides: u32) -> u32 {
    // Above the last full round of `sides`, some faces would be likelier: roll again.
    let fair = u32::MAX - u32::MAX % sides;
    loop {
        let mut bytes = [0; 4];
        random.fill(&mut bytes);
        let number = u32::from_be_bytes(bytes);
        if number < fair {
            return number % sides + 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use domain::clock::SystemRandom;

    use super::*;

    #[test]
    fn every_face_comes_up_and_no_other() {
        let mut seen = [0_u32; 6];
        for _ in 0..6_000 {
            seen[die(&SystemRandom, 6) as usize - 1] += 1;
        }
        // Six standard deviations around 1,000.
        assert!(
            seen.iter().all(|times| (820..=1_180).contains(times)),
            "{seen:?}"
        );
    }
}
