/** The injection corpus: its environments, its cases, and what it means to answer one as Istio does. */
import { readdirSync, readFileSync } from 'node:fs';
import fastJsonPatch, { type Operation } from 'fast-json-patch';
import { expect } from 'vitest';
import { createInjector, type Injector } from '../../src/injection/index.ts';
import { normalisePod } from './pod-equality.ts';
import { shared } from './shared.ts';

/** Where the corpus is, below `shared`. */
export const injectionCorpus = 'conformance/injection';

/** What a case expects of an answer. */
export interface Expectation {
  readonly allowed: boolean;
  readonly injected?: boolean;
  readonly pod?: unknown;
  readonly message?: string;
  readonly messageMatch?: 'exact' | 'unordered' | 'prefix' | 'loose';
  readonly messagePrefix?: string;
}

/** One case. */
export interface InjectionCase {
  readonly id: string;
  readonly group: string;
  readonly environment: string;
  readonly path: string;
  readonly review: {
    readonly apiVersion: string;
    readonly kind: string;
    readonly request: { uid: string; object: unknown };
  };
  readonly expect: Expectation;
}

/** An HTTP-level case. */
export interface HttpCase {
  readonly id: string;
  readonly environment: string;
  readonly http: {
    readonly method: string;
    readonly path: string;
    readonly headers: Readonly<Record<string, string>>;
    readonly body?: string;
    readonly bodyRepeat?: { readonly text: string; readonly times: number };
  };
  readonly expect: {
    readonly status?: number;
    readonly review?: Expectation & { apiVersion: string; kind: string; uid: string; patchType?: string };
    readonly connectionClosed?: boolean;
  };
}

/** The files of an environment. */
export interface Environment {
  readonly config: string;
  readonly values: string;
  readonly mesh: string;
  readonly settings: {
    readonly revision: string;
    readonly clusterID: string;
    readonly features: Readonly<Record<string, string>>;
    readonly namespaces: Readonly<Record<string, object>>;
    readonly nodes: readonly { readonly name: string; readonly kubeletVersion: string }[];
    readonly proxyConfigs: readonly object[];
  };
}

const read = (path: string): string => readFileSync(shared(`${injectionCorpus}/${path}`), 'utf8');

/** Names of all environments. */
export const environmentNames = (): string[] => readdirSync(shared(`${injectionCorpus}/environments`));

/** Reads an environment. */
export function readEnvironment(name: string): Environment {
  const file = (base: string): string => read(`environments/${name}/${base}`);
  return {
    config: file('config.yaml'),
    values: file('values.json'),
    mesh: file('mesh.yaml'),
    settings: JSON.parse(file('settings.json')) as Environment['settings'],
  };
}

/** The objects of an environment's cluster, as Kubernetes has them. */
export function clusterObjectsOf({ settings }: Environment): object[] {
  const namespaces = Object.entries(settings.namespaces).map(([name, metadata]) => ({
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { ...metadata, name },
  }));
  const nodes = settings.nodes.map(({ name, kubeletVersion }) => ({
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name },
    status: { nodeInfo: { kubeletVersion } },
  }));
  return [...namespaces, ...nodes, ...settings.proxyConfigs];
}

const injectors = new Map<string, Injector>();

/** The injector of an environment, made once. */
export function injectorOf(name: string): Injector {
  let injector = injectors.get(name);
  if (injector === undefined) {
    const environment = readEnvironment(name);
    const { revision, clusterID, features } = environment.settings;
    const objects = clusterObjectsOf(environment);
    injector = createInjector({ ...environment, objects, revision, clusterId: clusterID, features });
    injectors.set(name, injector);
  }
  return injector;
}

/** Names of the groups of cases. */
export const caseGroups = (): string[] => readdirSync(shared(`${injectionCorpus}/cases`));

/** All cases of a group. */
export function readCases<T = InjectionCase>(group: string): T[] {
  return readdirSync(shared(`${injectionCorpus}/cases/${group}`)).map(
    (file) => JSON.parse(read(`cases/${group}/${file}`)) as T,
  );
}

/** An answer, as far as the corpus looks at it. */
export interface Answer {
  readonly response: {
    readonly uid: string;
    readonly allowed: boolean;
    readonly patch?: string;
    readonly patchType?: string;
    readonly status?: { readonly message?: string };
  };
}

/** Fails unless the answer is what the case expects of a request with this object. */
export function expectAnswer({ response }: Answer, object: unknown, expected: Expectation): void {
  expect(response.allowed, response.status?.message).toBe(expected.allowed);
  if (!expected.allowed) {
    expect(response.patch).toBeUndefined();
    expectMessage(response.status?.message ?? '', expected);
    return;
  }
  const pod = expected.pod;
  expect(response.patchType).toBe(pod === undefined ? undefined : 'JSONPatch');
  if (pod !== undefined) expect(normalisePod(applyPatch(object, response.patch ?? ''))).toEqual(normalisePod(pod));
}

/** The object after the patch of an answer. */
export function applyPatch(object: unknown, patch: string): unknown {
  const operations = JSON.parse(Buffer.from(patch, 'base64').toString('utf8')) as Operation[];
  return fastJsonPatch.applyPatch(structuredClone(object), operations, true, true, false).newDocument;
}

function expectMessage(
  message: string,
  { message: expected = '', messageMatch, messagePrefix = '' }: Expectation,
): void {
  switch (messageMatch) {
    case 'exact':
      expect(message).toBe(expected);
      break;
    case 'unordered':
      expect(pieces(message)).toEqual(pieces(expected));
      break;
    case 'prefix':
      expect(message.startsWith(messagePrefix), message).toBe(true);
      break;
    default:
      expect(message).not.toBe('');
  }
}

const pieces = (message: string): string[] => message.split(/\n|; have |, /).sort();
