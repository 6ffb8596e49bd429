//! How the instance is.

use leptos::prelude::*;
use leptos_meta::Title;

use crate::{
    api::instance::health::{Health, Mail, SendTestMail, load_health},
    components::{
        badge::{Badge, Tone},
        button::Button,
        failure::FormFailure,
        form::{Form, sent},
        loaded::Loaded,
        time_ago::TimeAgo,
    },
};

#[component]
pub fn HealthPage() -> impl IntoView {
    view! {
        <Title text="Health" />
        <Loaded from=load_health() show=|health| view! { <Shown health /> } />
    }
    .into_any()
}

#[component]
fn Shown(health: Health) -> impl IntoView {
    let checks = health
        .checks
        .into_iter()
        .map(|check| {
            let (badge, tone) = match check.is_well {
                true => ("OK", Tone::Good),
                false => ("needs attention", Tone::Warning),
            };
            view! {
                <li class="row">
                    <div class="row-main">
                        <div class="row-title">
                            <strong>{check.name}</strong>
                            <Badge tone>{badge}</Badge>
                        </div>
                        <span class="row-sub row-sub-whole">{check.says}</span>
                    </div>
                </li>
            }
        })
        .collect_view();
    let counts = health
        .counts
        .into_iter()
        .map(|(name, count)| {
            view! {
                <dt>{name}</dt>
                <dd>{count}</dd>
            }
        })
        .collect_view();
    view! {
        <div class="page-head">
            <div>
                <h1>"Health"</h1>
                <p>{format!("TengineAI {}.", health.version)}</p>
            </div>
        </div>
        <div class="stack">
            <ul class="rows">{checks}</ul>
            <MailCard mail=health.mail my_email=health.my_email />
            <section class="card stack" aria-labelledby="counts">
                <h2 id="counts">"Totals"</h2>
                <dl class="pairs">{counts}</dl>
            </section>
        </div>
    }
    .into_any()
}

#[component]
fn MailCard(mail: Option<Mail>, my_email: String) -> impl IntoView {
    let Some(mail) = mail else {
        return view! {
            <section class="card stack" aria-labelledby="mail">
                <h2 id="mail">"Mail"</h2>
                <p class="quiet">
                    "This instance sends no mail: invitations and recovery links are passed on by hand. To have them sent, set "
                    <code>"TENGINE_SMTP_URL"</code> " and " <code>"TENGINE_MAIL_FROM"</code> "."
                </p>
            </section>
        }
        .into_any();
    };
    let send = sent::<SendTestMail>();
    let is_sent = send.value().is_some();
    view! {
        <section class="card stack" aria-labelledby="mail">
            <h2 id="mail">"Mail"</h2>
            <p class="quiet">
                "By " <span class="mono">{mail.server}</span>
                {mail
                    .last_success
                    .map(|when| {
                        view! {
                            " · last sent "
                            <TimeAgo when />
                        }
                    })}
                {mail
                    .last_failure
                    .map(|(when, why)| {
                        view! {
                            " · given up "
                            <TimeAgo when />
                            {format!(": {why}")}
                        }
                    })} {(mail.waiting > 0).then(|| format!(" · {} waiting", mail.waiting))}
            </p>
            <Form of=&send class="cluster" shows=true>
                <Button>
                    {format!("Send a test mail to {my_email}")}
                </Button>
                <span role="status">{is_sent.then_some("The server took it.")}</span>
                <FormFailure />
            </Form>
        </section>
    }
    .into_any()
}
