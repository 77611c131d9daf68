/**
 * Reading the record of an earlier injection, `sidecar.istio.io/status`.
 *
 * Istio reads it in two ways that differ for odd values: strictly typed where the template's input is stripped, and key by key where
 * containers are re-applied. It crashes on a wrong type in the second; here that is an error.
 */
import type { Pod } from '../kubernetes/index.ts';
import { InjectionError } from './injection-error.ts';
import { lookup } from './maps.ts';
import { annotation } from './names.ts';

/** Names of the containers that an earlier injection brought. */
export interface InjectedNames {
  readonly containers: readonly string[];
  readonly initContainers: readonly string[];
}

/** Whether the pod was injected before, whatever the record says. */
export function wasInjected(pod: Pod): boolean {
  return lookup(pod.metadata.annotations, annotation.status) !== undefined;
}

/** The record, or `undefined` when there is none or any part of it has the wrong type. Keys are matched without regard to case. */
export function readStatus(pod: Pod): InjectedNames | undefined {
  const record = parseRecord(pod);
  if (record === undefined) return undefined;
  const fields = new Map(Object.entries(record).map(([key, value]) => [key.toLowerCase(), value]));
  const lists = ['containers', 'initcontainers', 'volumes', 'imagepullsecrets'].map((key) => nameList(fields.get(key)));
  const revision = fields.get('revision');
  if (lists.includes(undefined) || (revision != null && typeof revision !== 'string')) return undefined;
  return { containers: lists[0] ?? [], initContainers: lists[1] ?? [] };
}

/** The containers that are not to be re-applied, since the record names them. Throws an {@link InjectionError} on names that are none. */
export function readInjectedNames(pod: Pod): InjectedNames {
  const record = parseRecord(pod) ?? {};
  const names = (key: string): readonly string[] => {
    const value = lookup(record, key) ?? [];
    if (Array.isArray(value) && value.every((name) => typeof name === 'string')) return value;
    throw new InjectionError(
      'invalid-status',
      `failed to re apply container: ${annotation.status}: ${key} is not a list of names`,
    );
  };
  return { containers: names('containers'), initContainers: names('initContainers') };
}

/** The JSON object of the annotation; `null` counts as an empty one, anything else as nothing. */
function parseRecord(pod: Pod): Record<string, unknown> | undefined {
  const text = lookup(pod.metadata.annotations, annotation.status);
  if (text === undefined) return undefined;
  try {
    const value: unknown = JSON.parse(text) ?? {};
    return typeof value === 'object' && !Array.isArray(value) ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

function nameList(value: unknown): readonly string[] | undefined {
  if (value == null) return [];
  if (!Array.isArray(value)) return undefined;
  return value.every((name) => name === null || typeof name === 'string')
    ? value.map((name: string | null) => name ?? '')
    : undefined;
}
