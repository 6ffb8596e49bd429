//! The line at the end of every page.

use leptos::prelude::*;

#[component]
pub fn Footer() -> impl IntoView {
    view! {
        <footer class="footer">
            <div class="footer-in">
                <span>"TengineAI " {env!("CARGO_PKG_VERSION")}</span>
                <a href="/docs/get-started">"Get started in 5 minutes"</a>
                <a href="/docs/claude-desktop">"Connect Claude"</a>
            </div>
        </footer>
    }
}
