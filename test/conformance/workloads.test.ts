import { describe, expect, it } from 'vitest';
import { readReview } from '../../src/admission/index.ts';
import { createInjector, OverlayCache, requestedPod, type Injector } from '../../src/injection/index.ts';
import { DecodeError } from '../../src/kubernetes/index.ts';
import { adviseOn, answerWorkloadReview } from '../../src/workloads/index.ts';
import { isRecord } from '../../src/yaml/index.ts';
import {
  caseGroups,
  clusterObjectsOf,
  injectionCorpus,
  readCases,
  readEnvironment,
  type InjectionCase,
} from '../support/injection-corpus.ts';
import { describeShared } from '../support/shared.ts';
import { everyPod, reviewOf, workloadKinds, workloadOf, type Template } from '../workloads/support.ts';

const injectors = new Map<string, Injector>();
const cache = new OverlayCache();

/** The corpus asks the injector itself, whatever selectors say: here, too, every pod is sent to it. */
function injectorOf(name: string): Injector {
  let injector = injectors.get(name);
  if (injector === undefined) {
    const environment = readEnvironment(name);
    const { revision, clusterID, features } = environment.settings;
    const objects = [...clusterObjectsOf(environment), everyPod];
    injector = createInjector({ ...environment, objects, revision, clusterId: clusterID, features });
    injectors.set(name, injector);
  }
  return injector;
}

describeShared('advice on workloads that make the pods of the corpus', injectionCorpus, () => {
  for (const group of caseGroups().filter((name) => name !== 'http')) {
    describe(group, () => {
      // A template is an object, and comes in a review that can be read.
      const cases = readCases(group).filter(({ review }) => isRecord(review.request.object) && isReadable(review));
      it.each(cases.map((item) => [item.id, item] as const))('%s', (_id, item) => {
        const injector = injectorOf(item.environment);
        const { template, namespace } = templateOf(item);
        const path = item.path.replace(/^\/inject/, '/workloads');
        const { report } = injector.inject(item.review, item.path);
        for (const kind of workloadKinds) {
          const workload = workloadOf(kind, template, { namespace });
          const { text, advice, problem } = answerWorkloadReview(reviewOf(workload), path, { injector, cache });
          expectFit(text, advice?.warnings.length);
          expect(problem).toBeUndefined();
          // Selectors also see the labels that the Job controller adds.
          if (advice?.reason === 'never-inject-selector' && kind.endsWith('Job')) continue;
          expect([kind, advice?.verdict, advice?.reason]).toEqual([kind, verdictOf(item), report.reason]);
        }
        const workload = workloadOf('Job', template, { namespace });
        const [all, quiet] = [false, true].map((quiet) => adviseOn(workload, { injector, cache }, { quiet }));
        expect(all?.warnings).toEqual(expect.arrayContaining([...(quiet?.warnings ?? [])]));
      });
    });
  }
});

const isReadable = (review: unknown): boolean => readReview(review, () => '').ok;

const verdictOf = ({ expect: { allowed, injected } }: InjectionCase): string =>
  !allowed ? 'denied' : injected === true ? 'injected' : 'skipped';

/** The template that gives the pod of a case, and its namespace. */
function templateOf({ review }: InjectionCase): { template: Template; namespace: string } {
  const { object, namespace = '' } = review.request as { object: unknown; namespace?: string };
  try {
    const { metadata, spec } = requestedPod({ object, namespace });
    return { template: { metadata, spec }, namespace: metadata.namespace ?? '' };
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    return { template: isRecord(object) ? object : {}, namespace };
  }
}

/** Always allowed; as many lines as there is advice; each fit for a warning header. */
function expectFit(text: string, count: number | undefined): void {
  const { response } = JSON.parse(text) as { response: { uid: string; allowed: boolean; warnings?: string[] } };
  expect(response).toMatchObject({ uid: 'u1', allowed: true });
  expect(response.warnings).toHaveLength(count ?? 0);
  for (const warning of response.warnings ?? []) {
    expect(Array.from(warning).length, warning).toBeLessThanOrEqual(256);
    expect(warning).not.toMatch(/\p{Cc}/u);
  }
}
