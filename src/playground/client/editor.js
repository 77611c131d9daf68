/** The editors: one for each text, with markers for problems and for the line that made something. */
/* global document */
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { bracketMatching, indentUnit } from '@codemirror/language';
import { lintGutter, lintKeymap, setDiagnostics } from '@codemirror/lint';
import { highlightSelectionMatches, search, searchKeymap } from '@codemirror/search';
import { EditorState, StateEffect, StateField } from '@codemirror/state';
import {
  Decoration,
  drawSelection,
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  keymap,
  lineNumbers,
} from '@codemirror/view';
import { templateColors, templateLanguage } from './language.js';

/** @typedef {import('../preview-types.ts').Problem} Problem */

/** The lines of a text that made what is selected in the result. */
const setSourceLines = /** @type {import('@codemirror/state').StateEffectType<readonly number[]>} */ (
  /** @type {unknown} */ (StateEffect.define())
);

const sourceLine = Decoration.line({ class: 'cm-source-line' });

const sourceLines = StateField.define({
  create: () => Decoration.none,
  update(marks, transaction) {
    const lines = transaction.effects.find((effect) => effect.is(setSourceLines))?.value;
    if (lines === undefined) return marks.map(transaction.changes);
    const { doc } = transaction.state;
    const known = lines.filter((line) => line >= 1 && line <= doc.lines);
    return Decoration.set(
      [...new Set(known)].sort((a, b) => a - b).map((line) => sourceLine.range(doc.line(line).from)),
    );
  },
  provide: (field) => EditorView.decorations.from(field),
});

const nonce = document.querySelector('meta[name="style-nonce"]')?.getAttribute('content') ?? '';

/** An editor in a place of the page. */
export class Editor {
  #view;
  #quiet = false;

  /**
   * @param {Element} parent
   * @param {{ label: string, onChange: () => void, onCursor: (line: number) => void }} options
   */
  constructor(parent, { label, onChange, onCursor }) {
    this.#view = new EditorView({
      parent,
      state: EditorState.create({
        extensions: [
          EditorView.cspNonce.of(nonce),
          lineNumbers(),
          lintGutter(),
          history(),
          drawSelection(),
          highlightActiveLine(),
          highlightActiveLineGutter(),
          highlightSelectionMatches(),
          bracketMatching(),
          search({ top: true }),
          indentUnit.of('  '),
          templateLanguage,
          templateColors,
          sourceLines,
          keymap.of([...lintKeymap, ...searchKeymap, ...historyKeymap, ...defaultKeymap]),
          EditorView.contentAttributes.of({ 'aria-label': label, spellcheck: 'false' }),
          EditorView.updateListener.of((update) => {
            if (this.#quiet) return;
            if (update.docChanged) onChange();
            if (update.selectionSet && update.view.hasFocus) onCursor(this.line);
          }),
        ],
      }),
    });
  }

  get text() {
    return this.#view.state.doc.toString();
  }

  /** Replaces the text without telling `onChange`. @param {string} text */
  set text(text) {
    const { doc } = this.#view.state;
    this.#quiet = true;
    this.#view.dispatch({ changes: { from: 0, to: doc.length, insert: text }, selection: { anchor: 0 } });
    this.#view.dispatch({ effects: EditorView.scrollIntoView(0) });
    this.#quiet = false;
  }

  /** The line of the cursor, counted from 1. */
  get line() {
    const { doc, selection } = this.#view.state;
    return doc.lineAt(selection.main.head).number;
  }

  focus() {
    this.#view.focus();
  }

  /** The editor was hidden while its place changed. */
  refresh() {
    this.#view.requestMeasure();
  }

  /** @param {readonly Problem[]} problems */
  showProblems(problems) {
    const { doc } = this.#view.state;
    const diagnostics = problems
      .filter(({ line }) => line >= 1)
      .map(({ line, column, message }) => {
        const { from, to, text } = doc.line(Math.min(line, doc.lines));
        const start = column > 0 ? Math.min(from + column - 1, to) : from + (text.length - text.trimStart().length);
        return { from: start, to, severity: /** @type {const} */ ('error'), message };
      });
    this.#view.dispatch(setDiagnostics(this.#view.state, diagnostics));
  }

  /** Marks lines. @param {readonly number[]} lines @param {boolean} isScrolled to the first one */
  showSource(lines, isScrolled) {
    const { doc } = this.#view.state;
    const first = isScrolled ? lines.find((line) => line <= doc.lines) : undefined;
    const scroll = first === undefined ? [] : [EditorView.scrollIntoView(doc.line(first).from, { y: 'center' })];
    this.#view.dispatch({ effects: [setSourceLines.of(lines), ...scroll] });
  }

  /** Puts the cursor somewhere and the focus into the editor. @param {number} line @param {number} column from 1, 0 for the line */
  goTo(line, column) {
    const { doc } = this.#view.state;
    const { from, to } = doc.line(Math.min(Math.max(line, 1), doc.lines));
    const anchor = Math.min(from + Math.max(column - 1, 0), to);
    this.#view.focus();
    this.#view.dispatch({ selection: { anchor }, effects: EditorView.scrollIntoView(anchor, { y: 'center' }) });
  }
}
