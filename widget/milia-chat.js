/**
 * The clinic's chat, as a page loads it:
 *
 *   <script src="https://…/widget/milia-chat.js" defer></script>
 *
 * This file is only the button that opens it. Nothing is asked of the network (but the style
 * sheet), stored or connected before that; then the rest is imported. Attributes of the script, or
 * of a `<milia-chat>` that the page has itself:
 *
 *   data-phone     the clinic's number, for when not even the chat's files can be had
 *   data-theme     light or dark; the visitor's own choice, unless set
 *   data-position  start puts the button at the other side of the window
 *   data-words     a JSON file with words of the page's own: see words.js
 *
 * An element of the page with `data-milia-open` opens the chat too. `<milia-chat>` has `open()`,
 * `close()`, `send(text)` and `isOpen`; its events, which bubble, are `milia:open`, `milia:close`,
 * `milia:message`, `milia:booked` and `milia:emergency`. docs/widget.md says more.
 */
(() => {
  const words = {
    open: "Chat with us",
    unread: "{left} new",
    opening: "Opening the chat…",
    /** @param {string} phone */
    failed: (phone) =>
      `The chat could not be loaded. Please try again, or ${phone ? `call us on ${phone}` : "call the clinic"}.`,
  };

  const script = /** @type {HTMLScriptElement | null} */ (
    document.currentScript ?? document.querySelector('script[src*="milia-chat.js"]')
  );
  const base = new URL(".", script?.src ?? document.baseURI);

  /** All that the open chat is made of: asked for at once, not each when another names it. */
  const parts =
    "announcer composer config conversation deliveries dom frame log markdown menu panel rating " +
    "scrolling sequence session socket times transcript utterance words";

  class MiliaChat extends HTMLElement {
    /** @type {import("./panel.js").Panel | null} */
    #panel = null;
    /** @type {Promise<void> | null} */
    #loading = null;
    #attempts = 0;
    #unread = 0;
    /** @type {Record<string, unknown>} */
    #given = {};
    #badge = document.createElement("span");
    /** @type {HTMLElement | null} */
    #opener = null;
    #button = document.createElement("button");
    #label = document.createElement("span");
    #trouble = document.createElement("p");

    connectedCallback() {
      if (this.shadowRoot) return;
      for (const name of ["phone", "theme", "position", "words"]) {
        const given = script?.dataset[name];
        if (given !== undefined) this.dataset[name] ??= given;
      }
      const root = this.attachShadow({ mode: "open" });
      const style = document.createElement("link");
      style.rel = "stylesheet";
      style.href = new URL("milia-chat.css", base).href;
      // Not shown before it has its looks; shown without them rather than not at all.
      this.#button.hidden = true;
      style.onload = style.onerror = () => (this.#button.hidden = this.isOpen);
      this.#button.type = "button";
      this.#button.className = "launcher";
      this.#button.setAttribute("aria-haspopup", "dialog");
      this.#button.setAttribute("aria-expanded", "false");
      this.#button.onclick = () => this.open();
      this.#label.textContent = words.open;
      this.#badge.className = "badge";
      this.#badge.hidden = true;
      this.#button.append(bubble(), this.#label, this.#badge);
      this.#trouble.className = "trouble";
      this.#trouble.setAttribute("role", "alert");
      root.append(style, this.#trouble, this.#button);
      if (this.dataset.words) this.#takeWords(this.dataset.words);
    }

    get isOpen() {
      return this.#panel !== null && !this.#panel.element.hidden;
    }

    /** @param {HTMLElement} [opener] Where the focus returns to on closing. */
    async open(opener = this.#button) {
      if (this.isOpen) return;
      this.#opener = opener;
      this.#loading ??= this.#load();
      await this.#loading;
      if (!this.#panel || this.isOpen) return;
      this.#button.hidden = true;
      this.#button.setAttribute("aria-expanded", "true");
      this.#count(0);
      this.#panel.show();
      this.dispatchEvent(new CustomEvent("milia:open", { bubbles: true }));
    }

    close() {
      if (!this.isOpen) return;
      this.#panel?.hide();
      this.#button.hidden = false;
      this.#button.setAttribute("aria-expanded", "false");
      this.#opener?.focus();
      this.dispatchEvent(new CustomEvent("milia:close", { bubbles: true }));
    }

    /**
     * Says something in the visitor's name, in the open chat.
     * @param {string} text
     */
    async send(text) {
      await this.open();
      if (text.trim()) this.#panel?.conversation.say(text.trim());
    }

    /** @param {number} unread Messages that came while the chat was closed. */
    #count(unread) {
      this.#unread = unread;
      this.#badge.hidden = !unread;
      this.#badge.textContent = String(unread);
      this.#badge.setAttribute("aria-label", words.unread.replace("{left}", String(unread)));
      this.#badge.setAttribute("role", "img");
    }

    /**
     * Tells the page. @param {string} name
     * @param {object} detail
     */
    #tell(name, detail) {
      if (name === "message" && !this.isOpen) this.#count(this.#unread + 1);
      this.dispatchEvent(new CustomEvent(`milia:${name}`, { bubbles: true, detail }));
    }

    /** @param {string} address */
    async #takeWords(address) {
      try {
        const response = await fetch(new URL(address, document.baseURI), { credentials: "omit" });
        this.#given = await response.json();
      } catch (error) {
        console.error(`milia-chat: data-words="${address}" cannot be read as JSON:`, error);
      }
      for (const name of /** @type {const} */ (["open", "unread"])) {
        if (typeof this.#given[name] === "string") words[name] = this.#given[name];
      }
      this.#label.textContent = words.open;
    }

    async #load() {
      const phone = this.dataset.phone ?? "";
      const url = new URL("panel.js", base);
      // Browsers remember that a module failed: another attempt needs another name.
      if (this.#attempts) url.search = `?attempt=${this.#attempts}`;
      this.#attempts += 1;
      const slow = setTimeout(() => (this.#label.textContent = words.opening), 400);
      this.#trouble.textContent = "";
      const facts = fetch(new URL("config.json", base), {
        credentials: "omit",
        signal: AbortSignal.timeout(3_000),
      }).catch(() => null);
      for (const part of this.#attempts > 1 ? [] : parts.split(" ")) {
        const link = document.createElement("link");
        link.rel = "modulepreload";
        link.href = new URL(`${part}.js`, base).href;
        this.shadowRoot?.append(link);
      }
      try {
        const [{ Panel }, { useWords }] = await Promise.all([
          import(url.href),
          import(new URL("words.js", base).href),
        ]);
        useWords(this.#given);
        this.#panel = new Panel({
          base,
          phone,
          facts,
          close: () => this.close(),
          tell: (/** @type {string} */ name, /** @type {object} */ detail) => this.#tell(name, detail),
        });
        this.shadowRoot?.append(/** @type {any} */ (this.#panel).element);
      } catch (error) {
        console.error("milia-chat:", error);
        this.#trouble.textContent = words.failed(phone);
        this.#loading = null;
      }
      clearTimeout(slow);
      this.#label.textContent = words.open;
    }
  }

  function bubble() {
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
    svg.setAttribute("viewBox", "0 0 24 24");
    svg.setAttribute("class", "icon");
    svg.setAttribute("aria-hidden", "true");
    path.setAttribute("d", "M12 4c-4.7 0-8.5 3.1-8.5 7 0 2.2 1.2 4.1 3.1 5.4L6 20l3.9-2.2c.7.1 1.4.2 2.1.2 4.7 0 8.5-3.1 8.5-7S16.7 4 12 4Z");
    svg.append(path);
    return svg;
  }

  function begin() {
    const chat = /** @type {MiliaChat} */ (
      document.querySelector("milia-chat") ?? document.body.appendChild(document.createElement("milia-chat"))
    );
    document.addEventListener("click", (event) => {
      const opener = event.target instanceof Element && event.target.closest("[data-milia-open]");
      if (!(opener instanceof HTMLElement)) return;
      event.preventDefault();
      chat.open(opener);
    });
  }

  if (customElements.get("milia-chat")) return; // the page loads this twice
  customElements.define("milia-chat", MiliaChat);
  if (document.body) begin();
  else document.addEventListener("DOMContentLoaded", begin);
})();
