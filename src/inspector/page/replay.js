// Sends a request again.

import { ask, get, Problem } from "./api.js";
import { byId, duration, element } from "./dom.js";

/** Where the last one went; of this browser alone. */
const LAST = "hookcli-destination";

/** @type {any} */
let current = null;

/**
 * @param {any} capture
 * @param {boolean} edits
 */
export function openReplay(capture, edits) {
  current = capture;
  const dialog = byId("replay");
  const body = byId("replay-body");
  byId("replay-to").value ||= localStorage.getItem(LAST) ?? "";
  byId("replay-resign").checked = edits;
  byId("replay-edits").checked = edits;
  byId("replay-edits").disabled = capture.body === undefined || capture.body_truncated;
  body.value = capture.body ?? "";
  body.hidden = !edits;
  byId("replay-result").replaceChildren();
  if (!dialog.open) dialog.showModal();
  (edits && byId("replay-to").value ? body : byId("replay-to")).focus();
  get("/api/destinations")
    .then((all) => byId("destinations").replaceChildren(...all.map((/** @type {any} */ one) => element("option", { value: one.name }, one.url))))
    .catch(() => undefined);
}

/** @param {any} more */
async function send(more) {
  const to = byId("replay-to").value.trim();
  const isEdited = byId("replay-edits").checked && byId("replay-body").value !== current.body;
  localStorage.setItem(LAST, to);
  const asked = { to, resign: byId("replay-resign").checked, ...(isEdited ? { body: byId("replay-body").value } : {}), ...more };
  const result = byId("replay-result");
  result.replaceChildren(element("p", { className: "faint" }, "sending"));
  try {
    const response = await ask(`/api/captures/${current.id}/replay`, {}, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(asked) });
    showAnswer(result, await response.json());
  } catch (error) {
    showRefusal(result, error, more);
  }
}

/** @param {HTMLElement} result @param {any} answer */
function showAnswer(result, answer) {
  const { delivery } = answer;
  const attempt = delivery.attempts[delivery.attempts.length - 1];
  const isGood = delivery.outcome === "delivered";
  const status = attempt?.status ?? attempt?.error?.code ?? "-";
  result.replaceChildren(
    element("p", {}, element("strong", { className: isGood ? "good" : "bad" }, `${isGood ? "✓" : "✗"} ${status}`), ` in ${duration(attempt?.duration_ms ?? 0)} `, element("a", { href: `?id=${delivery.id}`, "data-id": delivery.id }, "the delivery")),
    delivery.failure ? element("p", { className: "bad" }, delivery.failure) : "",
    attempt?.response_body ? element("pre", { className: "body" }, attempt.response_body) : "",
    element("p", { className: "faint mono" }, answer.command),
  );
}

/** @param {HTMLElement} result @param {unknown} error @param {any} more */
function showRefusal(result, error, more) {
  const problem = error instanceof Problem ? error : null;
  const retry = { elsewhere: ["Send it there", { confirmed: true }], unverified: ["Sign it anyway", { resign_unverified: true }] }[problem?.code ?? ""];
  result.replaceChildren(element("p", { className: "bad" }, error instanceof Error ? error.message : String(error)));
  if (retry) {
    const button = element("button", { type: "button" }, String(retry[0]));
    button.addEventListener("click", () => send({ ...more, .../** @type {object} */ (retry[1]) }));
    result.append(button);
  }
}

export function prepareReplay() {
  byId("replay-form").addEventListener("submit", (/** @type {Event} */ event) => {
    event.preventDefault();
    send({});
  });
  byId("replay-edits").addEventListener("change", () => {
    byId("replay-body").hidden = !byId("replay-edits").checked;
    if (byId("replay-edits").checked) byId("replay-resign").checked = true;
  });
  byId("replay-close").addEventListener("click", () => byId("replay").close());
  byId("replay-result").addEventListener("click", (/** @type {Event} */ event) => {
    if (event.target instanceof HTMLAnchorElement) byId("replay").close();
  });
}
