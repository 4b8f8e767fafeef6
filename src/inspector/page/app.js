// The page: what is shown is in the address, so that it can be copied, and the browser's back leads back.

import { ask, follow, get, Problem, takeToken, useToken } from "./api.js";
import { showDelivery } from "./delivery.js";
import { FORMATS, showCapture, showDiff } from "./detail.js";
import { age, byId, element, size, until } from "./dom.js";
import { showForwards } from "./forwards.js";
import { VirtualList } from "./list.js";
import { commandOf, eventName, quoted, save, verdictMark } from "./pieces.js";
import { askAndRemove } from "./remove.js";
import { openReplay, prepareReplay } from "./replay.js";
import { showSaved, suggestFields } from "./search.js";
import { openSend, prepareSend } from "./send.js";
import { openVerify, prepareVerify } from "./signature.js";
import { prepareRules } from "./rules.js";
import { openStats, prepareStats } from "./stats.js";
import { prepareSubscriptions } from "./subscriptions.js";

const PAGE_ROWS = 200;

/** @typedef {{view: "requests" | "deliveries", q: string, id: string}} Place */

const main = /** @type {HTMLElement} */ (document.querySelector("main"));
const detail = byId("detail");
const queryInput = byId("query");

/** @type {Place} */
let place = readPlace();
/**
 * The cursor of the next part of the list: empty for the first, null at the end, undefined before anything is read.
 * @type {string | null | undefined}
 */
let next;
/** What the query has besides, where the list goes on behind rows that were given up. */
let tail = "";
let isReading = false;
/** The list is being read for the first time; what changes meanwhile may not be in it. */
let isLoading = false;
let hasMissed = false;
/** A list that was asked for before this one is not shown any more. */
let asked = new AbortController();
let shown = new AbortController();
/** @type {ReturnType<typeof setTimeout> | undefined} */
let refresh;

/** @type {VirtualList<any>} */
const list = new VirtualList(byId("scroller"), byId("rows"), drawRow, foldedUnder, {
  choose: (item) => go({ ...place, id: item.id }, true),
  open: () => main.classList.add("shows-detail"),
  end: () => readMore(),
});

/** @returns {Place} */
function readPlace() {
  const parameters = new URLSearchParams(location.search);
  const id = parameters.get("id") ?? "";
  const isDelivery = parameters.get("view") === "deliveries" || id.startsWith("dlv_");
  return { view: isDelivery ? "deliveries" : "requests", q: parameters.get("q") ?? "", id };
}

/** Shows another place; one more step of the history, or in the place of this one.
 * @param {Place} to @param {boolean} [instead] */
function go(to, instead = false) {
  const parameters = new URLSearchParams();
  if (to.view === "deliveries") parameters.set("view", to.view);
  if (to.q) parameters.set("q", to.q);
  if (to.id) parameters.set("id", to.id);
  const address = parameters.size ? `?${parameters}` : location.pathname;
  if (instead) history.replaceState(null, "", address);
  else history.pushState(null, "", address);
  showPlace(to);
}

/** @param {Place} to */
function showPlace(to) {
  const before = place;
  const isFirst = next === undefined;
  place = to;
  for (const anchor of document.querySelectorAll("nav a")) {
    if (/** @type {HTMLElement} */ (anchor).dataset.view === to.view) anchor.setAttribute("aria-current", "page");
    else anchor.removeAttribute("aria-current");
  }
  const isDeliveries = to.view === "deliveries";
  byId("matches").hidden = !isDeliveries && !to.q;
  byId("stats-button").hidden = !isDeliveries;
  byId("export").hidden = isDeliveries;
  byId("remove-button").hidden = isDeliveries;
  queryInput.placeholder = isDeliveries ? "outcome:failed after:1h, then Enter" : "provider:stripe verdict:invalid, then Enter";
  byId("scroller").setAttribute("aria-label", isDeliveries ? "Deliveries" : "Requests");
  if (document.activeElement !== queryInput || before.q !== to.q) queryInput.value = to.q;
  showSaved(to.q);
  if (before.q !== to.q || before.id !== to.id) byId("note").hidden = true;
  if (isFirst || before.view !== to.view || before.q !== to.q) readList();
  if (isFirst || to.id !== before.id) showDetail();
}

async function readList() {
  asked.abort();
  asked = new AbortController();
  const { signal } = asked;
  next = null;
  tail = "";
  isReading = false;
  isLoading = true;
  list.chosen = place.id;
  try {
    const answer = await readPart("");
    if (signal.aborted) return;
    isLoading = false;
    list.replace(answer);
    showError(null);
    if (hasMissed) refreshSoon();
    hasMissed = false;
  } catch (error) {
    if (signal.aborted) return;
    isLoading = false;
    list.replace([]);
    showError(error);
    byId("empty").hidden = true;
    return;
  }
  showEmpty();
}

async function readMore() {
  if (next === null || next === undefined || isReading) return;
  isReading = true;
  try {
    list.append(await readPart(next));
  } catch (error) {
    if (/** @type {Error} */ (error).name !== "AbortError") showError(error);
  } finally {
    isReading = false;
  }
}

/** A part of the list with one row at least, where there is one.
 * @param {string} cursor @returns {Promise<any[]>} */
async function readPart(cursor) {
  const { signal } = asked;
  for (;;) {
    const path = place.view === "deliveries" ? "/api/deliveries" : "/api/captures";
    const answer = await get(path, { q: place.q + tail, cursor, limit: PAGE_ROWS }, signal);
    next = answer.next;
    const rows = answer.captures ?? answer.deliveries;
    if (rows.length > 0 || !answer.next) return rows;
    cursor = answer.next;
  }
}

function showEmpty() {
  const empty = byId("empty");
  empty.hidden = list.items.length > 0;
  const what = place.view === "deliveries" ? "deliveries" : "requests";
  empty.textContent = place.q
    ? "Nothing matches."
    : `No ${what} yet.\n${what === "requests" ? "Send one to `hookcli listen`." : "Send one with `hookcli send`."}`;
}

/** @param {unknown} error */
function showError(error) {
  const shownError = byId("query-error");
  shownError.hidden = !error;
  if (error instanceof Problem && error.status === 401) lock();
  shownError.textContent = !error ? "" : error instanceof Error ? error.message : String(error);
  if (error) queryInput.setAttribute("aria-invalid", "true");
  else queryInput.removeAttribute("aria-invalid");
}

/** @param {string} text */
function showNote(text) {
  const note = byId("note");
  note.textContent = text;
  note.hidden = false;
}

async function showDetail() {
  shown.abort();
  shown = new AbortController();
  const { signal } = shown;
  const back = () => {
    main.classList.remove("shows-detail");
    byId("scroller").focus();
  };
  if (!place.id) {
    // On a narrow screen the list is hidden behind what is selected.
    main.classList.remove("shows-detail");
    detail.replaceChildren(element("p", { className: "faint" }, place.view === "deliveries" ? "Select a delivery to see it." : "Select a request to see it."));
    return;
  }
  try {
    const show = place.id.startsWith("dlv_") ? showDelivery : showCapture;
    await show(detail, place.id, back, signal);
    detail.scrollTop = 0;
  } catch (error) {
    if (signal.aborted) return;
    const text = error instanceof Error ? error.message : String(error);
    detail.replaceChildren(element("p", { className: "bad" }, text));
  }
}

/** A repetition is folded under its first; other content under a known id is news.
 * @param {any} item @returns {string} */
function foldedUnder(item) {
  return item.same_id_changed ? "" : (item.duplicate_of ?? "");
}

/** @param {any} item @param {import("./list.js").Fold} fold */
function drawRow(item, fold) {
  const isDelivery = item.id.startsWith("dlv_");
  const { mark, kind } = isDelivery ? outcomeMark(item) : verdictMark(item.verdict);
  const status = item.status ? String(item.status) : "-";
  const statusKind = item.status >= 400 || !item.status ? "bad" : item.status >= 300 ? "warn" : "good";
  const where = isDelivery ? item.url : `${item.method} ${item.path}`;
  const remarks = isDelivery
    ? [item.attempts > 1 ? `${item.attempts} attempts` : "", ...(item.faults ?? [])]
    : [item.same_id_changed ? "same id, another body" : item.duplicate_of ? "duplicate" : "", item.endpoint ?? "", size(item.body_bytes)];
  const time = isDelivery ? item.started_at : item.received_at;
  const named = isDelivery ? item.outcome : item.verdict;
  const repetitions = fold.count === 1 ? "1 duplicate" : `${fold.count} duplicates`;
  return element(
    "div",
    { className: fold.isUnder ? "row under" : "row", role: "option" },
    element("span", { className: `mark ${kind}`, "aria-hidden": "true" }, mark),
    element("span", { className: "name" }, eventName(item)),
    element("span", { className: "hidden" }, named),
    element("span", { className: `status ${statusKind}` }, status),
    element("span", { className: "path" }, fold.count ? element("span", { className: "fold", title: "→ shows them, ← hides them" }, `${fold.isOpen ? "▾" : "▸"} ${repetitions}`) : null, `${fold.count ? " " : ""}${[where, ...remarks.filter(Boolean)].join(" · ")}`),
    element("time", { className: "time", dateTime: time, title: new Date(time).toLocaleString() }, age(time)),
  );
}

/** @param {any} item */
function outcomeMark(item) {
  const isGood = item.expectation ? item.expectation.met : item.outcome === "delivered";
  if (item.outcome === "pending" || item.outcome === "unknown") return { mark: "…", kind: "warn" };
  return isGood ? { mark: "✓", kind: "good" } : { mark: "✗", kind: "bad" };
}

/** Reads the newest of the list again, once for what comes within a moment. */
function refreshSoon() {
  clearTimeout(refresh);
  refresh = setTimeout(async () => {
    const fresh = await get(place.view === "deliveries" ? "/api/deliveries" : "/api/captures", { q: place.q, limit: PAGE_ROWS }).catch(() => null);
    if (!fresh) return;
    const newest = fresh.captures ?? fresh.deliveries;
    const oldest = newest[newest.length - 1]?.id ?? "";
    const overlaps = list.items.some((item) => item.id >= oldest);
    if (list.follows && !overlaps) {
      list.replace(newest);
      next = fresh.next;
      tail = "";
    } else if (overlaps || list.items.length === 0) list.merge(newest);
    showEmpty();
  }, 200);
}

/** @param {any} changes */
function changed(changes) {
  const rows = place.view === "deliveries" ? changes.deliveries : changes.captures;
  const forwards = document.getElementById("forwards");
  const isSentOn = changes.deliveries.some((/** @type {any} */ one) => one.replay_of === place.id);
  if (forwards && isSentOn) {
    get(`/api/captures/${place.id}`).then((capture) => showForwards(forwards, capture, shown.signal)).catch(() => undefined);
  }
  if (changes.pruned) return readList();
  if (isLoading) {
    hasMissed = true;
    return;
  }
  if (changes.missed || (place.q && rows.length > 0)) {
    // What fits a query is for the server to say; what came in a flood is read at once.
    refreshSoon();
    return;
  }
  if (rows.length > 0 && list.merge(rows)) {
    const last = list.items[list.items.length - 1];
    const time = Date.parse(last.received_at ?? last.started_at);
    // Two milliseconds later: what is read twice is shown once, and nothing is skipped.
    tail = ` before:${new Date(time + 2).toISOString()}`;
    next = "";
  }
  showEmpty();
  if (rows.some((/** @type {any} */ row) => row.id === place.id)) showDetail();
}

function lock() {
  const dialog = byId("locked");
  if (!dialog.open) dialog.showModal();
}

/** @param {KeyboardEvent} event */
function pressed(event) {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const target = event.target;
  if (target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement || document.querySelector("dialog[open]")) return;
  /** @type {Record<string, () => void>} */
  const keys = {
    j: () => list.move(1),
    ArrowDown: () => list.move(1),
    k: () => list.move(-1),
    ArrowUp: () => list.move(-1),
    g: () => {
      byId("scroller").scrollTop = 0;
      const newest = list.items[0];
      if (newest) list.choose(newest.id);
    },
    ArrowRight: () => list.fold(list.chosen, true),
    ArrowLeft: () => list.fold(list.chosen, false),
    Enter: () => {
      main.classList.add("shows-detail");
      detail.focus();
    },
    Escape: () => {
      main.classList.remove("shows-detail");
      byId("scroller").focus();
    },
    "/": () => queryInput.focus(),
    c: () => {
      const item = list.current();
      if (item) navigator.clipboard.writeText(commandOf(item)).then(() => showNote(`copied: ${commandOf(item)}`));
    },
    n: () => openSend(),
    v: () => openVerify(),
    r: () => replayCurrent(false),
    e: () => replayCurrent(true),
    d: () => {
      if (place.id.startsWith("cap_")) showDiff(detail, { id: place.id });
    },
    x: () => {
      if (place.id.startsWith("cap_")) removeSome({ ids: [place.id] });
    },
    "?": () => byId("help").showModal(),
  };
  const inDetail = detail.contains(/** @type {Node} */ (target)) && event.key.startsWith("Arrow");
  const onControl = target instanceof Element && target.closest("button, a, summary") && event.key === "Enter";
  const act = keys[event.key];
  if (act && !inDetail && !onControl) {
    event.preventDefault();
    act();
  }
}

/** @param {{ids?: string[], q?: string}} what */
async function removeSome(what) {
  try {
    if (!(await askAndRemove(what))) return;
    if (what.ids) {
      const at = list.items.findIndex((item) => item.id === place.id);
      const beside = list.items[at + 1] ?? list.items[at - 1];
      list.remove(what.ids);
      if (beside) list.choose(beside.id);
      else go({ ...place, id: "" }, true);
    } else go({ ...place, id: "" }, true);
  } catch (error) {
    showError(error);
  }
}

/** @param {boolean} edits */
async function replayCurrent(edits) {
  if (!place.id.startsWith("cap_")) return;
  openReplay(await get(`/api/captures/${place.id}`), edits);
}

function start() {
  prepareReplay();
  prepareSend();
  prepareStats();
  prepareVerify();
  byId("stats-button").addEventListener("click", () => openStats(place.q));
  document.addEventListener("keydown", pressed);
  document.addEventListener("click", (event) => {
    const anchor = event.target instanceof Element ? event.target.closest("a[data-view], a[data-id]") : null;
    if (!(anchor instanceof HTMLAnchorElement) || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    const { view, id } = anchor.dataset;
    if (view === "requests" || view === "deliveries") go({ view, q: "", id: "" });
    else if (id) go({ view: id.startsWith("dlv_") ? "deliveries" : "requests", q: place.q, id });
  });
  const format = byId("export");
  format.append(element("option", { value: "" }, "Export matches"), ...FORMATS.map(([value, name]) => element("option", { value }, name ?? "")));
  format.addEventListener("change", async () => {
    try {
      await save(await ask("/api/captures/export", { q: place.q, format: format.value }), `captures.${format.value}`);
      showError(null);
      showNote(`hookcli captures export ${quoted(place.q)} --format ${format.value}`);
    } catch (error) {
      showError(error);
    }
    format.value = "";
  });
  byId("remove-button").addEventListener("click", () => removeSome({ q: place.q }));
  byId("help-button").addEventListener("click", () => byId("help").showModal());
  byId("search").addEventListener("submit", (/** @type {Event} */ event) => {
    event.preventDefault();
    go({ ...place, q: queryInput.value.trim(), id: "" });
    byId("scroller").focus();
  });
  byId("unlock").addEventListener("submit", (/** @type {Event} */ event) => {
    event.preventDefault();
    useToken(byId("pasted").value);
    location.reload();
  });
  window.addEventListener("popstate", () => showPlace(readPlace()));
  suggestFields(queryInput, byId("suggestions"), () => place.view, () => {
    // What was typed is given up: the box says what the list shows.
    queryInput.value = place.q;
    byId("scroller").focus();
  });
  setInterval(() => {
    for (const time of document.querySelectorAll(".row time")) {
      time.textContent = age(/** @type {HTMLTimeElement} */ (time).dateTime);
    }
    for (const time of document.querySelectorAll("time.countdown")) {
      time.textContent = until(/** @type {HTMLTimeElement} */ (time).dateTime);
    }
  }, 1000);
  if (!takeToken()) {
    lock();
    return;
  }
  showPlace(place);
  get("/api/status").then((status) => {
    if (status.listener_url) prepareRules();
    if (status.emulates) prepareSubscriptions();
  }).catch(showError);
  follow(changed, (state) => {
    const connection = byId("connection");
    connection.className = state;
    connection.textContent = state;
    if (state === "locked") lock();
  });
}

start();
