// A browser as plain as the pages are: cookies, forms, redirects. It signs in and consents where an
// authorize URL leads, as a person would, and ends at the client's callback.

/** @typedef {{ email: string, password: string }} Person */

/**
 * What the person decides.
 * @typedef {object} Choice
 * @property {"approve" | "deny"} [decision]
 * @property {string} [integration] The one that a client is for that belongs to none.
 */

const HOPS = 10;

class PlainBrowser {
  /** @type {Map<string, string>} */
  #cookies = new Map();
  /** @type {string[]} What was seen on the way, for the transcript. */
  pages = [];

  /**
   * One request, no redirect followed.
   * @param {string} url @param {URLSearchParams} [form]
   */
  async send(url, form) {
    const answer = await fetch(url, {
      method: form ? "POST" : "GET",
      body: form,
      redirect: "manual",
      headers: {
        cookie: [...this.#cookies].map(([name, value]) => `${name}=${value}`).join("; "),
        ...(form && { origin: new URL(url).origin }),
      },
    });
    for (const line of answer.headers.getSetCookie()) {
      const [pair] = line.split(";");
      const at = pair.indexOf("=");
      this.#cookies.set(pair.slice(0, at), pair.slice(at + 1));
    }
    return answer;
  }
}

/**
 * Follows an authorize URL to the client's callback, which it fetches too, as a browser does.
 * @param {URL} authorizeUrl @param {string} callback @param {Person} person @param {Choice} [choice]
 * @returns {Promise<{ callback: URL, pages: string[] }>}
 */
export async function consent(authorizeUrl, callback, person, choice = {}) {
  const browser = new PlainBrowser();
  let url = authorizeUrl.href;
  /** @type {URLSearchParams | undefined} */
  let form;
  for (let hop = 0; hop < HOPS; hop++) {
    const answer = await browser.send(url, form);
    form = undefined;
    if (answer.status === 303) {
      url = new URL(answer.headers.get("location") ?? "", url).href;
      if (url.startsWith(`${callback}?`)) {
        await browser.send(url);
        return { callback: new URL(url), pages: browser.pages };
      }
      continue;
    }
    const html = await answer.text();
    const title = unescaped(/<title>([^<]*)<\/title>/.exec(html)?.[1] ?? "no title");
    browser.pages.push(title);
    if (answer.status !== 200) throw new Error(`${answer.status} “${title}” at ${url}`);
    const chosen = choice.integration && linkOf(html, choice.integration);
    if (chosen) {
      url = new URL(chosen, url).href;
      continue;
    }
    form = filledIn(html, person, choice);
    url = new URL(/<form[^>]* action="([^"]*)"/.exec(html)?.[1] ?? "", url).href;
  }
  throw new Error(`no callback after ${HOPS} pages: ${browser.pages.join(", ")}`);
}

/** Where the link with this name leads, if the page has it. @param {string} html @param {string} name */
function linkOf(html, name) {
  for (const [, href, content] of html.matchAll(/<a[^>]* href="([^"]*)"[^>]*>(.*?)<\/a>/gs)) {
    const texts = content.split(/<[^>]*>/).map((text) => unescaped(text.trim()));
    if (texts.includes(name)) return unescaped(href);
  }
}

/** @param {string} html @param {Person} person @param {Choice} choice */
function filledIn(html, person, choice) {
  const form = new URLSearchParams();
  for (const [input] of html.matchAll(/<input[^>]* type="hidden"[^>]*>/g)) {
    const name = /name="([^"]*)"/.exec(input)?.[1];
    if (name) form.set(name, unescaped(/value="([^"]*)"/.exec(input)?.[1] ?? ""));
  }
  if (html.includes('name="password"')) {
    form.set("email", person.email);
    form.set("password", person.password);
  } else if (html.includes('value="approve"')) {
    form.set("decision", choice.decision ?? "approve");
    form.set("tools", "all");
  } else {
    throw new Error("neither a sign-in nor a consent page");
  }
  return form;
}

/** @param {string} text */
function unescaped(text) {
  return text
    .replaceAll("&quot;", '"')
    .replaceAll("&#x27;", "'")
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&amp;", "&");
}
