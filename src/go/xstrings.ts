/** Conversions between naming styles as `github.com/huandu/xstrings` does them. */
import { isLetter, isNumber, isPunct, isSpace, isUpper, lowerRune, upperRune } from './unicode.ts';
import { RUNE_ERROR, runes } from './utf8.ts';

const isConnector = (rune: string): boolean => rune === '-' || rune === '_' || isSpace(rune);

/** `ToPascalCase`: words joined with capitals; connectors at either end and doubled ones stay. A text of connectors gets one more. */
export function toPascalCase(s: string): string {
  const all = runes(s);
  const first = all.findIndex((rune) => !isConnector(rune));
  if (first < 0) return all.join('') + (all.at(-1) ?? '');
  let out = all.slice(0, first).join('');
  let capitals = isUpper(all[first] ?? '');
  let pending = upperRune(all[first] ?? '');
  for (let rune of all.slice(first + 1)) {
    if (isConnector(rune) && isConnector(pending)) {
      out += pending;
      pending = rune;
      continue;
    }
    if (isConnector(pending)) {
      capitals = isUpper(rune);
      rune = upperRune(rune);
    } else {
      if (capitals && isUpper(rune)) rune = lowerRune(rune);
      else capitals = false;
      out += pending;
    }
    pending = rune;
  }
  return out + pending;
}

/** `ToSnakeCase` */
export function toSnakeCase(s: string): string {
  return toConnectedCase(s, '_');
}

/** `ToKebabCase` */
export function toKebabCase(s: string): string {
  return toConnectedCase(s, '-');
}

type WordKind = 'none' | 'number' | 'upper' | 'alphabet' | 'connector' | 'punctuation' | 'other';

interface Word {
  readonly kind: WordKind;
  readonly text: string;
}

const NO_WORD: Word = { kind: 'none', text: '' };

function toConnectedCase(s: string, connector: string): string {
  return new WordJoiner(splitWords(s), connector).run();
}

/** Letters but for the ideographs that the upstream package knows. */
function isAlphabet(rune: string): boolean {
  return isLetter(rune) && !/^[\u3400-\u4d85\u4e00-\u9fcc\u{20000}-\u{2b81d}]$/u.test(rune);
}

const isLowerAlphabet = (rune: string): boolean => isAlphabet(rune) && !isUpper(rune);

const isOther = (rune: string): boolean => !isConnector(rune) && !isAlphabet(rune) && !isNumber(rune) && !isPunct(rune);

function splitWords(s: string): Word[] {
  const all = runes(s);
  const words: Word[] = [];
  for (let start = 0; start < all.length;) {
    const [kind, end] = wordAt(all, start);
    words.push({ kind, text: all.slice(start, end).join('') });
    start = end;
  }
  return words;
}

/** The rune that decides at a place: invalid ones are passed over, at the end of the text with the previous one. */
function validRune(all: readonly string[], start: number, previous: string): [rune: string, end: number] {
  for (let i = start; i < all.length; i++) {
    const rune = all[i] ?? '';
    if (rune !== RUNE_ERROR) return [rune, i + 1];
  }
  return [previous, all.length];
}

function wordAt(all: readonly string[], start: number): [kind: WordKind, end: number] {
  const [first, end] = validRune(all, start, RUNE_ERROR);
  if (first === RUNE_ERROR) return ['none', end];
  if (isConnector(first)) return ['connector', runEnd(all, end, first, isConnector)];
  if (isPunct(first)) return ['punctuation', runEnd(all, end, first, isPunct)];
  if (isUpper(first)) return ['upper', upperWordEnd(all, end, first)];
  if (isAlphabet(first)) return ['alphabet', runEnd(all, end, first, isLowerAlphabet)];
  if (isNumber(first)) return ['number', runEnd(all, end, first, isNumber)];
  return ['other', runEnd(all, end, first, isOther)];
}

function runEnd(all: readonly string[], start: number, first: string, belongs: (rune: string) => boolean): number {
  let previous = first;
  let end = start;
  while (end < all.length) {
    const [rune, next] = validRune(all, end, previous);
    if (!belongs(rune)) break;
    previous = rune;
    end = next;
  }
  return end;
}

/** `HTTP` of `HTTPStatus`, `Status`, or a lone capital. */
function upperWordEnd(all: readonly string[], start: number, first: string): number {
  if (start >= all.length) return start;
  const [second] = validRune(all, start, first);
  if (!isUpper(second)) return isAlphabet(second) ? runEnd(all, start, second, isLowerAlphabet) : start;
  const end = runEnd(all, start, first, isUpper);
  const follower = end < all.length ? validRune(all, end, second)[0] : '';
  if (!isAlphabet(follower)) return end;
  let last = end - 1;
  while (last > start && all[last - 1] === RUNE_ERROR) last--;
  return last;
}

const isWordPart = ({ kind }: Word): boolean => kind === 'alphabet' || kind === 'number';

/** Writes the words in lower case with connectors between them; numbers stay with the word before or after them. */
class WordJoiner {
  readonly #words: readonly Word[];
  readonly #connector: string;
  #next = 0;
  #out = '';
  #word: Word = NO_WORD;

  constructor(words: readonly Word[], connector: string) {
    this.#words = words;
    this.#connector = connector;
  }

  run(): string {
    this.#advance();
    while (this.#next < this.#words.length) {
      const previous = this.#word;
      if (previous.kind !== 'connector') this.#write(previous);
      this.#advance();
      if (previous.kind === 'number') this.#afterNumber();
      else if (previous.kind === 'connector') this.#write(previous);
      else if (previous.kind !== 'punctuation') this.#afterWord();
    }
    this.#write(this.#word);
    return this.#out;
  }

  #advance(): Word {
    this.#word = this.#words[this.#next] ?? NO_WORD;
    this.#next++;
    return this.#word;
  }

  #write({ kind, text }: Word): void {
    if (kind !== 'upper' && kind !== 'connector') this.#out += text;
    else
      for (const rune of text)
        this.#out += isConnector(rune) ? this.#connector : isUpper(rune) ? lowerRune(rune) : rune;
  }

  #separateUnless(...kinds: readonly WordKind[]): void {
    if (!kinds.includes(this.#word.kind)) this.#out += this.#connector;
  }

  #afterNumber(): void {
    for (; isWordPart(this.#word); this.#advance()) this.#write(this.#word);
    this.#separateUnless('none', 'punctuation', 'connector');
  }

  #afterWord(): void {
    if (this.#word.kind !== 'number') return this.#separateUnless('connector', 'punctuation');
    if (this.#next >= this.#words.length) return;
    const number = this.#word;
    if (this.#advance().kind !== 'alphabet') {
      this.#write(number);
      return this.#separateUnless('connector', 'punctuation');
    }
    this.#out += this.#connector;
    this.#write(number);
    this.#afterNumber();
  }
}
