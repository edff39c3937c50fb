/**
 * A conversation over the socket, without a word of how it looks: what is sent and whether it
 * arrived, what comes back, and whether there is a connection at all.
 */

import { keepToken, keptToken, newId } from "./session.js";
import { Socket } from "./socket.js";

/** How long a message may wait for its ack, and an acked one for an answer. */
const ACK_WITHIN = 8_000;
const ANSWER_WITHIN = 20_000;
/** How long the server may take to confirm the session. */
const CONFIRM_WITHIN = 8_000;

/**
 * @typedef {object} QuickReply
 * @property {string} title What the visitor reads.
 * @property {string} payload What pressing it sends.
 *
 * @typedef {object} Utterance Something the assistant says.
 * @property {string} text
 * @property {QuickReply[]} quickReplies
 * @property {string} attachment An address, or "".
 *
 * @typedef {"sending" | "sent" | "failed"} Delivery
 *
 * @typedef {object} Message Something the visitor says.
 * @property {string} id The same however often it is sent.
 * @property {string} title What the visitor reads.
 * @property {string} payload What is sent.
 * @property {Delivery} delivery
 * @property {string} [words] Why the server refused it.
 *
 * @typedef {"connecting" | "ready" | "lost"} Status
 *
 * @typedef {object} Listener
 * @property {(status: Status) => void} status
 * @property {(how: "continued" | "afresh") => void} session The server goes on with an earlier
 *   session, or could not.
 * @property {(message: Message) => void} message One is new, or its delivery has changed.
 * @property {(utterance: Utterance) => void} utterance
 * @property {(on: boolean) => void} typing
 * @property {() => void} silence No answer came to what was sent.
 */

export class Conversation {
  /** @type {Status} */
  #status = "connecting";
  #confirmed = false;
  #begun = false;
  /** @type {Map<string, Message>} */
  #messages = new Map();
  /** Ids of messages answered before their ack came. @type {Set<string>} */
  #answered = new Set();
  /** @type {Map<string, ReturnType<typeof setTimeout>>} */
  #waiting = new Map();
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
  }

  /** Connects, and minds what the browser says of the network from now on. */
  start() {
    this.socket.connect();
    window.addEventListener("online", () => this.socket.connect());
    window.addEventListener("offline", () => this.socket.renew("the browser is offline"));
    // A page in the back-forward cache must hold no connection.
    window.addEventListener("pagehide", () => this.socket.disconnect());
    window.addEventListener("pageshow", ({ persisted }) => persisted && this.socket.connect());
  }

  /**
   * @param {string} payload
   * @param {string} [title]
   */
  say(payload, title = payload) {
    /** @type {Message} */
    const message = { id: newId(), title, payload, delivery: "sending" };
    this.#messages.set(message.id, message);
    if (this.#status === "lost") {
      message.delivery = "failed";
      this.socket.connect(); // no use in waiting for the next attempt: there is somebody here
    }
    this.listener.message(message);
    if (message.delivery === "sending") this.#deliver(message);
  }

  /** @param {string} id Of a message that was not sent. */
  retry(id) {
    const message = this.#messages.get(id);
    if (message?.delivery !== "failed") return;
    this.#deliver(message);
    this.socket.connect();
  }

  /** @param {Message} message */
  #deliver(message) {
    this.#change(message, "sending");
    this.#waiting.set(message.id, setTimeout(() => this.#change(message, "failed"), ACK_WITHIN));
    if (this.#confirmed) this.#transmit(message);
  }

  /** @param {Message} message */
  async #transmit(message) {
    try {
      const answer = await this.socket.call("user_uttered", {
        message: message.payload,
        session_id: keptToken(),
        id: message.id,
      });
      if (answer?.ok === false) this.#change(message, "failed", String(answer.words ?? ""));
      else this.#accepted(message);
    } catch {
      this.#change(message, "failed");
    }
  }

  /** @param {Message} message */
  #accepted(message) {
    this.#change(message, "sent");
    if (this.#answered.delete(message.id)) return;
    this.#hush();
    this.#silence = setTimeout(() => {
      this.#hush();
      this.listener.silence();
    }, ANSWER_WITHIN);
  }

  /** Waits for no answer any more. */
  #hush() {
    clearTimeout(this.#silence);
    this.#silence = undefined;
  }

  /**
   * What was once accepted stays so: a late failure of another attempt does not matter.
   * @param {Message} message
   * @param {Delivery} delivery
   * @param {string} [refusal]
   */
  #change(message, delivery, refusal) {
    clearTimeout(this.#waiting.get(message.id));
    this.#waiting.delete(message.id);
    if (message.delivery === "sent" || (message.delivery === delivery && !refusal)) return;
    message.delivery = delivery;
    message.words = refusal;
    this.listener.message(message);
  }

  #requestSession() {
    this.socket.emit("session_request", { session_id: keptToken() });
    this.#confirming = setTimeout(() => this.socket.renew("session not confirmed"), CONFIRM_WITHIN);
  }

  /** @param {string} token */
  #confirm(token) {
    const earlier = keptToken();
    clearTimeout(this.#confirming);
    keepToken(token);
    if (this.#confirmed) return; // said twice: what was sent is under way
    this.#confirmed = true;
    this.#setStatus("ready");
    if (this.#begun && earlier !== token) this.listener.session("afresh");
    else if (!this.#begun && earlier === token) this.listener.session("continued");
    this.#begun = true;
    for (const message of this.#messages.values()) {
      if (message.delivery === "sending") this.#transmit(message);
    }
  }

  #lost() {
    clearTimeout(this.#confirming);
    this.#confirmed = false;
    this.listener.typing(false);
    this.#setStatus("lost");
    for (const message of this.#messages.values()) this.#change(message, "failed");
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
    if (name === "session_confirm" && typeof data === "string") this.#confirm(data);
    else if (name === "bot_typing") this.listener.typing(Boolean(data?.on));
    else if (name === "bot_uttered") this.#uttered(data);
  }

  /** @param {any} data */
  #uttered(data) {
    const utterance = understood(data);
    if (!utterance) return;
    // Where no acked message waits for it, it answers one whose ack is still to come.
    for (const { id, delivery } of this.#silence ? [] : this.#messages.values()) {
      if (delivery === "sending") this.#answered.add(id);
    }
    this.#hush();
    this.listener.utterance(utterance);
  }
}

/**
 * @param {any} data What came as `bot_uttered`.
 * @returns {Utterance | null} null where there is nothing in it to show.
 */
function understood(data) {
  const text = typeof data?.text === "string" ? data.text.trim() : "";
  const offered = Array.isArray(data?.quick_replies) ? data.quick_replies : [];
  const quickReplies = offered
    .filter((/** @type {any} */ reply) => typeof reply?.title === "string" && reply.title.trim())
    .map((/** @type {any} */ { title, payload }) => ({
      title,
      payload: typeof payload === "string" && payload ? payload : title,
    }));
  const address = data?.attachment?.payload?.src ?? data?.attachment?.url ?? data?.attachment;
  const attachment = typeof address === "string" ? address : "";
  return text || quickReplies.length || attachment ? { text, quickReplies, attachment } : null;
}
