/** What comes from the server, read with care: anything may be missing or of the wrong kind. */

/**
 * @typedef {object} QuickReply
 * @property {string} title What the visitor reads.
 * @property {string} payload What pressing it sends.
 *
 * @typedef {object} Utterance Something the assistant says.
 * @property {string} text Markdown.
 * @property {QuickReply[]} quickReplies
 * @property {string} image A path or an address, or "".
 * @property {string} alt What the image shows.
 * @property {string} kind "answer", "emergency", "times", … or "".
 * @property {string} topic What an answer is about, or "".
 * @property {number} seq Its number in the conversation; 0 where it is no part of it.
 * @property {"up" | "down" | ""} thumb What the visitor thought of it before, or "".
 * @property {string} replyTo The id of the message that it answers, or "".
 * @property {string} at When, as ISO 8601; or "".
 *
 * @typedef {object} Said Something the visitor said, as the server has it.
 * @property {string} id
 * @property {string} title
 * @property {number} seq
 * @property {string} at
 */

/** @param {unknown} value */
const text = (value) => (typeof value === "string" ? value.trim() : "");

/** @param {unknown} value */
const number = (value) => (Number.isInteger(value) ? Number(value) : 0);

/**
 * @param {unknown} value
 * @returns {"up" | "down" | ""}
 */
const thumb = (value) => (value === "up" || value === "down" ? value : "");

/**
 * @param {any} data What came as `bot_uttered`, or as a part of the history.
 * @returns {Utterance | null} null where there is nothing in it to show.
 */
export function asUtterance(data) {
  const offered = Array.isArray(data?.quick_replies) ? data.quick_replies : [];
  const quickReplies = offered
    .filter((/** @type {any} */ reply) => text(reply?.title))
    .map((/** @type {any} */ { title, payload }) => ({ title: text(title), payload: text(payload) || title }));
  const utterance = {
    text: text(data?.text),
    quickReplies,
    image: data?.attachment?.type === "image" ? text(data.attachment.payload?.src) : "",
    alt: text(data?.alt),
    kind: text(data?.kind),
    topic: text(data?.topic),
    seq: number(data?.seq),
    thumb: thumb(data?.thumb),
    replyTo: text(data?.reply_to),
    at: text(data?.at),
  };
  return utterance.text || quickReplies.length || utterance.image ? utterance : null;
}

/**
 * @param {any} data What came as `user_said`, or as a part of the history.
 * @returns {Said | null}
 */
export function asSaid(data) {
  const said = { id: text(data?.id), title: text(data?.title), seq: number(data?.seq), at: text(data?.at) };
  return said.id && said.title && said.seq ? said : null;
}
