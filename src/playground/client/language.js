/** Highlighting of YAML that holds actions of Go templates. */
import { HighlightStyle, StreamLanguage, syntaxHighlighting } from '@codemirror/language';
import { tags } from '@lezer/highlight';

/**
 * @typedef {import('@codemirror/language').StringStream} Stream
 * @typedef {object} State
 * @property {'' | 'action' | 'comment' | 'raw'} inside an action, its comment, or its string in backquotes
 * @property {number} block indentation of the key of a block scalar; -1 outside of one
 * @property {boolean} value whether a key stands before this on the line
 */

const keywords = new Set(
  'if else end range with define template block break continue nil true false and or not eq ne lt le gt ge'.split(' '),
);

/** @type {readonly [RegExp, string][]} */
const actionTokens = [
  [/^"(?:[^"\\]|\\.)*"?/, 'string'],
  [/^'(?:[^'\\]|\\.)*'?/, 'string'],
  [/^\$\w*/, 'variableName'],
  [/^\.[\w.]*/, 'propertyName'],
  [/^[-+]?\d[\w.]*/, 'number'],
  [/^(?::=|=|\|)/, 'operator'],
  [/^[()]/, 'bracket'],
];

/** @param {Stream} stream @param {State} state */
function actionToken(stream, state) {
  if (state.inside === 'comment' || state.inside === 'raw') {
    const kind = state.inside;
    if (stream.match(kind === 'comment' ? /^.*?\*\// : /^[^`]*`/)) state.inside = 'action';
    else stream.skipToEnd();
    return kind === 'comment' ? 'comment' : 'string';
  }
  if (stream.eatSpace()) return null;
  if (stream.match(/^(?:-(?=\}\}))?\}\}/)) {
    state.inside = '';
    return 'meta';
  }
  if (stream.match('/*')) state.inside = 'comment';
  else if (stream.match('`')) state.inside = 'raw';
  if (state.inside !== 'action') return state.inside === 'comment' ? 'comment' : 'string';
  for (const [pattern, token] of actionTokens) if (stream.match(pattern)) return token;
  const word = stream.match(/^\w+/);
  if (word) return keywords.has(stream.current()) ? 'keyword' : 'function';
  stream.next();
  return null;
}

/** @param {Stream} stream @param {State} state */
function yamlToken(stream, state) {
  if (stream.sol()) {
    state.value = false;
    if (state.block >= 0 && !/^\s*$/.test(stream.string) && stream.indentation() <= state.block) state.block = -1;
  }
  if (stream.eatSpace()) return null;
  if (stream.match(/^\{\{-?/)) {
    state.inside = 'action';
    return 'meta';
  }
  if (state.block >= 0) {
    stream.match(/^(?:(?!\{\{).)+/);
    return 'string';
  }
  if (stream.match(/^#.*/)) return 'comment';
  if (!state.value) {
    if (stream.match(/^(?:---|\.\.\.)\s*$/)) return 'meta';
    if (stream.match(/^-(?=\s|$)/)) return 'bracket';
    if (stream.match(/^(?:"(?:[^"\\]|\\.)*"|'[^']*'|[^\s{}#'"[\],:][^{}#,]*?)(?=:(?:\s|$))/))
      return 'propertyName.definition';
    if (stream.match(/^:(?=\s|$)/)) {
      state.value = true;
      return 'bracket';
    }
  } else if (stream.match(/^[|>][-+\d]*\s*$/)) {
    state.block = stream.indentation();
    return 'meta';
  }
  return valueToken(stream);
}

/** @param {Stream} stream */
function valueToken(stream) {
  if (stream.match(/^"(?:(?!\{\{)(?:[^"\\]|\\.))*"?/) || stream.match(/^'(?:(?!\{\{)[^'])*'?/)) return 'string';
  if (stream.match(/^[[\]{},]/)) return 'bracket';
  if (stream.match(/^(?:true|false|null|~)(?=\s*(?:$|[,}\]#]))/)) return 'bool';
  if (stream.match(/^[-+]?\d[\d.]*(?=\s*(?:$|[,}\]#]))/)) return 'number';
  if (stream.match(/^[&*!][^\s,]*/)) return 'meta';
  if (stream.match(/^(?:(?!\{\{)[^\s,{}[\]"'])+/)) return 'string';
  stream.next();
  return null;
}

export const templateLanguage = StreamLanguage.define({
  name: 'yaml-template',
  /** @returns {State} */
  startState: () => ({ inside: '', block: -1, value: false }),
  copyState: (state) => ({ ...state }),
  token: (stream, state) => (state.inside === '' ? yamlToken(stream, state) : actionToken(stream, state)),
  tokenTable: {
    function: tags.function(tags.variableName),
    'propertyName.definition': tags.definition(tags.propertyName),
  },
  languageData: { commentTokens: { line: '#' }, indentOnInput: /^\s*\{\{-?\s*(?:end|else)/ },
});

export const templateColors = syntaxHighlighting(
  HighlightStyle.define([
    { tag: tags.comment, color: 'var(--code-comment)', fontStyle: 'italic' },
    { tag: tags.definition(tags.propertyName), color: 'var(--code-key)' },
    { tag: tags.propertyName, color: 'var(--code-field)' },
    { tag: tags.string, color: 'var(--code-string)' },
    { tag: [tags.number, tags.bool], color: 'var(--code-number)' },
    { tag: tags.keyword, color: 'var(--code-keyword)', fontWeight: '600' },
    { tag: tags.function(tags.variableName), color: 'var(--code-function)' },
    { tag: tags.variableName, color: 'var(--code-variable)' },
    { tag: [tags.meta, tags.operator], color: 'var(--code-meta)' },
    { tag: tags.bracket, color: 'var(--code-punctuation)' },
  ]),
);
