//! What a tool costs a model: the tokens that its name, description and input schema take of every
//! conversation that has it.
//!
//! An estimate. The tokenizers of today's Claude models are not public; Anthropic counts over its
//! API only, and says of its newest tokenizer that it makes about 30 % more tokens than the one
//! before (Token counting, read November 2026). So this counts with `o200k_base`, which is public
//! and which OpenAI's models read with: exact for them, some way below Claude's own count.
//!
//! Counting blocks: it takes processor time, and where nobody counted for a minute it first loads the
//! tokenizer, 50 MB in 0.1 s. Async callers count inside `tokio::task::spawn_blocking`.

mod pieces;
#[cfg(test)]
mod tests;
mod tokenizer;

use std::collections::HashSet;

use serde::{Serialize, Serializer, ser::SerializeStruct};
use serde_json::Value;
use tiktoken_rs::CoreBPE;

use self::{pieces::pieces, tokenizer::O200K_BASE};
use crate::tools::ToolInput;

/// The tokenizer that counts.
pub const TOKENIZER: &str = "o200k_base";

/// What comes with any tool at all: the model is told how to call tools. Anthropic's own example of
/// one small tool and a question of seven words (Token counting, read November 2026) is 403 tokens,
/// of which the tool and the question are about 100.
pub const FRAME_TOKENS: u64 = 300;

/// Bytes that are counted; of what is beyond, four make a token. A valid tool has less than half.
const MOST_BYTES: usize = 256 * 1024;
const USUAL_BYTES: u64 = 4;

/// So many tokens, by a tokenizer that may not be the reader's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TokenEstimate {
    pub tokens: u64,
}

impl TokenEstimate {
    /// The name of the tokenizer that counted.
    #[must_use]
    pub const fn tokenizer(self) -> &'static str {
        TOKENIZER
    }
}

/// As `{ "tokens": …, "tokenizer": "o200k_base" }`.
impl Serialize for TokenEstimate {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut fields = serializer.serialize_struct("TokenEstimate", 2)?;
        fields.serialize_field("tokens", &self.tokens)?;
        fields.serialize_field("tokenizer", TOKENIZER)?;
        fields.end()
    }
}

/// What a model reads of a tool: its name, description and input schema, as the JSON that goes to
/// Anthropic's API. Titles, hints and output schemas stay with the client.
#[must_use]
pub fn of_tool(input: &ToolInput) -> TokenEstimate {
    #[derive(Serialize)]
    struct Read<'a> {
        name: &'a str,
        description: &'a str,
        input_schema: &'a Value,
    }
    let read = Read {
        name: &input.name,
        description: &input.description,
        input_schema: &input.input_schema,
    };
    // Maps with texts for names and no floats that JSON has no form for: it cannot fail.
    let json = serde_json::to_string(&read).unwrap_or_default();
    TokenEstimate {
        tokens: of_text(&json),
    }
}

/// What several tools cost together, with the frame around them; nothing for none.
#[must_use]
pub fn of_tools(tools: impl IntoIterator<Item = TokenEstimate>) -> TokenEstimate {
    let (count, tokens) = tools.into_iter().fold((0, 0_u64), |(count, sum), tool| {
        (count + 1, sum.saturating_add(tool.tokens))
    });
    TokenEstimate {
        tokens: if count == 0 {
            0
        } else {
            tokens.saturating_add(FRAME_TOKENS)
        },
    }
}

/// The tokens of a text. What has no words and no quotes for 8 KiB, or the same kind of character
/// 768 times, is cut somewhere, which makes about one token more; beyond 256 KiB it is a guess.
#[must_use]
pub fn of_text(text: &str) -> u64 {
    if text.is_empty() {
        return 0;
    }
    let (counted, beyond) = text.split_at(text.floor_char_boundary(MOST_BYTES));
    let encoder = O200K_BASE.get();
    let tokens: u64 = pieces(counted).map(|piece| count(&encoder, piece)).sum();
    tokens + guess(beyond)
}

/// With no special tokens: a tool that says `<|endoftext|>` says just that. Of the library's ways to
/// count, the one that gives an error and does not panic where its regular expression gives up.
fn count(encoder: &CoreBPE, piece: &str) -> u64 {
    let counted = encoder.count(piece, &HashSet::new());
    counted.map_or_else(|_| guess(piece), |tokens| tokens as u64)
}

fn guess(text: &str) -> u64 {
    (text.len() as u64).div_ceil(USUAL_BYTES)
}
