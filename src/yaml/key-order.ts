/** The order in which go.yaml.in/yaml/v2 writes keys: numbers inside them count as numbers, letters come last. */

const letter = /\p{L}/u;
const digit = /\p{Nd}/u;

export function compareKeys(left: string, right: string): number {
  if (left === right) return 0;
  const a = Array.from(left);
  const b = Array.from(right);
  const shorter = Math.min(a.length, b.length);
  for (let index = 0; index < shorter; index++) {
    const x = a[index] ?? '';
    const y = b[index] ?? '';
    if (x === y) continue;
    const xIsLetter = letter.test(x);
    const yIsLetter = letter.test(y);
    if (xIsLetter && yIsLetter) return codePoint(x) - codePoint(y);
    if (xIsLetter || yIsLetter) return xIsLetter ? 1 : -1;
    return compareRuns(a, b, index) || codePoint(x) - codePoint(y);
  }
  return a.length - b.length;
}

function codePoint(character: string): number {
  return character.codePointAt(0) ?? 0;
}

/** Compares the numbers that begin at `index`; a zero there may stand inside a number that began before. */
function compareRuns(a: readonly string[], b: readonly string[], index: number): number {
  const prefix = a[index] === '0' || b[index] === '0' ? startsInsideNumber(a, index) : 0n;
  const x = readRun(a, index, prefix);
  const y = readRun(b, index, prefix);
  if (x.value !== y.value) return x.value < y.value ? -1 : 1;
  return x.end - y.end;
}

function startsInsideNumber(characters: readonly string[], index: number): bigint {
  for (let before = index - 1; before >= 0 && digit.test(characters[before] ?? ''); before--) {
    if (characters[before] !== '0') return 1n;
  }
  return 0n;
}

function readRun(characters: readonly string[], start: number, prefix: bigint): { value: bigint; end: number } {
  let value = prefix;
  let end = start;
  for (; end < characters.length && digit.test(characters[end] ?? ''); end++) {
    // int64, and it may overflow as Go's does.
    value = BigInt.asIntN(64, value * 10n + BigInt(codePoint(characters[end] ?? '0') - 0x30));
  }
  return { value, end };
}
