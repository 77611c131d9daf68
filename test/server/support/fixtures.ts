import { cpSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { fileURLToPath } from 'node:url';
import type { ServerOptions } from '../../../src/server/start.ts';
import { testCertificate } from './certificate.ts';

const fixtures = fileURLToPath(new URL('../fixtures/', import.meta.url));

/** A folder of its own with a small configuration: `config.yaml`, `values.yaml`, `mesh.yaml` and `objects.yaml`. */
export function configurationFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'outrigger-test-'));
  cpSync(fixtures, folder, { recursive: true });
  return folder;
}

/** Flags of a server with the configuration of a folder, a certificate of its own and free ports. */
export async function serverOptions(folder: string): Promise<ServerOptions & { certificates: string }> {
  const { folder: certificates } = await testCertificate();
  return {
    address: '127.0.0.1',
    port: 0,
    monitoringPort: 0,
    injectConfig: join(folder, 'config.yaml'),
    injectValues: join(folder, 'values.yaml'),
    meshConfig: join(folder, 'mesh.yaml'),
    objects: [join(folder, 'objects.yaml')],
    revision: 'test',
    clusterId: 'Kubernetes',
    tlsCertFile: join(certificates, 'tls.crt'),
    tlsPrivateKeyFile: join(certificates, 'tls.key'),
    certificates,
  };
}

/** A review of a pod, by default one that is injected. */
export function podReview(metadata: object = {}, spec: object = {}): string {
  return JSON.stringify({
    kind: 'AdmissionReview',
    apiVersion: 'admission.k8s.io/v1',
    request: {
      uid: 'uid-1',
      namespace: 'shop',
      operation: 'CREATE',
      object: {
        metadata: { name: 'cart', ...metadata },
        spec: { containers: [{ name: 'app', image: 'app' }], ...spec },
      },
    },
  });
}

/** The sample review that comes with Outrigger. */
export const sampleReview = readFileSync(new URL('../../../examples/review.json', import.meta.url), 'utf8');

/** A stream that keeps what is written to it. */
export function recorder(): PassThrough & { text: () => string; lines: () => Record<string, unknown>[] } {
  let text = '';
  const stream = new PassThrough();
  stream.on('data', (chunk: Buffer) => (text += chunk.toString()));
  return Object.assign(stream, {
    text: () => text,
    lines: () =>
      text
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line) as Record<string, unknown>),
  });
}
