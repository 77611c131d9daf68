/** Tabs as the ARIA authoring practices have them: arrow keys walk, the tab in use is the only one in the focus order. */
/* global document */

/** One row of tabs and their panels. */
export class Tabs {
  #tabs;
  #onSelect;

  /** @param {HTMLElement} list @param {(name: string) => void} [onSelect] */
  constructor(list, onSelect = () => undefined) {
    this.#tabs = /** @type {HTMLElement[]} */ ([...list.querySelectorAll('[role=tab]')]);
    this.#onSelect = onSelect;
    for (const tab of this.#tabs) tab.addEventListener('click', () => this.select(nameOf(tab)));
    list.addEventListener('keydown', (event) => this.#walk(event));
    const [first] = this.#tabs;
    if (first !== undefined) this.select(nameOf(first));
  }

  /** Shows a panel. @param {string} name */
  select(name) {
    for (const tab of this.#tabs) {
      const isChosen = nameOf(tab) === name;
      tab.setAttribute('aria-selected', String(isChosen));
      tab.tabIndex = isChosen ? 0 : -1;
      const panel = document.getElementById(tab.getAttribute('aria-controls') ?? '');
      if (panel !== null) panel.hidden = !isChosen;
    }
    this.#onSelect(name);
  }

  /** @param {KeyboardEvent} event */
  #walk(event) {
    const at = this.#tabs.findIndex((tab) => tab === document.activeElement);
    const last = this.#tabs.length - 1;
    const next = { ArrowRight: at === last ? 0 : at + 1, ArrowLeft: at === 0 ? last : at - 1, Home: 0, End: last }[
      event.key
    ];
    const tab = next === undefined || at < 0 ? undefined : this.#tabs[next];
    if (tab === undefined) return;
    event.preventDefault();
    tab.focus();
    this.select(nameOf(tab));
  }
}

/** @param {HTMLElement} tab */
function nameOf(tab) {
  return tab.id.replace(/^tab-/, '');
}
