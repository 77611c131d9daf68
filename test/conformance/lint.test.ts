/** Configurations that Istio serves have no errors, and templates that Istio fails with have. */
import { expect, it } from 'vitest';
import { indexClusterObjects, readFeatures } from '../../src/configuration/index.ts';
import { lintConfiguration, type Finding } from '../../src/lint/index.ts';
import { builtInConfig, builtInMesh, builtInValues } from '../../src/server/built-in-configuration.ts';
import { clusterObjectsOf, environmentNames, injectionCorpus, readEnvironment } from '../support/injection-corpus.ts';
import { describeShared } from '../support/shared.ts';

/** Milliseconds; some templates of the corpus derive keys, and machines may be busy. */
const timeout = 240_000;

/** The environment with templates that cannot work. */
const broken = 'custom-broken';

const known = new Map<string, readonly Finding[]>();

/** The findings of an environment, found once. */
function findingsIn(name: string): readonly Finding[] {
  let findings = known.get(name);
  if (findings === undefined) known.set(name, (findings = lintEnvironment(name)));
  return findings;
}

function lintEnvironment(name: string): Finding[] {
  const environment = readEnvironment(name);
  const { revision, clusterID, features } = environment.settings;
  const objects = clusterObjectsOf(environment);
  const set = {
    name,
    revision,
    config: { file: 'config.yaml', text: environment.config },
    values: { file: 'values.json', text: environment.values },
    mesh: [{ file: 'mesh.yaml', text: environment.mesh }],
    objects,
    cluster: indexClusterObjects(objects),
  };
  return lintConfiguration(set, {
    clusterId: clusterID,
    features: readFeatures(features).features,
    reference: { config: builtInConfig(), values: builtInValues(), mesh: [builtInMesh()] },
  });
}

describeShared('lint of the environments of the corpus', `${injectionCorpus}/environments`, () => {
  it.each(environmentNames().filter((name) => name !== broken))('finds no error in %s', { timeout }, (name) => {
    const findings = findingsIn(name);
    expect(findings.filter(({ level }) => level === 'error')).toEqual([]);
    // What is left is read by people.
    expect(findings.filter(({ level }) => level === 'warning').length).toBeLessThan(25);
  });

  it.each(environmentNames())('has a place for everything it finds in %s', { timeout }, (name) => {
    for (const { place } of findingsIn(name)) {
      expect(place.line).toBeGreaterThan(0);
      expect(place.column).toBeGreaterThan(0);
      expect(place.excerpt.length).toBeGreaterThanOrEqual(place.mark.column);
    }
  });

  it('finds the templates that Istio fails with', { timeout }, () => {
    const text = readEnvironment(broken).config.split('\n');
    const templateAt = (line: number): string | undefined =>
      /^ {2}([\w-]+):/.exec(text.slice(0, line).findLast((one) => /^ {2}\S/.test(one)) ?? '')?.[1];
    const errors = findingsIn(broken).filter(({ level }) => level === 'error');
    expect(new Set(errors.map(({ place }) => templateAt(place.line)))).toEqual(
      new Set([
        ...['bad-directive', 'bad-field-type', 'bad-type', 'bad-yaml', 'div-zero', 'fails', 'list', 'missing-field'],
        ...['missing-method', 'nil-index', 'no-merge-key', 'number', 'scalar', 'tabs', 'wrong-arg'],
      ]),
    );
  });
});
