// What became of what was sent.

import { get, Problem } from "./api.js";
import { byId, duration, element } from "./dom.js";
import { commandLine, problemLine } from "./pieces.js";

/** Where the last one went; of this browser alone. */
const LAST_DESTINATION = "hookcli-destination";

/** Offers the endpoints of the settings, and the last destination or the listener beside where there is none yet.
 * @param {any} input */
export function offerDestinations(input) {
  input.value ||= localStorage.getItem(LAST_DESTINATION) ?? "";
  get("/api/status")
    .then((status) => (input.value ||= status.listener_url ?? ""))
    .catch(() => undefined);
  get("/api/destinations")
    .then((all) => byId("destinations").replaceChildren(...all.map((/** @type {any} */ one) => element("option", { value: one.name }, one.url))))
    .catch(() => undefined);
}

/** @param {HTMLElement} result @param {any[]} deliveries @param {string} command @param {string} [to] the destination that was chosen for them */
export function showAnswer(result, deliveries, command, to) {
  if (to) localStorage.setItem(LAST_DESTINATION, to);
  result.replaceChildren();
  for (const delivery of deliveries) {
    const attempt = delivery.attempts[delivery.attempts.length - 1];
    const isGood = delivery.expectation ? delivery.expectation.met : delivery.outcome === "delivered";
    const status = attempt?.status ?? attempt?.error?.code ?? "-";
    const mark = `${isGood ? "✓" : "✗"} ${status}`;
    result.append(element("p", {}, element("strong", { className: isGood ? "good" : "bad" }, mark), ` in ${duration(attempt?.duration_ms ?? 0)} `, element("a", { href: `?id=${delivery.id}`, "data-id": delivery.id }, "the delivery")));
    if (delivery.expectation) result.append(element("p", {}, `wanted: ${delivery.expectation.wanted}`));
    if (delivery.failure && !isGood) result.append(element("p", { className: "bad" }, delivery.failure));
    if (attempt?.response_body) result.append(element("pre", { className: "body" }, attempt.response_body));
  }
  result.append(commandLine(command));
}

/**
 * Says why nothing was sent, or asks whether it may go to another machine.
 * @param {HTMLElement} result @param {unknown} error @param {(more: any) => void} again
 */
export function showRefusal(result, error, again) {
  const problem = error instanceof Problem ? error : null;
  if (problem?.code !== "elsewhere") return result.replaceChildren(problemLine(error));
  const button = element("button", { type: "button" }, "Send it there");
  button.addEventListener("click", () => again({ confirmed: true }));
  result.replaceChildren(element("p", { className: "warn" }, problem.message), button);
}
