// Deletes requests, once the user has agreed to how many.

import { Problem, tell } from "./api.js";
import { byId } from "./dom.js";
import { quoted } from "./pieces.js";

/** @param {any} asked @returns {Promise<number>} */
async function remove(asked) {
  return (await tell("/api/captures/remove", asked)).removed;
}

/**
 * Asks how many there are, asks the user, and deletes. True where something was deleted.
 * @param {{ids?: string[], q?: string}} what
 * @returns {Promise<boolean>}
 */
export async function askAndRemove(what) {
  const count = await remove(what).catch((error) => {
    if (error instanceof Problem && error.code === "confirm") return error.count ?? 0;
    throw error;
  });
  if (count === 0) return false;
  const dialog = byId("remove");
  byId("remove-what").textContent = count === 1 ? "Delete 1 request? It cannot be brought back." : `Delete ${count} requests? They cannot be brought back.`;
  byId("remove-command").textContent = what.ids ? `hookcli captures rm ${what.ids.join(" ")}` : `hookcli captures rm ${quoted(what.q ?? "")}`;
  byId("remove-error").textContent = "";
  dialog.returnValue = "no";
  dialog.showModal();
  await new Promise((resolve) => dialog.addEventListener("close", resolve, { once: true }));
  if (dialog.returnValue !== "yes") return false;
  await remove({ ...what, count });
  return true;
}
