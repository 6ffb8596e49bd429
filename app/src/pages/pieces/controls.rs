//! What is pressed and filled in.

use leptos::prelude::*;

use super::Piece;
use crate::components::{
    button::{Button, ButtonKind, LinkButton, TickButton},
    choice::Choice,
    field::{AreaField, CheckField, SelectField, TextField},
    list_query::{Asked, ListSearch, NothingFound},
    menu::{Menu, MenuButton, MenuLabel, MenuLink},
    pagination::Pagination,
    switch::SwitchButton,
    tabs::{Tab, Tabs},
};

#[component]
pub fn Controls(theme: &'static str) -> impl IntoView {
    view! {
        <Piece name="Button">
            <Buttons is_small=false />
            <Buttons is_small=true />
        </Piece>
        <Piece name="Switch">
            <div class="cluster">
                <SwitchButton label="On" is_on=true />
                <SwitchButton label="Off" is_on=false />
                <SwitchButton label="On, and not to be changed" is_on=true is_disabled=true />
                <SwitchButton label="Off, and not to be changed" is_on=false is_disabled=true />
            </div>
        </Piece>
        <Piece name="Field">
            <Fields theme />
        </Piece>
        <Piece name="Tabs">
            <Tabs label="Tabs">
                <Tab href="#" is_current=true>
                    "Overview"
                </Tab>
                <Tab href="#" is_current=false>
                    "Tools"
                </Tab>
                <Tab href="#" is_current=false>
                    "Integrations"
                </Tab>
            </Tabs>
        </Piece>
        <Piece name="Search">
            <ListSearch
                asked=Asked::all("#")
                label="Search the pieces"
                placeholder="Name or purpose"
                states=&[("", "All"), ("enabled", "Enabled")]
                sorts=&[("", "By name"), ("newest", "Newest first")]
            />
            <NothingFound asked=Asked::all("#") what="piece" />
        </Piece>
        <Piece name="Pagination">
            <Pagination
                place="51 to 100 of 320"
                before=Some("#".to_owned())
                after=Some("#".to_owned())
            />
            <Pagination place="1 to 50 of 320" before=None after=Some("#".to_owned()) />
        </Piece>
        <Piece name="Menu">
            <OneMenu theme />
        </Piece>
    }
    .into_any()
}

#[component]
fn Buttons(is_small: bool) -> impl IntoView {
    view! {
        <div class="cluster">
            <Button kind=ButtonKind::Primary is_small>
                "Primary"
            </Button>
            <Button is_small>"Usual"</Button>
            <Button kind=ButtonKind::Danger is_small>
                "Danger"
            </Button>
            <Button kind=ButtonKind::Quiet is_small>
                "Quiet"
            </Button>
            <Button is_disabled=true is_small>
                "Disabled"
            </Button>
            <LinkButton href="#" is_small>
                "A link"
            </LinkButton>
        </div>
        {is_small
            .then(|| {
                view! {
                    <div class="cluster">
                        <TickButton is_all=true />
                        <TickButton kind=ButtonKind::Quiet is_all=false />
                    </div>
                    <Button kind=ButtonKind::Primary is_wide=true>
                        "As wide as its place"
                    </Button>
                }
            })}
    }
    .into_any()
}

/// The ids of fields are unique on a page, and this one has each of them twice.
#[component]
fn Fields(theme: &'static str) -> impl IntoView {
    let [plain, wrong, area, select, check] = match theme {
        "dark" => [
            "dark-plain",
            "dark-wrong",
            "dark-area",
            "dark-select",
            "dark-check",
        ],
        _ => [
            "light-plain",
            "light-wrong",
            "light-area",
            "light-select",
            "light-check",
        ],
    };
    view! {
        <form class="stack" method="get">
            <TextField label="A line" field=plain hint="What it is for." placeholder="CRM" />
            <div class="field">
                <label for=wrong>"One that is wrong"</label>
                <input
                    id=wrong
                    class="input"
                    value="a b"
                    aria-invalid="true"
                    aria-describedby=format!("{wrong}-problem")
                />
                <span class="problem" id=format!("{wrong}-problem")>
                    "Small letters and dashes only."
                </span>
            </div>
            <AreaField label="Several lines" field=area value="{\n  \"a\": 1\n}" is_code=true />
            <SelectField
                label="One of a few"
                field=select
                options=&[("a", "The first"), ("b", "The second")]
            />
            <CheckField label="A tick" field=check name=check is_checked=true hint="What it means." />
            <fieldset class="choices">
                <legend class="legend">"A choice"</legend>
                <Choice
                    name=check
                    value="one"
                    title="This one"
                    text="And what follows from it."
                    is_checked=true
                />
                <Choice name=check value="other" title="The other" />
            </fieldset>
        </form>
    }
    .into_any()
}

#[component]
fn OneMenu(theme: &'static str) -> impl IntoView {
    let id = match theme {
        "dark" => "dark-menu",
        _ => "light-menu",
    };
    view! {
        <div>
            <Menu id text="A menu" about="Example">
                <MenuLabel>"A title"</MenuLabel>
                <MenuLink href="#" is_current=true>
                    "The current one"
                </MenuLink>
                <MenuLink href="#">"Another"</MenuLink>
                <hr class="menu-line" />
                <form method="get">
                    <MenuButton>"A button"</MenuButton>
                </form>
            </Menu>
        </div>
    }
    .into_any()
}
