/**
 * A small Socket.IO client (protocol 5 over Engine.IO 4): WebSocket only, default namespace only,
 * text only. It keeps itself connected until told otherwise.
 *
 *   Engine.IO   0{…} open   1 close   2 ping   3 pong   4… message   6 noop
 *   Socket.IO   40 connect   41 disconnect   42[…] event   42n[…] event to be acked
 *               43n[…] ack   44{…} connect error
 */

/**
 * @typedef {object} Handlers
 * @property {() => void} opened Connected, each time.
 * @property {(reason: string) => void} closed A connection was lost, or an attempt failed.
 * @property {(name: string, data: unknown) => void} event
 */

/**
 * @typedef {object} Timing All in milliseconds.
 * @property {number} firstDelay Before the first attempt to reconnect; doubled with each one.
 * @property {number} longestDelay
 * @property {number} openWithin How long an attempt may take.
 * @property {number} steadyAfter How long a connection must have held for the delay to start anew.
 */

/** @type {Timing} */
const TIMING = { firstDelay: 1_000, longestDelay: 30_000, openWithin: 8_000, steadyAfter: 10_000 };

export class Socket {
  /** @type {WebSocket | null} */
  #line = null;
  #connected = false;
  #wanted = false;
  #attempts = 0;
  #openedAt = 0;
  /** How long silence may last: what the server said in its handshake. */
  #patience = 0;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #watch; // runs out when the server is silent for too long
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #again; // the next attempt
  #nextAck = 0;
  /** @type {Map<number, {resolve: (answer: any) => void, reject: (reason: Error) => void}>} */
  #acks = new Map();

  /**
   * @param {URL} url Where Socket.IO is: `https://…/socket.io/`.
   * @param {Handlers} handlers
   * @param {Partial<Timing>} [timing]
   */
  constructor(url, handlers, timing = {}) {
    this.url = new URL(url);
    this.url.protocol = this.url.protocol.replace("http", "ws");
    this.url.search = "?EIO=4&transport=websocket";
    this.handlers = handlers;
    this.timing = { ...TIMING, ...timing };
  }

  /** Connects, now, unless it is connected or connecting. */
  connect() {
    this.#wanted = true;
    clearTimeout(this.#again);
    if (this.#line) return;
    try {
      this.#line = new WebSocket(this.url);
    } catch (error) {
      this.#drop(String(error)); // the page's policy forbids it
      return;
    }
    this.#line.onmessage = ({ data }) => this.#frame(data);
    this.#line.onclose = ({ code }) => this.#drop(`closed (${code})`);
    this.#watchFor(this.timing.openWithin, "no answer to connecting");
  }

  /** Leaves, and stays away. */
  disconnect() {
    this.#wanted = false;
    clearTimeout(this.#again);
    if (this.#connected) this.#line?.send("41");
    if (this.#line) this.#drop("left");
  }

  /**
   * Gives the connection up as lost, and tries anew.
   * @param {string} reason
   */
  renew(reason) {
    if (this.#line) this.#drop(reason);
  }

  /**
   * Sends an event, if connected.
   * @param {string} name
   * @param {unknown} data
   */
  emit(name, data) {
    if (this.#connected) this.#line?.send(`42${JSON.stringify([name, data])}`);
  }

  /**
   * Sends an event and waits for the server's ack.
   * @param {string} name
   * @param {unknown} data
   * @returns {Promise<any>} What the ack carries. Rejected when the connection is lost first.
   */
  call(name, data) {
    if (!this.#connected) return Promise.reject(new Error("not connected"));
    const id = this.#nextAck++;
    return new Promise((resolve, reject) => {
      this.#acks.set(id, { resolve, reject });
      this.#line?.send(`42${id}${JSON.stringify([name, data])}`);
    });
  }

  /** @param {unknown} frame One Engine.IO packet. */
  #frame(frame) {
    if (typeof frame !== "string") return;
    if (this.#connected) this.#watchFor(this.#patience, "heartbeat missed");
    const rest = frame.slice(1);
    if (frame[0] === "0") this.#handshake(rest);
    else if (frame[0] === "1") this.#drop("closed by the server");
    else if (frame[0] === "2") this.#line?.send(`3${rest}`);
    else if (frame[0] === "4") this.#packet(rest);
  }

  /** @param {string} text The server's terms, as JSON. */
  #handshake(text) {
    const terms = parsed(text) ?? {};
    this.#patience = Number(terms.pingInterval) + Number(terms.pingTimeout) || 45_000;
    this.#line?.send("40"); // the watch over connecting goes on until this is answered
  }

  /** @param {string} packet One Socket.IO packet: type, perhaps an ack's number, JSON. */
  #packet(packet) {
    const [, type, id, text] = /^(\d)(\d*)(.*)$/s.exec(packet) ?? [];
    if (type === "0") this.#opened();
    else if (type === "1") this.#drop("disconnected by the server");
    else if (type === "4") this.#drop(`refused: ${parsed(text)?.message ?? "no reason given"}`);
    const values = parsed(text);
    if (!Array.isArray(values)) return; // not for us: another namespace, or mangled
    if (type === "2") {
      if (id) this.#line?.send(`43${id}[]`);
      if (typeof values[0] === "string") this.handlers.event(values[0], values[1]);
    } else if (type === "3") {
      this.#acks.get(Number(id))?.resolve(values[0]);
      this.#acks.delete(Number(id));
    }
  }

  #opened() {
    if (this.#connected) return;
    this.#connected = true;
    this.#openedAt = Date.now();
    this.#watchFor(this.#patience, "heartbeat missed");
    this.handlers.opened();
  }

  /** @param {string} reason */
  #drop(reason) {
    const line = this.#line;
    if (this.#connected && Date.now() - this.#openedAt > this.timing.steadyAfter) this.#attempts = 0;
    this.#line = null;
    this.#connected = false;
    this.#patience = 0;
    clearTimeout(this.#watch);
    if (line) {
      line.onmessage = line.onclose = null;
      line.close();
    }
    for (const { reject } of this.#acks.values()) reject(new Error(reason));
    this.#acks.clear();
    if (this.#wanted) this.#scheduleAnother();
    this.handlers.closed(reason);
  }

  /** The wait doubles with each failure, and half of it is chance, lest all clients come at once. */
  #scheduleAnother() {
    const { firstDelay, longestDelay } = this.timing;
    const wait = Math.min(longestDelay, firstDelay * 2 ** this.#attempts++);
    clearTimeout(this.#again);
    this.#again = setTimeout(() => this.connect(), wait * (0.5 + Math.random() / 2));
  }

  /**
   * @param {number} patience
   * @param {string} reason
   */
  #watchFor(patience, reason) {
    clearTimeout(this.#watch);
    this.#watch = setTimeout(() => this.#drop(reason), patience);
  }
}

/**
 * @param {string} text
 * @returns {any} undefined where it is no JSON.
 */
function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
