/** What the chat knows of the clinic: from `config.json` beside this file, or without it. */

import { words } from "./words.js";

const LONGEST_WAIT = 3_000;

/**
 * @typedef {object} Config
 * @property {string} name
 * @property {string} phone As written for people; empty if unknown.
 * @property {string} phone_href The same as a `tel:` link.
 * @property {{number: string, words: string}} emergency
 * @property {string} privacy One sentence.
 * @property {string} greeting
 * @property {string} hours "Open until 17:30"; empty if unknown.
 * @property {string} time_zone The clinic's, as IANA names it; empty if unknown.
 * @property {number} longest_message In characters.
 */

/**
 * What is said while the clinic's own facts are not there.
 * @param {string} phone What the page itself gives as the clinic's number, or "".
 * @returns {Config}
 */
export function fallback(phone) {
  return {
    name: words.name,
    phone,
    phone_href: telephone(phone),
    emergency: { number: "", words: words.emergency },
    privacy: words.privacy,
    greeting: words.greeting,
    hours: "",
    time_zone: "",
    longest_message: 1_000,
  };
}

/**
 * The clinic's facts. What is missing or of the wrong kind stays as in `known`.
 * @param {URL} base Where the widget's files are.
 * @param {Config} known
 * @param {Promise<Response | null>} [asked] The file, where it has been asked for already.
 * @returns {Promise<Config | null>} null where they cannot be had.
 */
export async function load(base, known, asked) {
  let facts;
  try {
    const signal = AbortSignal.timeout(LONGEST_WAIT);
    const response = await (asked ?? fetch(new URL("config.json", base), { credentials: "omit", signal }));
    if (!response?.ok) return null;
    facts = await response.json();
  } catch {
    return null; // no network, no such file, no JSON: the caller goes on without
  }
  if (typeof facts !== "object" || facts === null) return null;
  const text = (/** @type {unknown} */ value, /** @type {string} */ otherwise) =>
    typeof value === "string" && value.trim() ? value.trim() : otherwise;
  const phone = text(facts.phone, known.phone);
  const href = text(facts.phone_href, "");
  return {
    name: text(facts.name, known.name),
    phone,
    phone_href: href.startsWith("tel:") ? href : telephone(phone),
    emergency: {
      number: text(facts.emergency?.number, known.emergency.number),
      words: text(facts.emergency?.words, known.emergency.words),
    },
    privacy: text(facts.privacy, known.privacy),
    greeting: text(facts.greeting, known.greeting),
    hours: text(facts.hours, known.hours),
    time_zone: text(facts.time_zone, known.time_zone),
    longest_message: facts.longest_message > 0 ? Number(facts.longest_message) : known.longest_message,
  };
}

/**
 * A `tel:` link for a number written for people.
 * @param {string} number
 */
export function telephone(number) {
  return `tel:${number.replace(/[^+\d]/g, "")}`;
}
