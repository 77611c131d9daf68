/** Types that read and write their own JSON in Go. Their misfits stop the decoding at once. */
import { TimeParseError } from '../go/time-parse.ts';
import { trimSpace } from '../go/unicode.ts';
import type { Codec } from './codec.ts';
import { type DecodeContext, DecodeError } from './decode-context.ts';
import { QuantityError, canonicalQuantity } from './quantity.ts';
import { canonicalTime } from './time.ts';

/** Texts seen to be canonical or not: a cluster uses few distinct quantities. */
const MAX_KNOWN_QUANTITIES = 512;
const knownQuantities = new Map<string, string>();

function readQuantity(text: string): string {
  const known = knownQuantities.get(text);
  if (known !== undefined) return known;
  try {
    // Go reads what stands between the quotes as it is, where JSON has control characters only escaped: no white space to it.
    const canonical = canonicalQuantity(/[\x00-\x1f]/.test(text) ? text : trimSpace(text));
    if (knownQuantities.size >= MAX_KNOWN_QUANTITIES) knownQuantities.clear();
    if (text.length < 32) knownQuantities.set(text, canonical);
    return canonical;
  } catch (error) {
    throw error instanceof QuantityError ? new DecodeError(error.message) : error;
  }
}

/** resource.Quantity: a string or a number; anything else is read as its JSON text and fails. */
export const quantityCodec: Codec = {
  isStruct: true,
  normalize(raw) {
    if (raw === null) return undefined;
    return readQuantity(typeof raw === 'string' ? raw : JSON.stringify(raw));
  },
  zero: () => '0',
  isEmpty: () => false,
};

/** intstr.IntOrString: a string, or an int32. */
export const intOrStringCodec: Codec = {
  isStruct: true,
  normalize(raw, context: DecodeContext) {
    if (typeof raw === 'string') return raw;
    if (raw === null) return 0;
    if (typeof raw === 'number' && (raw | 0) === raw) return raw;
    throw context.error(raw, 'int32');
  },
  zero: () => 0,
  isEmpty: () => false,
};

/** metav1.Time: null is the zero time. */
export const timeCodec: Codec = {
  isStruct: true,
  normalize(raw, context: DecodeContext) {
    if (raw === null) return null;
    if (typeof raw !== 'string') throw context.error(raw, 'string');
    try {
      return canonicalTime(raw);
    } catch (error) {
      throw error instanceof TimeParseError ? new DecodeError(error.message) : error;
    }
  },
  zero: () => null,
  isEmpty: () => false,
};

/** metav1.FieldsV1: any JSON, kept as it is. */
export const rawJsonCodec: Codec = {
  isStruct: true,
  normalize: (raw) => (raw === null ? undefined : raw),
  zero: () => ({}),
  isEmpty: () => false,
};
