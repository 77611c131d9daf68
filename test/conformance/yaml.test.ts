import { expect, it } from 'vitest';
import { decodeYamlExact, decodeYamlMap, decodeYamlStrict } from '../../src/yaml/index.ts';
import { describeShared, sharedLines } from '../support/shared.ts';

interface YamlCase {
  readonly id: string;
  readonly yaml: string;
  readonly expect: {
    readonly jsonText?: string;
    readonly error?: string;
    readonly strictError?: string;
    readonly intoMap?: { readonly json?: unknown; readonly error?: string };
  };
}

/** JSON with its integers exact: the text of integers that a number cannot hold becomes a bigint. */
function parseExactly(text: string): unknown {
  return JSON.parse(text, (_key, value: unknown, context?: { readonly source?: string }) => {
    const source = context?.source ?? '';
    return typeof value === 'number' && !Number.isSafeInteger(value) && /^-?\d+$/.test(source) ? BigInt(source) : value;
  }) as unknown;
}

function errorOf(run: () => unknown): string | undefined {
  try {
    run();
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

const file = 'conformance/templates/yaml.jsonl';
describeShared('YAML corpus', file, () => {
  it.each(sharedLines<YamlCase>(file))('$id', ({ yaml, expect: { jsonText, error, strictError, intoMap } }) => {
    if (error === undefined) {
      expect(decodeYamlExact(yaml)).toEqual(parseExactly(jsonText ?? ''));
    } else {
      expect(errorOf(() => decodeYamlExact(yaml))).toBe(`error converting YAML to JSON: ${error}`);
    }
    if (intoMap?.error !== undefined) {
      expect(errorOf(() => decodeYamlMap(yaml))).toBe(intoMap.error);
    } else if (intoMap !== undefined) {
      expect(decodeYamlMap(yaml)).toEqual(intoMap.json);
    }
    const expectedStrict = strictError === undefined ? undefined : `error converting YAML to JSON: ${strictError}`;
    expect(errorOf(() => decodeYamlStrict(yaml))).toBe(expectedStrict);
  });
});
