// Pieces that a request and a delivery are shown with.

import { element } from "./dom.js";

/** @param {string} verdict */
export function verdictMark(verdict) {
  if (verdict === "valid") return { mark: "✓", kind: "good" };
  if (verdict === "unchecked") return { mark: "?", kind: "warn" };
  return { mark: "✗", kind: "bad" };
}

/** @param {any} item */
export function eventName(item) {
  const provider = item.provider ?? "";
  const event = item.event ?? "";
  return provider || event ? `${provider || "-"}/${event || "-"}` : "unknown provider";
}

/** @param {[string, any][]} rows */
export function facts(rows) {
  const list = element("dl", { className: "facts" });
  for (const [name, value] of rows) {
    if (value === null || value === undefined || value === "" || value === false) continue;
    list.append(element("dt", {}, name), element("dd", {}, value));
  }
  return list;
}

/** @param {string} text @param {string} label */
export function copyButton(text, label) {
  const button = /** @type {HTMLButtonElement} */ (element("button", { type: "button" }, label));
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(text);
    button.textContent = "copied";
    setTimeout(() => (button.textContent = label), 1200);
  });
  return button;
}

/** @param {string} label @param {() => void} act */
export function action(label, act) {
  const button = element("button", { type: "button" }, label);
  button.addEventListener("click", act);
  return button;
}

/** The command that shows a capture in the terminal.
 * @param {any} item */
export function commandOf(item) {
  const list = item.id.startsWith("dlv_") ? "deliveries" : "captures";
  return `hookcli ${list} show ${item.id}`;
}

/** @param {() => void} back @param {any} item */
export function title(back, item) {
  const button = element("button", { type: "button", className: "back" }, "← list");
  button.addEventListener("click", back);
  return element("div", { className: "title" }, button, element("h2", {}, eventName(item)), element("span", { className: "faint mono" }, item.id));
}

/** @param {string} id */
export function link(id) {
  return element("a", { href: `?id=${encodeURIComponent(id)}`, className: "mono", "data-id": id }, id);
}

/** @param {any} headers */
export function headerList(headers) {
  return facts(pairsOf(headers).map(([name, value]) => [name, element("span", { className: "mono" }, headerText(value))]));
}

/** Headers are pairs, in the order in which they came.
 * @param {any} headers @returns {[string, any][]} */
export function pairsOf(headers) {
  return headers;
}

/** A value that is not UTF-8 is in base64.
 * @param {any} value @returns {string} */
function headerText(value) {
  return typeof value === "string" ? value : `(base64) ${value.base64}`;
}

/** Lets the browser keep an answer as a file: a link could not send the token.
 * @param {Response} response @param {string} name */
export async function save(response, name) {
  const url = URL.createObjectURL(await response.blob());
  const anchor = /** @type {HTMLAnchorElement} */ (element("a", { href: url, download: name }));
  anchor.click();
  setTimeout(() => URL.revokeObjectURL(url), 1000);
}

/** The command that does the same.
 * @param {string} command */
export function commandLine(command) {
  return element("p", { className: "faint mono" }, command);
}

/** What went wrong.
 * @param {unknown} error */
export function problemLine(error) {
  return element("p", { className: "bad" }, error instanceof Error ? error.message : String(error));
}

/** A text as one word of a shell.
 * @param {string} text */
export function quoted(text) {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
