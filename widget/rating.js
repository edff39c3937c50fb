/** Thumbs under an answer, and a word for those who want to add one. */

import { icon, make, unseen } from "./dom.js";
import { words } from "./words.js";

const LONGEST_WORD = 300;

/**
 * @param {"up" | "down" | ""} before The thumb given before, shown as pressed.
 * @param {(thumb: "up" | "down", word: string) => Promise<boolean>} rate
 * @returns {HTMLElement}
 */
export function rating(before, rate) {
  /** @type {"up" | "down"} */
  let chosen = "up";
  const thanks = make("span", { class: "thanks" });
  const said = (/** @type {boolean} */ kept) => (thanks.textContent = kept ? words.thanks : words.notRated);

  const thumb = (/** @type {"up" | "down"} */ name, /** @type {string} */ label) =>
    make(
      "button",
      { type: "button", class: "thumb", "aria-pressed": "false", click: () => press(name) },
      icon(name),
      unseen(label),
    );
  const buttons = { up: thumb("up", words.yes), down: thumb("down", words.no) };

  const field = make("input", { type: "text", maxlength: LONGEST_WORD, "aria-label": words.word, placeholder: words.word });
  const form = make(
    "form",
    { class: "word", hidden: true, submit },
    field,
    make("button", { type: "submit", class: "reply" }, words.sendWord),
  );

  /** @param {"up" | "down"} name */
  function show(name) {
    for (const [each, button] of Object.entries(buttons)) button.setAttribute("aria-pressed", String(each === name));
  }
  if (before) show(before);

  /** @param {"up" | "down"} name */
  async function press(name) {
    chosen = name;
    show(name);
    const kept = await rate(name, "");
    said(kept);
    form.hidden = !kept || name === "up";
  }

  /** @param {Event} event */
  async function submit(event) {
    event.preventDefault();
    const word = field.value.trim();
    if (!word) return;
    const kept = await rate(chosen, word);
    said(kept);
    if (!kept) return;
    buttons[chosen].focus(); // the field goes, the focus must not
    form.hidden = true;
  }

  return make(
    "div",
    { class: "rating", role: "group", "aria-label": words.helpful },
    make("span", {}, words.helpful),
    buttons.up,
    buttons.down,
    thanks,
    form,
  );
}
