// One delivery, with its attempts on a time axis.

import { get, tell } from "./api.js";
import { duration, element, until } from "./dom.js";
import { axisRow, axisScale, phaseText, providerTimes, spanOf } from "./axis.js";
import { showAnswer, showRefusal } from "./outcome.js";
import { action, commandOf, copyButton, facts, headerList, link, title } from "./pieces.js";

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
      const answer = await tell(`/api/deliveries/${id}/retry`, more);
      showAnswer(outcome, [answer], `hookcli deliveries retry ${id}`);
    } catch (error) {
      showRefusal(outcome, error, retry);
    }
  };
  const span = spanOf(delivery.attempts);
  const times = delivery.speed ? providerTimes(delivery.attempts, delivery.speed) : null;
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
    ...delivery.attempts.map((/** @type {any} */ attempt) => attemptView(attempt, span, times?.starts[attempt.number - 1])),
    delivery.attempts.length > 0 ? axisScale(span.whole, times && { whole: times.whole, speed: delivery.speed }) : "",
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

/** @param {any} attempt @param {{begun: number, whole: number}} span @param {number} [provided] when it started in the provider's time */
function attemptView(attempt, span, provided) {
  const answer = attempt.status ?? attempt.error?.code ?? "-";
  const isGood = attempt.status >= 200 && attempt.status < 300;
  const later = Date.parse(attempt.started_at) - span.begun;
  const after = provided !== undefined ? `  after ${duration(provided)} of the provider's time (${duration(later)})` : `  after ${duration(later)}`;
  return element(
    "div",
    {},
    element("p", {}, `${attempt.number}.  `, element("strong", { className: isGood ? "good" : "bad" }, String(answer)), attempt.number === 1 ? "" : after, `  in ${duration(attempt.duration_ms)}`),
    axisRow(attempt, span),
    element("p", { className: "faint" }, phaseText(attempt)),
    attempt.error ? element("p", { className: "bad" }, attempt.error.message) : null,
    attempt.response_body ? element("pre", { className: "body" }, attempt.response_body) : null,
  );
}
