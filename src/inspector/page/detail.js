// One request.

import { ask, get } from "./api.js";
import { bodyView } from "./body.js";
import { age, element } from "./dom.js";
import { action, commandOf, copyButton, facts, headerList, link, problemLine, save, title } from "./pieces.js";
import { showForwards } from "./forwards.js";
import { openReplay } from "./replay.js";
import { signatureView } from "./signature.js";

export const FORMATS = [
  ["curl", "curl"],
  ["http", "raw HTTP"],
  ["har", "HAR"],
  ["httpie", "HTTPie"],
  ["fetch", "JavaScript"],
  ["python", "Python"],
  ["go", "Go"],
  ["http-file", ".http file"],
  ["json", "JSON"],
];

/** Copies the request, without its secrets, in a format of another tool.
 * @param {any} capture */
function copyAs(capture) {
  const choice = /** @type {HTMLSelectElement} */ (element("select", { "aria-label": "Copy as" }));
  choice.append(element("option", { value: "" }, "Copy as"), element("option", { value: "command" }, "hookcli command"));
  for (const [format, name] of [...FORMATS, ["fixture", "test fixture"]]) choice.append(element("option", { value: format }, name ?? ""));
  choice.addEventListener("change", async () => {
    const format = choice.value;
    const text = format === "command" ? commandOf(capture) : await ask(`/api/captures/${capture.id}/export`, format === "fixture" ? { format: "json", test_secret: "true" } : { format }).then((answer) => answer.text()).catch((error) => error.message);
    await navigator.clipboard.writeText(text);
    const first = choice.options[0];
    if (first) first.textContent = "copied";
    choice.value = "";
    setTimeout(() => first && (first.textContent = "Copy as"), 1200);
  });
  return choice;
}

/**
 * Shows what differs from another request; from that of the same event that came before where none is given.
 * @param {HTMLElement} into @param {any} capture @param {string} [other]
 */
export async function showDiff(into, capture, other) {
  const place = /** @type {HTMLElement | null} */ (into.querySelector("#diff"));
  if (!place) return;
  try {
    const diff = await get(`/api/captures/${capture.id}/diff`, { with: other });
    const lines = element("pre", { className: "body diff", tabIndex: 0 });
    for (const line of diff.diff.split("\n")) {
      if (line.startsWith("@@")) continue;
      const kind = line.startsWith("+") ? "added" : line.startsWith("-") ? "removed" : "";
      lines.append(element("span", { className: kind }, `${line}\n`));
    }
    place.replaceChildren(
      element("h3", {}, "Differences"),
      element("p", {}, "compared with ", link(diff.one)),
      compareWith(into, capture),
      ...diff.facts.map((/** @type {any} */ fact) => element("p", {}, `${fact.name}: ${fact.one} → ${fact.other}`)),
      diff.same ? element("p", {}, "The requests are the same.") : lines,
    );
  } catch (error) {
    place.replaceChildren(problemLine(error), compareWith(into, capture));
  }
  place.scrollIntoView({ block: "nearest" });
}

/** Asks for the request to compare with.
 * @param {HTMLElement} into @param {any} capture */
function compareWith(into, capture) {
  const input = /** @type {HTMLInputElement} */ (element("input", { required: true, autocomplete: "off", placeholder: "id or last~1", "aria-label": "Request to compare with" }));
  const form = element("form", { className: "actions" }, input, element("button", {}, "Compare"));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    showDiff(into, capture, input.value.trim());
  });
  return form;
}

/**
 * @param {HTMLElement} into
 * @param {string} id
 * @param {() => void} back
 * @param {AbortSignal} signal
 * @param {boolean} [reveal] with its secrets, until something else is shown
 */
export async function showCapture(into, id, back, signal, reveal = false) {
  const capture = await get(`/api/captures/${id}`, reveal ? { reveal: "true" } : {}, signal);
  const forwards = element("div", { id: "forwards" });
  const signature = element("div", { role: "status" }, element("p", { className: "faint" }, "verifying"));
  into.replaceChildren(
    title(back, capture),
    element(
      "div",
      { className: "actions" },
      action("Send again", () => openReplay(capture, false)),
      action("Edit and send", () => openReplay(capture, true)),
      action("Diff", () => showDiff(into, capture)),
      copyAs(capture),
      copyButton(location.href, "Copy link"),
      download(capture),
    ),
    element("div", { id: "diff" }),
    element("h3", {}, "Request"),
    facts([
      ["request", element("span", { className: "mono" }, `${capture.method} ${capture.path}`)],
      ["received", `${new Date(capture.received_at).toLocaleString()} (${age(capture.received_at)} ago)`],
      ["from", capture.peer],
      ["endpoint", capture.endpoint],
      ["duplicate of", duplicateOf(into, capture)],
      ["waits for", (capture.pending_destinations ?? []).join(", ")],
      ["redacted", capture.redacted.length > 0 && element("span", {}, `${capture.redacted.join(", ")} `, action("Reveal", () => showCapture(into, id, back, signal, true)))],
    ]),
    element("h3", {}, "Signature"),
    signature,
    element("h3", {}, "Response"),
    facts([
      ["status", capture.status === 0 ? "none" : String(capture.status)],
      ["fault", capture.response.fault],
      ["client", endText(capture.response_end)],
      ["body", capture.response.body && element("span", { className: "mono" }, capture.response.body)],
    ]),
    forwards,
    element("h3", {}, "Body"),
    bodyView(capture),
    element("h3", {}, "Headers"),
    headerList(capture.headers),
  );
  const verified = await get(`/api/captures/${id}/verification`, {}, signal);
  signature.replaceChildren(...signatureView(capture, verified));
  await showForwards(forwards, capture, signal);
}

/** The earlier request with the same id, and what differs from it if something does.
 * @param {HTMLElement} into @param {any} capture */
function duplicateOf(into, capture) {
  const first = capture.duplicate_of;
  if (!first || !capture.same_id_changed) return first && link(first);
  return element("span", {}, link(first), ", with another body ", action("Diff", () => showDiff(into, capture, first)));
}

/** @param {string | undefined} end */
function endText(end) {
  return { client_left: "left before the answer", broken: "the connection broke", not_read: "did not read the answer" }[end ?? ""];
}

/** @param {any} capture */
function download(capture) {
  const button = element("button", { type: "button" }, "Download body");
  button.addEventListener("click", async () => save(await ask(`/api/captures/${capture.id}/body`), `${capture.id}.body`));
  return button;
}
