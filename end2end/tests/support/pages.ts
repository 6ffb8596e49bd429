// Every page of the dashboard that an address alone leads to, for the tests that look at all of them.
// `app/src/lib.rs` and `src/router.rs` name them too: what is new there comes here.

import type { Bootstrapped, Server } from "./server.ts";
import { fillVault, toolsByName } from "./in-use.ts";

/** For whoever asks. */
export const OPEN_PAGES = [
  "/sign-in",
  "/sign-in?recovered=yes",
  "/sign-up",
  "/recover",
  "/recover?token=tng_link_nothing",
  "/invite/tng_inv_nothing",
  "/docs",
  "/docs/get-started",
  "/docs/custom-tools",
  "/docs/claude-desktop",
  "/docs/connections",
  "/docs/people",
  "/docs/roles",
  "/docs/api",
  "/docs/api/account",
  "/docs/api/api-keys",
  "/docs/api/audit",
  "/docs/api/calls",
  "/docs/api/connections",
  "/docs/api/instance",
  "/docs/api/integrations",
  "/docs/api/invitations",
  "/docs/api/members",
  "/docs/api/projects",
  "/docs/api/tools",
  "/docs/api/vault",
  "/docs/operations",
  "/docs/search",
  "/docs/search?q=secret",
  "/docs/search?q=quetzalcoatl",
  "/search?q=secret",
];

/** For the owner of the project and of the instance, with a vault and a tool to look at. */
export async function ownersPages(server: Server, ada: Bootstrapped, origin: string): Promise<string[]> {
  const { secret, client } = await fillVault(server, ada, origin);
  const project = `/projects/${ada.project_id}`;
  const tool = `${project}/tools/${(await toolsByName(server, ada)).get("crm-contacts-get_by_id").id}`;
  const integration = `${project}/integrations/${ada.integration_id}`;
  // One of each outcome: they show what was answered, or why nothing was.
  const { data } = await server.api(ada.api_key, "GET", `${project}/calls`);
  const calls = new Map<string, string>();
  for (const call of data) calls.set(call.outcome, call.id);
  const guides = ["claude", "claude-code", "cursor", "vs-code", "chatgpt", "inspector", "other"];
  return [
    "/projects",
    project,
    `${project}/tools`,
    `${project}/tools?text=nothing-of-that-name`,
    `${project}/tools?report=yes`,
    `${project}/tools/new`,
    `${project}/tools/import`,
    `${project}/tools/curl`,
    `${project}/tools/catalog`,
    tool,
    `${tool}/try`,
    `${tool}/versions`,
    `${project}/vault`,
    `${project}/vault/new`,
    `${project}/vault/${secret.id}`,
    `${project}/vault/${client.id}`,
    `/connect/${client.id}`,
    `${project}/integrations`,
    ...guides.map((guide) => `${integration}?guide=${guide}`),
    `${integration}?redirect=https%3A%2F%2Fa.example%2Fcallback`,
    `${integration}/tools`,
    `${project}/calls`,
    `${project}/calls?status=failed&span=day&since=2026-01-01T00:00`,
    `${project}/calls?tool=nothing-of-that-name`,
    ...[...calls.values()].map((id) => `${project}/calls/${id}`),
    `${project}/members`,
    `${project}/api-keys`,
    `${project}/settings`,
    "/account",
    "/account/security",
    "/account/authenticator",
    "/account/api-keys",
    "/account/sessions",
    "/account/connected-apps",
    "/confirm",
    "/instance/accounts",
    "/instance/providers",
    "/instance/providers/new",
    "/instance/settings",
    "/instance/health",
    "/instance/audit",
    "/projects/prj_nobody",
    "/nothing/at/all",
  ];
}
