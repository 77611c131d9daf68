/** No cache changes an answer: an injector that has seen everything answers as one that has seen nothing. */
import { describe, expect, it } from 'vitest';
import { injectorFor, metadataRegistry } from '../../src/injection/index.ts';
import { pathOfTarget } from '../../src/injection/path-environment.ts';
import {
  caseGroups,
  expectAnswer,
  injectionCorpus,
  injectorOf,
  readCases,
  type Answer,
  type InjectionCase,
} from '../support/injection-corpus.ts';
import { mutate, randomNumbers, seedOf, type Random } from '../support/mutate.ts';
import { drawOwn, replicaOf, type Own } from '../support/replicas.ts';
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

/** A review as it stands in the corpus, with another uid. */
const siblingOf = (review: InjectionCase['review'], uid: string): string =>
  JSON.stringify({ ...review, request: { ...review.request, uid } });

/** Replaces, removes or adds a few characters somewhere in a text. */
function edit(text: string, random: Random): string {
  const at = random(text.length);
  const added = ['', '"', '0', 'true', '\\u006b', 'kube-api-access-bcdfg', '{', '\n'][random(8)] ?? '';
  return text.slice(0, at) + added + text.slice(at + random(3));
}

describeShared('an injector that has answered replicas answers others as a fresh one', injectionCorpus, () => {
  let injected = 0;
  let known = 0;

  for (const group of caseGroups().filter((name) => name !== 'http')) {
    describe(group, () => {
      it.each(readCases(group).map((item) => [item.id, item] as const))(
        '%s',
        (id, { environment, path, review, expect: expected }) => {
          const { configuration } = injectorOf(environment);
          const target = pathOfTarget(path);
          let rendered = 0;
          const spend = (): void => void rendered++;
          const warm = injectorFor(configuration, { spend });
          const fresh = (body: string) => injectorFor(configuration).answer(body, target);
          const random = randomNumbers(seedOf(id));
          const [one, two, three] = [drawOwn(random), drawOwn(random), drawOwn(random)];
          const answerLast = (bodyOf: (own: Own) => string) => {
            warm.answer(bodyOf(one), target);
            warm.answer(bodyOf(two), target);
            rendered = 0;
            const answer = warm.answer(bodyOf(three), target);
            expect(answer).toEqual(fresh(bodyOf(three)));
            return JSON.parse(answer.text) as Answer;
          };

          expectAnswer(
            answerLast(({ uid }) => siblingOf(review, uid)),
            review.request.object,
            expected,
          );
          answerLast((own) => replicaOf(review, own));
          if (expected.pod !== undefined) {
            injected++;
            if (rendered === 0) known++;
          }
          for (let i = 0; i < MUTATIONS; i++) {
            const changed = structuredClone(review) as Review;
            if (i === 0) change(changed, random);
            else mutate(changed.request, random);
            for (const body of [replicaOf(changed, one), edit(replicaOf(review, one), random)]) {
              expect(warm.answer(body, target)).toEqual(fresh(body));
            }
          }
        },
      );
    });
  }

  it('and knows the answer to most replicas', () => {
    expect(known / injected).toBeGreaterThan(0.95);
  });
});
