import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { compileConfiguration, indexClusterObjects, readFeatures } from '../../src/configuration/index.ts';
import { OverlayCache } from '../../src/injection/index.ts';
import { injectDocuments, type ManualInjection } from '../../src/injection/manual/index.ts';
import { clusterObjectsOf, injectionCorpus, readEnvironment } from '../support/injection-corpus.ts';
import { describeShared, shared } from '../support/shared.ts';

const folder = `${injectionCorpus}/kube-inject`;

interface KubeInjectCase {
  readonly id: string;
  readonly environment: string;
  readonly revision: string;
  readonly warnings: readonly string[];
  readonly error?: string;
  readonly messageOrder?: 'any';
}

/** What `outrigger inject` works with in an environment of the corpus. */
function manualIn({ environment: name, revision }: KubeInjectCase): ManualInjection {
  const environment = readEnvironment(name);
  const cluster = indexClusterObjects(clusterObjectsOf(environment));
  const configuration = compileConfiguration({
    config: { file: 'config', text: environment.config },
    values: { file: 'values', text: environment.values },
    mesh: [{ file: 'mesh', text: environment.mesh }],
    revision,
    clusterId: environment.settings.clusterID,
    cluster,
    features: readFeatures(environment.settings.features).features,
  });
  return { configuration, cluster, context: {}, cache: new OverlayCache() };
}

const pieces = (message: string): string[] => message.split(/\n|; have |, /).sort();

describeShared('outrigger inject, byte for byte as istioctl kube-inject', folder, () => {
  const ids = readdirSync(shared(folder));
  describe('manifests', () => {
    it.each(ids)('%s', (id) => {
      const read = (name: string): string => readFileSync(shared(`${folder}/${id}/${name}`), 'utf8');
      const item = JSON.parse(read('case.json')) as KubeInjectCase;
      const inject = () => [...injectDocuments(read('input.yaml'), manualIn(item))];
      if (item.error !== undefined) {
        const expected = item.messageOrder === 'any' ? pieces(item.error) : item.error;
        let message = '';
        try {
          inject();
        } catch (error) {
          message = error instanceof Error ? error.message : '';
        }
        expect(item.messageOrder === 'any' ? pieces(message) : message).toEqual(expected);
        expect(existsSync(shared(`${folder}/${id}/expected.yaml`))).toBe(false);
        return;
      }
      const documents = inject();
      expect(documents.map(({ text }) => text).join('')).toBe(read('expected.yaml'));
      expect(documents.flatMap(({ warnings }) => warnings)).toEqual(item.warnings);
    });
  });
});
