/** The proxy configurations that Istio's injector computed, judged without the rest of the injector. */
import { readdirSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { expect, it } from 'vitest';
import {
  decodeMeshConfig,
  explainProxyConfigAnnotation,
  ProxyConfigs,
  protoToJson,
  type ProxyConfigResource,
} from '../../src/mesh/index.ts';
import { describeShared, shared } from '../support/shared.ts';

interface Pod {
  metadata: { namespace?: string; labels?: Record<string, string>; annotations?: Record<string, string> };
  spec: Record<
    'containers' | 'initContainers',
    { name: string; env?: { name: string; value?: string }[] }[] | undefined
  >;
}

interface Case {
  environment: string;
  review: { request: { namespace: string; object: Pod } };
  expect: { allowed: boolean; pod?: Pod; message?: string; messageMatch?: string; messagePrefix?: string };
}

interface Settings {
  revision: string;
  proxyConfigs?: { metadata: Partial<ProxyConfigResource>; spec: unknown }[];
}

const root = 'conformance/injection';
const compiled = new Map<string, ProxyConfigs>();

function proxyConfigsOf(environment: string): ProxyConfigs {
  let found = compiled.get(environment);
  if (found === undefined) {
    const folder = shared(`${root}/environments/${environment}`);
    const { mesh } = decodeMeshConfig(readFileSync(`${folder}/mesh.yaml`, 'utf8'));
    const settings = JSON.parse(readFileSync(`${folder}/settings.json`, 'utf8')) as Settings;
    const resources = (settings.proxyConfigs ?? []).map(({ metadata, spec }) => {
      const unknown = { name: '', namespace: '', labels: {}, creationTimestamp: '' };
      return { ...unknown, ...metadata, spec };
    });
    found = new ProxyConfigs(mesh, resources, settings.revision);
    compiled.set(environment, found);
  }
  return found;
}

function proxyConfigEnv(pod: Pod): string | undefined {
  const containers = [...(pod.spec.containers ?? []), ...(pod.spec.initContainers ?? [])];
  const proxy = containers.find(({ name }) => name === 'istio-proxy');
  return proxy?.env?.find(({ name }) => name === 'PROXY_CONFIG')?.value;
}

function annotationOf(pod: Pod): string | undefined {
  return pod.metadata.annotations?.['proxy.istio.io/config'];
}

function lead(annotation: string): string {
  return `failed to run injection template: 1 error occurred:\n\t* invalid value '${annotation}' for annotation 'proxy.istio.io/config': `;
}

function listCases(folder: string): [string, Case][] {
  return readdirSync(shared(`${root}/cases/${folder}`)).map((file) => [
    basename(file, '.json'),
    JSON.parse(readFileSync(shared(`${root}/cases/${folder}/${file}`), 'utf8')) as Case,
  ]);
}

/** Whether the injector computed the value; a pod may bring a proxy container with a value of its own. */
function isComputed({ review, expect: { pod } }: Case): boolean {
  return pod !== undefined && proxyConfigEnv(pod) !== undefined && proxyConfigEnv(review.request.object) === undefined;
}

describeShared('effective proxy configuration', `${root}/cases`, () => {
  for (const folder of readdirSync(shared(`${root}/cases`))) {
    const cases = listCases(folder).filter(([, record]) => isComputed(record));
    it.each(cases)(`${folder}: %s`, (_, { environment, review: { request }, expect: { pod } }) => {
      const { metadata } = request.object;
      const config = proxyConfigsOf(environment).effective({
        namespace: metadata.namespace ?? request.namespace,
        labels: metadata.labels ?? {},
        annotation: annotationOf(request.object),
      });
      expect(`${protoToJson(config)}\n`).toBe(pod && proxyConfigEnv(pod));
    });
  }
});

describeShared('refused annotations', `${root}/cases/proxy-config`, () => {
  const refused = listCases('proxy-config').filter(
    ([
      ,
      {
        expect: { message },
      },
    ]) => message?.includes('for annotation'),
  );
  it.each(refused)('%s', (_, { review, expect: { message, messageMatch } }) => {
    const annotation = annotationOf(review.request.object) ?? '';
    const reason = explainProxyConfigAnnotation(annotation) ?? '';
    if (messageMatch === 'exact') expect(`${lead(annotation)}${reason}\n\n`).toBe(message);
    else expect(reason).not.toBe('');
  });
});
