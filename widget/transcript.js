/** The conversation as a text file, for the visitor to keep. */

import { filled, words } from "./words.js";

export class Transcript {
  /** @type {string[]} */
  #lines = [];

  /**
   * @param {string} speaker
   * @param {string} text
   * @param {string} [at] ISO 8601; now, unless given.
   */
  add(speaker, text, at) {
    const time = new Date(at || Date.now()).toLocaleString(words.lang, { dateStyle: "medium", timeStyle: "short" });
    this.#lines.push(`${speaker} (${time})\n${text}\n`);
  }

  clear() {
    this.#lines = [];
  }

  /** @param {string} name The clinic's. */
  download(name) {
    const title = filled(words.transcript, { name });
    const file = new Blob([[title, "", ...this.#lines].join("\n")], { type: "text/plain;charset=utf-8" });
    const link = document.createElement("a");
    link.href = URL.createObjectURL(file);
    link.download = `${title.replace(/[^\p{L}\p{N}]+/gu, "-").toLowerCase()}.txt`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
  }
}
