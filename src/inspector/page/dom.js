// Makes elements. Text is always text: nothing of a payload is ever markup.

/** @typedef {Node | string | number | null | undefined | false} Child */

/**
 * An element with properties and children. Names with a dash, and `role`, are attributes.
 * @param {string} name
 * @param {Record<string, unknown>} [properties]
 * @param {...Child} children
 * @returns {HTMLElement}
 */
export function element(name, properties = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(properties)) {
    if (value === undefined || value === null || value === false) continue;
    if (key.includes("-") || key === "role" || key === "for") {
      made.setAttribute(key, String(value));
    } else {
      /** @type {any} */ (made)[key] = value;
    }
  }
  for (const child of children) {
    if (child !== null && child !== undefined && child !== false) made.append(String(child) === child ? child : typeof child === "number" ? String(child) : child);
  }
  return made;
}

/**
 * The element of the page with that id.
 * @param {string} id
 * @returns {any}
 */
export function byId(id) {
  const found = document.getElementById(id);
  if (!found) throw new Error(`no element ${id}`);
  return found;
}

/** A size as people read it.
 * @param {number} bytes */
export function size(bytes) {
  if (bytes < 1000) return `${bytes} B`;
  if (bytes < 1e6) return `${(bytes / 1000).toFixed(1)} kB`;
  return `${(bytes / 1e6).toFixed(1)} MB`;
}

/** How long ago it was.
 * @param {string} time
 * @param {number} [now] */
export function age(time, now = Date.now()) {
  const seconds = Math.max(0, Math.round((now - Date.parse(time)) / 1000));
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min`;
  if (seconds < 86400) return `${Math.floor(seconds / 3600)} h`;
  return `${Math.floor(seconds / 86400)} d`;
}

/** How long it is until then.
 * @param {string} time
 * @param {number} [now] */
export function until(time, now = Date.now()) {
  const seconds = Math.ceil((Date.parse(time) - now) / 1000);
  if (seconds <= 0) return "now";
  if (seconds < 120) return `in ${seconds} s`;
  if (seconds < 7200) return `in ${Math.round(seconds / 60)} min`;
  return `in ${Math.round(seconds / 3600)} h`;
}

/** A duration.
 * @param {number} ms */
export function duration(ms) {
  if (ms < 1000) return `${ms.toFixed(1)} ms`;
  if (ms < 120e3) return `${(ms / 1000).toFixed(2)} s`;
  if (ms < 120 * 60e3) return `${(ms / 60e3).toFixed(1)} min`;
  if (ms < 48 * 3600e3) return `${(ms / 3600e3).toFixed(1)} h`;
  return `${(ms / 86400e3).toFixed(1)} d`;
}
