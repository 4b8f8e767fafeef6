// What the newest deliveries come to.

import { get } from "./api.js";
import { byId, duration, element } from "./dom.js";
import { eventName, problemLine } from "./pieces.js";

/** @param {string} q */
export async function openStats(q) {
  const shown = byId("stats-shown");
  shown.replaceChildren(element("p", { className: "faint" }, "counting"));
  byId("stats").showModal();
  try {
    const stats = await get("/api/deliveries/stats", { q });
    const times = stats.response_ms;
    /** @type {[string, string][]} */
    const rows = [
      ["deliveries", `${stats.deliveries}${stats.is_cut ? ", the newest" : ""}`],
      ["delivered", String(stats.delivered)],
      ["failed", stats.as_wanted ? `${stats.failed} (${stats.as_wanted} as wanted)` : String(stats.failed)],
      ["pending", String(stats.pending)],
      ["success rate", stats.success_rate === null ? "-" : `${(stats.success_rate * 100).toFixed(2)} %${stats.as_wanted ? ` (without the ${stats.as_wanted} as wanted)` : ""}`],
      ["attempts", `${stats.attempts} (${stats.retries} retries)`],
    ];
    if (times) rows.push(["response time", `average ${duration(times.average)}, p50 ${duration(times.p50)}, p95 ${duration(times.p95)}, p99 ${duration(times.p99)}`]);
    const list = element("dl", { className: "facts" });
    for (const [name, value] of rows) list.append(element("dt", {}, name), element("dd", {}, value));
    shown.replaceChildren(list, ...timeline(stats.timeline), ...outcomes(stats.by_event), ...plot("Response times", stats.histogram.map((/** @type {any} */ bar) => [bar.up_to_ms === null ? "longer" : `up to ${duration(bar.up_to_ms)}`, bar.count])), ...plot("Attempts that did not deliver", stats.errors));
  } catch (error) {
    shown.replaceChildren(problemLine(error));
  }
}

/** Bars, each with its number in words.
 * @param {string} title @param {[string, number][]} bars */
function plot(title, bars) {
  const most = Math.max(...bars.map(([, count]) => count), 1);
  if (!bars.some(([, count]) => count > 0)) return [];
  const table = element("table", { className: "plot" });
  for (const [name, count] of bars) {
    const bar = element("span", { className: "bar", "aria-hidden": "true" });
    bar.style.width = `${(count / most) * 100}%`;
    bar.hidden = count === 0;
    table.append(element("tr", {}, element("th", { scope: "row" }, name), element("td", {}, String(count)), element("td", { className: "bars" }, bar)));
  }
  return [element("h3", {}, title), table];
}

/** How many deliveries of each event ended how.
 * @param {any[]} events */
function outcomes(events) {
  if (events.length === 0) return [];
  const kinds = /** @type {const} */ ([["delivered", "good"], ["failed", "bad"], ["open", "warn"]]);
  const most = Math.max(...events.map((event) => event.delivered + event.failed + event.open));
  const table = element("table", { className: "plot" });
  for (const event of events) {
    const counts = kinds.filter(([kind]) => event[kind] > 0);
    const bars = counts.map(([kind, tone]) => {
      const bar = element("span", { className: `part ${tone}`, "aria-hidden": "true" });
      bar.style.width = `${(event[kind] / most) * 100}%`;
      return bar;
    });
    const text = counts.map(([kind]) => `${event[kind]} ${kind}`).join(", ");
    table.append(element("tr", {}, element("th", { scope: "row" }, eventName(event)), element("td", {}, text), element("td", { className: "bars" }, ...bars)));
  }
  return [element("h3", {}, "Outcomes by event"), table];
}

/** How many deliveries started when.
 * @param {{from: string, deliveries: number}[]} steps */
function timeline(steps) {
  const first = steps[0];
  const last = steps[steps.length - 1];
  if (!first || !last) return [];
  const most = Math.max(...steps.map((step) => step.deliveries));
  const total = steps.reduce((sum, step) => sum + step.deliveries, 0);
  const [from, to] = [new Date(first.from), new Date(last.from)];
  const step_ms = steps[1] ? Date.parse(steps[1].from) - from.getTime() : 1;
  const label = `${total} deliveries from ${from.toLocaleString()} to ${to.toLocaleString()}, at most ${most} in ${duration(step_ms)}`;
  const bars = element("div", { className: "timeline", role: "img", "aria-label": label });
  for (const step of steps) {
    const bar = element("span", {});
    bar.style.height = `${(step.deliveries / most) * 100}%`;
    bars.append(bar);
  }
  return [element("h3", {}, "Rate"), bars, element("p", { className: "faint" }, label)];
}

export function prepareStats() {
  byId("stats-close").addEventListener("click", () => byId("stats").close());
}
