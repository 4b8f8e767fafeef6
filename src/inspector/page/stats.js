// What the newest deliveries come to.

import { get } from "./api.js";
import { byId, duration, element } from "./dom.js";

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
      ["success rate", stats.success_rate === null ? "-" : `${(stats.success_rate * 100).toFixed(2)} %`],
      ["attempts", `${stats.attempts} (${stats.retries} retries)`],
    ];
    if (times) rows.push(["response time", `average ${duration(times.average)}, p50 ${duration(times.p50)}, p95 ${duration(times.p95)}, p99 ${duration(times.p99)}`]);
    const list = element("dl", { className: "facts" });
    for (const [name, value] of rows) list.append(element("dt", {}, name), element("dd", {}, value));
    shown.replaceChildren(list, ...plot("Response times", stats.histogram.map((/** @type {any} */ bar) => [bar.up_to_ms === null ? "longer" : `up to ${duration(bar.up_to_ms)}`, bar.count])), ...plot("Attempts that did not deliver", stats.errors));
  } catch (error) {
    shown.replaceChildren(element("p", { className: "bad" }, error instanceof Error ? error.message : String(error)));
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
    table.append(element("tr", {}, element("th", { scope: "row" }, name), element("td", {}, String(count)), element("td", { className: "bars" }, bar)));
  }
  return [element("h3", {}, title), table];
}

export function prepareStats() {
  byId("stats-close").addEventListener("click", () => byId("stats").close());
}
