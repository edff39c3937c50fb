/** How the panel keeps to its frame: on phones, and wherever it fills the screen. */

const FOCUSABLE = "a[href], button:not(:disabled), textarea, [tabindex='0']";

/**
 * Where the panel fills the screen, Tab stays inside: what is behind cannot be seen.
 * @param {HTMLElement} panel
 * @param {KeyboardEvent} event Of the key Tab.
 */
export function keepInside(panel, event) {
  if (panel.offsetWidth < document.documentElement.clientWidth) return;
  const places = [...panel.querySelectorAll(FOCUSABLE)];
  const [first, last] = [places[0], places[places.length - 1]];
  const focused = /** @type {ShadowRoot} */ (panel.getRootNode()).activeElement;
  if (focused !== (event.shiftKey ? first : last)) return;
  event.preventDefault();
  /** @type {HTMLElement} */ (event.shiftKey ? last : first).focus();
}

/**
 * Tells the style sheet how much of the screen its keyboard leaves, which CSS cannot know
 * everywhere.
 * @param {HTMLElement} panel
 */
export function keepOnScreen(panel) {
  const view = window.visualViewport;
  if (!view) return;
  const measure = () => {
    if (view.scale > 1.01) return; // zoomed by fingers: the visitor moves about
    panel.style.setProperty("--seen-height", `${view.height}px`);
    panel.style.setProperty("--seen-top", `${view.offsetTop}px`);
  };
  view.addEventListener("resize", measure);
  view.addEventListener("scroll", measure);
  measure();
}
