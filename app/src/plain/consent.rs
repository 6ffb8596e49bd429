//! Consent: who asks for what, and where the answer goes.

use leptos::prelude::*;

use super::document;
use crate::counted::counted;

/// What the consent page shows.
pub struct Consent {
    pub csrf: String,
    pub client_name: String,
    /// Somebody whom this instance trusts says that this is its name; else it says so itself.
    pub is_checked: bool,
    /// How the client came to be known, a sentence.
    pub registered: String,
    /// The host that the browser is sent back to.
    pub redirect_host: String,
    /// That host is this computer, where any program may listen.
    pub is_local: bool,
    /// What it means to be remembered; `None` where nothing is.
    pub remember: Option<String>,
    pub project: String,
    pub integration: String,
    pub user_email: String,
    /// Tools changed while the page was open, and so it is shown again.
    pub changed_meanwhile: bool,
    pub read_only_tools: Vec<ConsentTool>,
    pub writing_tools: Vec<ConsentTool>,
    /// The parameters of the authorize request, echoed as hidden fields.
    pub request: Vec<(String, String)>,
    /// Where the form is sent.
    pub action: String,
}

/// A tool that may be granted.
pub struct ConsentTool {
    pub id: String,
    pub name: String,
    pub title: String,
    pub description: String,
    /// Where it is not what it was when the person approved the client before: `new` or `changed`.
    pub since: Option<&'static str>,
}

/// The whole document.
#[must_use]
pub fn consent(page: Consent) -> String {
    let title = format!("Connect {}", page.client_name);
    document(&title, true, move || {
        let reading = page.read_only_tools.len();
        let writing = page.writing_tools.len();
        let hidden = page
            .request
            .into_iter()
            .map(|(name, value)| view! { <input type="hidden" name=name value=value /> })
            .collect::<Vec<_>>();
        let tools = page.read_only_tools.iter().chain(&page.writing_tools);
        let differing = tools.filter(|tool| tool.since.is_some()).count();
        let differing = (differing > 0).then(|| {
            view! {
                <div class="notice notice-warn">
                    {format!(
                        "{} new or changed since you {}. They are marked below, with what each says it does.",
                        counted(differing, "tool is", "tools are"),
                        if page.changed_meanwhile {
                            "opened this page, and nothing was granted yet"
                        } else {
                            "last approved this client"
                        },
                    )}
                </div>
            }
        });
        let no_tools = (reading + writing == 0).then(|| {
            view! {
                <div class="notice">
                    "No tool of this project is enabled yet. Connecting works; there is nothing to call until someone enables one."
                </div>
            }
        });
        view! {
            <h1>{question(&page.client_name, page.is_checked)}</h1>
            <p>
                {if page.is_checked {
                    view! { <strong>{page.client_name}</strong> }.into_any()
                } else {
                    view! { "It" }.into_any()
                }}
                " asks to call tools of the project "
                <strong>{page.project}</strong>
                " in your name."
            </p>
            <dl class="pairs">
                <dt>"Sends you back to"</dt>
                <dd>
                    <strong class="mono">{page.redirect_host}</strong>
                </dd>
                <dt>"Integration"</dt>
                <dd>{page.integration}</dd>
                <dt>"Signed in as"</dt>
                <dd>{page.user_email}</dd>
                <dt>"Identified by"</dt>
                <dd>{page.registered}</dd>
            </dl>
            {page
                .is_local
                .then(|| {
                    view! {
                        <div class="notice notice-warn">
                            "The answer goes to a program on this device, and any program may wait for it. Approve only if you started this yourself a moment ago."
                        </div>
                    }
                })}
            <form method="post" action=page.action class="stack">
                <input type="hidden" name="csrf" value=page.csrf />
                {hidden}
                {no_tools}
                {differing}
                <fieldset class="choices">
                    <legend class="legend mb-2">"It may call"</legend>
                    <Choice
                        value="read_only"
                        is_checked=true
                        title=format!("Read-only tools ({reading})")
                        text="Those that change nothing, and such tools added later."
                    />
                    <Choice
                        value="all"
                        title=format!("All tools ({})", reading + writing)
                        text="Also those that change or delete things, and tools added later."
                    />
                    {(reading + writing > 0)
                        .then(|| {
                            view! {
                                <Choice
                                    value="selected"
                                    title="Only the tools I tick".to_owned()
                                    text="Nothing that is added later."
                                />
                            }
                        })}
                </fieldset>
                <Picks reading=page.read_only_tools writing=page.writing_tools />
                {(writing > 0)
                    .then(|| {
                        // Shown by the style; the list may be too long for its group to be in sight.
                        view! {
                            <p class="left-out">
                                {format!(
                                    "{} left out.",
                                    counted(
                                        writing,
                                        "tool that changes or deletes things is",
                                        "tools that change or delete things are",
                                    ),
                                )}
                            </p>
                        }
                    })}
                {page
                    .remember
                    .map(|text| {
                        view! {
                            <label class="check">
                                <input type="checkbox" name="remember" value="true" />
                                <span>{text}</span>
                            </label>
                        }
                    })}
                <div class="dialog-actions">
                    <button type="submit" class="btn" name="decision" value="deny">
                        "Deny"
                    </button>
                    <button type="submit" class="btn btn-primary" name="decision" value="approve">
                        "Approve"
                    </button>
                </div>
                <p class="hint">
                    "Approve only what you started yourself. You can end the connection at any time under "
                    <a href="/account/connected-apps">"Connected apps"</a>
                    "."
                </p>
            </form>
        }
    })
}

/// The headline: a name that nobody has checked is in quotes, and said to be its own.
pub(super) fn question(name: &str, is_checked: bool) -> String {
    if is_checked {
        format!("Connect {name}?")
    } else {
        format!("Connect a program that calls itself “{name}”?")
    }
}

#[component]
fn Choice(
    value: &'static str,
    title: String,
    text: &'static str,
    #[prop(optional)] is_checked: bool,
) -> impl IntoView {
    view! {
        <label class="choice">
            <input type="radio" name="tools" value=value checked=is_checked />
            <span>
                <strong>{title}</strong>
                <span class="hint">{text}</span>
            </span>
        </label>
    }
}

const READING: &str = "tool-picks-group";
const WRITING: &str = "tool-picks-group tool-picks-writing";

/// The tools by name, each with its box for the third choice.
#[component]
fn Picks(reading: Vec<ConsentTool>, writing: Vec<ConsentTool>) -> impl IntoView {
    let group = |title: &'static str, class: &'static str, tools: Vec<ConsentTool>| {
        (!tools.is_empty()).then(|| {
            let picks = tools
                .into_iter()
                .map(|tool| view! { <Pick tool /> })
                .collect::<Vec<_>>();
            // Shown by the style where the choice leaves this group out.
            let left_out = (class == WRITING).then(|| {
                view! { <p class="left-out">"Left out: it may not call these."</p> }
            });
            view! {
                <div class=class>
                    <h2>{title}</h2>
                    {left_out}
                    {picks}
                </div>
            }
        })
    };
    (!reading.is_empty() || !writing.is_empty()).then(|| {
        view! {
            <div class="tool-picks">
                {group("Read-only", READING, reading)}
                {group("Change or delete things", WRITING, writing)}
            </div>
        }
    })
}

#[component]
fn Pick(tool: ConsentTool) -> impl IntoView {
    let title = if tool.title.is_empty() {
        tool.name.clone()
    } else {
        tool.title
    };
    view! {
        <label class="check">
            <input type="checkbox" name="tool" value=tool.id />
            <span class="tool-pick-text">
                {title}
                " "
                <span class="mono quiet">{tool.name}</span>
                {tool
                    .since
                    .map(|since| {
                        view! {
                            " "
                            <span class="badge badge-warn">{since}</span>
                        }
                    })}
                <span class="hint">{tool.description}</span>
            </span>
        </label>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(tools: Vec<ConsentTool>) -> Consent {
        Consent {
            csrf: "token".to_owned(),
            client_name: "<b>Claude</b>".to_owned(),
            is_checked: true,
            registered: "An integration of this project.".to_owned(),
            redirect_host: "claude.ai".to_owned(),
            is_local: false,
            remember: None,
            changed_meanwhile: false,
            project: "CRM".to_owned(),
            integration: "Claude Desktop".to_owned(),
            user_email: "me@example.com".to_owned(),
            read_only_tools: tools,
            writing_tools: Vec::new(),
            request: vec![("state".to_owned(), "a\"b".to_owned())],
            action: "/api/v1/mcp-oauth/authorize".to_owned(),
        }
    }

    #[test]
    fn the_request_is_echoed_and_names_are_text() {
        let html = consent(page(vec![ConsentTool {
            id: "tool_1".to_owned(),
            name: "crm-get".to_owned(),
            title: String::new(),
            description: String::new(),
            since: Some("changed"),
        }]));
        assert!(html.contains("1 tool is new or changed"), "{html}");
        assert!(html.contains("badge-warn\">changed"), "{html}");
        assert!(!html.contains("<b>Claude"));
        assert!(html.contains(r#"name="state" value="a&quot;b""#), "{html}");
        assert!(html.contains(r#"name="tool" value="tool_1""#));
        assert!(html.contains(r#"name="decision" value="approve""#));
    }

    /// What leaves them out is a rule of the style, which looks at these.
    #[test]
    fn the_tools_that_write_are_a_group_that_read_only_leaves_out() {
        let tool = |id: &str| ConsentTool {
            id: id.to_owned(),
            name: id.to_owned(),
            title: String::new(),
            description: String::new(),
            since: None,
        };
        let both = Consent {
            writing_tools: vec![tool("tool_writes")],
            ..page(vec![tool("tool_reads")])
        };
        let html = consent(both);
        let (before, after) = html.split_once("tool-picks-writing").unwrap();
        assert!(
            before.contains("tool_reads") && after.contains("tool_writes"),
            "{html}"
        );
        assert!(!before.contains("Left out"), "{html}");
        assert!(after.contains("Left out"), "{html}");
        assert!(
            after.contains("1 tool that changes or deletes things is left out."),
            "{html}"
        );
        let style = include_str!("../../../style/pages/plain.css");
        assert!(style.contains(r#":has(input[value="read_only"]:checked) .left-out"#));
    }

    #[test]
    fn without_tools_it_says_so_and_offers_no_selection() {
        let html = consent(page(Vec::new()));
        assert!(html.contains("nothing to call"));
        assert!(!html.contains("value=\"selected\""));
    }
}
