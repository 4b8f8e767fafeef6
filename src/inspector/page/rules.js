// How the listener beside answers: a rule that comes before those of its flags and settings.

import { get, tell } from "./api.js";
import { byId, element } from "./dom.js";
import { commandLine, problemLine } from "./pieces.js";

/** Shows the rules of the listener beside. */
export async function prepareRules() {
  const known = await get("/api/rules");
  const button = byId("rules-button");
  button.hidden = false;
  show(known.rules);
  button.addEventListener("click", () => byId("rules").showModal());
  byId("rules-close").addEventListener("click", () => byId("rules").close());
  byId("rules-usual").addEventListener("click", () => set(null));
  byId("rules-form").addEventListener("submit", (/** @type {Event} */ event) => {
    event.preventDefault();
    const rule = Object.fromEntries(["respond", "event", "delay"].map((name) => [name, byId(`rules-${name}`).value.trim()]).filter(([, value]) => value));
    set([rule]);
  });
}

/** @param {any} rules */
async function set(rules) {
  const result = byId("rules-result");
  try {
    await tell("/api/rules", { rules }, "PUT");
    show(rules);
    const flags = rules ? ["respond", "delay"].filter((name) => rules[0][name]).map((name) => ` --${name} ${rules[0][name]}`).join("") : "";
    const does = rules?.[0].event ? "In hookcli.toml: [[listen.rule]] with the same keys." : `hookcli listen${flags}`;
    result.replaceChildren(element("p", { className: "good" }, rules ? "It answers so from now on." : "It answers as usual again."), commandLine(does));
  } catch (error) {
    result.replaceChildren(problemLine(error));
  }
}

/** @param {any} rules */
function show(rules) {
  byId("rules-button").textContent = rules ? `Responses: ${rules[0]?.respond ?? ""}` : "Responses";
}
