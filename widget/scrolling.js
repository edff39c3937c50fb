/** Keeps the newest part of the conversation in sight, and its beginning above all. */

/** Pixels left free above what is scrolled to, and how far a visitor may scroll and still follow. */
const MARGIN = 12;
const FOLLOWS_WITHIN = 48;

export class Scrolling {
  /** @type {HTMLElement | null} What the newest part of the conversation begins with. */
  anchor = null;
  /** Where the log was last scrolled to by itself. */
  #scrolledTo = 0;

  /** @param {HTMLElement} log */
  constructor(log) {
    this.log = log;
    // The field below grows, a banner above comes and goes: the newest part stays in sight.
    new ResizeObserver(() => this.follow()).observe(log);
  }

  /** Nothing has been said. */
  restart() {
    this.anchor = null;
    this.#scrolledTo = 0;
  }

  /**
   * Adds something, and goes there unless the visitor is reading further up.
   * @param {HTMLElement} element
   * @param {() => void} add
   * @param {boolean} always Goes there all the same.
   */
  around(element, add, always) {
    this.anchor ??= element;
    const follows = always || this.#followed();
    add();
    if (follows) this.#scroll();
  }

  follow() {
    if (this.#followed()) this.#scroll();
  }

  #followed() {
    return this.#scroller().scrollTop >= this.#scrolledTo - FOLLOWS_WITHIN;
  }

  /** To the end, but never so far that the beginning of the newest part is lost from sight. */
  #scroll() {
    const scroller = this.#scroller();
    const top = this.anchor?.getBoundingClientRect().top ?? 0;
    const beginning = scroller.scrollTop + top - scroller.getBoundingClientRect().top - MARGIN;
    const end = scroller.scrollHeight - scroller.clientHeight;
    scroller.scrollTop = Math.max(scroller.scrollTop, Math.min(beginning, end));
    this.#scrolledTo = scroller.scrollTop;
  }

  /** The log; but the whole panel where the window is too low for a log that scrolls in it. */
  #scroller() {
    const inPanel = getComputedStyle(this.log).overflowY === "visible";
    return (inPanel && this.log.parentElement) || this.log;
  }
}
