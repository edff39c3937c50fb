/** Making elements. Nothing in the chat is ever made from a string of HTML. */

const SVG = "http://www.w3.org/2000/svg";

/** The chat's icons: paths on a square of 24. */
const ICONS = {
  close: "M6 6l12 12M18 6L6 18",
  menu: "M5 7h14M5 12h14M5 17h14",
  alert: "M12 4L2.800 19.500h18.400zM12 10v4.500M12 17v.1",
  up: "M7 11v8H4.5v-8zM7 11l4-7c1.5 0 2.3 1 2 2.500L12.300 10H18c1.200 0 2 1 1.800 2.100l-1.100 5.400c-.2.9-.9 1.500-1.900 1.500H7",
  down: "M7 13V5H4.500v8zM7 13l4 7c1.500 0 2.300-1 2-2.500L12.300 14H18c1.200 0 2-1 1.800-2.100l-1.100-5.400c-.2-.9-.9-1.500-1.900-1.500H7",
  send: "M5 12h13M12.5 6.5L18 12l-5.5 5.5",
};

/**
 * An element with its attributes and children. A function as an attribute listens to the event of
 * that name; true and false set and leave out.
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Record<string, string | number | boolean | ((event: any) => void)>} [attributes]
 * @param {...(Node | string)} children
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") element.addEventListener(name, value);
    else if (value !== false) element.setAttribute(name, value === true ? "" : String(value));
  }
  element.append(...children);
  return element;
}

/**
 * Text for screen readers only.
 * @param {string} text
 */
export function unseen(text) {
  return make("span", { class: "unseen" }, text);
}

/**
 * The heading of a card.
 * @param {string} text
 */
export function cardTitle(text) {
  return make("p", { class: "title" }, icon("alert"), text);
}

/**
 * @param {keyof typeof ICONS} name
 * @returns {SVGElement} Decoration: the words beside it or a label say what it means.
 */
export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  const path = document.createElementNS(SVG, "path");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  path.setAttribute("d", ICONS[name]);
  svg.append(path);
  return svg;
}
