// Attempts on a time axis, each with its phases.

import { duration, element } from "./dom.js";

/** An attempt with a smaller part of the axis is one bar. */
const SMALLEST_PART = 0.03;
const PHASES = /** @type {const} */ ([["dns", "DNS"], ["connect", "connect"], ["tls", "TLS"], ["first_byte", "first byte"], ["rest", "rest"]]);

/** The time from the beginning of the first attempt, or of something before it, to the end of the last.
 * @param {any[]} attempts @param {string} [from] */
export function spanOf(attempts, from) {
  const starts = attempts.map((attempt) => Date.parse(attempt.started_at));
  const begun = Math.min(...(from ? [Date.parse(from)] : []), ...starts);
  const end = Math.max(...attempts.map((attempt, index) => (starts[index] ?? begun) + attempt.duration_ms));
  return { begun, whole: Math.max(end - begun, 1) };
}

/**
 * When each attempt started after the first in the provider's time, and when the last ended: the waits were shortened,
 * the responses were not.
 * @param {any[]} attempts @param {number} speed
 */
export function providerTimes(attempts, speed) {
  let [ended, real] = [0, 0];
  const starts = attempts.map((attempt, index) => {
    const at = Date.parse(attempt.started_at);
    const start = index === 0 ? 0 : ended + Math.max(at - real, 0) * speed;
    ended = start + attempt.duration_ms;
    real = at + attempt.duration_ms;
    return start;
  });
  return { starts, whole: ended };
}

/** How long each phase took; what comes after them is the rest.
 * @param {any} attempt @returns {[string, string, number][]} */
function phasesOf(attempt) {
  const known = attempt.phases_ms ?? {};
  const sum = PHASES.reduce((all, [name]) => all + (known[name] ?? 0), 0);
  const times = { ...known, rest: Math.max(attempt.duration_ms - sum, 0) };
  return PHASES.filter(([name]) => times[name] > 0).map(([name, title]) => [name, title, times[name]]);
}

/** @param {any} attempt @param {{begun: number, whole: number}} span */
export function axisRow(attempt, span) {
  const isGood = attempt.status >= 200 && attempt.status < 300;
  const row = element("div", { className: "axis", role: "img", "aria-label": `attempt ${attempt.number}: ${phaseText(attempt)}` });
  let from = (Date.parse(attempt.started_at) - span.begun) / span.whole;
  const part = attempt.duration_ms / span.whole;
  /** @param {string} className @param {number} width */
  const add = (className, width) => {
    const bar = element("span", { className });
    bar.style.left = `${Math.min(from * 100, 99.5)}%`;
    bar.style.width = `${Math.max(width * 100, 0.3)}%`;
    row.append(bar);
    from += width;
  };
  if (part < SMALLEST_PART) add(isGood ? "good" : "bad", part);
  else for (const [name, , ms] of phasesOf(attempt)) add(name, ms / span.whole);
  return row;
}

/** @param {any} attempt */
export function phaseText(attempt) {
  const parts = phasesOf(attempt).map(([, title, ms]) => `${title} ${duration(ms)}`);
  return parts.join(", ") || duration(attempt.duration_ms);
}

/** How long the axis is, and what its colours mean.
 * @param {number} whole @param {{whole: number, speed: number} | null} [provider] the same in the provider's time */
export function axisScale(whole, provider) {
  const text = provider ? `${duration(provider.whole)} of the provider's time, ${duration(whole)} in reality (${provider.speed}x)` : duration(whole);
  const legend = PHASES.map(([name, title]) => element("span", { className: "entry" }, element("span", { className: name }), title));
  return element("p", { className: "faint legend" }, `0 to ${text}. `, ...legend);
}
