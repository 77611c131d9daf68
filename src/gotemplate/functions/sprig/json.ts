/** sprig's JSON functions (`defaults.go`). */
import { decodeJson } from '../../../go/json-decode.ts';
import { encodeJson, type EncodeJsonOptions } from '../../../go/json-encode.ts';
import { define, FunctionError } from '../../function.ts';
import type { GoValue } from '../../values.ts';
import { checkTextLength } from '../limits.ts';
import { toJsonTree } from '../to-json.ts';

const PRETTY: EncodeJsonOptions = { indent: '  ' };
const RAW: EncodeJsonOptions = { escapeHtml: false };

/** `json.Marshal` with options; fails with Go's text. */
function encode(value: GoValue, options?: EncodeJsonOptions): string {
  let text: string;
  try {
    text = encodeJson(toJsonTree(value), options);
  } catch (error) {
    throw new FunctionError(error instanceof Error ? error.message : String(error));
  }
  checkTextLength(text.length);
  return text;
}

/** The same for functions that ignore the error. */
export function encodeOrEmpty(value: GoValue, options?: EncodeJsonOptions): string {
  try {
    return encode(value, options);
  } catch (error) {
    if (error instanceof FunctionError) return '';
    throw error;
  }
}

function mustDecode(text: string): GoValue {
  const { value, error } = decodeJson(text);
  if (error !== undefined) throw new FunctionError(error);
  return value as GoValue;
}

const ENCODE = 'func(interface {}) string';
const MUST_ENCODE = 'func(interface {}) (string, error)';

export const jsonFunctions = [
  define('fromJson', 'func(string) interface {}', (text: string) => decodeJson(text).value),
  define('mustFromJson', 'func(string) (interface {}, error)', mustDecode),
  define('toJson', ENCODE, (value: GoValue) => encodeOrEmpty(value)),
  define('mustToJson', MUST_ENCODE, (value: GoValue) => encode(value)),
  define('toPrettyJson', ENCODE, (value: GoValue) => encodeOrEmpty(value, PRETTY)),
  define('mustToPrettyJson', MUST_ENCODE, (value: GoValue) => encode(value, PRETTY)),
  define('toRawJson', ENCODE, (value: GoValue) => encode(value, RAW)),
  define('mustToRawJson', MUST_ENCODE, (value: GoValue) => encode(value, RAW)),
];
