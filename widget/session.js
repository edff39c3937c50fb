/** The session's token, kept by the tab: a reload goes on with the conversation, a new tab does not. */

const KEY = "milia-chat.session";

/** @returns {string | null} */
export function keptToken() {
  try {
    return sessionStorage.getItem(KEY);
  } catch {
    return null; // the browser keeps nothing for this page: then nothing is kept
  }
}

/** @param {string} token */
export function keepToken(token) {
  try {
    sessionStorage.setItem(KEY, token);
  } catch {
    // as above
  }
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
