/** Free times to choose from: real buttons, in columns by day. */

import { make } from "./dom.js";
import { filled, words } from "./words.js";

/** @typedef {import("./utterance.js").QuickReply} QuickReply */

const INSTANT = /"(?:appointment_time|own_time)":\s*"([^"]+)"/;

/**
 * Whether replies offer times, by what pressing them sends.
 * @param {QuickReply[]} replies
 */
export function areTimes(replies) {
  return replies.some(({ payload }) => instantOf(payload));
}

/**
 * The replies as a picker: the times under their days, what else is offered below.
 * @param {QuickReply[]} replies
 * @param {string} zone The clinic's time zone, as IANA names it; or "".
 * @param {(reply: QuickReply, label: string, classes: string) => HTMLButtonElement} button
 * @returns {HTMLElement}
 */
export function timePicker(replies, zone, button) {
  /** @type {Map<string, HTMLButtonElement[]>} */
  const days = new Map();
  const others = [];
  for (const reply of replies) {
    const instant = instantOf(reply.payload);
    if (!instant) {
      others.push(button(reply, reply.title, "reply"));
      continue;
    }
    const date = said(instant, zone, { weekday: "long", day: "numeric", month: "long" });
    const day = clocksDiffer(instant, zone) ? `${date}, ${filled(words.zone, { city: cityOf(zone) })}` : date;
    const time = button(reply, said(instant, zone, { hour: "numeric", minute: "2-digit" }), "reply time");
    time.setAttribute("aria-label", `${time.textContent}, ${day}`);
    days.set(day, [...(days.get(day) ?? []), time]);
  }
  const groups = [...days].map(([day, times]) =>
    make(
      "div",
      { class: "day", role: "group", "aria-label": day },
      make("p", { class: "date" }, day),
      make("div", { class: "replies" }, ...times),
    ),
  );
  return make(
    "div",
    { class: "times", role: "group", "aria-label": words.times },
    ...groups,
    make("div", { class: "replies" }, ...others),
  );
}

/** The time zone that the browser is in, as IANA names it; "" where it does not say. */
export function ownZone() {
  return new Intl.DateTimeFormat().resolvedOptions().timeZone ?? "";
}

/**
 * Whether a clock on the visitor's wall shows another time than the clinic's.
 * @param {Date} instant
 * @param {string} zone
 */
function clocksDiffer(instant, zone) {
  /** @type {Intl.DateTimeFormatOptions} */
  const form = { day: "numeric", hour: "numeric", minute: "2-digit" };
  return said(instant, zone, form) !== said(instant, "", form);
}

/** @param {string} zone Such as America/New_York. */
function cityOf(zone) {
  return zone.slice(zone.lastIndexOf("/") + 1).replaceAll("_", " ");
}

/** @param {string} payload */
function instantOf(payload) {
  const instant = new Date(INSTANT.exec(payload)?.[1] ?? "");
  return Number.isNaN(instant.getTime()) ? null : instant;
}

/**
 * @param {Date} instant
 * @param {string} zone
 * @param {Intl.DateTimeFormatOptions} form
 */
function said(instant, zone, form) {
  try {
    return new Intl.DateTimeFormat(words.lang, { ...form, timeZone: zone || undefined }).format(instant);
  } catch {
    return new Intl.DateTimeFormat(undefined, form).format(instant); // a language or zone unknown here
  }
}
