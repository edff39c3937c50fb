/**
 * The one voice for screen readers besides the log. It waits before it speaks: an answer that comes
 * within the wait is all that need be heard, and what is said in quick succession becomes one
 * sentence, the last.
 */

import { make } from "./dom.js";

const WAIT = 700;

export class Announcer {
  element = make("div", { class: "unseen", role: "status" });
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #waiting;

  /** @param {string} sentence */
  say(sentence) {
    clearTimeout(this.#waiting);
    this.#waiting = setTimeout(() => (this.element.textContent = sentence), WAIT);
  }

  /** Takes back what was not yet said, and forgets what was, so that it can be said again. */
  hush() {
    clearTimeout(this.#waiting);
    this.element.textContent = "";
  }
}
