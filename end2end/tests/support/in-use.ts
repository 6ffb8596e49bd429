// A project that is in use: what its pages show is real, made by the command line, the REST API and calls.

import type { Bootstrapped, Server } from "./server.ts";
import { createContact, getContact } from "./tools.ts";

/** Tools on and off, integrations on and off, calls good and bad. */
export async function inUse(server: Server, origin: string): Promise<Bootstrapped> {
  const ada = await server.bootstrap({
    email: "ada@example.com",
    project: "Customer relations",
    tools: [
      getContact(origin),
      createContact(origin),
      {
        name: "crm-contacts-delete",
        title: "Delete a contact",
        description: "Deletes a contact for good.",
        input_schema: getContact(origin).input_schema,
        base_url: origin,
        http_method: "DELETE",
        endpoint_path: "/contacts/{id}",
        is_enabled: false,
      },
    ],
  });
  const project = `/projects/${ada.project_id}`;
  const call = await caller(server, ada);
  await call("crm-contacts-get_by_id", { id: "7" });
  await call("crm-contacts-create", { name: "Alan Turing", email: "alan@example.com" });
  // The service's own 404 and arguments that break the schema: both are refused, and both show.
  await call("crm-contacts-get_by_id", { id: "404" }).catch(() => {});
  await call("crm-contacts-create", { name: "No address" }).catch(() => {});
  const old = await server.api(ada.api_key, "POST", `${project}/integrations`, { name: "Old laptop" });
  await server.api(ada.api_key, "PATCH", `${project}/integrations/${old.id}`, { is_active: false });
  return ada;
}

/** The project's tools by name, as REST has them. */
export async function toolsByName(server: Server, ada: Bootstrapped): Promise<Map<string, any>> {
  const { data } = await server.api(ada.api_key, "GET", `/projects/${ada.project_id}/tools`);
  return new Map(data.map((tool: { name: string }) => [tool.name, tool]));
}

/** Calls a tool of the project over REST. */
export async function caller(server: Server, ada: Bootstrapped) {
  const tools = await toolsByName(server, ada);
  return (name: string, args: object) =>
    server.api(ada.api_key, "POST", `/projects/${ada.project_id}/tools/${tools.get(name).id}/call`, {
      arguments: args,
    });
}

/** Secrets of the vault: one that is sent as it is, and one that people connect their accounts with. */
export async function fillVault(server: Server, ada: Bootstrapped, origin: string) {
  const vault = `/projects/${ada.project_id}/vault`;
  const secret = await server.api(ada.api_key, "POST", vault, {
    name: "crm_live",
    value: "t0ken-of-the-crm",
    origins: [origin],
    auth_strategy: "static_bearer",
  });
  const client = await server.api(ada.api_key, "POST", vault, {
    name: "acme",
    value: "cl1ent-s3cret",
    origins: ["https://api.acme.example"],
    oauth2: {
      client_id: "tengine",
      token_url: "https://login.acme.example/token",
      authorization_url: "https://login.acme.example/authorize",
      scopes: ["contacts.read", "offline_access"],
    },
  });
  return { secret, client } as { secret: { id: string }; client: { id: string } };
}
