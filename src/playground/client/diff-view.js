/** The injected pod as a diff; a list of lines to walk through. */
/* global Element, HTMLElement */
import { create } from './dom.js';

/**
 * @typedef {import('../preview-types.ts').Preview} Preview
 * @typedef {import('../preview-types.ts').DiffLine} DiffLine
 * @typedef {import('../preview-types.ts').LineSource} LineSource
 */

const signs = { same: ' ', added: '+', removed: '−' };
const spoken = { same: '', added: 'added: ', removed: 'removed: ' };

/** Unchanged lines that stay around a change when only changes are shown. */
const context = 3;

export class DiffView {
  #list;
  #onSelect;
  #onEnter;
  #preview = /** @type {Preview | undefined} */ (undefined);
  #rows = /** @type {HTMLElement[]} */ ([]);
  #selected = -1;
  #onlyChanges = false;
  /** Whether the user selected a line whose source is not known yet. */
  #isAwaited = false;

  /**
   * @param {HTMLElement} list
   * @param {{ onSelect: (line: DiffLine | undefined, source: LineSource | undefined, isByUser: boolean) => void, onEnter: () => void }} options
   */
  constructor(list, { onSelect, onEnter }) {
    this.#list = list;
    this.#onSelect = onSelect;
    this.#onEnter = onEnter;
    list.addEventListener('click', (event) => {
      const row = event.target instanceof Element ? event.target.closest('[role=option]') : null;
      if (row instanceof HTMLElement) this.#select(this.#rows.indexOf(row));
    });
    list.addEventListener('dblclick', () => this.#onEnter());
    list.addEventListener('keydown', (event) => this.#key(event));
  }

  /** @param {boolean} onlyChanges */
  set onlyChanges(onlyChanges) {
    this.#onlyChanges = onlyChanges;
    if (this.#preview !== undefined) this.show(this.#preview);
  }

  /** @param {Preview} preview */
  show(preview) {
    const before = this.#line(this.#selected);
    this.#preview = preview;
    const shown = this.#onlyChanges ? nearChanges(preview.diff) : preview.diff.map((_, index) => index);
    this.#rows = [];
    const nodes = /** @type {Node[]} */ ([]);
    let last = -1;
    for (const index of shown) {
      if (index > last + 1) nodes.push(gap(index - last - 1));
      last = index;
      const line = preview.diff[index];
      if (line === undefined) continue;
      const row = rowOf(line, index);
      this.#rows.push(row);
      nodes.push(row);
    }
    if (last + 1 < preview.diff.length) nodes.push(gap(preview.diff.length - last - 1));
    const { scrollTop } = this.#list;
    this.#list.replaceChildren(...nodes);
    this.#list.scrollTop = scrollTop;
    const again =
      before?.path === undefined ? -1 : this.#rows.findIndex((row) => this.#lineOf(row)?.path === before.path);
    this.#selected = -1;
    this.#select(again, false);
  }

  /** Takes what is shown again, now with its sources. @param {Preview} preview */
  addSources(preview) {
    this.#preview = preview;
    if (this.#selected >= 0) this.#select(this.#selected, this.#isAwaited);
  }

  /** Marks the lines that a template line made. @param {string} template @param {number} line */
  markMadeBy(template, line) {
    const { sources = [] } = this.#preview ?? {};
    const made = new Set(
      sources.flatMap(({ lines }, index) =>
        lines.some((candidate) => candidate.template === template && candidate.line === line) ? [index] : [],
      ),
    );
    let first = /** @type {HTMLElement | undefined} */ (undefined);
    for (const row of this.#rows) {
      const isMade = made.has(this.#lineOf(row)?.source ?? -1);
      row.classList.toggle('made', isMade);
      if (isMade) first ??= row;
    }
    first?.scrollIntoView({ block: 'nearest' });
  }

  /** @param {number} index @param {boolean} [isByUser] and not by a new result */
  #select(index, isByUser = true) {
    this.#rows[this.#selected]?.setAttribute('aria-selected', 'false');
    const row = this.#rows[index];
    this.#selected = row === undefined ? -1 : index;
    for (const other of this.#list.querySelectorAll('.made')) other.classList.remove('made');
    if (row === undefined) {
      this.#list.removeAttribute('aria-activedescendant');
      this.#onSelect(undefined, undefined, isByUser);
      return;
    }
    row.setAttribute('aria-selected', 'true');
    this.#list.setAttribute('aria-activedescendant', row.id);
    if (isByUser) row.scrollIntoView({ block: 'nearest' });
    const line = this.#lineOf(row);
    const { sources } = this.#preview ?? {};
    this.#isAwaited = sources === undefined && (isByUser || this.#isAwaited);
    // What is shown of the source stays until it is known again.
    if (sources === undefined) return;
    const source = line?.source === undefined ? undefined : sources[line.source];
    this.#onSelect(line, source, isByUser);
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const at = this.#selected;
    const last = this.#rows.length - 1;
    const page = Math.max(1, Math.floor(this.#list.clientHeight / (this.#rows[0]?.offsetHeight || 20)) - 1);
    const targets = {
      ArrowDown: () => Math.min(at + 1, last),
      ArrowUp: () => Math.max(at - 1, 0),
      PageDown: () => Math.min(at + page, last),
      PageUp: () => Math.max(at - page, 0),
      Home: () => 0,
      End: () => last,
      n: () => this.#nextChange(at, 1),
      p: () => this.#nextChange(at, -1),
    };
    if (event.key === 'Enter') {
      event.preventDefault();
      this.#onEnter();
      return;
    }
    if (!Object.hasOwn(targets, event.key)) return;
    event.preventDefault();
    this.#select(targets[/** @type {keyof typeof targets} */ (event.key)]());
  }

  /** The start of the next run of changes. @param {number} from @param {1 | -1} step */
  #nextChange(from, step) {
    const isStart = (/** @type {number} */ index) =>
      this.#line(index)?.kind !== 'same' && (this.#line(index - 1)?.kind ?? 'same') === 'same';
    for (let index = from + step; index >= 0 && index < this.#rows.length; index += step)
      if (isStart(index)) return index;
    return from;
  }

  /** @param {number} index of a row */
  #line(index) {
    const row = this.#rows[index];
    return row === undefined ? undefined : this.#lineOf(row);
  }

  /** @param {HTMLElement} row */
  #lineOf(row) {
    return this.#preview?.diff[Number(row.dataset['index'])];
  }
}

/** @param {DiffLine} line @param {number} index */
function rowOf(line, index) {
  const row = create('div', {
    role: 'option',
    id: `line-${index}`,
    class: `line ${line.kind}`,
    'aria-selected': 'false',
    'data-index': String(index),
  });
  const sign = create('span', { class: 'sign', 'aria-hidden': 'true' }, signs[line.kind]);
  const code = create('span', { class: 'code' });
  if (spoken[line.kind] !== '') code.append(create('span', { class: 'unseen' }, spoken[line.kind]));
  code.append(...paint(line.text));
  row.append(sign, code);
  return row;
}

/** @param {number} count */
function gap(count) {
  return create(
    'div',
    { class: 'gap', role: 'presentation' },
    `⋯ ${count} unchanged ${count === 1 ? 'line' : 'lines'}`,
  );
}

/** YAML in block style, in colours. @param {string} text @returns {(Node | string)[]} */
function paint(text) {
  const [, lead = '', key, rest = ''] =
    /^(\s*(?:- )*)(?:("[^"]*"|[^\s"'{[][^:]*?)(?=:(?:\s|$)))?(.*)$/.exec(text) ?? [];
  const value = key === undefined ? rest : rest.slice(1);
  const kind = /^\s*(?:-?\d[\d.]*|true|false|null)$/.test(value) ? 'number' : 'string';
  return [
    lead,
    ...(key === undefined ? [] : [create('span', { class: 'key' }, key), ':']),
    ...(value === '' ? [] : [create('span', { class: kind }, value)]),
  ];
}

/** @param {readonly DiffLine[]} lines */
function nearChanges(lines) {
  const near = new Set(/** @type {number[]} */ ([]));
  lines.forEach(({ kind }, index) => {
    if (kind === 'same') return;
    for (let i = index - context; i <= index + context; i++) if (i >= 0 && i < lines.length) near.add(i);
  });
  return [...near].sort((a, b) => a - b);
}
