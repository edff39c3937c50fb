/** What has been said, on the screen: bubbles, quick replies, what was not sent, and typing. */

import { cardTitle, make, unseen } from "./dom.js";
import { rendered } from "./markdown.js";
import { rating } from "./rating.js";
import { Scrolling } from "./scrolling.js";
import { areTimes, timePicker } from "./times.js";
import { words } from "./words.js";

/** @typedef {import("./deliveries.js").Message} Message */
/** @typedef {import("./utterance.js").QuickReply} QuickReply */
/** @typedef {import("./utterance.js").Utterance} Utterance */

/** Kinds of utterances that are cards of their own. */
const CARDS = ["emergency", "soon", "booked", "summary", "handover"];

export class Log {
  /** @type {Map<string, HTMLElement>} The visitor's messages by id. */
  #messages = new Map();
  /** @type {HTMLElement | null} The quick replies that can be pressed. */
  #offered = null;
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
  #scrolling = new Scrolling(this.element);
  /** Of the clinic: where its pictures are, and its time zone. */
  base = "";
  timeZone = "";

  /**
   * @param {object} handlers
   * @param {(reply: QuickReply, event: MouseEvent) => void} handlers.pressed
   * @param {(id: string) => void} handlers.retry
   * @param {(seq: number, thumb: "up" | "down", word: string) => Promise<boolean>} handlers.rate
   * @param {() => void} handlers.orphaned What had the focus went inert, or away.
   */
  constructor(handlers) {
    this.handlers = handlers;
  }

  /** Takes everything away. */
  clear() {
    const hadFocus = this.element.matches(":focus-within");
    this.#messages.clear();
    this.#offered = null;
    this.element.replaceChildren(this.#typing);
    this.#scrolling.restart();
    if (hadFocus) this.handlers.orphaned();
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

  /** @param {Partial<Utterance>} utterance */
  utterance({ text = "", quickReplies = [], image = "", alt = "", kind = "", seq = 0, thumb = "" }) {
    if (text || image) {
      const card = CARDS.includes(kind) ? ` card ${kind}` : "";
      const bubble = make("div", { class: `bubble assistant${card}` }, unseen(words.assistantSaid));
      if (kind === "emergency" || kind === "soon") {
        bubble.append(cardTitle(kind === "soon" ? words.soon : words.urgent));
      }
      bubble.append(rendered(text));
      if (image) bubble.append(this.#picture(image, alt));
      this.#add(bubble);
      if (kind === "answer" && seq) {
        this.#add(rating(thumb, (given, word) => this.handlers.rate(seq, given, word)));
      }
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
      this.#scrolling.anchor = row;
      this.#add(row, true);
    }
    row.dataset.delivery = message.delivery;
    this.#showDelivery(/** @type {HTMLElement} */ (row.lastElementChild), message);
  }

  /** @param {boolean} on */
  typing(on) {
    this.#typing.hidden = !on;
    if (on) this.#scrolling.follow();
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
    const button = (/** @type {QuickReply} */ reply, /** @type {string} */ label, /** @type {string} */ classes) => {
      const press = (/** @type {MouseEvent} */ event) => {
        made.classList.add("chosen");
        this.handlers.pressed(reply, event);
      };
      const made = make("button", { type: "button", class: classes, click: press }, label);
      return made;
    };
    this.#offered = areTimes(replies)
      ? timePicker(replies, this.timeZone, button)
      : make(
          "div",
          { class: "replies", role: "group", "aria-label": words.quickReplies },
          ...replies.map((reply) => button(reply, reply.title, "reply")),
        );
    this.#add(this.#offered);
  }

  /**
   * A picture: of the clinic's own server, or from an address that does no harm.
   * @param {string} path
   * @param {string} alt
   */
  #picture(path, alt) {
    const address = new URL(path, this.base);
    if (!/^https?:$/.test(address.protocol)) return make("span", {}, alt);
    return make("img", { src: address.href, alt, load: () => this.#scrolling.follow() });
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
      this.#scrolling.follow();
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
    this.#scrolling.around(element, () => this.#typing.before(element), always);
  }
}
