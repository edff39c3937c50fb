/** The chat's options: start over, download, delete. A button that shows three more. */

import { icon, make } from "./dom.js";
import { words } from "./words.js";

export class Menu {
  /**
   * @param {object} choices
   * @param {() => void} choices.startOver
   * @param {() => void} choices.download
   * @param {() => void} choices.erase
   */
  constructor(choices) {
    this.button = make(
      "button",
      {
        type: "button",
        class: "round",
        "aria-label": words.menu,
        "aria-expanded": "false",
        "aria-controls": "menu",
        click: () => this.toggle(this.element.hidden),
      },
      icon("menu"),
    );
    this.element = make("div", { class: "menu", id: "menu", role: "group", "aria-label": words.menu, hidden: true });
    this.choices = choices;
    this.#offer();
  }

  /**
   * @param {boolean} open
   * @returns {boolean} Whether anything changed.
   */
  toggle(open) {
    if (open === !this.element.hidden) return false;
    const hadFocus = this.element.matches(":focus-within");
    this.element.hidden = !open;
    this.button.setAttribute("aria-expanded", String(open));
    if (open) this.#offer();
    else if (hadFocus) this.button.focus();
    return true;
  }

  #offer() {
    const { startOver, download } = this.choices;
    this.element.replaceChildren(
      this.#choice(words.startOver, startOver),
      this.#choice(words.download, download),
      make("button", { type: "button", click: () => this.#confirm() }, words.erase),
    );
  }

  /** Deleting cannot be undone, so it is asked once more. */
  #confirm() {
    const keep = make("button", { type: "button", click: () => this.toggle(false) }, words.keep);
    this.element.replaceChildren(
      make("p", { id: "warning" }, words.eraseWarning),
      this.#choice(words.eraseNow, this.choices.erase, "danger"),
      keep,
    );
    keep.setAttribute("aria-describedby", "warning");
    keep.focus();
  }

  /**
   * @param {string} label
   * @param {() => void} chosen
   * @param {string} [classes]
   */
  #choice(label, chosen, classes = "") {
    const press = () => {
      this.toggle(false);
      chosen();
    };
    return make("button", { type: "button", class: classes, click: press }, label);
  }
}
