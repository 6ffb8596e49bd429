// The tools of the tests, as tool files and REST take them.

/** A tool as it comes in; what is left out has its default. */
export type ToolInput = {
  name: string;
  title?: string;
  description: string;
  input_schema: object;
  base_url: string;
  http_method: string;
  endpoint_path: string;
  is_enabled?: boolean;
};

export const CONTACT_SCHEMA = {
  type: "object",
  properties: { id: { type: "string", description: "The contact's id" } },
  required: ["id"],
};

export const NEW_CONTACT_SCHEMA = {
  type: "object",
  properties: { name: { type: "string" }, email: { type: "string" } },
  required: ["name", "email"],
  additionalProperties: false,
};

/** Reads a contact: read-only, since it is a GET. */
export function getContact(base_url: string): ToolInput {
  return {
    name: "crm-contacts-get_by_id",
    title: "Get a contact",
    description: "Fetches one contact of the CRM by its id.",
    input_schema: CONTACT_SCHEMA,
    base_url,
    http_method: "GET",
    endpoint_path: "/contacts/{id}",
  };
}

/** Makes a contact: it writes, so a read-only grant leaves it out. */
export function createContact(base_url: string): ToolInput {
  return {
    name: "crm-contacts-create",
    title: "Create a contact",
    description: "Makes a contact in the CRM from a name and an email address.",
    input_schema: NEW_CONTACT_SCHEMA,
    base_url,
    http_method: "POST",
    endpoint_path: "/contacts",
  };
}
