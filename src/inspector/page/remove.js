// Deletes requests, once the user has agreed to how many.

import { ask, Problem } from "./api.js";
import { byId } from "./dom.js";

/** @param {any} asked @returns {Promise<number>} */
async function remove(asked) {
  const response = await ask("/api/captures/remove", {}, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(asked) });
  return (await response.json()).removed;
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
  byId("remove-error").textContent = "";
  dialog.returnValue = "no";
  dialog.showModal();
  await new Promise((resolve) => dialog.addEventListener("close", resolve, { once: true }));
  if (dialog.returnValue !== "yes") return false;
  await remove({ ...what, count });
  return true;
}
