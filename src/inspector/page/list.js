// A list of which only the rows in sight are in the page.

const HEIGHT = 52;
/** Rows above and below what is in sight. */
const BEYOND = 8;
/** How many rows are kept while the newest are followed; what is beyond is read again. */
export const MOST_FOLLOWED = 2000;

/** How a row stands to its repetitions: how many it has, whether they are shown, and whether it is one.
 * @typedef {{count: number, isOpen: boolean, isUnder: boolean}} Fold */

/**
 * @template {{id: string}} Item
 */
export class VirtualList {
  /**
   * @param {HTMLElement} scroller
   * @param {HTMLElement} rows
   * @param {(item: Item, fold: Fold) => HTMLElement} draw
   * @param {(item: Item) => string} under the id of the item under which this one is folded; empty for none
   * @param {{choose: (item: Item) => void, open: (item: Item) => void, end: () => void}} events
   */
  constructor(scroller, rows, draw, under, events) {
    this.scroller = scroller;
    this.rows = rows;
    this.draw = draw;
    this.under = under;
    this.events = events;
    /** All of them, the newest first.
     * @type {Item[]} */
    this.items = [];
    /** Those that have a row, from top to bottom.
     * @type {{item: Item, fold: Fold}[]} */
    this.shown = [];
    /** The ids of those whose repetitions are shown, too.
     * @type {Set<string>} */
    this.unfolded = new Set();
    this.chosen = "";
    /** @type {Map<string, {element: HTMLElement, item: Item, mark: string}>} */
    this.drawn = new Map();
    this.waits = false;
    scroller.addEventListener("scroll", () => this.schedule());
    new ResizeObserver(() => this.schedule()).observe(scroller);
    rows.addEventListener("click", (event) => {
      const target = event.target instanceof Element ? event.target : null;
      const row = target?.closest("[data-id]");
      const item = this.items.find((one) => row instanceof HTMLElement && one.id === row.dataset.id);
      if (item && target?.closest(".fold")) this.fold(item.id, !this.unfolded.has(item.id));
      else if (item) {
        this.choose(item.id);
        this.events.open(item);
      }
    });
  }

  /** Whether the newest row is in sight: then new ones are shown as they come. */
  get follows() {
    return this.scroller.scrollTop < HEIGHT / 2;
  }

  /** @param {Item[]} items */
  replace(items) {
    this.items = items;
    this.arrange(true);
  }

  /** @param {Item[]} items */
  append(items) {
    const known = new Set(this.items.map((item) => item.id));
    this.items.push(...items.filter((item) => !known.has(item.id)));
    this.arrange();
  }

  /**
   * Takes in what is new or has changed, the newest first. What is in sight stays where it is. True where rows at the
   * end were given up.
   * @param {Item[]} changed
   */
  merge(changed) {
    const byId = new Map(changed.map((item) => [item.id, item]));
    this.items = this.items.map((item) => {
      const other = byId.get(item.id);
      byId.delete(item.id);
      return other ?? item;
    });
    const fresh = [...byId.values()].sort((one, other) => (one.id < other.id ? 1 : -1));
    const newest = this.items[0]?.id ?? "";
    const above = fresh.filter((item) => item.id > newest);
    const within = fresh.filter((item) => item.id <= newest);
    const followed = this.follows;
    this.items = [...above, ...this.items];
    const oldest = this.items[this.items.length - 1]?.id ?? "";
    for (const item of within) {
      // One that is older than all that is here is read with its page.
      if (item.id < oldest) continue;
      const place = this.items.findIndex((one) => one.id < item.id);
      this.items.splice(place < 0 ? this.items.length : place, 0, item);
    }
    const isCut = followed && this.items.length > MOST_FOLLOWED;
    if (isCut) this.items.length = MOST_FOLLOWED / 2;
    this.arrange(followed);
    return isCut;
  }

  /** @param {string[]} ids */
  remove(ids) {
    const gone = new Set(ids);
    this.items = this.items.filter((item) => !gone.has(item.id));
    this.arrange();
  }

  /** Shows or hides the repetitions of an item.
   * @param {string} id @param {boolean} isOpen */
  fold(id, isOpen) {
    if (isOpen) this.unfolded.add(id);
    else this.unfolded.delete(id);
    this.arrange();
  }

  /** Decides which items have a row: a repetition is folded under its first, where that is in the list. What is at the
   * top stays there, except where the newest are wanted.
   * @param {boolean} [showsNewest] */
  arrange(showsNewest = false) {
    const top = Math.floor(this.scroller.scrollTop / HEIGHT);
    const within = this.scroller.scrollTop - top * HEIGHT;
    const anchor = this.shown[top]?.item.id;
    /** @type {Map<string, Item[]>} */
    const folded = new Map();
    const byId = new Map(this.items.map((item) => [item.id, item]));
    /** @type {Item[]} */
    const firsts = [];
    for (const item of this.items) {
      const first = byId.get(this.under(item));
      if (!first || this.under(first)) {
        firsts.push(item);
        continue;
      }
      const those = folded.get(first.id) ?? [];
      those.push(item);
      folded.set(first.id, those);
    }
    this.shown = [];
    for (const item of firsts) {
      const those = folded.get(item.id) ?? [];
      const isOpen = this.unfolded.has(item.id);
      this.shown.push({ item, fold: { count: those.length, isOpen, isUnder: false } });
      if (isOpen) this.shown.push(...those.map((one) => ({ item: one, fold: { count: 0, isOpen: false, isUnder: true } })));
    }
    const place = showsNewest ? 0 : this.shown.findIndex(({ item }) => item.id === anchor);
    if (showsNewest) this.scroller.scrollTop = 0;
    else if (place >= 0 && place !== top) {
      // The height first, or the place may not be there yet.
      this.rows.style.height = `${this.shown.length * HEIGHT}px`;
      this.scroller.scrollTop = place * HEIGHT + within;
    }
    this.schedule();
  }

  /** @param {string} id */
  choose(id) {
    this.chosen = id;
    const wanted = this.items.find((item) => item.id === id);
    const isFolded = wanted && !this.shown.some(({ item }) => item.id === id);
    if (isFolded) this.fold(this.under(wanted), true);
    const place = this.shown.findIndex(({ item }) => item.id === id);
    if (place >= 0) {
      const top = place * HEIGHT;
      const { scrollTop, clientHeight } = this.scroller;
      if (top < scrollTop) this.scroller.scrollTop = top;
      if (top + HEIGHT > scrollTop + clientHeight) this.scroller.scrollTop = top + HEIGHT - clientHeight;
      if (wanted) this.events.choose(wanted);
    }
    this.schedule();
  }

  /** Chooses the row so many places on.
   * @param {number} by */
  move(by) {
    const place = this.shown.findIndex(({ item }) => item.id === this.chosen);
    const next = place < 0 ? 0 : Math.min(Math.max(place + by, 0), this.shown.length - 1);
    const row = this.shown[next];
    if (row) this.choose(row.item.id);
  }

  /** The chosen item.
   * @returns {Item | undefined} */
  current() {
    return this.items.find((item) => item.id === this.chosen);
  }

  schedule() {
    if (this.waits) return;
    this.waits = true;
    requestAnimationFrame(() => {
      this.waits = false;
      this.show();
    });
  }

  show() {
    const { scrollTop, clientHeight } = this.scroller;
    const first = Math.max(0, Math.floor(scrollTop / HEIGHT) - BEYOND);
    const last = Math.min(this.shown.length, Math.ceil((scrollTop + clientHeight) / HEIGHT) + BEYOND);
    this.rows.style.height = `${this.shown.length * HEIGHT}px`;
    /** @type {Set<string>} */
    const wanted = new Set();
    let chosenRow = "";
    for (let place = first; place < last; place += 1) {
      const one = this.shown[place];
      if (!one) continue;
      const { item, fold } = one;
      wanted.add(item.id);
      let row = this.drawn.get(item.id);
      const mark = JSON.stringify(fold);
      if (!row || row.item !== item || row.mark !== mark) {
        row?.element.remove();
        const element = this.draw(item, fold);
        element.dataset.id = item.id;
        element.id = `row-${item.id}`;
        row = { element, item, mark };
        this.drawn.set(item.id, row);
        this.rows.append(element);
      }
      row.element.style.transform = `translateY(${place * HEIGHT}px)`;
      row.element.setAttribute("aria-setsize", String(this.shown.length));
      row.element.setAttribute("aria-posinset", String(place + 1));
      row.element.setAttribute("aria-selected", String(item.id === this.chosen));
      if (item.id === this.chosen) chosenRow = row.element.id;
    }
    for (const [id, row] of this.drawn) {
      if (!wanted.has(id)) {
        row.element.remove();
        this.drawn.delete(id);
      }
    }
    if (chosenRow) this.scroller.setAttribute("aria-activedescendant", chosenRow);
    else this.scroller.removeAttribute("aria-activedescendant");
    if (last >= this.shown.length) this.events.end();
  }
}
