// Talks to the server that the page is from. The token comes in the fragment of the URL that hookcli prints, is kept
// for this tab alone, and goes out in a header: a link or a cookie cannot carry it.

const KEPT_AS = "hookcli-token";

/** An answer that is an error. */
export class Problem extends Error {
  /**
   * @param {number} status
   * @param {{code?: string, message?: string, at?: {start: number, end: number}, count?: number}} facts
   */
  constructor(status, facts) {
    super(facts.message ?? `the server answered ${status}`);
    this.status = status;
    this.code = facts.code ?? "";
    this.at = facts.at;
    this.count = facts.count;
  }
}

/** Takes the token out of the address at once, so that it is neither copied nor kept in the history. */
export function takeToken() {
  const found = new URLSearchParams(location.hash.slice(1)).get("token");
  if (found) {
    sessionStorage.setItem(KEPT_AS, found);
    history.replaceState(history.state, "", location.pathname + location.search);
  }
  return sessionStorage.getItem(KEPT_AS) !== null;
}

/** Takes a token, or a URL with one, that the user pasted.
 * @param {string} text */
export function useToken(text) {
  const token = text.includes("#token=") ? text.slice(text.indexOf("#token=") + 7) : text;
  sessionStorage.setItem(KEPT_AS, token.trim());
}

/**
 * @param {string} path
 * @param {Record<string, string | number | undefined | null>} [parameters]
 * @param {RequestInit} [options]
 * @returns {Promise<Response>}
 */
export async function ask(path, parameters = {}, options = {}) {
  const url = new URL(path, location.origin);
  for (const [name, value] of Object.entries(parameters)) {
    if (value !== undefined && value !== null && value !== "") url.searchParams.set(name, String(value));
  }
  const headers = new Headers(options.headers);
  headers.set("authorization", `Bearer ${sessionStorage.getItem(KEPT_AS) ?? ""}`);
  const response = await fetch(url, { ...options, headers, cache: "no-store" });
  if (response.ok) return response;
  const answer = await response.json().catch(() => ({}));
  throw new Problem(response.status, answer.error ?? {});
}

/**
 * @param {string} path
 * @param {Record<string, string | number | undefined | null>} [parameters]
 * @param {AbortSignal} [signal]
 * @returns {Promise<any>}
 */
export async function get(path, parameters, signal) {
  return (await ask(path, parameters, { signal })).json();
}

/**
 * Sends a document, and returns the answer.
 * @param {string} path
 * @param {object} document
 * @param {"POST" | "PUT"} [method]
 * @returns {Promise<any>}
 */
export async function tell(path, document, method = "POST") {
  const headers = { "content-type": "application/json" };
  return (await ask(path, {}, { method, headers, body: JSON.stringify(document) })).json();
}

/**
 * Follows what changes, for ever: after an interruption from where it was.
 * @param {(changes: any) => void} told
 * @param {(state: "live" | "reconnecting" | "locked") => void} connected
 */
export async function follow(told, connected) {
  let cursor = "";
  let wait = 250;
  for (;;) {
    try {
      const response = await ask("/api/events", { cursor });
      if (!response.body) throw new Error("no stream");
      connected("live");
      wait = 250;
      const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
      let rest = "";
      for (;;) {
        const { value, done } = await reader.read();
        if (done) break;
        rest += value;
        const events = rest.split("\n\n");
        rest = events.pop() ?? "";
        for (const event of events) {
          let data = "";
          for (const line of event.split("\n")) {
            if (line.startsWith("id:")) cursor = line.slice(3).trim();
            if (line.startsWith("data:")) data += line.slice(5);
          }
          if (data) told(JSON.parse(data));
        }
      }
    } catch (error) {
      if (error instanceof Problem && error.status === 401) {
        connected("locked");
        return;
      }
    }
    connected("reconnecting");
    await new Promise((resolve) => setTimeout(resolve, wait));
    wait = Math.min(wait * 2, 4000);
  }
}
