// What became of what was sent.

import { get, Problem } from "./api.js";
import { byId, duration, element } from "./dom.js";
import { commandLine, problemLine } from "./pieces.js";

/** Where the last one went; of this browser alone. */
export const LAST_DESTINATION = "hookcli-destination";

/** Offers the endpoints of the settings. */
export function offerDestinations() {
  get("/api/destinations")
    .then((all) => byId("destinations").replaceChildren(...all.map((/** @type {any} */ one) => element("option", { value: one.name }, one.url))))
    .catch(() => undefined);
}

/** @param {HTMLElement} result @param {any[]} deliveries @param {string} command */
export function showAnswer(result, deliveries, command) {
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
 * Says why nothing was sent, and offers what may be done anyway.
 * @param {HTMLElement} result @param {unknown} error @param {(more: any) => void} again
 */
export function showRefusal(result, error, again) {
  const problem = error instanceof Problem ? error : null;
  /** @type {Record<string, [string, object]>} */
  const offers = { elsewhere: ["Send it there", { confirmed: true }], unverified: ["Sign it anyway", { resign_unverified: true }] };
  const offer = offers[problem?.code ?? ""];
  result.replaceChildren(problemLine(error));
  if (offer) {
    const button = element("button", { type: "button" }, offer[0]);
    button.addEventListener("click", () => again(offer[1]));
    result.append(button);
  }
}
