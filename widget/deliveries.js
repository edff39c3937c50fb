/** What the visitor says, on its way: sent, acknowledged, or not; sent again under the same id. */

import { newId } from "./session.js";

/** How long a message may wait for its ack. */
const ACK_WITHIN = 8_000;

/**
 * @typedef {"sending" | "sent" | "failed"} Delivery
 *
 * @typedef {object} Message Something the visitor says.
 * @property {string} id The same however often it is sent.
 * @property {string} title What the visitor reads.
 * @property {string} payload What is sent.
 * @property {Delivery} delivery
 * @property {string} [words] Why the server refused it.
 */

export class Deliveries {
  /** @type {Map<string, Message>} */
  #messages = new Map();
  /** @type {Map<string, ReturnType<typeof setTimeout>>} */
  #waiting = new Map();
  /** Whether there is a session to send in. */
  open = false;

  /**
   * @param {object} handlers
   * @param {(message: Message) => Promise<any>} handlers.send Resolves with the server's ack.
   * @param {(message: Message) => void} handlers.changed One is new, or its delivery has changed.
   * @param {(message: Message, seq: number) => void} handlers.accepted
   */
  constructor(handlers) {
    this.handlers = handlers;
  }

  /**
   * @param {string} payload
   * @param {string} title
   * @param {boolean} sendable Whether there is any hope of sending it now.
   */
  add(payload, title, sendable) {
    /** @type {Message} */
    const message = { id: newId(), title, payload, delivery: sendable ? "sending" : "failed" };
    this.#messages.set(message.id, message);
    this.handlers.changed(message);
    if (sendable) this.#deliver(message);
  }

  /** @param {string} id Of a message that was not sent. */
  retry(id) {
    const message = this.#messages.get(id);
    if (message?.delivery === "failed") this.#deliver(message);
  }

  /** Sends what waits for a connection, or was under way when one was lost. */
  resume() {
    this.open = true;
    for (const message of this.#messages.values()) {
      if (message.delivery === "sending") this.#transmit(message);
    }
  }

  /** Gives up what is under way. */
  giveUp() {
    for (const message of this.#messages.values()) this.#change(message, "failed");
  }

  /**
   * The server has a message of the visitor's: of this tab, or of another.
   * @param {import("./utterance.js").Said} said
   */
  heard({ id, title }) {
    const own = this.#messages.get(id);
    if (own) {
      this.#change(own, "sent");
      return;
    }
    /** @type {Message} */
    const message = { id, title, payload: title, delivery: "sent" };
    this.#messages.set(id, message);
    this.handlers.changed(message);
  }

  /** Forgets all but what was not sent, which is shown again if it is kept. @param {boolean} keepUnsent */
  clear(keepUnsent) {
    const unsent = [...this.#messages.values()].filter(({ delivery }) => keepUnsent && delivery !== "sent");
    for (const timer of this.#waiting.values()) clearTimeout(timer);
    this.#waiting.clear();
    this.#messages = new Map(unsent.map((message) => [message.id, message]));
    this.open = false;
    for (const message of unsent) this.handlers.changed(message);
  }

  /** @param {Message} message */
  #deliver(message) {
    this.#change(message, "sending");
    this.#waiting.set(message.id, setTimeout(() => this.#change(message, "failed"), ACK_WITHIN));
    if (this.open) this.#transmit(message);
  }

  /** @param {Message} message */
  async #transmit(message) {
    let ack;
    try {
      ack = await this.handlers.send(message);
    } catch {
      return; // the connection was lost: with the next one it is sent again, and heard once
    }
    if (ack?.ok === false) {
      this.#change(message, "failed", String(ack.words ?? ""));
    } else {
      this.#change(message, "sent");
      this.handlers.accepted(message, Number(ack?.seq) || 0);
    }
  }

  /**
   * What was once accepted stays so: a late failure of another attempt does not matter.
   * @param {Message} message
   * @param {Delivery} delivery
   * @param {string} [refusal]
   */
  #change(message, delivery, refusal) {
    if (delivery === "failed" && message.delivery !== "sending") return;
    clearTimeout(this.#waiting.get(message.id));
    this.#waiting.delete(message.id);
    if (message.delivery === "sent" || message.delivery === delivery) return;
    message.delivery = delivery;
    message.words = refusal;
    this.handlers.changed(message);
  }
}
