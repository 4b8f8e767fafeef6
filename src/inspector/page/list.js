// A list of which only the rows in sight are in the page.

const HEIGHT = 52;
/** Rows above and below what is in sight. */
const BEYOND = 8;
/** How many rows are kept while the newest are followed; what is beyond is read again. */
export const MOST_FOLLOWED = 2000;

/**
 * @template {{id: string}} Item
 */
export class VirtualList {
  /**
   * @param {HTMLElement} scroller
   * @param {HTMLElement} rows
   * @param {(item: Item) => HTMLElement} draw
   * @param {{choose: (item: Item) => void, open: (item: Item) => void, end: () => void}} events
   */
  constructor(scroller, rows, draw, events) {
    this.scroller = scroller;
    this.rows = rows;
    this.draw = draw;
    this.events = events;
    /** @type {Item[]} */
    this.items = [];
    this.chosen = "";
    /** @type {Map<string, {element: HTMLElement, item: Item}>} */
    this.drawn = new Map();
    this.waits = false;
    scroller.addEventListener("scroll", () => this.schedule());
    new ResizeObserver(() => this.schedule()).observe(scroller);
    rows.addEventListener("click", (event) => {
      const row = event.target instanceof Element ? event.target.closest("[data-id]") : null;
      const item = this.items.find((one) => row instanceof HTMLElement && one.id === row.dataset.id);
      if (item) {
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
    this.scroller.scrollTop = 0;
    this.schedule();
  }

  /** @param {Item[]} items */
  append(items) {
    const known = new Set(this.items.map((item) => item.id));
    this.items.push(...items.filter((item) => !known.has(item.id)));
    this.schedule();
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
    if (!followed) this.scroller.scrollTop += above.length * HEIGHT;
    const isCut = followed && this.items.length > MOST_FOLLOWED;
    if (isCut) this.items.length = MOST_FOLLOWED / 2;
    this.schedule();
    return isCut;
  }

  /** @param {string[]} ids */
  remove(ids) {
    const gone = new Set(ids);
    this.items = this.items.filter((item) => !gone.has(item.id));
    this.schedule();
  }

  /** @param {string} id */
  choose(id) {
    this.chosen = id;
    const place = this.items.findIndex((item) => item.id === id);
    if (place >= 0) {
      const top = place * HEIGHT;
      const { scrollTop, clientHeight } = this.scroller;
      if (top < scrollTop) this.scroller.scrollTop = top;
      if (top + HEIGHT > scrollTop + clientHeight) this.scroller.scrollTop = top + HEIGHT - clientHeight;
      const item = this.items[place];
      if (item) this.events.choose(item);
    }
    this.schedule();
  }

  /** Chooses the row so many places on.
   * @param {number} by */
  move(by) {
    const place = this.items.findIndex((item) => item.id === this.chosen);
    const next = place < 0 ? 0 : Math.min(Math.max(place + by, 0), this.items.length - 1);
    const item = this.items[next];
    if (item) this.choose(item.id);
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
    const last = Math.min(this.items.length, Math.ceil((scrollTop + clientHeight) / HEIGHT) + BEYOND);
    this.rows.style.height = `${this.items.length * HEIGHT}px`;
    /** @type {Set<string>} */
    const wanted = new Set();
    let chosenRow = "";
    for (let place = first; place < last; place += 1) {
      const item = this.items[place];
      if (!item) continue;
      wanted.add(item.id);
      let row = this.drawn.get(item.id);
      if (!row || row.item !== item) {
        row?.element.remove();
        const element = this.draw(item);
        element.dataset.id = item.id;
        element.id = `row-${item.id}`;
        row = { element, item };
        this.drawn.set(item.id, row);
        this.rows.append(element);
      }
      row.element.style.transform = `translateY(${place * HEIGHT}px)`;
      row.element.setAttribute("aria-setsize", String(this.items.length));
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
    if (last >= this.items.length) this.events.end();
  }
}
