// Sends any event of any provider: its sample, or an edited payload that is compared with the event's schema.

import { get, tell } from "./api.js";
import { byId, element } from "./dom.js";
import { offerDestinations, showAnswer, showRefusal } from "./outcome.js";

/** How long after the last key a payload is looked at. */
const LOOKED_AFTER_MS = 250;

/** The payload as it was offered: unchanged it is sent with new timestamps and ids. */
let sample = "";
/** The event that the payload is of. */
let offered = "";
/** @type {ReturnType<typeof setTimeout> | undefined} */
let looking;

export async function openSend() {
  const dialog = byId("send");
  byId("send-result").replaceChildren();
  if (!dialog.open) dialog.showModal();
  byId("send-event").focus();
  offerDestinations(byId("send-to"));
  const faults = byId("send-fault");
  if (faults.options.length > 1) return;
  const [events, all] = await Promise.all([get("/api/event-types"), get("/api/faults")]);
  byId("event-types").replaceChildren(...events.map((/** @type {any} */ one) => element("option", { value: one.name }, one.description)));
  faults.append(...all.map((/** @type {any} */ one) => element("option", { value: one.name }, `${one.name}: ${one.sends}`)));
}

async function chosen() {
  const name = byId("send-event").value.trim();
  if (!name || name === offered) return;
  const about = byId("send-about");
  try {
    const event = await get("/api/event-type", { name });
    offered = name;
    about.textContent = event.description;
    sample = laidOut(event.sample);
    byId("send-body").value = sample;
    byId("send-violations").replaceChildren();
  } catch (error) {
    about.textContent = error instanceof Error ? error.message : String(error);
  }
}

/** JSON with line breaks, its numbers as they are written.
 * @param {string} text */
function laidOut(text) {
  let depth = 0;
  return text.replace(/"(?:[^"\\]|\\.)*"|[{}[\],:]/g, (mark) => {
    const line = () => `\n${"  ".repeat(depth)}`;
    if (mark === "{" || mark === "[") {
      depth += 1;
      return mark + line();
    }
    if (mark === "}" || mark === "]") {
      depth -= 1;
      return line() + mark;
    }
    if (mark === ",") return mark + line();
    return mark === ":" ? ": " : mark;
  }).replace(/([{[])\s+([}\]])/g, "$1$2");
}

async function look() {
  const body = byId("send-body").value;
  const list = byId("send-violations");
  if (body === sample || !offered) return list.replaceChildren();
  const answer = await tell("/api/validate", { event: offered, body }).catch(() => null);
  if (!answer || byId("send-body").value !== body) return;
  const errors = answer.json_error ? [`not JSON: ${answer.json_error}`] : (answer.schema?.errors ?? []).map((/** @type {any} */ error) => `${error.path || "the payload"}: ${error.message}`);
  list.replaceChildren(...errors.map((/** @type {string} */ text) => element("li", {}, text)));
}

/** @param {any} more */
async function send(more) {
  const to = byId("send-to").value.trim();
  const body = byId("send-body").value;
  const fault = byId("send-fault").value;
  const asked = { event: byId("send-event").value.trim(), to, ...(body !== sample ? { body } : {}), ...(fault ? { fault } : {}), ...more };
  const result = byId("send-result");
  result.replaceChildren(element("p", { className: "faint" }, "sending"));
  try {
    const answer = await tell("/api/send", asked);
    showAnswer(result, answer.deliveries, answer.command, to);
  } catch (error) {
    showRefusal(result, error, (other) => send({ ...more, ...other }));
  }
}

export function prepareSend() {
  byId("send-button").addEventListener("click", openSend);
  byId("send-event").addEventListener("change", chosen);
  byId("send-event").addEventListener("input", () => {
    // A choice of the list comes whole.
    if ([...byId("event-types").children].some((one) => /** @type {HTMLOptionElement} */ (one).value === byId("send-event").value)) chosen();
  });
  byId("send-body").addEventListener("input", () => {
    clearTimeout(looking);
    looking = setTimeout(look, LOOKED_AFTER_MS);
  });
  byId("send-form").addEventListener("submit", (/** @type {Event} */ event) => {
    event.preventDefault();
    send({});
  });
  byId("send-close").addEventListener("click", () => byId("send").close());
  byId("send-result").addEventListener("click", (/** @type {Event} */ event) => {
    if (event.target instanceof HTMLAnchorElement) byId("send").close();
  });
}
