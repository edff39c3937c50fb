/** What has been said, on the screen: bubbles, quick replies, what was not sent, and typing. */

import { make, unseen } from "./dom.js";
import { link, rendered } from "./markdown.js";
import { words } from "./words.js";

/** @typedef {import("./conversation.js").Message} Message */
/** @typedef {import("./conversation.js").QuickReply} QuickReply */
/** @typedef {import("./conversation.js").Utterance} Utterance */

/** Pixels left free above what is scrolled to, and how far a visitor may scroll and still follow. */
const MARGIN = 12;
const FOLLOWS_WITHIN = 48;

export class Log {
  /** @type {Map<string, HTMLElement>} The visitor's messages by id. */
  #messages = new Map();
  /** @type {HTMLElement | null} The quick replies that can be pressed. */
  #offered = null;
  /** @type {HTMLElement | null} What the newest part of the conversation begins with. */
  #anchor = null;
  /** Where the log was last scrolled to by itself. */
  #scrolledTo = 0;
  #typing = make(
    "div",
    { class: "bubble assistant typing", "aria-hidden": "true", hidden: true },
    ...[1, 2, 3].map(() => make("span")),
  );
  // Screen readers speak what is added. Typing is decoration here; the announcer says it.
  element = make(
    "div",
    { class: "log", role: "log", "aria-live": "polite", "aria-label": words.conversation, tabindex: 0 },
    this.#typing,
  );

  /**
   * @param {object} handlers
   * @param {(reply: QuickReply, event: MouseEvent) => void} handlers.pressed
   * @param {(id: string) => void} handlers.retry
   * @param {() => void} handlers.orphaned What had the focus went inert, or away.
   */
  constructor(handlers) {
    this.handlers = handlers;
    // The field below grows, a banner above comes and goes: the newest part stays in sight.
    new ResizeObserver(() => this.#follow()).observe(this.element);
  }

  /**
   * Small print, before or between what is said.
   * @param {string} text
   */
  note(text) {
    this.#add(make("p", { class: "note" }, text));
  }

  /**
   * Something the visitor should know that the assistant did not say.
   * @param {string} text Markdown.
   */
  notice(text) {
    this.#add(make("div", { class: "bubble notice" }, unseen(words.noticeSaid), rendered(text)));
  }

  /** @param {Utterance} utterance */
  utterance({ text, quickReplies, attachment }) {
    const attached = attachment ? link(words.attachment, attachment) : null;
    if (text || attached) {
      const bubble = make("div", { class: "bubble assistant" }, unseen(words.assistantSaid), rendered(text));
      if (attached) bubble.append(make("p", {}, attached));
      this.#add(bubble);
    }
    if (quickReplies.length) this.#offer(quickReplies);
  }

  /** @param {Message} message New, or with a new delivery. */
  message(message) {
    let row = this.#messages.get(message.id);
    if (!row) {
      this.withdraw();
      const bubble = make("div", { class: "bubble visitor" }, unseen(words.visitorSaid), message.title);
      row = make("div", { class: "said" }, bubble, make("div", { class: "delivery" }));
      this.#messages.set(message.id, row);
      this.#anchor = row;
      this.#add(row, true);
    }
    row.dataset.delivery = message.delivery;
    this.#showDelivery(/** @type {HTMLElement} */ (row.lastElementChild), message);
  }

  /** @param {boolean} on */
  typing(on) {
    this.#typing.hidden = !on;
    if (on) this.#follow();
  }

  /** Makes the quick replies inert: they were used, or something newer was said. */
  withdraw() {
    const offered = this.#offered;
    if (!offered) return;
    const hadFocus = offered.matches(":focus-within");
    this.#offered = null;
    for (const button of offered.querySelectorAll("button")) button.disabled = true;
    offered.classList.add("inert");
    if (hadFocus) this.handlers.orphaned();
  }

  /** @param {QuickReply[]} replies */
  #offer(replies) {
    this.withdraw();
    const buttons = replies.map((reply) => {
      const press = (/** @type {MouseEvent} */ event) => {
        button.classList.add("chosen");
        this.handlers.pressed(reply, event);
      };
      const button = make("button", { type: "button", class: "reply", click: press }, reply.title);
      return button;
    });
    this.#offered = make(
      "div",
      { class: "replies", role: "group", "aria-label": words.quickReplies },
      ...buttons,
    );
    this.#add(this.#offered);
  }

  /**
   * @param {HTMLElement} place
   * @param {Message} message
   */
  #showDelivery(place, { id, delivery, words: refusal }) {
    const hadFocus = place.matches(":focus-within");
    if (delivery === "failed") {
      const retry = () => this.handlers.retry(id);
      place.replaceChildren(
        make("span", {}, refusal ? `${words.notSent} ${refusal}` : words.notSent),
        make("button", { type: "button", class: "retry", click: retry }, words.retry),
      );
      this.#follow();
    } else {
      place.replaceChildren(...(delivery === "sending" ? [make("span", { class: "late" }, words.sending)] : []));
    }
    if (hadFocus) this.handlers.orphaned();
  }

  /**
   * @param {HTMLElement} element
   * @param {boolean} [always] Scroll even if the visitor is reading further up.
   */
  #add(element, always = false) {
    this.#anchor ??= element;
    const follows = always || this.#followed();
    this.#typing.before(element);
    if (follows) this.#scroll();
  }

  #follow() {
    if (this.#followed()) this.#scroll();
  }

  #followed() {
    return this.#scroller().scrollTop >= this.#scrolledTo - FOLLOWS_WITHIN;
  }

  /** To the end, but never so far that the beginning of the newest part is lost from sight. */
  #scroll() {
    const scroller = this.#scroller();
    const top = this.#anchor?.getBoundingClientRect().top ?? 0;
    const beginning = scroller.scrollTop + top - scroller.getBoundingClientRect().top - MARGIN;
    const end = scroller.scrollHeight - scroller.clientHeight;
    scroller.scrollTop = Math.max(scroller.scrollTop, Math.min(beginning, end));
    this.#scrolledTo = scroller.scrollTop;
  }

  /** The log; but the whole panel where the window is too low for a log that scrolls in it. */
  #scroller() {
    const inPanel = getComputedStyle(this.element).overflowY === "visible";
    return (inPanel && this.element.parentElement) || this.element;
  }
}
