// Suggests the fields of the query language while a query is typed.

import { get } from "./api.js";
import { byId, element } from "./dom.js";

const SAVED_AS = "hookcli-queries";
/** So many queries are kept. */
const MOST_SAVED = 50;

/** The queries that the user has saved; of this browser alone.
 * @returns {string[]} */
function saved() {
  try {
    const all = JSON.parse(localStorage.getItem(SAVED_AS) ?? "[]");
    return Array.isArray(all) ? all.filter((one) => typeof one === "string") : [];
  } catch {
    return [];
  }
}

/** Shows whether a query is saved.
 * @param {string} query */
export function showSaved(query) {
  const button = byId("save-query");
  const isSaved = saved().includes(query);
  button.hidden = !query;
  button.textContent = isSaved ? "★" : "☆";
  button.setAttribute("aria-pressed", String(isSaved));
}

/**
 * @param {HTMLInputElement} input
 * @param {HTMLElement} list
 * @param {() => "requests" | "deliveries"} view
 * @param {() => void} giveUp what is typed is not wanted
 */
export function suggestFields(input, list, view, giveUp) {
  /** @type {any[] | null} */
  let fields = null;
  let chosen = -1;

  /** The word that the caret is in. */
  const word = () => {
    const caret = input.selectionStart ?? input.value.length;
    const start = input.value.lastIndexOf(" ", caret - 1) + 1;
    return { start, caret, text: input.value.slice(start, caret) };
  };

  const close = () => {
    list.hidden = true;
    chosen = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  };

  /** @param {HTMLElement[]} entries */
  const offer = (entries) => {
    chosen = -1;
    list.replaceChildren(...entries);
    list.hidden = false;
    input.setAttribute("aria-expanded", "true");
  };

  const showQueries = () => {
    const all = saved();
    if (all.length === 0) return false;
    offer(
      all.map((query, index) => {
        const entry = element("li", { id: `suggestion-${index}`, role: "option", "aria-selected": "false" }, element("code", {}, query), element("span", {}, "saved"));
        entry.dataset.query = query;
        entry.addEventListener("mousedown", (event) => {
          event.preventDefault();
          take(entry);
        });
        return entry;
      }),
    );
    return true;
  };

  const show = async () => {
    if (input.value.trim() === "" && document.activeElement === input && showQueries()) return;
    fields ??= await get("/api/fields").catch(() => null);
    const typed = word().text.replace(/^(not:|-)/, "");
    const isOpen = fields !== null && document.activeElement === input && !typed.includes(":");
    const fitting = (fields ?? []).filter(
      (field) => field.name.startsWith(typed) && (view() === "deliveries" ? field.of_deliveries : field.of_captures),
    );
    if (!isOpen || fitting.length === 0) return close();
    offer(
      fitting.map((field, index) => {
        const name = field.name.replace(/NAME|PATH/, "");
        const entry = element("li", { id: `suggestion-${index}`, role: "option", "aria-selected": "false" }, element("code", {}, `${field.name}:${field.example}`), element("span", {}, field.meaning));
        entry.dataset.text = name.endsWith(".") ? name : `${name}:`;
        entry.addEventListener("mousedown", (event) => {
          event.preventDefault();
          take(entry);
        });
        return entry;
      }),
    );
  };

  /** @param {HTMLElement} entry */
  const take = (entry) => {
    if (entry.dataset.query !== undefined) {
      input.value = entry.dataset.query;
      close();
      input.form?.requestSubmit();
      return;
    }
    const { start, caret, text } = word();
    const prefix = /^(not:|-)/.exec(text)?.[0] ?? "";
    const put = prefix + (entry.dataset.text ?? "");
    input.setRangeText(put, start, caret, "end");
    close();
    show();
  };

  /** @param {number} by */
  const move = (by) => {
    const entries = /** @type {HTMLElement[]} */ ([...list.children]);
    chosen = (chosen + by + entries.length) % entries.length;
    entries.forEach((entry, index) => entry.setAttribute("aria-selected", String(index === chosen)));
    const entry = entries[chosen];
    if (entry) {
      input.setAttribute("aria-activedescendant", entry.id);
      entry.scrollIntoView({ block: "nearest" });
    }
  };

  byId("save-query").addEventListener("click", () => {
    const query = input.value.trim();
    const all = saved();
    const others = all.filter((one) => one !== query);
    const next = others.length === all.length ? [query, ...all].slice(0, MOST_SAVED) : others;
    localStorage.setItem(SAVED_AS, JSON.stringify(next));
    showSaved(query);
  });
  input.addEventListener("input", show);
  input.addEventListener("focus", show);
  input.addEventListener("blur", close);
  input.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      // The browser would empty the box.
      event.preventDefault();
      if (list.hidden) giveUp();
      close();
    } else if (!list.hidden && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
      event.preventDefault();
      move(event.key === "ArrowDown" ? 1 : -1);
    } else if (!list.hidden && (event.key === "Tab" || event.key === "Enter") && chosen >= 0) {
      event.preventDefault();
      const entry = list.children[chosen];
      if (entry instanceof HTMLElement) take(entry);
    }
  });
}
