/**
 * The admission corpus in process: every case against `validate`, with the equality of the corpus' README. To run one kind:
 * `npx vitest run test/conformance/validation.test.ts -t Gateway.jsonl`.
 */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseJson } from '../../src/protobuf/index.ts';
import { validate } from '../../src/validation/index.ts';
import type { Verdict } from '../../src/validation/index.ts';
import { describeShared, shared } from '../support/shared.ts';

interface Expectation {
  readonly allowed: boolean;
  readonly message?: string;
  readonly messageMatch?: 'exact' | 'set' | 'prefix' | 'any';
  readonly messagePrefix?: string;
  readonly warnings?: readonly string[];
  readonly warningsMatch?: 'exact' | 'set' | 'prefix' | 'any';
  readonly warningPrefixes?: readonly string[];
}

interface Case {
  readonly id: string;
  readonly operation: string;
  readonly object: unknown;
  readonly expect: Expectation;
}

const folder = 'conformance/validation';
const kinds = [
  'AuthorizationPolicy',
  'DestinationRule',
  'EnvoyFilter',
  'Gateway',
  'Other',
  'PeerAuthentication',
  'ProxyConfig',
  'RequestAuthentication',
  'ServiceEntry',
  'Sidecar',
  'Telemetry',
  'TrafficExtension',
  'VirtualService',
  'WasmPlugin',
  'WorkloadEntry',
  'WorkloadGroup',
];

/** Numbers keep their spelling, as they do on the way through the webhook. */
function readCases(kind: string): Case[] {
  const lines = readFileSync(shared(`${folder}/${kind}.jsonl`), 'utf8').split('\n');
  return lines.filter((line) => line !== '').map((line) => parseJson(line) as Case);
}

const text = (value: unknown): string => (typeof value === 'string' ? value : '');
const member = (value: unknown, key: string): unknown =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[key] : undefined;

function judge({ operation, object }: Case): Verdict {
  const metadata = member(object, 'metadata');
  const [group = '', version = ''] = text(member(object, 'apiVersion')).split('/');
  return validate({
    operation,
    kind: { group, version, kind: text(member(object, 'kind')) },
    namespace: text(member(metadata, 'namespace')),
    object: operation === 'DELETE' ? null : object,
  });
}

const asSet = (message: string): string[] =>
  message
    .split('\n\t* ')
    .map((line) => line.trim())
    .sort();

function expectMessage(actual: string, expected: Expectation): void {
  switch (expected.messageMatch ?? 'exact') {
    case 'exact':
      expect(actual).toBe(expected.message ?? '');
      break;
    case 'set':
      expect(asSet(actual)).toEqual(asSet(expected.message ?? ''));
      break;
    case 'prefix':
      expect(actual.slice(0, expected.messagePrefix?.length)).toBe(expected.messagePrefix);
      break;
    case 'any':
  }
}

function expectWarnings(actual: readonly string[], expected: Expectation): void {
  switch (expected.warningsMatch ?? 'exact') {
    case 'exact':
      expect(actual).toEqual(expected.warnings ?? []);
      break;
    case 'set':
      expect([...actual].sort()).toEqual([...(expected.warnings ?? [])].sort());
      break;
    case 'prefix':
      expect(actual.map((warning, index) => warning.slice(0, expected.warningPrefixes?.[index]?.length))).toEqual(
        expected.warningPrefixes,
      );
      break;
    case 'any':
  }
}

/** Whether the field stands in the object, or would stand in an object or list that does. */
function canHold(object: unknown, field: string): boolean {
  let value = object;
  const steps = field.match(/\[[^\]]*\]|[^.[]+/g) ?? [];
  return steps.every((step, index) => {
    const parent = value;
    value = member(parent, step.replace(/^\[|\]$/g, ''));
    return value !== undefined || (index === steps.length - 1 && typeof parent === 'object' && parent !== null);
  });
}

/** Keys with brackets in them cannot be told from steps of a path; no other case may be missed. */
const leastShareOfCauses = 0.95;

describeShared('admission cases', folder, () => {
  describe.each(kinds)('%s.jsonl', (kind) => {
    const cases = readCases(kind);

    it.each(cases.map((entry) => [entry.id, entry] as const))('%s', (_id, entry) => {
      const verdict = judge(entry);
      expect(verdict.allowed).toBe(entry.expect.allowed);
      expectMessage(verdict.message ?? '', entry.expect);
      expectWarnings(verdict.warnings ?? [], entry.expect);
    });

    it('names fields that the object has or could have', () => {
      const exact = cases.filter(
        ({ expect: { allowed, messageMatch } }) => !allowed && (messageMatch ?? 'exact') === 'exact',
      );
      const lost = exact.filter((entry) => {
        const causes = judge(entry).status?.details.causes ?? [];
        return causes.length === 0 || !causes.every(({ field }) => canHold(entry.object, field));
      });
      const share = exact.length === 0 ? 1 : 1 - lost.length / exact.length;
      expect(share, `without causes: ${lost.map(({ id }) => id).join(' ')}`).toBeGreaterThanOrEqual(leastShareOfCauses);
    });
  });
});
