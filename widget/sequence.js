/** The numbers of a conversation's messages: which are known, and up to where all are. */

export class Sequence {
  /** All numbers up to this one are known. */
  upTo = 0;
  /** Those known beyond. @type {Set<number>} */
  #beyond = new Set();

  /**
   * @param {number} seq
   * @returns {boolean} Whether it was not known before; it is from now on.
   */
  add(seq) {
    if (seq <= this.upTo || this.#beyond.has(seq)) return false;
    this.#beyond.add(seq);
    while (this.#beyond.delete(this.upTo + 1)) this.upTo += 1;
    return true;
  }
}
