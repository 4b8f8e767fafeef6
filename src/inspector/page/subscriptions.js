// The subscriptions of the emulator beside, and what was delivered to them.

import { get, tell } from "./api.js";
import { byId, element } from "./dom.js";
import { action, commandLine, eventName, link, problemLine } from "./pieces.js";

export function prepareSubscriptions() {
  const button = byId("subscriptions-button");
  button.hidden = false;
  button.addEventListener("click", openSubscriptions);
  byId("subscriptions-close").addEventListener("click", () => byId("subscriptions").close());
  byId("subscriptions-shown").addEventListener("click", (/** @type {Event} */ event) => {
    if (event.target instanceof HTMLAnchorElement) byId("subscriptions").close();
  });
}

export async function openSubscriptions() {
  const dialog = byId("subscriptions");
  if (!dialog.open) dialog.showModal();
  byId("subscriptions-result").replaceChildren();
  await showSubscriptions();
}

async function showSubscriptions() {
  const shown = byId("subscriptions-shown");
  try {
    const { subscriptions, total } = await get("/api/subscriptions");
    const more = total - subscriptions.length;
    shown.replaceChildren(
      ...(total === 0 ? [element("p", { className: "faint" }, "No subscriptions yet. A client makes them with the provider's API.")] : subscriptions.map(subscriptionView)),
      ...(more > 0 ? [element("p", { className: "faint" }, `${more} more are not shown`)] : []),
    );
  } catch (error) {
    shown.replaceChildren(problemLine(error));
  }
}

/** @param {any} one */
function subscriptionView(one) {
  const isActive = one.state === "active";
  const kind = isActive ? "good" : one.state === "paused" ? "warn" : "bad";
  const failing = one.failures_in_a_row > 0 ? `, ${one.failures_in_a_row} failed in a row` : "";
  const last = one.last_response ? `, last response ${one.last_response}` : "";
  const deliveries = element("div", {});
  const path = `/api/subscriptions/${one.number}`;
  return element(
    "section",
    { className: "subscription", "aria-label": one.id },
    element("h3", {}, `${one.provider} `, element("span", { className: "mono" }, one.id)),
    element("p", { className: "mono" }, one.url),
    element("p", {}, element("strong", { className: kind }, one.state), `${failing}${last} · ${one.scope ? `${one.scope} · ` : ""}${one.events.length > 0 ? one.events.join(", ") : "all events"}`),
    element(
      "div",
      { className: "actions" },
      action("Deliveries", () => showDeliveries(deliveries, one)),
      action(isActive ? "Disable" : "Enable", () => change(`${path}/state`, { active: !isActive }, isActive ? "It gets no events now." : "It gets events again.")),
      ...(one.has_secret ? [action("Rotate secret", () => change(`${path}/rotate`, {}, "A new secret signs. The provider's API shows it, if it shows secrets; /_hookcli/snapshot?reveal=true does always."))] : []),
    ),
    deliveries,
  );
}

/** @param {string} path @param {object} asked @param {string} done */
async function change(path, asked, done) {
  const result = byId("subscriptions-result");
  try {
    await tell(path, asked);
    result.replaceChildren(element("p", { className: "good" }, done));
    await showSubscriptions();
  } catch (error) {
    result.replaceChildren(problemLine(error));
  }
}

/** @param {HTMLElement} into @param {any} one */
async function showDeliveries(into, one) {
  try {
    const { deliveries } = await get("/api/deliveries", { subscription: one.number, limit: 50 });
    into.replaceChildren(
      ...(deliveries.length === 0 ? [element("p", { className: "faint" }, "Nothing was delivered to it yet.")] : []),
      ...deliveries.map((/** @type {any} */ delivery) => deliveryLine(into, one, delivery)),
      commandLine("hookcli deliveries list"),
    );
  } catch (error) {
    into.replaceChildren(problemLine(error));
  }
}

/** @param {HTMLElement} into @param {any} one @param {any} delivery */
function deliveryLine(into, one, delivery) {
  const kind = delivery.outcome === "delivered" ? "good" : delivery.outcome === "failed" ? "bad" : "warn";
  const again = action("Resend", async () => {
    try {
      await tell(`/api/subscriptions/${one.number}/resend`, { delivery: delivery.id });
      await showDeliveries(into, one);
    } catch (error) {
      byId("subscriptions-result").replaceChildren(problemLine(error));
    }
  });
  const attempts = delivery.attempts === 1 ? "1 attempt" : `${delivery.attempts} attempts`;
  return element("div", { className: "actions" }, element("span", { className: kind }, delivery.outcome), element("span", {}, `${eventName(delivery)} ${delivery.status ?? "-"}, ${attempts}`), link(delivery.id), again);
}
