import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { validateCrd } from '../../src/validation/crd/index.ts';
import { structuralSchemaOf } from '../../src/validation/crd/schema.ts';
import { describeShared, shared, sharedLines } from '../support/shared.ts';

interface CrdCase {
  id: string;
  object: unknown;
  expect: { allowed: boolean; stage?: string; errors?: string[] };
}

/** The comparison that the corpus recommends: equal sets of field paths. */
const pathsOf = (errors: readonly string[] = []): string[] =>
  [...new Set(errors.map((error) => error.split(': ')[0] ?? ''))].sort();

describeShared('CRD rules of the conformance corpus', 'conformance/validation/crd-schema.jsonl', () => {
  it.each(sharedLines<CrdCase>('conformance/validation/crd-schema.jsonl'))('$id', ({ object, expect: expected }) => {
    const verdict = validateCrd(object);
    expect({ allowed: verdict.allowed, stage: verdict.stage }).toEqual({
      allowed: expected.allowed,
      stage: expected.stage,
    });
    expect(pathsOf(verdict.errors)).toEqual(pathsOf(expected.errors));
  });
});

describeShared('generated CRD schemas', 'crds/istio-crds.yaml', () => {
  it('are those of the definitions that the clusters of the corpus had', () => {
    interface Definition {
      spec: {
        group: string;
        names: { kind: string };
        versions: { name: string; schema: { openAPIV3Schema: unknown } }[];
      };
    }
    const withoutDescriptions = (value: unknown, names = false): unknown => {
      if (Array.isArray(value)) return value.map((item) => withoutDescriptions(item));
      if (typeof value !== 'object' || value === null) return value;
      return Object.fromEntries(
        Object.entries(value)
          .filter(([key]) => names || key !== 'description')
          .map(([key, child]) => [key, withoutDescriptions(child, key === 'properties' && !names)]),
      );
    };
    const documents = parseAllDocuments(readFileSync(shared('crds/istio-crds.yaml'), 'utf8'));
    const definitions = documents.map((document) => document.toJS() as Definition | null).filter((crd) => crd !== null);
    expect(definitions).toHaveLength(15);
    for (const { spec } of definitions) {
      for (const version of spec.versions) {
        expect(structuralSchemaOf(`${spec.group}/${version.name}`, spec.names.kind)).toEqual(
          withoutDescriptions(version.schema.openAPIV3Schema),
        );
      }
    }
  });
});
