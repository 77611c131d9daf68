import { readFileSync, readdirSync } from 'node:fs';
import { expect, it } from 'vitest';
import { encodeTyped, workloadKinds } from '../../src/kubernetes/index.ts';
import { decodeYamlExact, decodeYamlMap, decodeYamlStrict, encodeYaml } from '../../src/yaml/index.ts';
import { describeShared, shared, sharedLines } from '../support/shared.ts';

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

/** JSON with the digits of its integers as they are written: those a number cannot hold become a bigint. */
function parseExactly(text: string): unknown {
  return JSON.parse(text, (_key, value: unknown, context?: { readonly source?: string }) => {
    const source = context?.source ?? '';
    return typeof value === 'number' && /^-?\d{16,}$/.test(source) ? BigInt(source) : value;
  }) as unknown;
}

/** The same for values: a float64 stands for the digits it is written with. JSON has but one zero. */
function withExactIntegers(value: unknown): unknown {
  if (typeof value === 'number') {
    const digits = String(value);
    return /^-?\d{16,}$/.test(digits) ? BigInt(digits) : value === 0 ? 0 : value;
  }
  if (Array.isArray(value)) return value.map(withExactIntegers);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withExactIntegers(item)]));
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
      expect(withExactIntegers(decodeYamlExact(yaml))).toEqual(withExactIntegers(parseExactly(jsonText ?? '')));
    } else {
      expect(errorOf(() => decodeYamlExact(yaml))).toBe(`error converting YAML to JSON: ${error}`);
    }
    if (intoMap?.error !== undefined) {
      expect(errorOf(() => decodeYamlMap(yaml))).toBe(intoMap.error);
    } else if (intoMap !== undefined) {
      expect(withExactIntegers(decodeYamlMap(yaml))).toEqual(withExactIntegers(intoMap.json));
    }
    const expectedStrict = strictError === undefined ? undefined : `error converting YAML to JSON: ${strictError}`;
    expect(errorOf(() => decodeYamlStrict(yaml))).toBe(expectedStrict);
  });
});

/** The documents of kube-inject's expected output that it has written itself rather than passed through. */
function writtenDocuments(): { name: string; text: string }[] {
  const folder = 'conformance/injection/kube-inject';
  const files = readdirSync(shared(folder), { recursive: true, encoding: 'utf8' });
  return files
    .filter((path) => path.endsWith('expected.yaml'))
    .flatMap((path) => {
      const documents = readFileSync(shared(`${folder}/${path}`), 'utf8').split(/^---\n/m);
      return documents.map((text, index) => ({ name: `${path} #${String(index)}`, text }));
    })
    .filter(({ text }) => /^apiVersion/.test(text) && !/^\s*#/m.test(text));
}

describeShared('YAML as kube-inject writes it', 'conformance/injection/kube-inject', () => {
  it.each(writtenDocuments())('reads and writes $name to the same bytes', ({ text }) => {
    const value = decodeYamlMap(text);
    const workload = workloadKinds.get(String(value['kind']));
    if (workload === undefined) return;
    expect(encodeYaml(encodeTyped(workload.type, value))).toBe(text);
  });
});
