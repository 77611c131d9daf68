import { describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { decisiveRules, explainReview, referenceOf, type Change } from '../../src/explanation/index.ts';
import { createInjector, type Injector } from '../../src/injection/index.ts';
import { decodePod } from '../../src/kubernetes/index.ts';
import {
  caseGroups,
  clusterObjectsOf,
  injectionCorpus,
  readCases,
  readEnvironment,
  type InjectionCase,
} from '../support/injection-corpus.ts';
import { describeShared } from '../support/shared.ts';

const injectors = new Map<string, Injector>();

/** The injector of an environment, perhaps with changes of its configuration. */
function injectorOf(name: string, changes: readonly Change[] = []): Injector {
  const key = `${name} ${JSON.stringify(changes)}`;
  let injector = injectors.get(key);
  if (injector === undefined) {
    const environment = readEnvironment(name);
    const { revision, clusterID, features } = environment.settings;
    const config = parse(environment.config) as Record<string, unknown>;
    for (const change of changes) config[change.name] = change.value;
    injector = createInjector({
      ...environment,
      config: changes.length === 0 ? environment.config : stringify(config),
      objects: clusterObjectsOf(environment),
      revision,
      clusterId: clusterID,
      features,
    });
    injectors.set(key, injector);
  }
  return injector;
}

/** The review with changes of its pod, made by hand as a user would. */
function changedReview(review: InjectionCase['review'], changes: readonly Change[]): unknown {
  const copy = structuredClone(review) as typeof review & { request: { namespace?: string } };
  const pod = structuredClone(decodePod(copy.request.object));
  copy.request.object = pod;
  for (const { target, name, value } of changes) {
    if (target === 'pod-label' || target === 'pod-annotation') {
      const map = target === 'pod-label' ? (pod.metadata.labels ??= {}) : (pod.metadata.annotations ??= {});
      if (value === null) Reflect.deleteProperty(map, name);
      else map[name] = value;
    } else if (target === 'pod-field' && name === 'spec.hostNetwork') {
      pod.spec.hostNetwork = value === 'true';
    } else if (target === 'pod-container') {
      pod.spec.containers = (pod.spec.containers ?? []).filter((item) => item.name !== name);
      pod.spec.initContainers = (pod.spec.initContainers ?? []).filter((item) => item.name !== name);
    } else if (target === 'namespace') {
      pod.metadata.namespace = value ?? '';
      copy.request.namespace = value ?? '';
    } else if (target !== 'configuration') {
      throw new Error(`a change of ${target} cannot help where the namespace is not known`);
    }
  }
  return copy;
}

describeShared('explanations of the injection corpus', injectionCorpus, () => {
  for (const group of caseGroups().filter((name) => name !== 'http')) {
    describe(group, () => {
      it.each(readCases(group).map((item) => [item.id, item] as const))(
        '%s',
        (_id, { environment, path, review, expect: expected }) => {
          const injector = injectorOf(environment);
          const { report } = injector.inject(review, path);
          const explanation = explainReview(injector, review, { path });

          const { verdict, reason, steps, flip } = explanation;
          expect([verdict, reason]).toEqual([report.outcome, report.reason]);
          expect(verdict).toBe(!expected.allowed ? 'denied' : expected.injected === true ? 'injected' : 'skipped');
          expect(steps.filter(({ decisive }) => decisive).map(({ rule }) => rule)).toEqual([decisiveRules[reason]]);
          expect(steps.map(({ reference }) => reference)).toEqual(steps.map(({ rule }) => referenceOf(rule)));

          if (flip === undefined) {
            expect(reason).toMatch(/-undecodable$/);
            return;
          }
          const ofConfiguration = flip.changes.filter(({ target }) => target === 'configuration');
          const again = injectorOf(environment, ofConfiguration).inject(changedReview(review, flip.changes), path);
          expect(again.report.outcome).toBe(verdict === 'injected' ? 'skipped' : 'injected');
          expect(again.report.outcome).toBe(flip.verdict);
        },
      );
    });
  }
});
