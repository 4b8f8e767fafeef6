// What a signature is worth, and why it fails.

import { get, tell } from "./api.js";
import { byId, element } from "./dom.js";
import { commandLine, eventName, problemLine, verdictMark } from "./pieces.js";

/** @param {any} capture @param {any} verified */
export function signatureView(capture, verified) {
  const then = verdictMark(capture.verdict);
  const reason = capture.reason ? ` (${capture.reason.replaceAll("_", " ")})` : "";
  const shown = [element("p", { className: `verdict ${then.kind}` }, `${then.mark} ${capture.verdict}${reason}`)];
  if (verified.scheme) shown.push(element("p", { className: "faint" }, "signed: ", element("span", { className: "mono" }, verified.scheme)));
  if (verified.message) shown.push(element("p", {}, verified.message));
  if (verified.verdict !== capture.verdict && verified.valid !== null) {
    const now = verdictMark(verified.verdict);
    shown.push(element("p", { className: now.kind }, `${now.mark} ${verified.verdict} with the secrets that are set now`));
  }
  for (const finding of verified.findings) {
    shown.push(element("div", { className: "finding" }, element("strong", {}, finding.code), " ", finding.message));
  }
  if (verified.scheme) shown.push(trySecret(capture));
  for (const hint of verified.hints) shown.push(element("p", { className: "faint" }, hint));
  return shown;
}

/** A verdict that was asked for, with what was found.
 * @param {any} verified @param {string} secret which secret it is of, in words */
function verdictLines(verified, secret) {
  const { mark, kind } = verdictMark(verified.verdict);
  const who = verified.provider ? `${eventName(verified)}: ` : "";
  return [
    element("p", { className: kind }, `${mark} ${who}${verified.verdict} ${secret}`),
    ...(verified.message ? [element("p", {}, verified.message)] : []),
    ...verified.findings.map((/** @type {any} */ finding) => element("div", { className: "finding" }, element("strong", {}, finding.code), " ", finding.message)),
    ...verified.hints.map((/** @type {string} */ hint) => element("p", { className: "faint" }, hint)),
  ];
}

/** A secret that is tried, and kept nowhere.
 * @param {any} capture */
function trySecret(capture) {
  const input = /** @type {HTMLInputElement} */ (element("input", { type: "password", autocomplete: "off", "aria-label": "Secret to try" }));
  const result = element("div", { role: "status" });
  const form = element("form", { className: "actions" }, input, element("button", {}, "Verify"));
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    try {
      const verified = await tell(`/api/captures/${capture.id}/verification`, { secret: input.value });
      result.replaceChildren(...verdictLines(verified, "with this secret"), commandLine(`hookcli verify ${capture.id} --secret-env SECRET`));
    } catch (error) {
      result.replaceChildren(problemLine(error));
    }
  });
  return element("details", { className: "try" }, element("summary", {}, "Try another secret"), form, result);
}

/** A request that is pasted, and kept nowhere. */
export function prepareVerify() {
  const dialog = byId("verify");
  byId("verify-button").addEventListener("click", openVerify);
  byId("verify-close").addEventListener("click", () => dialog.close());
  dialog.addEventListener("close", () => {
    for (const name of ["request", "secret"]) byId(`verify-${name}`).value = "";
    byId("verify-result").replaceChildren();
  });
  byId("verify-form").addEventListener("submit", async (/** @type {Event} */ event) => {
    event.preventDefault();
    const [request, provider, secret] = ["request", "provider", "secret"].map((name) => byId(`verify-${name}`).value);
    const result = byId("verify-result");
    const flags = `${provider ? ` --provider ${provider}` : ""}${secret ? " --secret-env SECRET" : ""}`;
    try {
      const verified = await tell("/api/verify", { request, provider: provider.trim(), secret });
      result.replaceChildren(...verdictLines(verified, secret ? "with this secret" : "with the secrets that are set"), commandLine(`hookcli verify --request FILE${flags}`));
    } catch (error) {
      result.replaceChildren(problemLine(error));
    }
  });
}

export async function openVerify() {
  const dialog = byId("verify");
  if (!dialog.open) dialog.showModal();
  byId("verify-request").focus();
  const offered = byId("providers");
  if (offered.children.length > 0) return;
  const events = await get("/api/event-types").catch(() => []);
  const providers = new Set(events.map((/** @type {any} */ one) => one.name.split("/")[0]));
  offered.replaceChildren(...[...providers].map((name) => element("option", { value: name })));
}
