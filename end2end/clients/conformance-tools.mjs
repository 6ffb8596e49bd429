// The tools that MCP's conformance suite calls by name, as far as an HTTP API can be them: what
// each is registered with, and the endpoint behind it.

import { createServer } from "node:http";
import { json } from "node:stream/consumers";
import { setTimeout as pause } from "node:timers/promises";

import { portOf } from "./callback.mjs";

/**
 * @typedef {object} Fixture
 * @property {string} description
 * @property {object} [schema] Of its arguments; none, where left out
 * @property {Answer} answer
 */

/**
 * @callback Answer
 * @param {import("node:http").ServerResponse} response
 * @param {any} given The arguments of the call
 * @returns {void | Promise<void>}
 */

const PNG =
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8DwHwAFBQIAX8jx0gAAAABJRU5ErkJggg==";
// A WAVE file of no samples.
const WAV = "UklGRiQAAABXQVZFZm10IBAAAAABAAEAQB8AAEAfAAABAAgAZGF0YQAAAAA=";

/**
 * @param {string} type @param {string | Buffer} body @param {number} [status]
 * @returns {Answer}
 */
const gives = (type, body, status = 200) => (response) => {
  response.writeHead(status, { "content-type": type });
  response.end(body);
};

/** Three steps and a result, a line of JSON each. @type {Answer} */
async function inSteps(response) {
  response.writeHead(200, { "content-type": "application/x-ndjson" });
  for (const progress of [0, 50, 100]) {
    response.write(`${JSON.stringify({ progress, total: 100 })}\n`);
    await pause(50);
  }
  response.end(`${JSON.stringify({ done: true })}\n`);
}

// Word for word as the suite's scenario json-schema-2020-12 has it.
const JSON_SCHEMA_2020_12 = {
  $schema: "https://json-schema.org/draft/2020-12/schema",
  type: "object",
  $defs: {
    address: {
      $anchor: "addressDef",
      type: "object",
      properties: { street: { type: "string" }, city: { type: "string" } },
    },
  },
  properties: {
    name: { type: "string" },
    address: { $ref: "#/$defs/address" },
    contactMethod: { type: "string", enum: ["phone", "email"] },
    phone: { type: "string" },
    email: { type: "string" },
  },
  allOf: [{ anyOf: [{ required: ["phone"] }, { required: ["email"] }] }],
  if: { properties: { contactMethod: { const: "phone" } }, required: ["contactMethod"] },
  then: { required: ["phone"] },
  else: { required: ["email"] },
  additionalProperties: false,
};

const REGION = {
  type: "object",
  properties: { region: { type: "string", "x-mcp-header": "Region" } },
};

/** Comes and goes as test_trigger_tool_change is called. */
const CHANGING = "test_changing";

/** @param {() => Promise<void>} change @returns {Record<string, Fixture>} */
const fixtures = (change) => ({
  greet: {
    description: "Greets by name.",
    schema: { type: "object", properties: { name: { type: "string" } }, required: ["name"] },
    answer: (response, { name }) => gives("text/plain", `Hello, ${name}!`)(response, {}),
  },
  json_schema_2020_12_tool: {
    description: "Takes arguments of a schema that uses much of JSON Schema 2020-12.",
    schema: JSON_SCHEMA_2020_12,
    answer: gives("application/json", '{"taken":true}'),
  },
  test_audio_content: {
    description: "Answers with a sound.",
    answer: gives("audio/wav", Buffer.from(WAV, "base64")),
  },
  [CHANGING]: {
    description: "Is there, and then is not.",
    answer: gives("text/plain", "There."),
  },
  test_error_handling: {
    description: "Always fails.",
    answer: gives("text/plain", "This tool intentionally returns an error for testing", 500),
  },
  test_image_content: {
    description: "Answers with a picture.",
    answer: gives("image/png", Buffer.from(PNG, "base64")),
  },
  // To the suite a tool that may become a task; this one never takes long enough.
  slow_compute: {
    description: "Computes, and is quick about it.",
    schema: {
      type: "object",
      properties: { seconds: { type: "number" }, label: { type: "string" } },
    },
    answer: gives("text/plain", "Computed."),
  },
  // The scenario wants no log message from it, as its caller set no level.
  test_logging_tool: {
    description: "Answers, and has nothing to log.",
    answer: gives("text/plain", "Done."),
  },
  test_region_in_header: {
    description: "Has an argument that the client repeats in a header.",
    schema: REGION,
    answer: gives("text/plain", "Done."),
  },
  test_simple_text: {
    description: "Answers with a text.",
    answer: gives("text/plain", "This is a simple text response for testing."),
  },
  // The scenario wants to see no request from the server on the stream.
  test_streaming_elicitation: {
    description: "Answers in steps, and asks for nothing.",
    answer: inSteps,
  },
  test_tool_with_progress: { description: "Answers in steps.", answer: inSteps },
  test_trigger_tool_change: {
    description: "Changes what tools there are.",
    answer: async (response) => {
      await change();
      await gives("text/plain", "Changed.")(response, {});
    },
  },
});

/**
 * What tools are registered with, for the origin that serves them.
 * @typedef {object} ConformanceTools
 * @property {object[]} definitions
 * @property {string} changing The name of the one to enable and disable
 * @property {() => void} close
 */

/** @param {() => Promise<void>} change Asked for by a tool @returns {Promise<ConformanceTools>} */
export async function startConformanceTools(change) {
  const all = fixtures(change);
  const server = createServer(async (request, response) => {
    const name = new URL(request.url ?? "/", "http://localhost").pathname.slice(1);
    try {
      await all[name].answer(response, await json(request));
    } catch (error) {
      console.error(error);
      response.destroy();
    }
  });
  await new Promise((listening) => server.listen(0, "127.0.0.1", () => listening(null)));
  const definitions = Object.entries(all).map(([name, { description, schema }]) => ({
    name,
    description,
    ...(schema && { input_schema: schema }),
    base_url: `http://127.0.0.1:${portOf(server)}`,
    http_method: "POST",
    endpoint_path: `/${name}`,
  }));
  return { definitions, changing: CHANGING, close: () => server.close() };
}
