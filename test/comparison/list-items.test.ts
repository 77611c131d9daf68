import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { cutJsonList, cutYamlList } from '../../src/comparison/index.ts';
import { decodeYaml } from '../../src/yaml/index.ts';

const value = fc.letrec((tie) => ({
  value: fc.oneof({ depthSize: 'small' }, fc.string(), fc.integer(), fc.boolean(), tie('list'), tie('map')),
  list: fc.array(tie('value'), { maxLength: 3 }),
  map: fc.dictionary(fc.string({ minLength: 1 }), tie('value'), { maxKeys: 3 }),
}));
const item = fc.record({ kind: fc.constant('Pod'), spec: value.map });
const head = { apiVersion: 'v1', kind: 'List', metadata: { resourceVersion: '' } };

describe('a list that is cut into its items', () => {
  it.each([0, 2, undefined])('has the items that a parser of JSON finds (indented by %s)', (indent) => {
    fc.assert(
      fc.property(fc.array(item), (items) => {
        const cut = cutJsonList(JSON.stringify({ ...head, items, last: '] }' }, null, indent));
        expect([...(cut?.items ?? [])].map((text) => JSON.parse(text) as unknown)).toEqual(items);
        expect(JSON.parse(cut?.head ?? '')).toEqual({ ...head, items: [], last: '] }' });
      }),
      { seed: 3, numRuns: 200 },
    );
  });

  it.each([true, false])('has the items that a parser of YAML finds (items indented: %s)', (indentSeq) => {
    fc.assert(
      fc.property(fc.array(item, { minLength: 1 }), (items) => {
        const text = stringify({ apiVersion: 'v1', items, kind: 'List' }, { indentSeq });
        const cut = cutYamlList(text);
        expect([...(cut?.items ?? [])].map(decodeYaml)).toEqual(decodeYaml(stringify(items)));
        expect(decodeYaml(cut?.head ?? '')).toEqual({ apiVersion: 'v1', kind: 'List' });
      }),
      { seed: 3, numRuns: 200 },
    );
  });

  it.each(['kind: Pod\nspec: {}', 'items: []\nkind: List', 'kind: List\nitems: [{ kind: Pod }]', ''])(
    'is none: %j',
    (text) => {
      expect(cutYamlList(text)).toBeUndefined();
    },
  );

  it.each(['{"kind":"Pod"}', '{"items":"x"}', 'items', ''])('is none in JSON: %j', (text) => {
    expect(cutJsonList(text)).toBeUndefined();
  });
});
