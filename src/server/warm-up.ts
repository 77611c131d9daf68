import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Injector } from '../injection/index.ts';
import type { Logger } from './logger.ts';
import { answerReview } from '../validation/answer-review.ts';

/** The sample review that comes with Outrigger. */
export const sampleReviewFile = fileURLToPath(new URL('../../examples/review.json', import.meta.url));

/** How long the warm-up may take, in milliseconds, and how many requests are enough. */
const budget = 400;
const rounds = 60;

/**
 * Answers a sample review again and again, so that the first real ones find compiled code: the first injection of a
 * cold process takes many times as long as the hundredth. Without effect on metrics and log, and no server fails to
 * start for want of it.
 */
export function warmUp(injector: Injector, logger: Logger, sampleFile = sampleReviewFile): void {
  let review: string;
  try {
    review = readFileSync(sampleFile, 'utf8');
  } catch (error) {
    logger.warn({ err: error }, 'serving without warm-up: the first requests will be slow');
    return;
  }
  const end = performance.now() + budget;
  for (let round = 0; round < rounds && performance.now() < end; round += 1) {
    // A name of its own for each round, since what is rendered alike is taken from a cache.
    injector.answer(review.replaceAll('cart', `cart-${round}`), '/inject');
    answerReview(review);
  }
}
