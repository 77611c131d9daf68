/** Single-precision floats as JSON text. */
import { formatJson } from '../go/ftoa.ts';

const MAX_DIGITS = 9;

/** `encoding/json` of a finite float32: the fewest digits that give the same float32. */
export function formatFloat32(value: number): string {
  if (value === 0) return formatJson(value);
  for (let digits = 1; digits < MAX_DIGITS; digits++) {
    const candidate = Number(value.toPrecision(digits));
    if (Math.fround(candidate) === value) return formatJson(candidate);
  }
  return formatJson(Number(value.toPrecision(MAX_DIGITS)));
}
