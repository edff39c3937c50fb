/**
 * Every sentence that the chat says of its own, and its language, in one place. A page may give
 * others in a JSON file of the same names (`data-words`); what it leaves out stays English.
 *
 * {phone}, {call}, {city} and {left} are filled in. What has a number to call is written in the chat's
 * Markdown.
 */

export const words = {
  lang: "en-GB",
  dir: "ltr",

  // the button that opens the chat
  open: "Chat with us",
  unread: "{left} new",

  // who is speaking
  name: "The clinic's assistant",
  nature: "Automated, not a doctor",
  greeting:
    "Hello. I am the clinic's automated assistant, not a doctor. I can tell you about milia (milk " +
    "spots) and their treatment, and help you to book a consultation.",
  privacy: "Please do not send photos or more about your health than your question needs.",

  // what a visitor may ask with one press before anything is said: sent as typed
  starters: ["What are milia?", "Is it milia or baby acne?", "How are milia treated?", "Book a consultation"],

  // always in reach
  emergency: "In an emergency call your local emergency number",
  phone: "Call the clinic: {phone}",
  callShort: "Call us", // the same where there is little room
  person: "Talk to a person",
  askForPerson: "I would like to talk to a person",

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

  // the menu
  menu: "Options",
  startOver: "Start over",
  download: "Download this chat",
  erase: "Delete this chat",
  eraseWarning: "Delete everything said in this chat? An appointment that you have booked stays booked.",
  eraseNow: "Delete",
  keep: "Keep it",
  erased: "The chat has been deleted.",
  notErased: "The chat could not be deleted just now. Please try again in a minute, or {call}.",
  startedAfresh: "This is a new conversation.",
  transcript: "Conversation with {name}",

  // writing
  input: "Your message",
  placeholder: "Type your question",
  send: "Send",
  charactersLeft: "{left} characters left",
  oneCharacterLeft: "1 character left",

  // choosing a time
  times: "Free times",
  zone: "{city} time",

  // emergencies
  urgent: "Please get help now",
  soon: "Please have this looked at soon",

  // ratings
  helpful: "Was this helpful?",
  yes: "Yes, helpful",
  no: "No, not helpful",
  thanks: "Thank you.",
  word: "What could be better? (optional, please no names)",
  sendWord: "Send comment",
  notRated: "That could not be kept just now.",

  // delivery
  sending: "Sending…",
  notSent: "Not sent.",
  retry: "Retry",

  // connection
  lost: "No connection to the assistant at the moment. I keep trying. You can also {call}.",
  connectedAgain: "Connected again.",
  noAnswer: "I am sorry, no answer has come. Please try once more in a minute, or {call}.",
  callUs: "call us on [{phone}]({href})",
  callTheClinic: "call the clinic",
};

/**
 * Takes the page's own words; what is not of the right kind stays as it is.
 * @param {Record<string, unknown>} given
 */
export function useWords(given) {
  for (const [name, value] of Object.entries(given)) {
    const ours = words[/** @type {keyof typeof words} */ (name)];
    const fits = Array.isArray(ours) ? Array.isArray(value) : typeof value === typeof ours;
    if (ours !== undefined && fits) Object.assign(words, { [name]: value });
  }
}

/**
 * A sentence with its {places} filled.
 * @param {string} sentence
 * @param {Record<string, string | number>} values
 */
export function filled(sentence, values) {
  return sentence.replace(/\{(\w+)\}/g, (place, name) => String(values[name] ?? place));
}

/** @param {number} left */
export function charactersLeft(left) {
  return left === 1 ? words.oneCharacterLeft : filled(words.charactersLeft, { left });
}

/**
 * "call us on …", with a link where there is a number.
 * @param {{phone: string, phone_href: string}} clinic
 * @returns {string} Markdown, to stand after "or" and "also".
 */
export function callUs({ phone, phone_href }) {
  return phone ? filled(words.callUs, { phone, href: phone_href }) : words.callTheClinic;
}
