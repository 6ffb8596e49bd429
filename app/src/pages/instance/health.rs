//! How the instance is.

use leptos::{form::ActionForm, prelude::*};
use leptos_meta::Title;

use crate::{
    api::instance::health::{Health, Mail, SendTestMail, load_health},
    components::{
        failure::{FormFailure, error_of},
        loaded::Loaded,
        time_ago::TimeAgo,
    },
};

#[component]
pub fn HealthPage() -> impl IntoView {
    let send = ServerAction::<SendTestMail>::new();
    let health = Resource::new(move || send.version().get(), |_| load_health());
    view! {
        <Title text="Health" />
        <Loaded from=health show=move |health| view! { <Shown send health /> } />
    }
    .into_any()
}

#[component]
fn Shown(send: ServerAction<SendTestMail>, health: Health) -> impl IntoView {
    let checks = health
        .checks
        .into_iter()
        .map(|check| {
            let (badge, class) = match check.is_well {
                true => ("OK", "badge badge-ok"),
                false => ("needs attention", "badge badge-warn"),
            };
            view! {
                <li class="row">
                    <div class="row-main">
                        <div class="row-title">
                            <strong>{check.name}</strong>
                            <span class=class>{badge}</span>
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
            <MailCard send mail=health.mail my_email=health.my_email />
            <section class="card stack" aria-labelledby="counts">
                <h2 id="counts">"Totals"</h2>
                <dl class="pairs">{counts}</dl>
            </section>
        </div>
    }
    .into_any()
}

#[component]
fn MailCard(
    send: ServerAction<SendTestMail>,
    mail: Option<Mail>,
    my_email: String,
) -> impl IntoView {
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
    let is_sent = move || send.value().with(|value| matches!(value, Some(Ok(()))));
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
            <ActionForm action=send attr:class="cluster">
                <button type="submit" class="btn" disabled=move || send.pending().get()>
                    {format!("Send a test mail to {my_email}")}
                </button>
                <span role="status">{move || is_sent().then_some("The server took it.")}</span>
                <FormFailure error=error_of(send.value()) fields=&[] />
            </ActionForm>
        </section>
    }
    .into_any()
}
