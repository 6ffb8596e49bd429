//! What the lint says, in the list. It looks at every tool, so the list comes without it where it is not
//! known yet: the browser asks for it when the page is there (`frontend/src/later.rs`), and a link does where
//! there is no wasm.

use leptos::prelude::*;

use crate::{
    api::{lint::ProjectLint, tools::ToolRow},
    components::{
        badge::{Badge, Tone},
        findings::Findings,
    },
};

/// What the tools cost a model that knows of them all, and what concerns them all.
#[component]
pub fn Cost(
    lint: Option<ProjectLint>,
    /// The page that has it.
    later: String,
) -> impl IntoView {
    let Some(report) = lint else {
        let page = later.clone();
        return view! {
            <div id="tools-cost" data-later data-later-from=page>
                <p class="quiet small without-wasm">
                    <a href=later>"What to mend in them, and what they cost a model"</a>
                </p>
            </div>
        }
        .into_any();
    };
    let findings =
        (!report.findings.is_empty()).then(|| view! { <Findings findings=report.findings /> });
    view! {
        <div id="tools-cost">
            <p class="quiet small">
                {format!(
                    "Together about {} tokens for a model that knows of them all (an estimate by {}).",
                    report.tokens,
                    report.tokenizer,
                )}
            </p>
            {findings}
        </div>
    }
    .into_any()
}

/// What is to be mended in one tool, and what it costs.
pub struct Mends {
    id: String,
    /// Findings and tokens, once they are known.
    known: Option<(usize, u64)>,
}

impl Mends {
    pub fn of(lint: Option<&ProjectLint>, tool: &ToolRow) -> Self {
        let found = lint.and_then(|lint| lint.tools.iter().find(|(name, ..)| *name == tool.name));
        Self {
            id: format!("mends-{}", tool.id),
            known: found.map(|(_, findings, tokens)| (*findings, *tokens)),
        }
    }

    pub fn shown(self) -> AnyView {
        let Some((findings, tokens)) = self.known else {
            return view! { <span id=self.id data-later></span> }.into_any();
        };
        let to_mend = (findings > 0).then(|| {
            view! { <Badge tone=Tone::Warning>{format!("{findings} to mend")}</Badge> }
        });
        view! {
            <span id=self.id>
                {to_mend} " " <span class="quiet small">{format!("≈ {tokens} tokens")}</span>
            </span>
        }
        .into_any()
    }
}
