// One request or one delivery.

import { ask, get } from "./api.js";
import { age, duration, element, size, until } from "./dom.js";
import { parseJson, pointerStep } from "./json.js";
import { showAnswer, showRefusal } from "./outcome.js";
import { openReplay } from "./replay.js";

/** How much of a body is shown as hex. */
const HEX_BYTES = 4096;
/** How many children of an object or a list are shown at once. */
const MOST_CHILDREN = 500;

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
function facts(rows) {
  const list = element("dl", { className: "facts" });
  for (const [name, value] of rows) {
    if (value === null || value === undefined || value === "") continue;
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
function action(label, act) {
  const button = element("button", { type: "button" }, label);
  button.addEventListener("click", act);
  return button;
}

export const FORMATS = [
  ["curl", "curl"],
  ["http", "raw HTTP"],
  ["har", "HAR"],
  ["httpie", "HTTPie"],
  ["fetch", "JavaScript"],
  ["python", "Python"],
  ["go", "Go"],
  ["http-file", ".http file"],
  ["json", "JSON"],
];

/** Copies the request, without its secrets, in a format of another tool.
 * @param {any} capture */
function copyAs(capture) {
  const choice = /** @type {HTMLSelectElement} */ (element("select", { "aria-label": "Copy as" }));
  choice.append(element("option", { value: "" }, "Copy as"), element("option", { value: "command" }, "hookcli command"));
  for (const [format, name] of FORMATS) choice.append(element("option", { value: format }, name ?? ""));
  choice.addEventListener("change", async () => {
    const format = choice.value;
    const text = format === "command" ? commandOf(capture) : await ask(`/api/captures/${capture.id}/export`, { format }).then((answer) => answer.text()).catch((error) => error.message);
    await navigator.clipboard.writeText(text);
    const first = choice.options[0];
    if (first) first.textContent = "copied";
    choice.value = "";
    setTimeout(() => first && (first.textContent = "Copy as"), 1200);
  });
  return choice;
}

/**
 * Shows what differs from the request of the same event that came before.
 * @param {HTMLElement} into @param {any} capture
 */
export async function showDiff(into, capture) {
  const place = /** @type {HTMLElement | null} */ (into.querySelector("#diff"));
  if (!place) return;
  try {
    const diff = await get(`/api/captures/${capture.id}/diff`);
    const lines = element("pre", { className: "body diff", tabIndex: 0 });
    for (const line of diff.diff.split("\n")) {
      if (line.startsWith("@@")) continue;
      const kind = line.startsWith("+") ? "added" : line.startsWith("-") ? "removed" : "";
      lines.append(element("span", { className: kind }, `${line}\n`));
    }
    place.replaceChildren(
      element("h3", {}, "Differences"),
      element("p", {}, "compared with ", link(diff.one)),
      ...diff.facts.map((/** @type {any} */ fact) => element("p", {}, `${fact.name}: ${fact.one} → ${fact.other}`)),
      diff.same ? element("p", {}, "The requests are the same.") : lines,
    );
  } catch (error) {
    place.replaceChildren(element("p", { className: "faint" }, error instanceof Error ? error.message : String(error)));
  }
  place.scrollIntoView({ block: "nearest" });
}

/** The command that shows a capture in the terminal.
 * @param {any} item */
export function commandOf(item) {
  const list = item.id.startsWith("dlv_") ? "deliveries" : "captures";
  return `hookcli ${list} show ${item.id}`;
}

/** @param {() => void} back @param {any} item */
function title(back, item) {
  const button = element("button", { type: "button", className: "back" }, "← list");
  button.addEventListener("click", back);
  return element("div", { className: "title" }, button, element("h2", {}, eventName(item)), element("span", { className: "faint mono" }, item.id));
}

/**
 * @param {HTMLElement} into
 * @param {string} id
 * @param {() => void} back
 * @param {AbortSignal} signal
 */
export async function showCapture(into, id, back, signal) {
  const capture = await get(`/api/captures/${id}`, {}, signal);
  const signature = element("div", { role: "status" }, element("p", { className: "faint" }, "verifying"));
  into.replaceChildren(
    title(back, capture),
    element(
      "div",
      { className: "actions" },
      action("Send again", () => openReplay(capture, false)),
      action("Edit and send", () => openReplay(capture, true)),
      action("Diff", () => showDiff(into, capture)),
      copyAs(capture),
      copyButton(location.href, "Copy link"),
      download(capture),
    ),
    element("div", { id: "diff" }),
    element("h3", {}, "Request"),
    facts([
      ["request", element("span", { className: "mono" }, `${capture.method} ${capture.path}`)],
      ["received", `${new Date(capture.received_at).toLocaleString()} (${age(capture.received_at)} ago)`],
      ["from", capture.peer],
      ["endpoint", capture.endpoint],
      ["duplicate of", capture.duplicate_of && link(capture.duplicate_of)],
      ["waits for", (capture.pending_destinations ?? []).join(", ")],
      ["redacted", capture.redacted.join(", ")],
    ]),
    element("h3", {}, "Signature"),
    signature,
    element("h3", {}, "Response"),
    facts([
      ["status", capture.status === 0 ? "none" : String(capture.status)],
      ["fault", capture.response.fault],
      ["client", endText(capture.response_end)],
      ["body", capture.response.body && element("span", { className: "mono" }, capture.response.body)],
    ]),
    element("h3", {}, "Body"),
    bodyView(capture),
    element("h3", {}, "Headers"),
    headerList(capture.headers),
  );
  const verified = await get(`/api/captures/${id}/verification`, {}, signal);
  signature.replaceChildren(...signatureView(capture, verified));
}

/** @param {string} id */
function link(id) {
  return element("a", { href: `?id=${encodeURIComponent(id)}`, className: "mono", "data-id": id }, id);
}

/** @param {string | undefined} end */
function endText(end) {
  return { client_left: "left before the answer", broken: "the connection broke", not_read: "did not read the answer" }[end ?? ""];
}

/** @param {any} capture @param {any} verified */
function signatureView(capture, verified) {
  const then = verdictMark(capture.verdict);
  const reason = capture.reason ? ` (${capture.reason.replaceAll("_", " ")})` : "";
  const shown = [element("p", { className: `verdict ${then.kind}` }, `${then.mark} ${capture.verdict}${reason}`)];
  if (verified.message) shown.push(element("p", {}, verified.message));
  if (verified.verdict !== capture.verdict && verified.valid !== null) {
    const now = verdictMark(verified.verdict);
    shown.push(element("p", { className: now.kind }, `${now.mark} ${verified.verdict} with the secrets that are set now`));
  }
  for (const finding of verified.findings) {
    shown.push(element("div", { className: "finding" }, element("strong", {}, finding.code), " ", finding.message));
  }
  if (verified.provider) shown.push(trySecret(capture));
  for (const hint of verified.hints) shown.push(element("p", { className: "faint" }, hint));
  return shown;
}

/** A secret that is tried, and kept nowhere.
 * @param {any} capture */
function trySecret(capture) {
  const input = /** @type {HTMLInputElement} */ (element("input", { type: "password", autocomplete: "off", "aria-label": "Secret to try" }));
  const result = element("div", { role: "status" });
  const form = element("form", { className: "actions" }, input, element("button", {}, "Verify"));
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const options = { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify({ secret: input.value }) };
    try {
      const verified = await (await ask(`/api/captures/${capture.id}/verification`, {}, options)).json();
      const { mark, kind } = verdictMark(verified.verdict);
      result.replaceChildren(element("p", { className: kind }, `${mark} ${verified.verdict} with this secret`), ...verified.findings.map((/** @type {any} */ finding) => element("div", { className: "finding" }, element("strong", {}, finding.code), " ", finding.message)));
    } catch (error) {
      result.replaceChildren(element("p", { className: "bad" }, error instanceof Error ? error.message : String(error)));
    }
  });
  return element("details", { className: "try" }, element("summary", {}, "Try another secret"), form, result);
}

/** @param {any} headers */
function headerList(headers) {
  return facts(pairsOf(headers).map(([name, value]) => [name, element("span", { className: "mono" }, headerText(value))]));
}

/** Headers are pairs, in the order in which they came.
 * @param {any} headers @returns {[string, any][]} */
function pairsOf(headers) {
  return headers;
}

/** A value that is not UTF-8 is in base64.
 * @param {any} value @returns {string} */
function headerText(value) {
  return typeof value === "string" ? value : `(base64) ${value.base64}`;
}

/** @param {any} capture */
function download(capture) {
  const button = element("button", { type: "button" }, "Download body");
  button.addEventListener("click", async () => save(await ask(`/api/captures/${capture.id}/body`), `${capture.id}.body`));
  return button;
}

/** Lets the browser keep an answer as a file: a link could not send the token.
 * @param {Response} response @param {string} name */
export async function save(response, name) {
  const url = URL.createObjectURL(await response.blob());
  const anchor = /** @type {HTMLAnchorElement} */ (element("a", { href: url, download: name }));
  anchor.click();
  setTimeout(() => URL.revokeObjectURL(url), 1000);
}

/** @param {any} capture */
function bodyView(capture) {
  const text = capture.body ?? null;
  const tree = text !== null && !capture.body_truncated ? parseJson(text) : null;
  /** @type {[string, () => HTMLElement][]} */
  const tabs = [];
  if (tree) tabs.push(["Tree", () => element("div", { className: "body tree" }, treeNode(tree, "", violations(capture), true))]);
  const form = text !== null && isForm(capture) ? formRows(text) : null;
  if (form) tabs.push(["Form", () => element("div", { className: "body" }, facts(form))]);
  const type = contentType(capture);
  const parts = text !== null ? multipart(text, type) : null;
  if (parts) tabs.push(["Parts", () => element("div", { className: "body" }, ...parts)]);
  if (text !== null && /[/+]xml\b/.test(type)) tabs.push(["XML", () => element("pre", { className: "body" }, xmlLines(text))]);
  if (text !== null) tabs.push(["Raw", () => element("pre", { className: "body" }, text)]);
  tabs.push(["Hex", () => hexView(capture)]);
  const place = element("div", {});
  const bar = element("div", { className: "body-tabs", role: "tablist", "aria-label": "Body" });
  /** @param {number} chosen */
  const choose = (chosen) => {
    [...bar.children].forEach((tab, index) => tab.setAttribute("aria-selected", String(index === chosen)));
    place.replaceChildren(tabs[chosen]?.[1]() ?? "");
  };
  tabs.forEach(([name], index) => {
    const tab = element("button", { type: "button", role: "tab" }, name);
    tab.addEventListener("click", () => choose(index));
    bar.append(tab);
  });
  const shown = element("div", {}, bar, schemaView(capture), place);
  if (capture.body_truncated) {
    const cut = `The body has ${size(capture.body_bytes)} and is cut here. The signature is judged on all of it; download it to see the rest.`;
    shown.prepend(element("p", { className: "cut" }, cut));
  }
  if (capture.body_bytes === 0) return element("p", { className: "faint" }, "no body");
  choose(0);
  return shown;
}

/** @param {any} capture */
function violations(capture) {
  /** @type {Map<string, string>} */
  const found = new Map();
  for (const error of capture.schema?.errors ?? []) found.set(error.path, error.message);
  return found;
}

/** @param {any} capture */
function schemaView(capture) {
  if (!capture.schema || capture.schema.valid) return null;
  const list = element("ul", {});
  for (const error of capture.schema.errors) {
    list.append(element("li", {}, element("code", {}, error.path || "the payload"), ` ${error.message}`));
  }
  return element("div", { className: "warn" }, "The payload does not match the event's schema:", list);
}

/**
 * @param {import("./json.js").JsonNode} node
 * @param {string} pointer
 * @param {Map<string, string>} violations
 * @param {boolean} isOpen
 * @returns {HTMLElement}
 */
function treeNode(node, pointer, violations, isOpen) {
  const key = node.key === null ? null : element("span", { className: "key" }, `${node.key}: `);
  const wrong = violations.get(pointer);
  const note = wrong ? element("span", { className: "violation" }, `  ← ${wrong}`) : null;
  if (node.children.length === 0) {
    const text = node.kind === "object" ? "{}" : node.kind === "array" ? "[]" : node.text;
    return element("div", { className: "leaf" }, key, element("span", { className: node.kind }, text), note);
  }
  const count = node.kind === "object" ? `{${node.children.length}}` : `[${node.children.length}]`;
  const summary = element("summary", {}, key, element("span", { className: "faint" }, count), note);
  const details = element("details", { open: isOpen }, summary);
  let filled = 0;
  const fill = () => {
    const next = node.children.slice(filled, filled + MOST_CHILDREN);
    filled += next.length;
    const depth = pointer.split("/").length;
    for (const child of next) details.append(treeNode(child, pointer + pointerStep(child.key ?? ""), violations, depth < 3));
    if (filled < node.children.length) {
      const more = element("button", { type: "button" }, `${node.children.length - filled} more`);
      more.addEventListener("click", () => {
        more.remove();
        fill();
      });
      details.append(more);
    }
  };
  if (isOpen) fill();
  else details.addEventListener("toggle", () => filled === 0 && fill(), { once: true });
  return details;
}

/** @param {any} capture */
function contentType(capture) {
  const type = pairsOf(capture.headers).find(([name]) => name.toLowerCase() === "content-type");
  return type ? String(type[1]) : "";
}

/** @param {any} capture */
function isForm(capture) {
  return contentType(capture).startsWith("application/x-www-form-urlencoded");
}

/** The parts of a multipart body (RFC 2046, section 5.1), each with its headers.
 * @param {string} text @param {string} type */
function multipart(text, type) {
  const boundary = /^multipart\/.*boundary="?([^";]+)"?/i.exec(type)?.[1];
  if (!boundary) return null;
  const pieces = `\r\n${text.replace(/\r?\n/g, "\r\n")}`.split(`\r\n--${boundary}`);
  return pieces.slice(1, -1).map((piece) => {
    const split = piece.indexOf("\r\n\r\n");
    const head = piece.slice(0, split).trim();
    return element("div", {}, element("p", { className: "faint" }, head.split("\r\n").join(", ")), element("pre", { className: "body" }, piece.slice(split + 4)));
  });
}

/** XML with a line for each element; its text stays as it is.
 * @param {string} text */
function xmlLines(text) {
  let depth = 0;
  return text
    .replace(/>\s*</g, ">\n<")
    .split("\n")
    .map((line) => {
      if (/^<\//.test(line)) depth -= 1;
      const shown = "  ".repeat(Math.max(depth, 0)) + line;
      if (/^<[^?!/][^>]*>$/.test(line) && !line.endsWith("/>")) depth += 1;
      return shown;
    })
    .join("\n");
}

/** @param {string} text @returns {[string, any][]} */
function formRows(text) {
  return [...new URLSearchParams(text)].map(([name, value]) => [name, element("span", { className: "mono" }, value)]);
}

/** @param {any} capture */
function hexView(capture) {
  const shown = element("pre", { className: "body hex" }, "reading");
  const range = { headers: { range: `bytes=0-${HEX_BYTES - 1}` } };
  ask(`/api/captures/${capture.id}/body`, {}, range)
    .then((response) => response.arrayBuffer())
    .then((buffer) => {
      const lines = [];
      const bytes = new Uint8Array(buffer);
      for (let at = 0; at < bytes.length; at += 16) {
        const line = [...bytes.slice(at, at + 16)];
        const hex = line.map((byte) => byte.toString(16).padStart(2, "0")).join(" ");
        const text = line.map((byte) => (byte >= 32 && byte < 127 ? String.fromCharCode(byte) : ".")).join("");
        lines.push(`${at.toString(16).padStart(8, "0")}  ${hex.padEnd(47)}  ${text}`);
      }
      if (capture.body_bytes > HEX_BYTES) lines.push(`(the first ${HEX_BYTES} of ${capture.body_bytes} bytes)`);
      shown.textContent = lines.join("\n");
    })
    .catch((error) => (shown.textContent = String(error.message)));
  return shown;
}

/**
 * @param {HTMLElement} into
 * @param {string} id
 * @param {() => void} back
 * @param {AbortSignal} signal
 */
export async function showDelivery(into, id, back, signal) {
  const delivery = await get(`/api/deliveries/${id}`, {}, signal);
  const outcome = element("div", { role: "status" });
  /** @param {any} more */
  const retry = async (more) => {
    outcome.replaceChildren(element("p", { className: "faint" }, "sending"));
    try {
      const options = { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(more) };
      const answer = await (await ask(`/api/deliveries/${id}/retry`, {}, options)).json();
      showAnswer(outcome, [answer], `hookcli deliveries retry ${id}`);
    } catch (error) {
      showRefusal(outcome, error, retry);
    }
  };
  const begun = Date.parse(delivery.attempts[0]?.started_at ?? "");
  const last = delivery.attempts[delivery.attempts.length - 1];
  const whole = last ? Date.parse(last.started_at) + last.duration_ms - begun : 0;
  into.replaceChildren(
    title(back, delivery),
    element("div", { className: "actions" }, delivery.outcome === "delivered" ? null : action("Retry now", () => retry({})), copyButton(commandOf(delivery), "Copy command"), copyButton(location.href, "Copy link")),
    outcome,
    element("h3", {}, "Delivery"),
    facts([
      ["url", element("span", { className: "mono" }, delivery.url)],
      ["outcome", delivery.outcome],
      ["why", delivery.failure],
      ["wanted", delivery.expectation && `${delivery.expectation.wanted}: ${delivery.expectation.met ? "met" : "not met"}`],
      ["faults", (delivery.faults ?? []).join(", ")],
      ["replay of", delivery.replay_of && link(delivery.replay_of)],
      ["next attempt", delivery.next_attempt_at && countdown(delivery.next_attempt_at)],
    ]),
    element("h3", {}, delivery.attempts.length === 1 ? "1 attempt" : `${delivery.attempts.length} attempts`),
    ...delivery.attempts.map((/** @type {any} */ attempt) => attemptView(attempt, begun, whole)),
    element("h3", {}, "Request"),
    element("p", { className: "mono" }, `${delivery.request.method} ${delivery.request.target}`),
    headerList(delivery.request.headers),
    element("pre", { className: "body" }, delivery.request.body ?? "(not text)"),
  );
}

/** A time to come; the page counts down to it.
 * @param {string} time */
function countdown(time) {
  return element("time", { className: "countdown", dateTime: time, title: new Date(time).toLocaleString() }, until(time));
}

/** @param {any} attempt @param {number} begun @param {number} whole */
function attemptView(attempt, begun, whole) {
  const answer = attempt.status ?? attempt.error?.code ?? "-";
  const isGood = attempt.status >= 200 && attempt.status < 300;
  const bar = element("span", { className: isGood ? "good" : "bad" });
  const from = whole > 0 ? (Date.parse(attempt.started_at) - begun) / whole : 0;
  bar.style.left = `${Math.min(from * 100, 99)}%`;
  bar.style.width = `${whole > 0 ? Math.max((attempt.duration_ms / whole) * 100, 0.5) : 1}%`;
  const phases = Object.entries(attempt.phases_ms ?? {}).filter(([, ms]) => ms !== null);
  const parts = phases.map(([name, ms]) => `${name.replaceAll("_", " ")} ${duration(Number(ms))}`).join(", ");
  return element(
    "div",
    {},
    element("p", {}, `${attempt.number}.  `, element("strong", { className: isGood ? "good" : "bad" }, String(answer)), attempt.number === 1 ? "" : `  after ${duration(Date.parse(attempt.started_at) - begun)}`, `  in ${duration(attempt.duration_ms)}`),
    element("div", { className: "axis", role: "img", "aria-label": `attempt ${attempt.number} on the time axis` }, bar),
    parts ? element("p", { className: "faint" }, parts) : null,
    attempt.error ? element("p", { className: "bad" }, attempt.error.message) : null,
    attempt.response_body ? element("pre", { className: "body" }, attempt.response_body) : null,
  );
}
