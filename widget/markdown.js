/**
 * What the assistant writes, as DOM nodes: paragraphs, lists, simple tables with pipes, **bold**,
 * [links](https://…) and bare web addresses. Everything else, HTML above all, stays the text that
 * it is: nothing here parses HTML.
 */

import { make, unseen } from "./dom.js";
import { words } from "./words.js";

const SAFE_LINK = /^(?:https?:\/\/|tel:|mailto:)[^\s]+$/i;
const INLINE = /\*\*([^*\n]+)\*\*|\[([^[\]\n]+)\]\(([^()\s]+)\)|(https?:\/\/[^\s<>"*]*[^\s<>"*.,;:!?)\]])/g;
const BULLET = /^\s*[-*•]\s+(.*)$/;
const NUMBER = /^\s*(\d{1,3})[.)]\s+(.*)$/;
const TABLE_RULE = /^\s*\|?\s*:?-{2,}:?\s*(?:\|\s*:?-{2,}:?\s*)*\|?\s*$/;

/**
 * @param {string} text
 * @returns {DocumentFragment}
 */
export function rendered(text) {
  const lines = text.replace(/\r\n?/g, "\n").split("\n");
  const fragment = document.createDocumentFragment();
  let at = 0;
  while (at < lines.length) {
    const start = at;
    const block = blockAt(lines, at);
    if (!lines[at].trim()) {
      at += 1;
    } else if (block) {
      at = block.end;
      fragment.append(block.make());
    } else {
      while (at < lines.length && lines[at].trim() && (at === start || !blockAt(lines, at))) at += 1;
      fragment.append(paragraph(lines.slice(start, at)));
    }
  }
  return fragment;
}

/**
 * @param {string} href
 * @returns {boolean} Whether it is a whole address of a kind that does no harm.
 */
export function isSafe(href) {
  try {
    return SAFE_LINK.test(href) && Boolean(new URL(href));
  } catch {
    return false; // "https://" alone
  }
}

/**
 * The list or table that begins on a line.
 * @param {string[]} lines
 * @param {number} at
 * @returns {{end: number, make: () => HTMLElement} | null}
 */
function blockAt(lines, at) {
  if (lines[at].includes("|") && TABLE_RULE.test(lines[at + 1] ?? "") && lines[at + 1].includes("|")) {
    const end = endOf(lines, at + 2, (line) => line.includes("|"));
    return { end, make: () => table(lines[at], lines.slice(at + 2, end)) };
  }
  if (BULLET.test(lines[at])) {
    const end = endOf(lines, at, (line) => BULLET.test(line));
    const items = () => lines.slice(at, end).map((line) => item(BULLET.exec(line)?.[1] ?? ""));
    return { end, make: () => make("ul", {}, ...items()) };
  }
  const number = NUMBER.exec(lines[at]);
  if (number) {
    const end = endOf(lines, at, (line) => NUMBER.test(line));
    const items = () => lines.slice(at, end).map((line) => item(NUMBER.exec(line)?.[2] ?? ""));
    return { end, make: () => make("ol", { start: number[1] }, ...items()) };
  }
  return null;
}

/**
 * @param {string[]} lines
 * @param {number} from
 * @param {(line: string) => boolean} belongs
 */
function endOf(lines, from, belongs) {
  const end = lines.findIndex((line, at) => at >= from && !belongs(line));
  return end < 0 ? lines.length : end;
}

/** @param {string} text */
function item(text) {
  return make("li", {}, ...inline(text));
}

/** @param {string[]} lines */
function paragraph(lines) {
  const element = make("p");
  lines.forEach((line, at) => {
    if (at) element.append(make("br"));
    element.append(...inline(line.trim()));
  });
  return element;
}

/**
 * @param {string} head
 * @param {string[]} rows
 */
function table(head, rows) {
  const cells = (/** @type {string} */ line) =>
    line.trim().replace(/^\|/, "").replace(/\|$/, "").split("|").map((cell) => cell.trim());
  const columns = cells(head);
  const row = (/** @type {string} */ line) => {
    const [first = "", ...others] = cells(line).slice(0, columns.length);
    return make(
      "tr",
      {},
      make("th", { scope: "row" }, ...inline(first)),
      ...others.map((cell) => make("td", {}, ...inline(cell))),
    );
  };
  const header = columns.map((column) =>
    column ? make("th", { scope: "col" }, ...inline(column)) : make("td"),
  );
  // It may be wider than the chat: then it scrolls by itself, by keyboard too.
  return make(
    "div",
    { class: "table", role: "region", "aria-label": words.table, tabindex: 0 },
    make(
      "table",
      {},
      make("thead", {}, make("tr", {}, ...header)),
      make("tbody", {}, ...rows.map(row)),
    ),
  );
}

/**
 * @param {string} text One line.
 * @returns {(Node | string)[]}
 */
export function inline(text) {
  /** @type {(Node | string)[]} */
  const nodes = [];
  let end = 0;
  for (const match of text.matchAll(INLINE)) {
    const [whole, bold, label, href, address] = match;
    nodes.push(text.slice(end, match.index));
    if (bold) nodes.push(make("strong", {}, ...inline(bold)));
    else nodes.push(link(label ?? address, href ?? address) ?? whole);
    end = match.index + whole.length;
  }
  nodes.push(text.slice(end));
  return nodes.filter(Boolean);
}

/**
 * @param {string} label
 * @param {string} href
 * @returns {HTMLAnchorElement | null} null where the address is not a safe one.
 */
export function link(label, href) {
  if (!isSafe(href)) return null;
  if (!/^http/i.test(href)) return make("a", { href }, label);
  return make(
    "a",
    { href, target: "_blank", rel: "noopener noreferrer" },
    label,
    unseen(` ${words.newTab}`),
  );
}

/**
 * A line in which a text, if it is there, is a link: the emergency line and its number.
 * @param {string} line
 * @param {string} text
 * @param {string} href
 * @returns {(Node | string)[]}
 */
export function withLink(line, text, href) {
  const at = text ? line.indexOf(text) : -1;
  const linked = at < 0 ? null : link(text, href);
  return linked ? [line.slice(0, at), linked, line.slice(at + text.length)] : [line];
}
