// The body of a request: as a tree, a form, parts, XML, text or hex, and where it does not match its schema.

import { ask } from "./api.js";
import { element, size } from "./dom.js";
import { parseJson, pointerStep } from "./json.js";
import { facts, pairsOf } from "./pieces.js";

/** How much of a body is shown as hex. */
const HEX_BYTES = 4096;
/** How many children of an object or a list are shown at once. */
const MOST_CHILDREN = 500;

/** @param {any} capture */
export function bodyView(capture) {
  const text = capture.body ?? null;
  const tree = text !== null && !capture.body_truncated ? parseJson(text) : null;
  /** @type {[string, () => HTMLElement][]} */
  const tabs = [];
  if (tree) tabs.push(["Tree", () => element("div", { className: "body tree" }, treeNode(tree, "", violations(capture), true))]);
  const form = text !== null && isForm(capture) ? formRows(text) : null;
  if (form) tabs.push(["Form", () => element("div", { className: "body" }, facts(form))]);
  const type = contentType(capture);
  const parts = text !== null ? multipart(text, type) : null;
  if (parts) tabs.push(["Parts", () => element("div", { className: "body" }, ...parts)]);
  if (text !== null && /[/+]xml\b/.test(type)) tabs.push(["XML", () => element("pre", { className: "body" }, xmlLines(text))]);
  if (text !== null) tabs.push(["Raw", () => element("pre", { className: "body" }, text)]);
  tabs.push(["Hex", () => hexView(capture)]);
  const place = element("div", {});
  const bar = element("div", { className: "body-tabs", role: "tablist", "aria-label": "Body" });
  /** @param {number} chosen */
  const choose = (chosen) => {
    [...bar.children].forEach((tab, index) => tab.setAttribute("aria-selected", String(index === chosen)));
    place.replaceChildren(tabs[chosen]?.[1]() ?? "");
  };
  tabs.forEach(([name], index) => {
    const tab = element("button", { type: "button", role: "tab" }, name);
    tab.addEventListener("click", () => choose(index));
    bar.append(tab);
  });
  const shown = element("div", {}, bar, schemaView(capture), place);
  if (capture.body_truncated) {
    const cut = `The body has ${size(capture.body_bytes)} and is cut here. The signature is judged on all of it; download it to see the rest.`;
    shown.prepend(element("p", { className: "cut" }, cut));
  }
  if (capture.body_bytes === 0) return element("p", { className: "faint" }, "no body");
  choose(0);
  return shown;
}

/** @param {any} capture */
function violations(capture) {
  /** @type {Map<string, string>} */
  const found = new Map();
  for (const error of capture.schema?.errors ?? []) found.set(error.path, error.message);
  return found;
}

/** @param {any} capture */
function schemaView(capture) {
  if (!capture.schema || capture.schema.valid) return null;
  const list = element("ul", {});
  for (const error of capture.schema.errors) {
    list.append(element("li", {}, element("code", {}, error.path || "the payload"), ` ${error.message}`));
  }
  return element("div", { className: "warn" }, "The payload does not match the event's schema:", list);
}

/**
 * @param {import("./json.js").JsonNode} node
 * @param {string} pointer
 * @param {Map<string, string>} violations
 * @param {boolean} isOpen
 * @returns {HTMLElement}
 */
function treeNode(node, pointer, violations, isOpen) {
  const key = node.key === null ? null : element("span", { className: "key" }, `${node.key}: `);
  const wrong = violations.get(pointer);
  const note = wrong ? element("span", { className: "violation" }, `  ← ${wrong}`) : null;
  if (node.children.length === 0) {
    const text = node.kind === "object" ? "{}" : node.kind === "array" ? "[]" : node.text;
    return element("div", { className: "leaf" }, key, element("span", { className: node.kind }, text), note);
  }
  const count = node.kind === "object" ? `{${node.children.length}}` : `[${node.children.length}]`;
  const summary = element("summary", {}, key, element("span", { className: "faint" }, count), note);
  const details = element("details", { open: isOpen }, summary);
  let filled = 0;
  const fill = () => {
    const next = node.children.slice(filled, filled + MOST_CHILDREN);
    filled += next.length;
    const depth = pointer.split("/").length;
    for (const child of next) details.append(treeNode(child, pointer + pointerStep(child.key ?? ""), violations, depth < 3));
    if (filled < node.children.length) {
      const more = element("button", { type: "button" }, `${node.children.length - filled} more`);
      more.addEventListener("click", () => {
        more.remove();
        fill();
      });
      details.append(more);
    }
  };
  if (isOpen) fill();
  else details.addEventListener("toggle", () => filled === 0 && fill(), { once: true });
  return details;
}

/** @param {any} capture */
function contentType(capture) {
  const type = pairsOf(capture.headers).find(([name]) => name.toLowerCase() === "content-type");
  return type ? String(type[1]) : "";
}

/** @param {any} capture */
function isForm(capture) {
  return contentType(capture).startsWith("application/x-www-form-urlencoded");
}

/** The parts of a multipart body (RFC 2046, section 5.1), each with its headers.
 * @param {string} text @param {string} type */
function multipart(text, type) {
  const boundary = /^multipart\/.*boundary="?([^";]+)"?/i.exec(type)?.[1];
  if (!boundary) return null;
  const pieces = `\r\n${text.replace(/\r?\n/g, "\r\n")}`.split(`\r\n--${boundary}`);
  return pieces.slice(1, -1).map((piece) => {
    const split = piece.indexOf("\r\n\r\n");
    const head = piece.slice(0, split).trim();
    return element("div", {}, element("p", { className: "faint" }, head.split("\r\n").join(", ")), element("pre", { className: "body" }, piece.slice(split + 4)));
  });
}

/** XML with a line for each element; its text stays as it is.
 * @param {string} text */
function xmlLines(text) {
  let depth = 0;
  return text
    .replace(/>\s*</g, ">\n<")
    .split("\n")
    .map((line) => {
      if (/^<\//.test(line)) depth -= 1;
      const shown = "  ".repeat(Math.max(depth, 0)) + line;
      if (/^<[^?!/][^>]*>$/.test(line) && !line.endsWith("/>")) depth += 1;
      return shown;
    })
    .join("\n");
}

/** @param {string} text @returns {[string, any][]} */
function formRows(text) {
  return [...new URLSearchParams(text)].map(([name, value]) => [name, element("span", { className: "mono" }, value)]);
}

/** @param {any} capture */
function hexView(capture) {
  const shown = element("pre", { className: "body hex" }, "reading");
  const range = { headers: { range: `bytes=0-${HEX_BYTES - 1}` } };
  ask(`/api/captures/${capture.id}/body`, {}, range)
    .then((response) => response.arrayBuffer())
    .then((buffer) => {
      const lines = [];
      const bytes = new Uint8Array(buffer);
      for (let at = 0; at < bytes.length; at += 16) {
        const line = [...bytes.slice(at, at + 16)];
        const hex = line.map((byte) => byte.toString(16).padStart(2, "0")).join(" ");
        const text = line.map((byte) => (byte >= 32 && byte < 127 ? String.fromCharCode(byte) : ".")).join("");
        lines.push(`${at.toString(16).padStart(8, "0")}  ${hex.padEnd(47)}  ${text}`);
      }
      if (capture.body_bytes > HEX_BYTES) lines.push(`(the first ${HEX_BYTES} of ${capture.body_bytes} bytes)`);
      shown.textContent = lines.join("\n");
    })
    .catch((error) => (shown.textContent = String(error.message)));
  return shown;
}
