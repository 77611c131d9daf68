/** Prints values under formatting verbs (the part of Go's `fmt` behind `Sprint` and `Sprintf`). */
import { canBackquote, quote, quoteToAscii } from '../../go/quote.ts';
import { compareStrings, encodeBytes } from '../../go/utf8.ts';
import { FunctionError } from '../function.ts';
import { MAX_OUTPUT_LENGTH } from '../limits.ts';
import { isSigned, isUnsigned, LIST, MAP, UINT8, type GoType } from '../types.ts';
import { mapViewOf, Typed, typeName, typeOf, valueOf, type GoValue } from '../values.ts';
import { noFlags, pad, truncate, type Flags } from './flags.ts';
import { formatComplex, formatFloatVerb, formatInteger } from './number.ts';

/** Verbs for which `String()` methods and strings are used. */
const STRING_VERBS = new Set(['v', 's', 'x', 'X', 'q']);
/** What Go prints for a pointer inside a value is its address; addresses are not reproducible, so all are one. */
const ADDRESS = 0xc000000000n;

/** One printing job: flags are set per verb, text gathers in `out`. */
export class Printer {
  out = '';
  flags: Flags = noFlags();
  #erroring = false;

  write(text: string): void {
    this.out += text;
    if (this.out.length > MAX_OUTPUT_LENGTH) throw new FunctionError('formatted text is too long');
  }

  /** Prints one operand for a verb; an unsuitable verb is shown with the operand: `%!d(string=a)`. */
  printArg(arg: GoValue, verb: string): void {
    if (arg == null) {
      if (verb === 'T' || verb === 'v') this.write(pad('<nil>', this.flags));
      else this.#badVerb(undefined, verb);
    } else if (verb === 'T') {
      this.#string(typeName(arg), 's');
    } else {
      this.#print(arg, verb, 0);
    }
  }

  #badVerb(value: GoValue, verb: string): void {
    this.#erroring = true;
    this.write(`%!${verb}(`);
    if (value == null) this.write('<nil>');
    else {
      this.write(`${typeName(value)}=`);
      this.printArg(value, 'v');
    }
    this.write(')');
    this.#erroring = false;
  }

  #print(value: GoValue, verb: string, depth: number): void {
    switch (typeof value) {
      case 'string':
        return this.#stringOrBad(value, value, verb);
      case 'boolean':
        return this.#padded(verb === 't' || verb === 'v' ? pad(String(value), this.flags) : undefined, value, verb);
      case 'number':
        return this.#padded(formatFloatVerb(value, verb, this.flags), value, verb);
    }
    if (value == null) return this.write('<nil>');
    if (!(value instanceof Typed)) {
      if (verb === 'w') return this.#badVerb(value, verb);
      return Array.isArray(value) ? this.#list(LIST, value, verb, depth) : this.#map(value, verb, depth);
    }
    if (!this.#printedByMethod(value, verb)) this.#typed(value, verb, depth);
  }

  #printedByMethod(value: Typed, verb: string): boolean {
    if (this.#erroring) return false;
    if (verb === 'w') {
      this.#badVerb(value, verb);
      return true;
    }
    if (this.flags.sharpV || !STRING_VERBS.has(verb)) return false;
    const isPointer = value.type.kind === 'ptr';
    const { string, stringOnPointer } = (isPointer ? value.type.elem : value.type).details;
    if (string === undefined || (stringOnPointer && !isPointer)) return false;
    // A method of the pointed-to value panics on a nil pointer; fmt then says <nil>.
    if (isPointer && value.data === null && !stringOnPointer) this.write('<nil>');
    else this.#string(string(value.data), verb);
    return true;
  }

  #typed(value: Typed, verb: string, depth: number): void {
    const { type, data } = value;
    if (typeof data === 'bigint') {
      return this.#padded(formatInteger(data, verb, this.flags, isSigned(type.kind)), value, verb);
    }
    switch (type.kind) {
      case 'string':
        return this.#stringOrBad(data as string, value, verb);
      case 'bool':
        return this.#padded(verb === 't' || verb === 'v' ? pad(String(data), this.flags) : undefined, value, verb);
      case 'float64':
      case 'float32':
        return this.#padded(formatFloatVerb(data as number, verb, this.flags), value, verb);
      case 'complex128':
        return this.#padded(formatComplex(data as { re: number; im: number }, verb, this.flags), value, verb);
      case 'slice':
      case 'array':
        if (type.elem === UINT8) return this.#bytes(value, verb);
        return this.#list(type, data as readonly unknown[] | null, verb, depth);
      case 'map':
        return this.#map(value, verb, depth);
      case 'struct':
        return this.#struct(type, data, verb, depth);
      case 'ptr':
        return this.#pointer(value, verb, depth);
      default:
        return this.write(`?${type.name}?`);
    }
  }

  #padded(text: string | undefined, value: GoValue, verb: string): void {
    if (text === undefined) this.#badVerb(value, verb);
    else this.write(text);
  }

  #stringOrBad(text: string, value: GoValue, verb: string): void {
    if (STRING_VERBS.has(verb)) this.#string(text, verb);
    else this.#badVerb(value, verb);
  }

  #string(text: string, verb: string): void {
    const { flags } = this;
    if (verb === 'x' || verb === 'X') return this.write(hexDump(encodeBytes(text), verb, flags));
    if (verb !== 'q' && !(verb === 'v' && flags.sharpV)) return this.write(pad(truncate(text, flags), flags));
    const cut = truncate(text, flags);
    if (flags.sharp && canBackquote(cut)) return this.write(pad(`\`${cut}\``, flags));
    this.write(pad(flags.plus ? quoteToAscii(cut) : quote(cut), flags));
  }

  #bytes(value: Typed, verb: string): void {
    const bytes = Uint8Array.from((value.data as readonly number[] | null) ?? [], Number);
    if (verb === 's' || verb === 'q') return this.#string(new TextDecoder().decode(bytes), verb);
    if (verb === 'x' || verb === 'X') return this.write(hexDump(bytes, verb, this.flags));
    this.#list(value.type, Array.from(bytes), verb, 0);
  }

  #list(type: GoType, items: readonly unknown[] | null, verb: string, depth: number): void {
    const { sharpV } = this.flags;
    if (sharpV && items === null) return this.write(`${type.name}(nil)`);
    this.write(sharpV ? `${type.name}{` : '[');
    (items ?? []).forEach((item, i) => {
      if (i > 0) this.write(sharpV ? ', ' : ' ');
      this.#nested(type.elem, item, verb, depth);
    });
    this.write(sharpV ? '}' : ']');
  }

  #map(value: GoValue, verb: string, depth: number): void {
    const { sharpV } = this.flags;
    const view = mapViewOf(value);
    const type = view?.type ?? MAP;
    if (sharpV && value instanceof Typed && value.data === null) return this.write(`${type.name}(nil)`);
    this.write(sharpV ? `${type.name}{` : 'map[');
    [...(view?.keys ?? [])].sort(compareStrings).forEach((key, i) => {
      if (i > 0) this.write(sharpV ? ', ' : ' ');
      this.#nested(type.key, key, verb, depth);
      this.write(':');
      this.#nestedValue(type.elem, view?.get(key), verb, depth);
    });
    this.write(sharpV ? '}' : ']');
  }

  #struct(type: GoType, data: unknown, verb: string, depth: number): void {
    const { sharpV, plusV } = this.flags;
    if (sharpV) this.write(type.name);
    this.write('{');
    (type.details.fields?.() ?? []).forEach((field, i) => {
      if (i > 0) this.write(sharpV ? ', ' : ' ');
      if (sharpV || plusV) this.write(`${field.name}:`);
      this.#nested(field.type, data === null ? undefined : field.get(data as object), verb, depth);
    });
    this.write('}');
  }

  #pointer(value: Typed, verb: string, depth: number): void {
    const { type, data } = value;
    if (data !== null && depth === 0 && ['slice', 'array', 'struct', 'map'].includes(type.elem.kind)) {
      this.write('&');
      return this.#nested(type.elem, data, verb, depth);
    }
    if (verb !== 'v') {
      const address = data === null ? 0n : ADDRESS;
      return this.#padded(
        'bodxX'.includes(verb) ? formatInteger(address, verb, this.flags, false) : undefined,
        value,
        verb,
      );
    }
    const address = data === null ? undefined : `0x${ADDRESS.toString(16)}`;
    this.write(this.flags.sharpV ? `(${type.name})(${address ?? 'nil'})` : (address ?? pad('<nil>', this.flags)));
  }

  #nested(type: GoType, raw: unknown, verb: string, depth: number): void {
    this.#nestedValue(type, valueOf(type, raw), verb, depth);
  }

  #nestedValue(type: GoType, value: GoValue, verb: string, depth: number): void {
    if (value == null) this.write(this.flags.sharpV ? `${type.name}(nil)` : '<nil>');
    else this.#print(value, verb, depth + 1);
  }
}

const isInteger = (type: GoType | undefined): boolean =>
  type !== undefined && (isSigned(type.kind) || isUnsigned(type.kind));

/** The value of an operand used as width or precision (`*`). */
export function integerOf(value: GoValue): bigint | undefined {
  return value instanceof Typed && isInteger(typeOf(value)) ? (value.data as bigint) : undefined;
}

function hexDump(bytes: Uint8Array, verb: string, flags: Flags): string {
  const shown =
    flags.precision !== undefined && flags.precision < bytes.length ? bytes.subarray(0, flags.precision) : bytes;
  if (shown.length === 0) return (flags.zero && !flags.minus ? '0' : ' ').repeat(flags.width ?? 0);
  const prefix = flags.sharp ? `0${verb}` : '';
  const digits = Array.from(shown, (byte) => {
    const pair = byte.toString(16).padStart(2, '0');
    return verb === 'X' ? pair.toUpperCase() : pair;
  });
  return pad(prefix + digits.join(flags.space ? ` ${prefix}` : ''), flags);
}
