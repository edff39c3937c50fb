/** The session's token, kept by the browser: a reload or another tab goes on with the conversation. */

const KEY = "milia-chat.session";

/** Where the browser keeps nothing for this page, the page remembers. @type {string | null} */
let remembered = null;

/** @returns {string | null} */
export function keptToken() {
  try {
    return localStorage.getItem(KEY) ?? remembered;
  } catch {
    return remembered;
  }
}

/** @param {string | null} token null forgets it. */
export function keepToken(token) {
  remembered = token;
  try {
    if (token === null) localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, token);
  } catch {
    // as above
  }
}

/**
 * Says when another tab has taken up another session.
 * @param {() => void} changed
 */
export function mindOtherTabs(changed) {
  window.addEventListener("storage", ({ key, newValue }) => {
    if (key !== KEY || newValue === null || newValue === remembered) return;
    remembered = newValue;
    changed();
  });
}

/** A random UUID (version 4), also on pages without HTTPS, where `crypto.randomUUID` is missing. */
export function newId() {
  if (typeof crypto.randomUUID === "function") return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
