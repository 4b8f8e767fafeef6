// How fast the inspector is, and how much the page holds: figures for people, no test. Run by `tests/inspector/run speed`
// with a release build. Rates are ratios of one run; the number of captures is HOOKCLI_CAPTURES, a million by default.

import { browser, Place, tab } from "./support.mjs";

const CAPTURES = Number(process.env.HOOKCLI_CAPTURES ?? 1_000_000);
const ROUNDS = 11;
const FLOOD = 360_000;

const place = new Place({ HOOKCLI_SECRET: "a-secret" });
const listener = await place.start("listen", "--port", "0", "--ui", "--ui-port", "0", "--provider", "convo", "--show-only", "nothing");
const page = new URL(listener.ready.ui_url);
const headers = { authorization: `Bearer ${page.hash.slice("#token=".length)}` };

let sent = 0;

/** @param {string[]} words */
async function load(...words) {
  const out = await place.output("load", "convo/transcript.ready", "--url", listener.ready.url, "--json", ...words);
  const report = JSON.parse(out);
  sent += report.sent;
  return report;
}

/** @param {number[]} all @param {number} percent */
function percentile(all, percent) {
  const sorted = [...all].sort((one, other) => one - other);
  return sorted[Math.min(Math.ceil((percent / 100) * sorted.length), sorted.length) - 1];
}

/** How long an answer of the API takes.
 * @param {string} path @param {number} times */
async function timed(path, times) {
  const all = [];
  for (let round = 0; round < times; round += 1) {
    const begun = performance.now();
    await (await fetch(new URL(path, page.origin), { headers })).arrayBuffer();
    all.push(performance.now() - begun);
  }
  return `median ${percentile(all, 50).toFixed(1)} ms, p95 ${percentile(all, 95).toFixed(1)} ms`;
}

const ratios = [];
await load("--duration", "2s", "--concurrency", "16");
for (let round = 0; round < ROUNDS; round += 1) {
  const alone = await load("--duration", "2s", "--concurrency", "16");
  const stop = new AbortController();
  const stream = await fetch(new URL("/api/events", page.origin), { headers, signal: stop.signal });
  const reading = stream.body.pipeTo(new WritableStream()).catch(() => undefined);
  const followed = await load("--duration", "2s", "--concurrency", "16");
  stop.abort();
  await reading;
  ratios.push(followed.per_second / alone.per_second);
}
console.log(`rate with one stream client: median ${percentile(ratios, 50).toFixed(2)} of the rate without (${ratios.map((one) => one.toFixed(2)).join(" ")})`);

const opened = await browser();
const { page: shown } = await tab(opened, page.href);
await shown.waitForSelector(".row");
const paints = [];
for (let round = 0; round < 9; round += 1) {
  await shown.reload();
  await shown.waitForSelector(".row");
  paints.push(await shown.evaluate(() => performance.getEntriesByName("first-contentful-paint")[0].startTime));
}
console.log(`first paint: median ${percentile(paints, 50).toFixed(0)} ms`);

await shown.bringToFront();
await shown.evaluate(() => {
  globalThis.delays = [];
  const seen = new Set([...document.querySelectorAll(".row")].map((row) => row.id));
  new MutationObserver((changes) => {
    for (const row of changes.flatMap((change) => [...change.addedNodes])) {
      if (seen.has(row.id)) continue;
      seen.add(row.id);
      globalThis.delays.push(Date.now() - Date.parse(row.querySelector("time").dateTime));
    }
  }).observe(document.querySelector("#rows"), { childList: true });
});
await load("--duration", "15s", "--rate", "100", "--concurrency", "4");
const delays = await shown.evaluate(() => globalThis.delays);
console.log(`on the page at 100/s: p50 ${percentile(delays, 50)} ms, p95 ${percentile(delays, 95)} ms of ${delays.length} rows`);

await load("--count", String(FLOOD), "--concurrency", "16");
await new Promise((resolve) => setTimeout(resolve, 2000));
const session = await shown.createCDPSession();
await session.send("HeapProfiler.collectGarbage");
const { JSHeapUsedSize: heap } = await shown.metrics();
console.log(`heap of the page after ${FLOOD} captures: ${(heap / 1e6).toFixed(1)} MB`);
await opened.close();

if (sent < CAPTURES) await load("--count", String(CAPTURES - sent), "--concurrency", "16");
console.log(`list page of 100 at ${sent} captures: ${await timed("/api/captures?limit=100", 50)}`);
const text = async () => {
  let [cursor, searched, begun] = ["", 0, performance.now()];
  while (searched < 100_000 && cursor !== null) {
    const path = `/api/captures?q=${encodeURIComponent("text:nowhere-to-be-found")}${cursor && `&cursor=${cursor}`}`;
    const response = await fetch(new URL(path, page.origin), { headers });
    if (!response.ok) throw new Error(await response.text());
    const answer = await response.json();
    searched += answer.searched;
    cursor = answer.next;
  }
  return performance.now() - begun;
};
const searches = [];
for (let round = 0; round < 9; round += 1) searches.push(await text());
console.log(`free text over the newest 100,000: median ${percentile(searches, 50).toFixed(0)} ms`);
place.close();
