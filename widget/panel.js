/** The open chat: a dialog that puts the conversation, its log and the composer together. */

import { Announcer } from "./announcer.js";
import { Composer } from "./composer.js";
import { fallback, load, telephone } from "./config.js";
import { Conversation } from "./conversation.js";
import { icon, make } from "./dom.js";
import { keepInside, keepOnScreen } from "./frame.js";
import { Log } from "./log.js";
import { link, rendered } from "./markdown.js";
import { callUs, starters, words } from "./words.js";

/** @typedef {import("./conversation.js").Status} Status */

export class Panel {
  #announcer = new Announcer();
  #banner = make("div", { class: "banner", role: "alert" });
  #name = make("h2", { id: "name" });
  #hours = make("p", { class: "hours" });
  #footer = make("div", { class: "foot" });
  #begun = false;
  #typing = false;
  #configured = false;

  /**
   * @param {object} page
   * @param {URL} page.base Where the widget's files are.
   * @param {string} page.phone The clinic's number as the page gives it, or "".
   * @param {() => void} page.close
   */
  constructor({ base, phone, close }) {
    this.base = base;
    this.close = close;
    this.config = fallback(phone);
    this.log = new Log({
      pressed: (reply, event) => this.#pressed(reply, event),
      retry: (id) => this.conversation.retry(id),
      orphaned: () => this.composer.focus(),
    });
    this.composer = new Composer({
      send: (text) => this.conversation.say(text),
      announce: (sentence) => this.#announcer.say(sentence),
    });
    this.conversation = new Conversation(new URL("../socket.io/", base), {
      status: (status) => this.#connection(status),
      session: (how) => this.log.note(how === "afresh" ? words.startedAfresh : words.continued),
      message: (message) => this.log.message(message),
      utterance: (utterance) => this.#uttered(utterance),
      typing: (on) => this.#setTyping(on),
      silence: () => this.#silent(),
    });
    this.element = this.#build();
    this.#showConfig();
  }

  /** Opens, and puts the visitor where they can write. */
  async show() {
    this.element.hidden = false;
    this.composer.focus();
    if (this.#begun) return;
    this.#begun = true;
    keepOnScreen(this.element);
    await this.#configure();
    this.log.note(this.config.privacy);
    const quickReplies = starters.map((question) => ({ title: question, payload: question }));
    this.log.utterance({ text: this.config.greeting, quickReplies, attachment: "" });
    this.conversation.start();
  }

  hide() {
    this.element.hidden = true;
  }

  #build() {
    return make(
      "section",
      {
        class: "panel",
        role: "dialog",
        "aria-labelledby": "name",
        "aria-describedby": "nature",
        hidden: true,
        keydown: (/** @type {KeyboardEvent} */ event) => this.#key(event),
      },
      make(
        "div",
        { class: "head" },
        make("span", { class: "pearl", "aria-hidden": "true" }),
        make("div", { class: "who" }, this.#name, make("p", { id: "nature" }, words.nature), this.#hours),
        make(
          "button",
          { type: "button", class: "close", "aria-label": words.close, click: () => this.close() },
          icon("close"),
        ),
      ),
      this.#banner,
      this.log.element,
      this.composer.element,
      this.#footer,
      this.#announcer.element,
    );
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (event.key === "Escape" && !event.isComposing) {
      event.stopPropagation();
      this.close();
    } else if (event.key === "Tab") {
      keepInside(this.element, event);
    }
  }

  /** Gets the clinic's facts, unless they are there. */
  async #configure() {
    if (this.#configured) return;
    const config = await load(this.base, this.config);
    if (!config) return;
    this.#configured = true;
    this.config = config;
    this.#showConfig();
  }

  #showConfig() {
    const { name, hours, phone, phone_href, emergency } = this.config;
    this.#name.textContent = name;
    this.#hours.textContent = hours;
    this.#hours.hidden = !hours;
    this.#footer.replaceChildren(make("p", { class: "emergency" }, ...withCall(emergency)));
    const clinic = phone && link(words.phone(phone), phone_href);
    if (clinic) this.#footer.append(make("p", {}, clinic));
  }

  /** @param {Status} status */
  #connection(status) {
    if (status === "lost") {
      this.#banner.replaceChildren(rendered(words.lost(callUs(this.config))));
      return;
    }
    if (this.#banner.hasChildNodes()) this.#announcer.say(words.connectedAgain);
    this.#banner.replaceChildren();
    this.#configure();
  }

  /** @param {import("./conversation.js").Utterance} utterance */
  #uttered(utterance) {
    this.#announcer.hush();
    this.log.utterance(utterance);
  }

  /** @param {boolean} on */
  #setTyping(on) {
    if (on && !this.#typing) this.#announcer.say(words.typing);
    if (!on && this.#typing) this.#announcer.hush();
    this.#typing = on;
    this.log.typing(on);
  }

  #silent() {
    this.#setTyping(false);
    this.log.notice(words.noAnswer(callUs(this.config)));
  }

  /**
   * A press by keyboard goes on to the field; a touch does not, lest the screen's keyboard cover
   * the answer.
   * @param {import("./conversation.js").QuickReply} reply
   * @param {MouseEvent} event
   */
  #pressed({ title, payload }, event) {
    const touched = event.detail > 0 && matchMedia("(pointer: coarse)").matches;
    if (touched) this.log.element.focus({ preventScroll: true });
    else this.composer.focus();
    this.conversation.say(payload, title);
  }
}

/**
 * The emergency line, its number a link to call it.
 * @param {{number: string, words: string}} emergency
 * @returns {(Node | string)[]}
 */
function withCall({ number, words: line }) {
  const at = number ? line.indexOf(number) : -1;
  const call = at < 0 ? null : link(number, telephone(number));
  return call ? [line.slice(0, at), call, line.slice(at + number.length)] : [line];
}
