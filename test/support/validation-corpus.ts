/** The admission corpus of the validating webhook: its cases, and when an answer is equal to the expected one. */
import { readFileSync } from 'node:fs';
import { expect } from 'vitest';
import { JsonNumber, parseJson } from '../../src/protobuf/index.ts';
import { shared } from './shared.ts';

export interface Expectation {
  readonly allowed: boolean;
  readonly message?: string;
  readonly messageMatch?: 'exact' | 'set' | 'prefix' | 'any';
  readonly messagePrefix?: string;
  readonly warnings?: readonly string[];
  readonly warningsMatch?: 'exact' | 'set' | 'prefix' | 'any';
  readonly warningPrefixes?: readonly string[];
}

export interface Case {
  readonly id: string;
  readonly operation: string;
  readonly object: unknown;
  readonly expect: Expectation;
}

/** Where the corpus lies. */
export const validationCorpus = 'conformance/validation';
/** The files of the corpus. */
export const caseFiles = [
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
export function readCases(kind: string): Case[] {
  const lines = readFileSync(shared(`${validationCorpus}/${kind}.jsonl`), 'utf8').split('\n');
  return lines.filter((line) => line !== '').map((line) => parseJson(line) as Case);
}

const asSet = (message: string): string[] =>
  message
    .split('\n\t* ')
    .map((line) => line.trim())
    .sort();

/** Compares the message of a denial; empty when there is none. */
export function expectMessage(actual: string, expected: Expectation): void {
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

/** Compares the warnings. */
export function expectWarnings(actual: readonly string[], expected: Expectation): void {
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

const text = (value: unknown): string => (typeof value === 'string' ? value : '');

/** The value of a field, or undefined where there is no object. */
export const member = (value: unknown, key: string): unknown =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[key] : undefined;

/** The AdmissionRequest that a case stands for. */
export function requestOf({ operation, object }: Case) {
  const metadata = member(object, 'metadata');
  const [group = '', version = ''] = text(member(object, 'apiVersion')).split('/');
  return {
    uid: '705ab4f5-6393-11e8-b7cc-42010a800002',
    operation,
    kind: { group, version, kind: text(member(object, 'kind')) },
    name: text(member(metadata, 'name')),
    namespace: text(member(metadata, 'namespace')),
    object: operation === 'DELETE' ? null : object,
  };
}

/** The body of the AdmissionReview that a case stands for, with numbers spelled as in the case. */
export function reviewOf(entry: Case): string {
  const review = { apiVersion: 'admission.k8s.io/v1', kind: 'AdmissionReview', request: requestOf(entry) };
  const marked = JSON.stringify(review, (_key, value: unknown) =>
    value instanceof JsonNumber ? `@number ${value.text}@` : value,
  );
  return marked.replace(/"@number ([^@]*)@"/g, '$1');
}
