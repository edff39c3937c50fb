/**
 * Every sentence that the chat says of its own, in one file: to change or translate them, change
 * this. (The launcher's three, needed before anything else is loaded, head milia-chat.js.)
 *
 * What has a number to call is written in the chat's Markdown.
 */

/** What a visitor may ask with one press before anything is said: sent as typed. */
export const starters = [
  "What are milia?",
  "Is it milia or baby acne?",
  "How are milia treated?",
  "Book a consultation",
];

export const words = {
  // who is speaking
  name: "The clinic's assistant",
  nature: "Automated assistant, not a doctor",
  greeting:
    "Hello. I am the clinic's automated assistant, not a doctor. I can tell you about milia (milk " +
    "spots) and their treatment, and help you to book a consultation.",
  privacy: "Please do not send photos or more about your health than your question needs.",

  // always in reach
  emergency: "In an emergency call your local emergency number",
  /** @param {string} clinic The clinic's number, written for people. */
  phone: (clinic) => `Call the clinic: ${clinic}`,

  // names that screen readers speak
  close: "Close the chat",
  conversation: "Conversation",
  quickReplies: "Suggested replies",
  table: "Table",
  assistantSaid: "Assistant:",
  visitorSaid: "You:",
  noticeSaid: "Notice:",
  typing: "The assistant is typing.",
  newTab: "(opens in a new tab)",

  // writing
  input: "Your message",
  placeholder: "Type your question",
  send: "Send",
  /** @param {number} left */
  charactersLeft: (left) => (left === 1 ? "1 character left" : `${left} characters left`),

  // delivery
  sending: "Sending…",
  notSent: "Not sent.",
  retry: "Retry",

  // connection
  /** @param {string} call From callUs. */
  lost: (call) => `No connection to the assistant at the moment. I keep trying. You can also ${call}.`,
  connectedAgain: "Connected again.",
  continued: "Your conversation goes on from before; earlier messages are not shown here.",
  startedAfresh: "The assistant had to start afresh and may not remember what you told it earlier.",
  /** @param {string} call From callUs. */
  noAnswer: (call) =>
    `I am sorry, no answer has come. Please try once more in a minute, or ${call}.`,
  attachment: "Open the attachment",
};

/**
 * "call us on …", with a link where there is a number.
 * @param {{phone: string, phone_href: string}} clinic
 * @returns {string} Markdown, to stand after "or" and "also".
 */
export function callUs({ phone, phone_href }) {
  return phone ? `call us on [${phone}](${phone_href})` : "call the clinic";
}
