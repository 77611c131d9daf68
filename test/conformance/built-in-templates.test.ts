import { describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { createInjector, type Injector } from '../../src/injection/index.ts';
import { builtInConfig } from '../../src/server/built-in-configuration.ts';
import {
  caseGroups,
  clusterObjectsOf,
  environmentNames,
  expectAnswer,
  injectionCorpus,
  readCases,
  readEnvironment,
  type InjectionCase,
} from '../support/injection-corpus.ts';
import { describeShared } from '../support/shared.ts';

interface Config {
  templates: Record<string, string>;
}

/** Templates of Istio's chart that are for its gateway controller; a pod that names one is refused, and the text lists what there is. */
const controllerTemplates = ['waypoint', 'kube-gateway', 'agentgateway'];

const templatesOf = (config: string): Record<string, string> => (parse(config) as Partial<Config>).templates ?? {};

function injectorWith(name: string, config: string): Injector {
  const environment = readEnvironment(name);
  const { revision, clusterID, features } = environment.settings;
  const objects = clusterObjectsOf(environment);
  return createInjector({ ...environment, config, objects, revision, clusterId: clusterID, features });
}

function check(injector: Injector, { path, review, expect: expected }: InjectionCase): void {
  expectAnswer(injector.inject(review, path).review, review.request.object, expected);
}

/** Whether a case is decided by the list of templates that exist, rather than by what they render. */
const dependsOnTemplateList = (item: InjectionCase): boolean =>
  (item.expect.message ?? '').includes('requested template') ||
  controllerTemplates.some((name) => JSON.stringify(item.review).includes(name));

describeShared('built-in templates', injectionCorpus, () => {
  const stock = templatesOf(readEnvironment('default').config);
  const builtIn = builtInConfig().text;
  const cases = caseGroups()
    .filter((group) => group !== 'http')
    .flatMap((group) => readCases(group));

  describe('alone make the pods of environment default', () => {
    const injector = injectorWith('default', builtIn);
    const own = cases.filter((item) => item.environment === 'default' && !dependsOnTemplateList(item));
    it('of which there are many', () => {
      expect(own.length).toBeGreaterThan(400);
    });
    it.each(own.map((item) => [item.id, item] as const))('%s', (_id, item) => {
      check(injector, item);
    });
  });

  const others = environmentNames().filter(
    (name) => name !== 'default' && templatesOf(readEnvironment(name).config)['sidecar'] === stock['sidecar'],
  );
  describe.each(others)('in place of the stock ones make the pods of environment %s', (name) => {
    const config = parse(readEnvironment(name).config) as Config;
    const templates = templatesOf(builtIn);
    for (const [template, text] of Object.entries(config.templates)) {
      if (text === stock[template]) config.templates[template] = templates[template] ?? text;
    }
    const injector = injectorWith(name, stringify(config, { lineWidth: 0 }));
    const own = cases.filter((item) => item.environment === name);
    it.each(own.map((item) => [item.id, item] as const))('%s', (_id, item) => {
      check(injector, item);
    });
  });
});
