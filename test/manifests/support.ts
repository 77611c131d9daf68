import { globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { repositoryRoot } from '../support/shared.ts';

export type Fields = Readonly<Record<string, unknown>>;

/** An object of a manifest; fields below are looked at by path. */
export interface ManifestObject {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string; readonly labels: Fields };
  readonly [field: string]: unknown;
}

export const manifestFile = (path: string): string => join(repositoryRoot, 'manifests', path);

/** The objects of the kustomize base, the generated ConfigMap left out. */
export function baseObjects(): ManifestObject[] {
  const files = globSync(manifestFile('kustomize/base/*.yaml')).filter((file) => basename(file) !== 'kustomization.yaml');
  return files.flatMap((file) =>
    parseAllDocuments(readFileSync(file, 'utf8')).flatMap((document) => {
      const object: unknown = document.toJS();
      return object === null ? [] : [object as ManifestObject];
    }),
  );
}

/** The field at a path; fails where there is none. */
export function at(object: unknown, ...path: readonly (string | number)[]): unknown {
  return path.reduce<unknown>((value, key) => {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) {
      throw new Error(`no field ${String(key)} of ${path.join('.')}`);
    }
    return (value as Fields)[key];
  }, object);
}

/** The same as a list. */
export function listAt(object: unknown, ...path: readonly (string | number)[]): unknown[] {
  const value = at(object, ...path);
  if (!Array.isArray(value)) throw new Error(`${path.join('.')} is no list`);
  return value;
}
