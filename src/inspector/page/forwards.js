// What was sent of a request: forwarded, or sent again.

import { get } from "./api.js";
import { axisRow, axisScale, spanOf } from "./axis.js";
import { duration, element } from "./dom.js";
import { link } from "./pieces.js";

/** How many deliveries are shown with a request. */
const SHOWN = 10;

/**
 * @param {HTMLElement} into @param {any} capture @param {AbortSignal} signal
 */
export async function showForwards(into, capture, signal) {
  const q = `replay_of:${capture.id}`;
  const list = await get("/api/deliveries", { q, limit: SHOWN }, signal);
  const deliveries = await Promise.all(list.deliveries.reverse().map((/** @type {any} */ one) => get(`/api/deliveries/${one.id}`, {}, signal)));
  const attempts = deliveries.flatMap((delivery) => delivery.attempts);
  if (deliveries.length === 0) {
    into.replaceChildren();
    return;
  }
  const span = attempts.length > 0 ? spanOf(attempts, capture.received_at) : null;
  into.replaceChildren(
    element("h3", {}, "Forwarded and sent again"),
    ...deliveries.map((delivery) => deliveryRow(delivery, span)),
    span ? axisScale(span.whole) : "",
  );
  if (list.next) {
    const all = element("a", { href: `?view=deliveries&q=${encodeURIComponent(q)}` }, "All of them");
    into.append(element("p", {}, all));
  }
}

/** @param {any} delivery @param {{begun: number, whole: number} | null} span */
function deliveryRow(delivery, span) {
  const last = delivery.attempts[delivery.attempts.length - 1];
  const isGood = delivery.outcome === "delivered";
  const kind = isGood ? "good" : delivery.outcome === "failed" ? "bad" : "warn";
  const answer = last?.status ?? last?.error?.code ?? "-";
  const text = last ? ` ${answer} in ${duration(last.duration_ms)}` : "";
  return element(
    "div",
    {},
    element("p", {}, element("strong", { className: kind }, delivery.outcome), `${text}  `, element("span", { className: "mono" }, delivery.url), "  ", link(delivery.id)),
    ...(span ? delivery.attempts.map((/** @type {any} */ attempt) => axisRow(attempt, span)) : []),
  );
}
