// Sends a request again.

import { tell } from "./api.js";
import { offerDestinations, showAnswer, showRefusal } from "./outcome.js";
import { byId, element } from "./dom.js";

/** @type {any} */
let current = null;

/**
 * @param {any} capture
 * @param {boolean} edits
 */
export function openReplay(capture, edits) {
  current = capture;
  const dialog = byId("replay");
  const body = byId("replay-body");
  const isInvalid = capture.verdict !== "valid" && capture.verdict !== "unchecked";
  byId("replay-unverified").textContent = isInvalid ? ` (its signature is ${capture.verdict}: with your secret, its receiver takes it for real)` : "";
  byId("replay-resign").checked = edits;
  byId("replay-edits").checked = edits;
  byId("replay-edits").disabled = capture.body === undefined || capture.body_truncated;
  body.value = capture.body ?? "";
  body.hidden = !edits;
  byId("replay-result").replaceChildren();
  if (!dialog.open) dialog.showModal();
  (edits && byId("replay-to").value ? body : byId("replay-to")).focus();
  offerDestinations(byId("replay-to"));
}

/** @param {any} more */
async function send(more) {
  const to = byId("replay-to").value.trim();
  const isEdited = byId("replay-edits").checked && byId("replay-body").value !== current.body;
  // Beside the box it says what that means for a request that is not valid.
  const resign = byId("replay-resign").checked;
  const asked = { to, resign, resign_unverified: resign, ...(isEdited ? { body: byId("replay-body").value } : {}), ...more };
  const result = byId("replay-result");
  result.replaceChildren(element("p", { className: "faint" }, "sending"));
  try {
    const answer = await tell(`/api/captures/${current.id}/replay`, asked);
    showAnswer(result, [answer.delivery], answer.command, to);
  } catch (error) {
    showRefusal(result, error, (other) => send({ ...more, ...other }));
  }
}

export function prepareReplay() {
  byId("replay-form").addEventListener("submit", (/** @type {Event} */ event) => {
    event.preventDefault();
    send({});
  });
  byId("replay-edits").addEventListener("change", () => {
    byId("replay-body").hidden = !byId("replay-edits").checked;
    if (byId("replay-edits").checked) byId("replay-resign").checked = true;
  });
  byId("replay-close").addEventListener("click", () => byId("replay").close());
  byId("replay-result").addEventListener("click", (/** @type {Event} */ event) => {
    if (event.target instanceof HTMLAnchorElement) byId("replay").close();
  });
}
