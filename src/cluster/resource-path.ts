/** Paths and queries of the Kubernetes API. */
import type { Resource, SelectOptions, WriteOptions } from './api-types.ts';

/** The path of a resource, or of one object of it. */
export function pathOf({ group, version, resource, namespace }: Resource, name?: string): string {
  const steps = [
    ...(group === '' ? ['api', version] : ['apis', group, version]),
    ...(namespace === undefined ? [] : ['namespaces', namespace]),
    resource,
    ...(name === undefined ? [] : [name]),
  ];
  return `/${steps.map(encodeURIComponent).join('/')}`;
}

/** A query with what is set; empty without any. */
export function queryOf(parameters: Readonly<Record<string, string | number | boolean | undefined>>): string {
  const set = Object.entries(parameters).filter(([, value]) => value !== undefined);
  const query = new URLSearchParams(set.map(([name, value]) => [name, String(value)])).toString();
  return query === '' ? '' : `?${query}`;
}

export function selectorsOf({ fieldSelector, labelSelector }: SelectOptions): Record<string, string | undefined> {
  return { fieldSelector, labelSelector };
}

export function writeQuery({ dryRun = false, fieldManager }: WriteOptions, force?: boolean): string {
  return queryOf({ dryRun: dryRun ? 'All' : undefined, fieldManager, force });
}

/** The `Accept` header of a read; `suffix` is `List` for lists. */
export function acceptOf({ metadataOnly = false }: SelectOptions, suffix: 'List' | ''): Record<string, string> {
  if (!metadataOnly) return {};
  return { accept: `application/json;as=PartialObjectMetadata${suffix};g=meta.k8s.io;v=v1` };
}
