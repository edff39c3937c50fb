/** The open chat: a dialog that puts the conversation, its log and the composer together. */

import { Announcer } from "./announcer.js";
import { Composer } from "./composer.js";
import { fallback, load, telephone } from "./config.js";
import { Conversation } from "./conversation.js";
import { icon, make } from "./dom.js";
import { keepInside, keepOnScreen } from "./frame.js";
import { Log } from "./log.js";
import { link, rendered, withLink } from "./markdown.js";
import { Menu } from "./menu.js";
import { Transcript } from "./transcript.js";
import { callUs, filled, words } from "./words.js";

/** @typedef {import("./conversation.js").Status} Status */
/** @typedef {import("./utterance.js").Utterance} Utterance */

export class Panel {
  #announcer = new Announcer();
  #banner = make("div", { class: "banner", role: "alert" });
  #name = make("h2", { id: "name" });
  #hours = make("p", { class: "hours" });
  #footer = make("div", { class: "foot" });
  #transcript = new Transcript();
  #begun = false;
  #typing = false;
  #configured = false;

  /**
   * @param {object} page
   * @param {URL} page.base Where the widget's files are.
   * @param {string} page.phone The clinic's number as the page gives it, or "".
   * @param {Promise<Response | null>} page.facts The clinic's facts, already asked for.
   * @param {() => void} page.close
   * @param {(name: string, detail: object) => void} page.tell What a page may want to know.
   */
  constructor({ base, phone, facts, close, tell }) {
    this.base = base;
    this.close = close;
    this.tell = tell;
    /** @type {Promise<Response | null> | undefined} */
    this.facts = facts;
    this.config = fallback(phone);
    this.log = new Log({
      pressed: (reply, event) => this.#pressed(reply, event),
      retry: (id) => this.conversation.retry(id),
      rate: (seq, thumb, word) => this.conversation.rate(seq, thumb, word),
      orphaned: () => this.composer.focus(),
    });
    this.log.base = base.href;
    this.composer = new Composer({
      send: (text) => this.conversation.say(text),
      announce: (sentence) => this.#announcer.say(sentence),
    });
    this.menu = new Menu({
      startOver: () => this.conversation.startOver(),
      download: () => this.#transcript.download(this.config.name),
      erase: () => this.#erase(),
    });
    this.conversation = new Conversation(new URL("../socket.io/", base), {
      status: (status) => this.#connection(status),
      message: (message) => this.#said(message),
      utterance: (utterance, live) => this.#uttered(utterance, live),
      typing: (on) => this.#setTyping(on),
      silence: () => this.#silent(),
      reset: (why) => this.#greet(why === "deleted" ? words.erased : words.startedAfresh),
    });
    this.element = this.#build();
    this.#showConfig();
  }

  /** Opens, and puts the visitor where they can write. */
  async show() {
    this.element.hidden = false;
    this.composer.focus();
    if (this.#begun) {
      this.#configured = false; // the clinic may have opened or closed meanwhile
      this.#configure();
      return;
    }
    this.#begun = true;
    keepOnScreen(this.element);
    await this.#configure();
    this.#greet();
    this.conversation.start();
  }

  hide() {
    this.menu.toggle(false);
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
        lang: words.lang,
        ...(words.dir === "rtl" ? { dir: "rtl" } : {}), // else as the page is
        hidden: true,
        keydown: (/** @type {KeyboardEvent} */ event) => this.#key(event),
      },
      make(
        "div",
        { class: "head" },
        make("span", { class: "pearl", "aria-hidden": "true" }),
        make("div", { class: "who" }, this.#name, make("p", { id: "nature" }, words.nature), this.#hours),
        this.menu.button,
        make(
          "button",
          { type: "button", class: "round", "aria-label": words.close, click: () => this.close() },
          icon("close"),
        ),
      ),
      this.menu.element,
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
      if (!this.menu.toggle(false)) this.close();
    } else if (event.key === "Tab") {
      keepInside(this.element, event);
    }
  }

  /** Gets the clinic's facts, unless they are there. */
  async #configure() {
    if (this.#configured) return;
    const config = await load(this.base, this.config, this.facts);
    this.facts = undefined; // the next time they are asked for anew
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
    this.log.timeZone = this.config.time_zone;
    this.composer.limit(this.config.longest_message);
    const person = make("button", { type: "button", class: "person", click: () => this.#askForPerson() }, words.person);
    this.#footer.replaceChildren(make("p", { class: "emergency" }, ...withLink(emergency.words, emergency.number, telephone(emergency.number))), person);
    const clinic = phone && link("", phone_href);
    if (!clinic) return;
    const label = make("span", { class: "wide" }, filled(words.phone, { phone }));
    clinic.prepend(label, make("span", { class: "narrow" }, words.callShort));
    this.#footer.append(make("p", {}, clinic));
  }

  /**
   * Begins the conversation on the screen.
   * @param {string} [why] What happened to an earlier one.
   */
  #greet(why) {
    this.#transcript.clear();
    this.log.clear();
    if (why) this.log.note(why);
    this.log.note(this.config.privacy);
    const quickReplies = words.starters.map((question) => ({ title: question, payload: question }));
    this.log.utterance({ text: this.config.greeting, quickReplies });
    this.#transcript.add(words.assistantSaid, this.config.greeting);
  }

  /** @param {Status} status */
  #connection(status) {
    if (status === "lost") {
      this.#banner.replaceChildren(rendered(filled(words.lost, { call: callUs(this.config) })));
      return;
    }
    if (this.#banner.hasChildNodes()) this.#announcer.say(words.connectedAgain);
    this.#banner.replaceChildren();
    this.#configure();
  }

  /** @param {import("./conversation.js").Message} message */
  #said(message) {
    this.log.message(message);
    if (message.delivery !== "sent") return;
    this.#transcript.add(words.visitorSaid, message.title);
  }

  /**
   * @param {Utterance} utterance
   * @param {boolean} live
   */
  #uttered(utterance, live) {
    this.#announcer.hush();
    this.log.utterance(utterance);
    this.#transcript.add(words.assistantSaid, utterance.text, utterance.at);
    if (!live) return;
    const { kind, topic } = utterance;
    this.tell("message", { kind, topic });
    if (kind === "booked" || kind === "emergency") this.tell(kind, {});
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
    this.log.notice(filled(words.noAnswer, { call: callUs(this.config) }));
  }

  #askForPerson() {
    this.composer.focus();
    this.conversation.say(words.askForPerson);
  }

  async #erase() {
    this.composer.focus();
    const done = await this.conversation.erase();
    if (!done) this.log.notice(filled(words.notErased, { call: callUs(this.config) }));
  }

  /**
   * A press by keyboard goes on to the field; a touch does not, lest the screen's keyboard cover
   * the answer.
   * @param {import("./utterance.js").QuickReply} reply
   * @param {MouseEvent} event
   */
  #pressed({ title, payload }, event) {
    const touched = event.detail > 0 && matchMedia("(pointer: coarse)").matches;
    if (touched) this.log.element.focus({ preventScroll: true });
    else this.composer.focus();
    this.conversation.say(payload, title);
  }
}
