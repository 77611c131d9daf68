/** Percentages and weights. */
import { formatShortest } from '../../go/ftoa.ts';
import type { Problem } from '../result.ts';
import { problem } from '../result.ts';

const smallestPercent = 0.0001;

/** Checks a whole percentage. */
export function checkPercent(percent: number): Problem | undefined {
  if (percent >= 0 && percent <= 100) return undefined;
  return problem('percent-range', `percentage ${percent} is not in range 0..100`);
}

/** Checks a fractional percentage (`Percent.value`). NaN passes, as it passes each of Istio's comparisons. */
export function checkFractionalPercent(percent: number): Problem | undefined {
  const bad = percent < 0 || percent > 100 || (percent > 0 && percent < smallestPercent);
  if (!bad) return undefined;
  const message = `percentage ${formatShortest(percent)} is neither 0.0, nor in range [0.0001, 100.0]`;
  return problem('percent-range', message);
}

/** Checks that a destination's weight is not negative. */
export function checkWeight(weight: number): Problem | undefined {
  return weight < 0 ? problem('weight-negative', `weight ${weight} < 0`) : undefined;
}
