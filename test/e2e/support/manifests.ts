/** The manifests as users render them, and what a test control plane needs changed in them to reach a process of this machine. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { repositoryRoot } from '../../support/shared.ts';
import { buildControlPlane, buildHelm } from './build.ts';

/** Any object of a manifest. */
export interface ManifestObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: Readonly<Record<string, string>>;
  };
  readonly [field: string]: unknown;
}

/** A webhook of a configuration. */
export interface WebhookEntry {
  readonly name: string;
  readonly clientConfig: { readonly service: Readonly<Record<string, unknown>>; readonly caBundle?: string };
  readonly [field: string]: unknown;
}

/** The chart, rendered with values. */
export async function renderChart(values: object = {}, namespace = 'istio-system'): Promise<ManifestObject[]> {
  const folder = mkdtempSync(join(tmpdir(), 'outrigger-values-'));
  try {
    const file = join(folder, 'values.json');
    writeFileSync(file, JSON.stringify(values));
    const chart = join(repositoryRoot, 'manifests/chart');
    return objectsOf(await buildHelm(), ['template', 'outrigger', chart, '--namespace', namespace, '--values', file]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A kustomization of `manifests/`. */
export async function renderKustomization(folder = 'kustomize'): Promise<ManifestObject[]> {
  const { kubectl } = await buildControlPlane();
  return objectsOf(kubectl, ['kustomize', join(repositoryRoot, 'manifests', folder)]);
}

function objectsOf(program: string, args: readonly string[]): ManifestObject[] {
  const text = execFileSync(program, args, { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024, stdio: 'pipe' });
  return parseAllDocuments(text).flatMap((document) => {
    const object: unknown = document.toJS();
    return object === null ? [] : [object as ManifestObject];
  });
}

/**
 * The same objects for a control plane without nodes: our service leads to this machine, and the webhooks call its real port, since an
 * ExternalName service maps none. Nothing else is changed.
 */
export function reachableAt(objects: readonly ManifestObject[], port: number): ManifestObject[] {
  return objects.map((object) => {
    if (object.kind === 'Service') return { ...object, spec: { type: 'ExternalName', externalName: 'localhost' } };
    return mapWebhooks(object, (entry) => ({
      ...entry,
      clientConfig: { ...entry.clientConfig, service: { ...entry.clientConfig.service, port } },
    }));
  });
}

/** The same objects as after the running webhook has set its CA. */
export function withCaBundle(objects: readonly ManifestObject[], pem: Buffer): ManifestObject[] {
  const caBundle = pem.toString('base64');
  return objects.map((object) =>
    mapWebhooks(object, (entry) => ({ ...entry, clientConfig: { ...entry.clientConfig, caBundle } })),
  );
}

function mapWebhooks(object: ManifestObject, change: (entry: WebhookEntry) => WebhookEntry): ManifestObject {
  if (!object.kind.endsWith('WebhookConfiguration')) return object;
  return { ...object, webhooks: (object['webhooks'] as WebhookEntry[]).map(change) };
}
