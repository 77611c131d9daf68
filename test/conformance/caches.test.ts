/** No cache changes an answer: an injector that has seen everything answers as one that has seen nothing. */
import { describe, expect, it } from 'vitest';
import { injectorFor, metadataRegistry } from '../../src/injection/index.ts';
import { caseGroups, injectionCorpus, injectorOf, readCases } from '../support/injection-corpus.ts';
import { mutate, randomNumbers, seedOf, type Random } from '../support/mutate.ts';
import { describeShared } from '../support/shared.ts';

const MUTATIONS = 2;
const annotationNames = metadataRegistry
  .filter(({ kind, on }) => kind === 'annotation' && on === 'pod')
  .map(({ name }) => name);

type Review = { request: { object: unknown } };

/** Changes one thing of the pod, or gives it an annotation that means something. */
function change({ request }: Review, random: Random): void {
  const { metadata } = (request.object ?? {}) as { metadata?: { annotations?: Record<string, string> } };
  if (random(3) > 0 || typeof metadata !== 'object' || metadata === null) return mutate(request.object, random);
  const name = annotationNames[random(annotationNames.length)] ?? '';
  const value = ['', '1', 'true', '{}', 'a,b', '*', '[]'][random(7)] ?? '';
  metadata.annotations = { ...metadata.annotations, [name]: value };
}

describeShared('a warm injector answers as a fresh one', injectionCorpus, () => {
  for (const group of caseGroups().filter((name) => name !== 'http')) {
    describe(group, () => {
      it.each(readCases(group).map((item) => [item.id, item] as const))('%s', (id, { environment, path, review }) => {
        const warm = injectorOf(environment);
        const random = randomNumbers(seedOf(id));
        warm.inject(review, path);
        for (let i = 0; i < MUTATIONS; i++) {
          const changed = structuredClone(review) as Review;
          change(changed, random);
          const answer = warm.inject(changed, path);
          const fresh = injectorFor(warm.configuration, warm.context).inject(changed, path);
          expect(answer).toEqual(fresh);
          expect(warm.inject(changed, path)).toEqual(fresh);
        }
      });
    });
  }
});
