/**
 * The items of a list as `kubectl get -o yaml|json` writes it, each as a text of its own, so that a dump of a whole cluster is never held
 * as values all at once.
 */

/** A cut list. */
export interface CutList {
  /** The list without its items. */
  readonly head: string;
  readonly items: Iterable<string>;
}

/** Cuts a YAML document with `items:` at its top; `undefined` when it has none in block form. */
export function cutYamlList(document: string): CutList | undefined {
  const start = /^items:[ \t]*\r?\n(?=([ ]*)- )/m.exec(document);
  if (start === null) return undefined;
  const indent = start[1] ?? '';
  const begin = start.index + start[0].length;
  const end = endOfItems(document, begin, indent);
  return {
    head: document.slice(0, start.index) + document.slice(end),
    items: yamlItems(document, begin, end, indent),
  };
}

/** The first line at the level of the list's keys that is no item. */
function endOfItems(document: string, begin: number, indent: string): number {
  const line = indent === '' ? /^(?![ \t\r\n#]|- )/gm : /^(?![ \t\r\n#])/gm;
  line.lastIndex = begin;
  return line.exec(document)?.index ?? document.length;
}

function* yamlItems(document: string, begin: number, end: number, indent: string): Generator<string> {
  const marker = new RegExp(`^${indent}- `, 'gm');
  marker.lastIndex = begin;
  let at = marker.exec(document)?.index ?? end;
  while (at < end) {
    const next = Math.min(marker.exec(document)?.index ?? end, end);
    // The dash becomes a space, so that the item is a document of its own.
    yield `${indent}  ${document.slice(at + indent.length + 2, next)}`;
    if (next === end) return;
    at = next;
  }
}

/** Cuts a JSON object with a member `items`; `undefined` when it has none, or no list there. */
export function cutJsonList(text: string): CutList | undefined {
  const top = text.indexOf('{');
  if (top < 0) return undefined;
  for (const member of membersOf(text, top)) {
    if (member.key !== 'items') continue;
    if (text[member.start] !== '[') return undefined;
    return {
      head: `${text.slice(0, member.start)}[]${text.slice(member.end)}`,
      items: jsonElements(text, member.start),
    };
  }
  return undefined;
}

function* membersOf(text: string, open: number): Generator<{ key: string; start: number; end: number }> {
  let at = skipSpace(text, open + 1);
  while (text[at] === '"') {
    const keyEnd = endOfValue(text, at);
    const start = skipSpace(text, skipSpace(text, keyEnd) + 1);
    const end = endOfValue(text, start);
    yield { key: text.slice(at + 1, keyEnd - 1), start, end };
    const after = skipSpace(text, end);
    if (text[after] !== ',') return;
    at = skipSpace(text, after + 1);
  }
}

function* jsonElements(text: string, open: number): Generator<string> {
  let at = skipSpace(text, open + 1);
  while (at < text.length && text[at] !== ']') {
    const end = endOfValue(text, at);
    yield text.slice(at, end);
    const after = skipSpace(text, end);
    if (text[after] !== ',') return;
    at = skipSpace(text, after + 1);
  }
}

function skipSpace(text: string, at: number): number {
  const space = /[^ \t\r\n]/g;
  space.lastIndex = at;
  return space.exec(text)?.index ?? text.length;
}

/** Where the value that starts at a place ends. Whether it is right JSON is told by its parser. */
function endOfValue(text: string, start: number): number {
  const next = /["{}[\]]/g;
  if (text[start] === '"') return endOfString(text, start);
  if (text[start] !== '{' && text[start] !== '[') {
    const end = /[,}\]\s]/g;
    end.lastIndex = start;
    return end.exec(text)?.index ?? text.length;
  }
  let depth = 0;
  next.lastIndex = start;
  for (let match = next.exec(text); match !== null; match = next.exec(text)) {
    if (match[0] === '"') next.lastIndex = endOfString(text, match.index);
    else depth += match[0] === '{' || match[0] === '[' ? 1 : -1;
    if (depth === 0) return match.index + 1;
  }
  return text.length;
}

function endOfString(text: string, start: number): number {
  const quote = /["\\]/g;
  quote.lastIndex = start + 1;
  for (let match = quote.exec(text); match !== null; match = quote.exec(text)) {
    if (match[0] === '"') return match.index + 1;
    quote.lastIndex = match.index + 2;
  }
  return text.length;
}
