/** Where the visitor writes: a field that grows with its text, a count near the limit, Send. */

import { icon, make, unseen } from "./dom.js";
import { charactersLeft, words } from "./words.js";

const LONGEST_MESSAGE = 1_000;
/** From how many characters left the count is shown, and at how many it is spoken. */
const COUNT_FROM = 100;
const SPOKEN_AT = [COUNT_FROM, 20, 0];

export class Composer {
  #longest = LONGEST_MESSAGE;
  /** The smallest of SPOKEN_AT already reached. */
  #spoken = Infinity;
  #count = make("p", { class: "count", id: "count", hidden: true });
  input = make("textarea", {
    id: "input",
    rows: 1,
    maxlength: LONGEST_MESSAGE,
    placeholder: words.placeholder,
    "aria-label": words.input,
    "aria-describedby": "count",
    enterkeyhint: "send",
    autocomplete: "off",
    input: () => this.#changed(),
    keydown: (/** @type {KeyboardEvent} */ event) => this.#key(event),
  });
  element = make(
    "form",
    { class: "composer", submit: (/** @type {Event} */ event) => this.#submit(event) },
    make("div", { class: "field" }, this.input, this.#count),
    make("button", { type: "submit", class: "send" }, icon("send"), unseen(words.send)),
  );

  /**
   * @param {object} handlers
   * @param {(text: string) => void} handlers.send
   * @param {(sentence: string) => void} handlers.announce
   */
  constructor(handlers) {
    this.handlers = handlers;
  }

  /** @param {number} longest How long a message may be. */
  limit(longest) {
    this.#longest = longest;
    this.input.maxLength = longest;
  }

  focus() {
    this.input.focus({ preventScroll: true });
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    // While an input method composes, Enter chooses a word.
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    this.#submit(event);
  }

  /** @param {Event} event */
  #submit(event) {
    event.preventDefault();
    const text = this.input.value.trim();
    if (text) {
      this.input.value = "";
      this.#changed();
      this.handlers.send(text);
    }
    this.focus();
  }

  #changed() {
    const { input } = this;
    const left = this.#longest - input.value.length;
    input.style.height = "auto"; // by script, which a strict policy allows; CSS says how high at most
    input.style.height = `${input.scrollHeight + input.offsetHeight - input.clientHeight}px`;
    this.#count.hidden = left > COUNT_FROM;
    this.#count.textContent = charactersLeft(left);
    const reached = Math.min(...SPOKEN_AT.filter((mark) => left <= mark));
    if (reached < this.#spoken) this.handlers.announce(charactersLeft(left));
    this.#spoken = reached;
  }
}
