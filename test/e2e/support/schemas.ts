/** JSON schemas of Kubernetes objects, made from what an API server publishes of itself, for kubeconform. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ControlPlane } from './control-plane.ts';

type Schema = Readonly<Record<string, unknown>>;

interface GroupVersionKind {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
}

/** A document of `/openapi/v3`. */
interface OpenApi {
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
}

/** Where kubeconform finds the schema of a kind in a folder. */
export const schemaLocation = (folder: string): string => join(folder, '{{.ResourceKind}}{{.KindSuffix}}.json');

/**
 * Writes a strict schema of every kind of some groups and versions into a folder.
 * @param apiVersions as in `apps/v1`
 */
export async function writeSchemas(
  cluster: ControlPlane,
  apiVersions: Iterable<string>,
  folder: string,
): Promise<void> {
  mkdirSync(folder, { recursive: true });
  for (const apiVersion of new Set(apiVersions)) {
    const path = apiVersion.includes('/') ? `apis/${apiVersion}` : `api/${apiVersion}`;
    const { code, stdout } = await cluster.kubectl('get', '--raw', `/openapi/v3/${path}`);
    // The API server has no such group: kubeconform will say that it knows no schema.
    if (code !== 0) continue;
    const { components } = JSON.parse(stdout) as OpenApi;
    const schemas = Object.fromEntries(
      Object.entries(components.schemas).map(([name, schema]) => [name, strict(schema)]),
    );
    for (const [name, schema] of Object.entries(components.schemas)) {
      const kinds = (schema['x-kubernetes-group-version-kind'] ?? []) as readonly GroupVersionKind[];
      for (const { group, version, kind } of kinds) {
        if ((group === '' ? version : `${group}/${version}`) !== apiVersion) continue;
        // As kubeconform's KindSuffix: the first part of the group, and the version.
        const suffix = [...(group === '' ? [] : [group.split('.')[0]]), version].join('-');
        const document = {
          $schema: 'http://json-schema.org/draft-07/schema#',
          allOf: [{ $ref: `#/components/schemas/${name}` }],
          required: ['apiVersion', 'kind', 'metadata'],
          components: { schemas },
        };
        writeFileSync(join(folder, `${kind.toLowerCase()}-${suffix}.json`), JSON.stringify(document));
      }
    }
  }
}

/** The schema without room for fields that it does not name. */
function strict(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(strict);
  if (typeof schema !== 'object' || schema === null) return schema;
  const entries = Object.entries(schema).map(([key, value]) => [key, strict(value)] as const);
  const isOpen = 'additionalProperties' in schema || 'x-kubernetes-preserve-unknown-fields' in schema;
  const isObject = 'properties' in schema && typeof schema.properties === 'object' && !isOpen;
  return { ...Object.fromEntries(entries), ...(isObject && { additionalProperties: false }) };
}
