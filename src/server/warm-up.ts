import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Injector } from '../injection/index.ts';
import type { Logger } from './logger.ts';
import { answerReview } from '../validation/answer-review.ts';
import resources from './warm-up-resources.json' with { type: 'json' };

/** The sample review that comes with Outrigger. */
export const sampleReviewFile = fileURLToPath(new URL('../../examples/review.json', import.meta.url));

/** How long the warm-up may take, in milliseconds, and how many requests are enough. */
const budget = 400;
const rounds = 60;
/** Resources cost a fraction of what pods cost, and there are many kinds: each is answered in one of so many rounds. */
const roundsPerResource = 3;

/**
 * Answers sample reviews again and again, of a pod and of one resource of each kind, so that the first real ones find compiled code: the
 * first injection of a cold process takes many times as long as the hundredth. Without effect on metrics and log, and no server fails to
 * start for want of it. There is no EnvoyFilter, since only one that comes is worth the memory of Envoy's descriptors.
 */
export function warmUp(injector: Injector, logger: Logger, sampleFile = sampleReviewFile): void {
  let podReview: string;
  try {
    podReview = readFileSync(sampleFile, 'utf8');
  } catch (error) {
    logger.warn({ err: error }, 'serving without warm-up: the first requests will be slow');
    return;
  }
  const resourceReviews = resources.map(reviewOf);
  const end = performance.now() + budget;
  for (let round = 0; round < rounds && performance.now() < end; round += 1) {
    // A name of its own for each round, since what is rendered alike is taken from a cache.
    injector.answer(podReview.replaceAll('cart', `cart-${round}`), '/inject');
    if (round % roundsPerResource === 0) for (const review of resourceReviews) answerReview(review);
  }
}

function reviewOf(object: (typeof resources)[number]): string {
  const { kind, apiVersion } = object;
  const [group = '', version = ''] = apiVersion.split('/');
  const request = { uid: '', kind: { group, version, kind }, ...object.metadata, operation: 'CREATE', object };
  return JSON.stringify({ kind: 'AdmissionReview', apiVersion: 'admission.k8s.io/v1', request });
}
