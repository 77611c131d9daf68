import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** What is sent, and the configuration that the server gets for it. */
export interface Loads {
  /** Request bodies, sent in turn. */
  readonly inject: readonly string[];
  readonly validate: readonly string[];
  /** Flags of `serve`. */
  readonly flags: readonly string[];
  /** Where they come from, for the output. */
  readonly from: string;
}

const root = fileURLToPath(new URL('../../', import.meta.url));
const shared = process.env['OUTRIGGER_SHARED'] ?? join(root, '..', 'shared');
const conformance = join(shared, 'conformance');

/** Where the corpus of injections is, or would be. */
export const injectionCorpus = join(conformance, 'injection');

/** The loads and the environment that the reference was measured with; without them the samples that come with Outrigger. */
export function findLoads(): Loads {
  const inject = join(conformance, 'injection/load/reviews.json');
  const validate = join(conformance, 'validation/bench-mix.json');
  if (!existsSync(inject) || !existsSync(validate)) {
    const sample = [readFileSync(join(root, 'examples/review.json'), 'utf8')];
    return {
      inject: sample,
      validate: [sampleValidation],
      flags: [],
      from: '../shared is not there: sample reviews and built-in configuration',
    };
  }
  return {
    inject: readBodies(inject),
    validate: readBodies(validate),
    flags: environmentFlags(join(conformance, 'injection/environments/default')),
    from: 'loads and environment of ../shared',
  };
}

function readBodies(file: string): string[] {
  return (JSON.parse(readFileSync(file, 'utf8')) as unknown[]).map((body) => JSON.stringify(body));
}

function environmentFlags(folder: string): string[] {
  const settings = JSON.parse(readFileSync(join(folder, 'settings.json'), 'utf8')) as {
    nodes: { name: string; kubeletVersion: string }[];
  };
  const nodes = settings.nodes.map(({ name, kubeletVersion }) => ({
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name },
    status: { nodeInfo: { kubeletVersion } },
  }));
  const objects = join(mkdtempSync(join(tmpdir(), 'outrigger-bench-')), 'objects.json');
  writeFileSync(objects, JSON.stringify({ apiVersion: 'v1', kind: 'List', items: nodes }));
  return [
    ['--inject-config', join(folder, 'config.yaml')],
    ['--inject-values', join(folder, 'values.json')],
    ['--mesh-config', join(folder, 'mesh.yaml')],
    ['--objects', objects],
  ].flat();
}

const sampleValidation = JSON.stringify({
  apiVersion: 'admission.k8s.io/v1',
  kind: 'AdmissionReview',
  request: {
    uid: 'd2b7a5f0-6a3c-4c3f-9a51-0d8c1f0c9e11',
    kind: { group: 'networking.istio.io', version: 'v1', kind: 'VirtualService' },
    resource: { group: 'networking.istio.io', version: 'v1', resource: 'virtualservices' },
    name: 'cart',
    namespace: 'shop',
    operation: 'CREATE',
    object: {
      apiVersion: 'networking.istio.io/v1',
      kind: 'VirtualService',
      metadata: { name: 'cart', namespace: 'shop' },
      spec: {
        hosts: ['cart'],
        http: [
          { match: [{ uri: { prefix: '/v2' } }], route: [{ destination: { host: 'cart', subset: 'v2' } }] },
          {
            route: [{ destination: { host: 'cart', subset: 'v1' } }],
            timeout: '5s',
            retries: { attempts: 3, perTryTimeout: '2s' },
          },
        ],
      },
    },
  },
});
