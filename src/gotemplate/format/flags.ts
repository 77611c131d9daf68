/** Flags, width and precision of one formatting verb, and the padding they ask for (Go's `fmt`). */
export interface Flags {
  minus: boolean;
  plus: boolean;
  sharp: boolean;
  space: boolean;
  zero: boolean;
  /** `%+v`: field names. */
  plusV: boolean;
  /** `%#v`: Go syntax. */
  sharpV: boolean;
  width: number | undefined;
  precision: number | undefined;
}

export const noFlags = (): Flags => ({
  minus: false,
  plus: false,
  sharp: false,
  space: false,
  zero: false,
  plusV: false,
  sharpV: false,
  width: undefined,
  precision: undefined,
});

/** Number of runes; a lone surrogate stands for an invalid byte, which Go counts as one rune. */
function runeCount(text: string): number {
  let count = 0;
  for (const _rune of text) count++;
  return count;
}

/** Pads to the width; zeros only go to the left. */
export function pad(text: string, flags: Flags, zero = flags.zero): string {
  if (flags.width === undefined) return text;
  const missing = flags.width - runeCount(text);
  if (missing <= 0) return text;
  if (flags.minus) return text + ' '.repeat(missing);
  return (zero ? '0' : ' ').repeat(missing) + text;
}

/** Cuts a string to as many runes as the precision says. */
export function truncate(text: string, { precision }: Flags): string {
  if (precision === undefined || text.length <= precision) return text;
  let length = 0;
  let count = 0;
  for (const rune of text) {
    if (count++ === precision) break;
    length += rune.length;
  }
  return text.slice(0, length);
}
