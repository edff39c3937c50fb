/**
 * A conversation over the socket, without a word of how it looks: what is sent and whether it
 * arrived, what comes back, and whether there is a connection at all.
 *
 * Everything that is part of the conversation has a number. On connecting, the server is told the
 * last number known and sends what came after it: nothing is lost, what comes twice is shown once.
 */

import { Deliveries } from "./deliveries.js";
import { Sequence } from "./sequence.js";
import { keepToken, keptToken, mindOtherTabs } from "./session.js";
import { ownZone } from "./times.js";
import { Socket } from "./socket.js";
import { asSaid, asUtterance } from "./utterance.js";

/** How long an acknowledged message may wait for its answer, and a session to be confirmed. */
const ANSWER_WITHIN = 20_000;
const CONFIRM_WITHIN = 8_000;

/**
 * @typedef {import("./deliveries.js").Message} Message
 * @typedef {import("./utterance.js").Utterance} Utterance
 * @typedef {"connecting" | "ready" | "lost"} Status
 *
 * @typedef {object} Listener
 * @property {(status: Status) => void} status
 * @property {(message: Message) => void} message One is new, or its delivery has changed.
 * @property {(utterance: Utterance, live: boolean) => void} utterance `live` where it was said
 *   just now, and is no history.
 * @property {(on: boolean) => void} typing
 * @property {() => void} silence No answer came to what was sent.
 * @property {(why: "afresh" | "deleted") => void} reset All that was said belongs to the past: the
 *   conversation begins anew.
 */

export class Conversation {
  /** @type {Status} */
  #status = "connecting";
  #confirmed = false;
  /** Counts the conversations: what comes for an earlier one is ignored. */
  #number = 0;
  #sequence = new Sequence();
  /** What came before the history that it belongs after. @type {any[]} */
  #early = [];
  /** Ids of messages that have an answer. @type {Set<string>} */
  #answered = new Set();
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #silence;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #confirming;

  /**
   * @param {URL} url Where Socket.IO is.
   * @param {Listener} listener
   */
  constructor(url, listener) {
    this.listener = listener;
    this.socket = new Socket(url, {
      opened: () => this.#requestSession(),
      closed: () => this.#lost(),
      event: (name, data) => this.#event(name, data),
    });
    this.deliveries = new Deliveries({
      send: ({ id, payload }) => this.socket.call("user_uttered", { message: payload, id }),
      changed: (message) => listener.message(message),
      accepted: (message, seq) => this.#accepted(message, seq),
    });
  }

  /** Connects, and minds what the browser says of the network from now on. */
  start() {
    this.socket.connect();
    window.addEventListener("online", () => this.socket.connect());
    window.addEventListener("offline", () => this.socket.renew("the browser is offline"));
    // A page in the back-forward cache must hold no connection.
    window.addEventListener("pagehide", () => this.socket.disconnect());
    window.addEventListener("pageshow", ({ persisted }) => persisted && this.socket.connect());
    mindOtherTabs(() => this.#beginAnew("afresh"));
  }

  /**
   * @param {string} payload
   * @param {string} [title]
   */
  say(payload, title = payload) {
    this.deliveries.add(payload, title, this.#status !== "lost");
    this.socket.connect(); // no use in waiting for the next attempt: there is somebody here
  }

  /** @param {string} id Of a message that was not sent. */
  retry(id) {
    this.deliveries.retry(id);
    this.socket.connect();
  }

  /**
   * Says what the visitor thinks of an answer; resolves with whether that is kept.
   * @param {number} seq
   * @param {"up" | "down"} thumb
   * @param {string} word
   */
  rate(seq, thumb, word) {
    return this.#done("rate", { seq, thumb, word });
  }

  /** Leaves this conversation, and begins another. */
  startOver() {
    keepToken(null);
    this.#beginAnew("afresh");
  }

  /** Resolves with whether all that was said has been deleted by the server. */
  async erase() {
    const done = await this.#done("delete_conversation", {});
    if (done) this.#beginAnew("deleted");
    return done;
  }

  /** @param {string} name @param {unknown} data */
  async #done(name, data) {
    try {
      return (await this.socket.call(name, data))?.ok === true;
    } catch {
      return false;
    }
  }

  /** @param {"afresh" | "deleted"} why */
  #beginAnew(why) {
    if (why === "deleted") keepToken(null);
    this.#forget(why, false);
    this.#requestSession();
  }

  /**
   * @param {"afresh" | "deleted"} why
   * @param {boolean} keepUnsent
   */
  #forget(why, keepUnsent) {
    this.#number += 1;
    this.#confirmed = false;
    this.#sequence = new Sequence();
    this.#early = [];
    this.#answered.clear();
    this.#hush();
    this.listener.typing(false);
    this.listener.reset(why);
    this.deliveries.clear(keepUnsent);
  }

  /**
   * @param {Message} message
   * @param {number} seq
   */
  #accepted(message, seq) {
    if (seq) this.#sequence.add(seq);
    if (this.#answered.has(message.id)) return;
    this.#hush();
    this.#silence = setTimeout(() => this.listener.silence(), ANSWER_WITHIN);
  }

  /** Waits for no answer any more. */
  #hush() {
    clearTimeout(this.#silence);
  }

  async #requestSession() {
    clearTimeout(this.#confirming);
    this.#confirming = setTimeout(() => this.socket.renew("not confirmed"), CONFIRM_WITHIN);
    const number = this.#number;
    const known = { session_id: keptToken(), after: this.#sequence.upTo, time_zone: ownZone() };
    try {
      const answer = await this.socket.call("session_request", known);
      if (number === this.#number && typeof answer?.token === "string") this.#confirm(answer);
    } catch {
      // The connection was lost; with the next one it is asked again.
    }
  }

  /** @param {any} answer The token, whether it is an earlier session's, and what was said since. */
  #confirm({ token, resumed, messages, typing }) {
    clearTimeout(this.#confirming);
    keepToken(token);
    // The session had ended: a message that was not sent belongs to the new one.
    if (resumed === false && this.#sequence.upTo) this.#forget("afresh", true);
    this.#confirmed = true;
    this.#setStatus("ready");
    for (const entry of Array.isArray(messages) ? messages : []) this.#entry(entry, false);
    for (const entry of this.#early.splice(0)) this.#entry(entry, true);
    this.listener.typing(typing === true);
    this.deliveries.resume();
  }

  #lost() {
    clearTimeout(this.#confirming);
    this.#confirmed = false;
    this.deliveries.open = false;
    // The first time it may be a blip: what was under way is sent again with the next attempt.
    if (this.#status === "lost") this.deliveries.giveUp();
    this.listener.typing(false);
    this.#setStatus("lost");
  }

  /** @param {Status} status */
  #setStatus(status) {
    if (status === this.#status) return;
    this.#status = status;
    this.listener.status(status);
  }

  /**
   * @param {string} name
   * @param {any} data
   */
  #event(name, data) {
    if (name === "bot_typing" && this.#confirmed) this.listener.typing(data?.on === true);
    else if (name === "conversation_deleted") this.#beginAnew("deleted");
    else if (name !== "bot_uttered" && name !== "user_said") return;
    else if (this.#confirmed) this.#entry(data, true);
    else this.#early.push(data);
  }

  /**
   * @param {any} data One message of the conversation, or what the server says beside it.
   * @param {boolean} live
   */
  #entry(data, live) {
    if (data?.seq && !this.#sequence.add(data.seq)) return;
    if (data?.author === "visitor") {
      const said = asSaid(data);
      if (said) this.deliveries.heard(said);
    } else {
      this.#uttered(data, live);
    }
  }

  /**
   * @param {any} data
   * @param {boolean} live
   */
  #uttered(data, live) {
    const utterance = asUtterance(data);
    if (!utterance || utterance.kind === "refusal") return; // the ack says that, at the message
    if (utterance.replyTo) this.#answered.add(utterance.replyTo);
    this.#hush();
    this.listener.utterance(utterance, live);
  }
}
